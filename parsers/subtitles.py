"""SRT and WebVTT subtitles as a transcript: cues joined to paragraphs at pauses and changes of speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from parsers.document import Document, DocumentBuilder
from parsers.encoding import decode
from parsers.language import language_of
from parsers.options import ParseOptions

PAUSE_SECONDS = 3.0
MAX_CHARACTERS = 600
"""A paragraph of this length ends with the next sentence."""

_TIMING = re.compile(
    r"^[^\S\n]*(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})[^\n]*$",
    re.MULTILINE,
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>|\{\\[^}]*\}")
_NUMBER_LINE = re.compile(r"\n[^\S\n]*\d+\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle; times in seconds."""

    number: int
    start: float
    end: float
    speaker: str
    text: str


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read subtitles; a block's path is `cue[n]`, the first of its cues, counted from 1."""
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    builder = DocumentBuilder()
    for cues in _paragraphs(cues_of(text)):
        spoken = " ".join(cue.text for cue in cues)
        speaker = cues[0].speaker
        builder.add("paragraph", f"{speaker}: {spoken}" if speaker else spoken, path=f"cue[{cues[0].number}]")
    document = builder.build(
        source=str(path), sha256=sha256, type="subtitles", title=path.stem, language="", pages=None
    )
    return replace(document, language=language_of(document.text))


def cues_of(text: str) -> Iterator[Cue]:
    """The cues of an SRT or WebVTT file, without markup; a cue that repeats the one before is left out."""
    timings = list(_TIMING.finditer(text))
    last = ""
    for number, timing in enumerate(timings, 1):
        until = timings[number].start() if number < len(timings) else len(text)
        body = text[timing.end() : until].strip("\n")
        body = body.split("\n\n", 1)[0] if "\n\n" in body else _NUMBER_LINE.sub("", "\n" + body)
        voice = _VOICE.search(body)
        words = " ".join(unescape(_MARKUP.sub("", body)).split())
        if words and words != last:
            parts = timing.groups()
            yield Cue(number, _seconds(parts[:4]), _seconds(parts[4:]), voice.group(1) if voice else "", words)
        last = words


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _paragraphs(cues: Iterator[Cue]) -> Iterator[list[Cue]]:
    current: list[Cue] = []
    for cue in cues:
        if current and _is_break(current, cue):
            yield current
            current = []
        current.append(cue)
    if current:
        yield current


def _is_break(current: list[Cue], cue: Cue) -> bool:
    last = current[-1]
    if cue.speaker != last.speaker or cue.start - last.end > PAUSE_SECONDS or cue.text.startswith(("- ", "– ")):
        return True
    return sum(len(c.text) for c in current) > MAX_CHARACTERS and _SENTENCE_END.search(last.text) is not None
