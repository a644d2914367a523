"""Look-ups in tables: row label and column header make the question, the cell the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from doc2data.clues import entities
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.attributes import answer_with, question_for, split_unit, tidy
from doc2data.tasks.rules.english.clause import is_plural, parse
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.sentence import lowered

_EMPTY = frozenset(
    ["", "-", "–", "—", "n/a", "N/A", "none", "None", "/", "x", "X", "✓", "✔", "•", "yes", "no", "Yes", "No", "?"]
)
_PROPERTY = re.compile(
    r"^(?:property|parameter|characteristic|feature|specification|item|quantity|attribute|data|value|"
    r"description|)s?$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"^units?$", re.IGNORECASE)
_TROUBLE = re.compile(
    r"\b(?:symptom|fault|problem|error|alarm|warning|malfunction|trouble|issue|failure)\b", re.IGNORECASE
)
_CAUSE = re.compile(r"\b(?:cause|reason)s?\b", re.IGNORECASE)
_REMEDY = re.compile(
    r"\b(?:remedy|remedies|action|solution|measure|correction|fix|what to do|response)s?\b", re.IGNORECASE
)
_MEANING = re.compile(r"^(?:meaning|definition|explanation|significance)$", re.IGNORECASE)
_CODE_HEADS = re.compile(
    r"^(?:.*\b)?(?:code|alarm|warning|parameter|error|signal word|command|key|terminal|fuse|mode|button|"
    r"option|field|setting|register|pin|level|class|type|function|variable|keyword|property|attribute|"
    r"element|flag|switch|shortcut|format|method|term|operating state|state|status)$",
    re.IGNORECASE,
)
MAX_CELL_WORDS = 40


@dataclass(frozen=True, slots=True)
class _Row:
    """A table row with its first header, its label, and the cells to ask about."""

    clue: Clue
    clues: tuple[Clue, ...]
    head: str
    label: str
    unit: str
    cells: tuple[tuple[str, str], ...]


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """Questions for the cells of one row."""
    row = _read(clue, around)
    if row is None:
        return
    if _TROUBLE.search(row.head) and any(_CAUSE.search(h) or _REMEDY.search(h) for h, _ in row.cells):
        yield from _trouble(row)
    elif _is_matrix(row):
        yield from _matrix(row, around)
    elif _is_label(row.label):
        yield from _record(row, around)


def _read(clue: Clue, around: Around) -> _Row | None:
    if not clue.cells or not clue.subject or len(clue.subject.split()) > 8:
        return None
    label_at = next((at for at, (_, text) in enumerate(clue.cells) if text == clue.subject), None)
    if label_at is None or not clue.cells[label_at][0]:
        return None
    unit, cells = "", []
    for header, text in clue.cells[label_at + 1 :]:
        if _UNIT.match(header.strip()):
            unit = "" if text in _EMPTY else text
        elif header and text.strip() not in _EMPTY and len(text.split()) <= MAX_CELL_WORDS:
            cells.append((header, text))
    header_clues = tuple(
        other for other in around.chunk_clues
        if other.kind == "table_row" and not other.cells and other.attribute == clue.attribute and other.section == clue.section
    )  # fmt: skip
    return (
        _Row(clue, (*header_clues[-2:], clue), clue.cells[label_at][0], clue.subject, unit, tuple(cells))
        if cells
        else None
    )


def _is_label(label: str) -> bool:
    return bool(re.search(r"[A-Za-z]{1}", label)) and label not in _EMPTY and not label.endswith(".")


def _is_matrix(row: _Row) -> bool:
    """Whether columns are things and rows their properties."""
    named = [header for header, _ in row.cells if entities.codes(header)]
    return len(named) >= 2 and len(named) == len(row.cells)


def _matrix(row: _Row, around: Around) -> Iterator[Draft]:
    if not _PROPERTY.match(row.head.strip()) or not _is_label(row.label):
        return
    for header, text in row.cells:
        name, unit = split_unit(header)
        owner = f"the {name}" if re.match(r"^[A-Z]", name) and not name.lower().startswith("the ") else name
        value = tidy(text, row.unit or unit)
        if (
            row.label.lower().split()[0].endswith("s") is False
            and is_plural(row.label)
            and re.fullmatch(r"\d{1,3}", value)
        ):
            thing = lowered(row.label, around)
            yield Draft(
                asked("how many", thing, "does", owner, "have"),
                f"{owner[0].upper()}{owner[1:]} has {value} {thing}.",
                "numeric",
                row.clues,
                0.9,
            )
        else:
            attribute, own_unit = split_unit(row.label)
            value = tidy(text, row.unit or own_unit or unit)
            yield from _attribute(row, lowered(attribute, around), owner, value)


def _attribute(row: _Row, attribute: str, owner: str, value: str) -> Iterator[Draft]:
    question = question_for(attribute, owner)
    if question:
        kind = "numeric" if any(c.isdigit() for c in value) else "lookup"
        yield Draft(question, answer_with(attribute, owner, value), kind, row.clues, 0.88)


def _record(row: _Row, around: Around) -> Iterator[Draft]:
    name = _named(row)
    for header, text in row.cells:
        attribute, unit = split_unit(header)
        if _MEANING.match(attribute.strip()):
            yield _meaning(row, name, text)
        elif re.fullmatch(r"(?i)(?:description|designation|name|title)", attribute.strip()):
            yield _description(row, name, attribute.lower(), text)
        elif parse(text) is None or not text.endswith("."):
            yield from _attribute(row, lowered(attribute, around), name, tidy(text, unit))


def _meaning(row: _Row, name: str, text: str) -> Draft:
    value = text.rstrip(".")
    return Draft(
        asked("what does", name, "mean"), f"{name[0].upper()}{name[1:]} means: {value}.", "definition", row.clues, 0.85
    )


def _description(row: _Row, name: str, attribute: str, text: str) -> Draft:
    return Draft(
        asked("what is the", attribute, "of", name),
        f'The {attribute} of {name} is "{text.rstrip(".")}".',
        "lookup",
        row.clues,
        0.75,
    )


def _named(row: _Row) -> str:
    """The row's label as it is spoken of: "parameter P-08", "the SP-1 pump", "the signal word DANGER"."""
    head = split_unit(row.head)[0].strip().lower()
    if _CODE_HEADS.match(head) and not is_plural(head):
        if entities.codes(row.label):
            return f"{head} {row.label}"
        return f'the {head} "{row.label}"' if " " in row.label else f"the {head} {row.label}"
    return f"the {row.label}" if entities.codes(row.label) and re.search(r"[a-z]", row.label) else row.label


def _trouble(row: _Row) -> Iterator[Draft]:
    code = bool(entities.codes(row.label))
    head = split_unit(row.head)[0].strip().lower().removeprefix("possible ")
    head = head.split(" / ")[-1]
    name = f"{head} {row.label}" if code else f'the {head} "{row.label.rstrip(".")}"'
    for header, text in row.cells:
        if not text.endswith("."):
            text = text + "."
        if _CAUSE.search(header):
            yield Draft(asked("what causes", name), text, "troubleshooting", row.clues, 0.85)
        elif _REMEDY.search(header):
            yield Draft(asked("what should you do about", name), text, "troubleshooting", row.clues, 0.88)



