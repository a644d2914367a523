"""Clues of running text: sentences, definitions, warnings and key-value lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues.candidate import Candidate
from doc2data.records import ClueKind
from doc2data.sentences import split, trim
from parsers.document import Block

_KEY_VALUE = re.compile(
    r"^(?P<key>[^\W\d_][^:：\n.。!?！？;；]{1,60}?)[ \u00a0]?(?:(?!(?<=\d):\d)[:：]|\s[–—]\s)\s*(?P<value>\S.{0,240})$"
)
_DEFINITION = re.compile(
    r"^(?:An?|The)?\s?[\w\"“][^.;:!?]{1,80}? (?:is|are) (?:an?|the|any|one of|defined as|a kind of|a type of)\b"
    r"|^[\w\"“][^.;:!?]{1,80}? (?:means|refers to|is called|is known as|stands for|denotes)\b"
    r"|^[^，。；：！？]{1,30}(?:是指|是一种|是一个|指的是|即|简称|称为|是由)",
)
_SIGNAL = re.compile(
    r"^(?:WARNING|CAUTION|DANGER|NOTICE|Warning|Caution|Danger|Notice|警告|注意|危险|小心|当心)\b[\s:：!！.–—-]*"
)
_SIGNAL_ALONE = re.compile(
    r"^\W*(?:warning|caution|danger|notice|警告|注意|危险|小心|当心)\b[^.。\n]{0,60}$", re.IGNORECASE
)
_PROHIBITION = re.compile(r"^(?:Never|Do not|Don't|严禁|禁止|切勿|请勿|不得)", re.IGNORECASE)


def candidates(block: Block, language: str, warned: bool) -> Iterator[Candidate]:
    """Clues of a paragraph, footnote or list item that is no step.

    Args:
        block: the block; offsets of the candidates are the document's.
        language: of the document.
        warned: whether a signal word stands right above.
    """
    lines = key_values(block)
    if lines:
        yield from lines
        return
    for start, end in split(block.text, language):
        lead = _SIGNAL.match(block.text, start, end) if start == 0 else None
        body = trim(block.text, lead.end() if lead else start, end)
        if body is not None:
            yield _sentence(block, *body, warned or bool(_SIGNAL.match(block.text)))


def is_signal(block: Block) -> bool:
    """Whether the block is only a signal word, perhaps with a title, over the warning that follows."""
    return block.kind != "table" and bool(_SIGNAL_ALONE.match(block.text))


def key_values(block: Block) -> list[Candidate]:
    """The lines of a block, where every one of them is "key: value"."""
    found: list[Candidate] = []
    at = block.start
    for line in block.text.split("\n"):
        match = _KEY_VALUE.match(line)
        if match is None or not _is_pair(match["key"], match["value"]):
            return []
        found.append(
            Candidate(
                "key_value",
                at + match.start("key"),
                at + match.end("value"),
                block.section,
                block.page_at(at),
                attribute=match["key"].strip(),
                value=match["value"].strip(),
            )
        )
        at += len(line) + 1
    return found


def _is_pair(key: str, value: str) -> bool:
    if key.count("(") != key.count(")") or key.count('"') % 2 or key.count("“") != key.count("”"):
        return False  # a colon inside brackets or a quotation parts nothing: the format "HH:MM"
    if _SIGNAL_ALONE.match(key) or _PROHIBITION.match(key) or "http" in key or value.startswith("//"):
        return False
    return len(key.split()) <= 7 and not value.rstrip().endswith((":", "："))


def _sentence(block: Block, start: int, end: int, warned: bool) -> Candidate:
    text = block.text[start:end]
    kind: ClueKind = "sentence"
    if warned or _PROHIBITION.match(text):
        kind = "warning"
    elif _DEFINITION.match(text):
        kind = "definition"
    return Candidate(kind, block.start + start, block.start + end, block.section, block.page_at(block.start + start))
