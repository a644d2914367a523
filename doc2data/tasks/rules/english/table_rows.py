"""Look-ups in tables: row label and column header make the question, the cell the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from doc2data.clues import entities, spelled_out
from doc2data.records import Clue
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.attributes import (
    answer_with,
    as_task,
    described,
    done,
    is_measure,
    noun_for,
    question_for,
    split_unit,
    tidy,
)
from doc2data.tasks.rules.english.clause import is_plural
from doc2data.tasks.rules.english.definitions import expansion
from doc2data.tasks.rules.english.lexicon import classes, is_verb, lemma, singular
from doc2data.tasks.rules.english.names import capitalised, header_words, lowered, plain
from doc2data.tasks.rules.english.questions import asked
from doc2data.tasks.rules.english.telling import is_code

_EMPTY = frozenset(["", "-", "–", "—", "n/a", "none", "/", "x", "✓", "✔", "•", "yes", "no", "?", "tbd", "*", "**"])
_PROPERTY = re.compile(
    r"^(?:property|properties|parameter|characteristic|feature|specification|item|quantity|attribute|data|value|)s?$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"^units?$", re.IGNORECASE)
_CAUSE = re.compile(r"\b(?:cause|reason)s?\b", re.IGNORECASE)
_REMEDY = re.compile(
    r"\b(?:remedy|remedies|(?:corrective |recommended )?actions?|solutions?|corrections?|fix|what to do|response)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:symptom|fault|problem|error|alarm|warning|malfunction|trouble|issue|failure|code)\b", re.IGNORECASE
)
_MEANING = re.compile(r"^(?:meaning|definition|explanation|significance)$", re.IGNORECASE)
_DESCRIPTION = re.compile(r"^(?:description|designation)$", re.IGNORECASE)
_PURPOSE = re.compile(r"^(?:purpose|function|effect|what it does|use|action|description of .*)$", re.IGNORECASE)
_NAME = re.compile(r"^(?:name|title|full name|display text|message|text)$", re.IGNORECASE)
_VERB_HEADER = re.compile(
    r"^(?:fits|measures|controls|contains|requires|supports|replaces|drives|affects)$", re.IGNORECASE
)
_OFTEN = re.compile(r"\b(?:interval|frequency|how often)\b", re.IGNORECASE)
_CODE_HEADS = re.compile(
    r"^(?:[a-z ]+ )?(?:code|alarm|warning|parameter|error|signal word|command|key|terminal|fuse|mode|button"
    r"|option|field|setting"
    r"|register|pin|level|class|type|function|variable|keyword|property|attribute|element|flag|switch|shortcut"
    r"|format|method"
    r"|term|state|status)$",
    re.IGNORECASE,
)
_POINTS_AWAY = re.compile(
    r"^(?:see|refer to|same as|as above|ditto|cf\.|not applicable)\b|\b(?:section|chapter|table|figure|appendix) "
    r"[A-Z]?\d|https?:",
    re.IGNORECASE,
)
_NUMBER = r"[<>≤≥±+−-]?\d[\d.,]*(?:\s?(?:to|–|-|,)\s?[+−-]?\d[\d.,]*)*"
_MEASURED = r"(?P<what>[A-Z][\w -]+?)(?: in (?P<unit>[a-zA-Z°%]+))?(?: (?:by|for|per|under|depending) .*)?"
_LOGGED = re.compile(
    r"^(?:date|version|release|revision|rev\.?|edition|issue|page|line|row|step|no\.?|#)$", re.IGNORECASE
)
"""Heads of rows that log changes or count lines: their labels name nothing that one would ask about."""
_NO_KINDS = frozenset(
    ("name", "description", "number", "topic", "id", "item", "title", "label", "text", "type", "note")
)
MOST_WORDS_OF_VALUE = 8
MAX_CELL_WORDS = 40
MAX_LABEL_WORDS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as the rules read it."""

    clues: tuple[Clue, ...]
    """The header rows where they are in the same chunk, then the row."""
    head: str
    """Header of the label's column."""
    label: str
    unit: str
    """From a column of units; else empty."""
    cells: tuple[tuple[str, str], ...]
    """(header, text) of the cells worth asking about."""


def drafts(clue: Clue, around: Around) -> Iterator[Draft]:
    """Questions for the cells of one row."""
    row = read(clue, around)
    if row is None:
        return
    task = as_task(row.label)
    if _TROUBLE.search(row.head) and any(_CAUSE.search(header) or _REMEDY.search(header) for header, _ in row.cells):
        yield from _trouble(row)
    elif task:
        yield from _task(row, task, around)
    elif re.fullmatch(_NUMBER, row.label):
        yield from _at_number(row, clue.attribute, around)
    elif _is_matrix(row):
        yield from _matrix(row, around) if _PROPERTY.match(row.head.strip()) else _by_caption(row, clue.attribute)
    elif re.search(r"[A-Za-z]{2}|[A-Z]-?\d|^--?\w", row.label) and not re.match(r"\d+(?:[/.-]\d| [A-Z])", row.label):
        yield from _record(row, around)


def read(clue: Clue, around: Around) -> Row | None:
    """The row with its label and units sorted out, or None where it has no label or nothing to ask about."""
    if not clue.cells or not re.search(r"\w", clue.subject) or len(clue.subject.split()) > MAX_LABEL_WORDS:
        return None
    at = next((at for at, (_, text) in enumerate(clue.cells) if text == clue.subject), len(clue.cells) - 1)
    label, first = clue.subject, at + 1
    if _is_repeated(clue, around):
        label, first = _joint_label(clue.cells[at:]), at + 2
    unit, cells = "", []
    for header, text in clue.cells[first:]:
        if _UNIT.match(header.strip()):
            unit = "" if text.lower() in _EMPTY else text
        elif header and text.strip().lower() not in _EMPTY and _is_readable(text):
            cells.append((header, text))
    if _LOGGED.match(clue.cells[at][0].strip()) or label == clue.cells[at][0]:
        return None
    if not label or not cells or not clue.cells[at][0] or any(_is_no_header(header) for header, _ in cells):
        return None
    return Row((*_headers(clue, around), clue), clue.cells[at][0], label, unit, tuple(cells))


def _joint_label(cells: Sequence[tuple[str, str]]) -> str:
    """The label of a row that shares its first cell with others: "the cover screw of the PT-05 pump"; "" if unsure."""
    if len(cells) < 3 or not entities.codes(cells[0][1]):
        return ""
    part = cells[1][1]
    named = re.fullmatch(r"[A-Z][a-z]+(?: [\w-]+){0,4}", part)
    return f"{plain(part)} of the {cells[0][1]}" if named else ""


def _is_repeated(clue: Clue, around: Around) -> bool:
    """Whether another row has the same label, so that a question about it has two answers."""
    return any(
        other.subject == clue.subject and other.id != clue.id and other.kind == "table_row"
        for other in around.chunk_clues
    )


def _is_no_header(text: str) -> bool:
    """A "header" that is a sentence or a question: the table has none, or it is a page set as a table."""
    words = text.split()
    told = len(words) > 2 and is_verb(words[0], "VBZ") and words[1].lower() in vocab.DETERMINERS
    return len(words) > MAX_LABEL_WORDS or told or text.rstrip().endswith((".", "?", "!"))


def _is_readable(text: str) -> bool:
    short = len(text.split()) <= MAX_CELL_WORDS and any(letter.isalnum() for letter in text)
    return short and not _POINTS_AWAY.search(text) and "?" not in text


def _headers(clue: Clue, around: Around) -> tuple[Clue, ...]:
    """The header rows right above the row, which say what its columns and units are."""
    rows = [other for other in around.chunk_clues if other.kind == "table_row" and other.start < clue.start]
    last = next((at for at in range(len(rows) - 1, -1, -1) if not rows[at].cells), None)
    if last is None or rows[last].section != clue.section or rows[last].attribute != clue.attribute:
        return ()
    first = last
    while first and not rows[first - 1].cells and rows[first - 1].end + 1 == rows[first].start:
        first -= 1
    return tuple(rows[first : last + 1])


def _is_matrix(row: Row) -> bool:
    """Whether columns are things and rows their properties."""
    return len(row.cells) >= 2 and all(entities.codes(header) for header, _ in row.cells)


def _matrix(row: Row, around: Around) -> Iterator[Draft]:
    attribute, own_unit = split_unit(row.label)
    for header, text in row.cells:
        name, unit = split_unit(header)
        if " / " in name:
            continue
        owner = name if name.lower().startswith("the ") else f"the {name}"
        value = tidy(text, row.unit or own_unit or unit)
        if is_plural(attribute) and re.fullmatch(r"\d{1,3}", value):
            yield _count(row, lowered(attribute, around), owner, value)
        else:
            yield from _attribute(row, lowered(attribute, around), owner, value, around)


def _by_caption(row: Row, caption: str) -> Iterator[Draft]:
    """Columns are things, rows are cases, and the caption says what is measured: "Power demand in watts"."""
    measured = re.fullmatch(_MEASURED, caption)
    if not measured or not is_measure(measured["what"]):
        return
    attribute = plain(_singular_phrase(measured["what"]))
    case = f'for the {split_unit(row.head)[0].strip().lower()} "{row.label}"'
    for header, text in row.cells:
        name, unit = split_unit(header)
        value = tidy(text, unit or row.unit or measured["unit"] or "")
        if any(c.isdigit() for c in value):
            owner = f"{attribute} of the {name} {case}"
            yield Draft(asked("what is the", owner), f"The {owner} is {value}.", "numeric", row.clues, 0.82)


def _at_number(row: Row, caption: str, around: Around) -> Iterator[Draft]:
    """Rows keyed by a quantity: "at a sample temperature of 25 °C"."""
    head, unit = split_unit(row.head.strip())
    owner = next((part for part in re.split(r"\b(?:of|for)\b ", caption)[1:] if entities.codes(part)), around.subject)
    if _CODE_HEADS.match(head) and not unit:
        yield from _record(row, around)
        return
    if not unit or not owner or not is_measure(head):
        return
    case = f"at {'an' if head[0].lower() in 'aeio' else 'a'} {plain(head)} of {tidy(row.label, unit)}"
    for header, text in row.cells:
        name, own = split_unit(header_words(header))
        value = tidy(text, own)
        if is_measure(name) and any(c.isdigit() for c in value):
            owned = f"the {plain(name)} of {owner.strip()}"
            be = "are" if is_plural(name) else "is"
            answer = f"{capitalised(case)}, {owned} {be} {value}."
            yield Draft(asked("what", be, owned, case), answer, "numeric", row.clues, 0.85)


def _count(row: Row, things: str, owner: str, value: str) -> Draft:
    said = _singular_phrase(things) if value == "1" else things
    return Draft(
        asked("how many", things, "does", owner, "have"),
        f"{capitalised(owner)} has {value} {said}.",
        "numeric",
        row.clues,
        0.9,
    )


def _singular_phrase(things: str) -> str:
    head, *more = re.split(r"(?= (?:in|of|on|for|with|at)\b)", things, maxsplit=1)
    words = head.split()
    return " ".join([*words[:-1], singular(words[-1])]) + "".join(more)


def _attribute(row: Row, attribute: str, owner: str, value: str, around: Around) -> Iterator[Draft]:
    kind = "numeric" if any(c.isdigit() for c in value) else "lookup"
    if classes(value.lower()) == {"ADJ"} or value.lower().startswith("any ") or re.fullmatch(r"[A-Za-z]", value):
        return  # "The values are positive", "The status is A": nothing that tells without a legend
    single = re.fullmatch(r"[±<>≤≥+−-]?=? ?\d[\d.,]*", value) or "ADJ" in classes(value.lower())
    if is_plural(attribute) and (single or re.match(r"[<>≤≥]", value)):
        return  # one number, one limit or one word is not several values
    question = question_for(attribute, owner)
    if question:
        yield Draft(question, answer_with(attribute, owner, value), kind, row.clues, 0.88)
        return
    of_kind, noun = _of_kind(row, around), noun_for(attribute)
    if of_kind and noun and len(value.split()) <= MOST_WORDS_OF_VALUE:
        answer = f"The {noun} for {of_kind} is {value}."
        yield Draft(asked("what is the", noun, "for", of_kind), answer, kind, row.clues, 0.82)


def _of_kind(row: Row, around: Around) -> str:
    """The row's label with what it labels: the option "--save"; "" where nothing tells whose label it is."""
    if not (is_code(row.label) or around.subject):
        return ""
    kind = re.split(r"\s*[/(,]", header_words(row.head.strip()))[0].lower()
    words = kind.split()
    nominal = 1 <= len(words) <= 3 and all(classes(word) & {"NOUN", "ADJ"} for word in words)
    if not nominal or is_plural(kind) or words[-1] in _NO_KINDS or '"' in row.label:
        return ""
    return f'the {kind} "{row.label}"'


def _record(row: Row, around: Around) -> Iterator[Draft]:
    label, own_unit = split_unit(row.label)
    name = _named(replace(row, label=label))
    for header, text in row.cells:
        attribute, unit = split_unit(header_words(header))
        value = tidy(text, unit or own_unit or row.unit)
        if spelled_out(row.label, value.split()) == value:
            yield expansion(row.label, value, row.clues)
        elif _MEANING.match(attribute):
            answer = f"{capitalised(name)} means: {value}."
            yield Draft(asked("what does", name, "mean"), answer, "definition", row.clues, 0.85)
        elif _DESCRIPTION.match(attribute) or _PURPOSE.match(attribute):
            yield from _described(row, name, value)
        elif _NAME.match(attribute):
            answer = f'The {attribute.lower()} of {name} is "{value}".'
            yield Draft(asked("what is the", attribute.lower(), "of", name), answer, "lookup", row.clues, 0.75)
        elif _VERB_HEADER.match(attribute):
            verb = attribute.lower()
            answer = f"{capitalised(name)} {verb} {plain(value)}."
            yield Draft(asked("what does", name, lemma(verb, "VBZ")), answer, "lookup", row.clues, 0.85)
        elif not text.endswith("."):
            yield from _attribute(row, lowered(attribute, around), name, plain(value), around)


def _described(row: Row, name: str, value: str) -> Iterator[Draft]:
    doing, phrase = done(value), described(plain(value))
    if {*row.label.lower().split()} <= {*value.lower().split()}:
        return  # "File table index: index of the file table" tells nothing
    if doing and _CODE_HEADS.match(split_unit(row.head)[0].strip().lower()):
        yield Draft(asked("what does", name, "do"), f"{capitalised(name)} {doing}.", "definition", row.clues, 0.84)
    elif phrase:
        yield Draft(asked("what is", name), f"{capitalised(name)} is {phrase}.", "definition", row.clues, 0.82)


def _named(row: Row) -> str:
    """The row's label as it is spoken of: "parameter P-08", "the signal word DANGER", "the AQ-1 pump"."""
    head = split_unit(row.head)[0].strip().lower()
    if re.fullmatch(_NUMBER, row.label):
        return f"{head} {row.label}" if row.label.isdigit() else f"{head}s {row.label}"
    if _CODE_HEADS.match(head) and not is_plural(head):
        if entities.codes(row.label):
            return f"{head} {row.label}"
        return f'the {head} "{row.label}"' if " " in row.label else f"the {head} {row.label}"
    return (
        f"the {row.label}"
        if re.search(r"\d\S* [a-z]{3}", row.label) and entities.codes(row.label)
        else plain(row.label)
    )


def _task(row: Row, task: str, around: Around) -> Iterator[Draft]:
    """Rows whose label is a piece of work: how often, by whom, how long."""
    for header, text in row.cells:
        attribute, unit = split_unit(header_words(header))
        value = tidy(text, unit)
        name = lowered(attribute, around)
        if len(name.split()) > 4 or text.endswith("."):
            continue
        be = "are" if is_plural(name) else "is"
        answer = f"The {name} for {task} {be} {value}."
        if _OFTEN.search(attribute) and re.match(r"^\d", value):
            base = f"{lemma(task.split(maxsplit=1)[0], 'VBG')} {' '.join(task.split()[1:])}"
            yield Draft(asked("how often should you", base), answer, "numeric", row.clues, 0.9)
        elif question_for(name, task):
            yield Draft(asked("what", be, "the", name, "for", task), answer, "lookup", row.clues, 0.85)


def _trouble(row: Row) -> Iterator[Draft]:
    head = re.split(r"\s*[/(]", split_unit(row.head)[0].strip().lower())[0].removeprefix("possible ")
    extra = next((text for header, text in row.cells if _NAME.match(header.strip())), "")
    if entities.codes(row.label):
        name = f"{head} {row.label}" + (f' ("{extra}")' if extra else "")
    else:
        name = f'the {head} "{row.label.rstrip(".")}"'
    for header, text in row.cells:
        answer = text if text.endswith((".", "!")) else f"{text}."
        if _CAUSE.search(header):
            yield Draft(asked("what is the likely cause of", name), answer, "troubleshooting", row.clues, 0.88)
        elif _REMEDY.search(header):
            yield Draft(asked("what should you do about", name), answer, "troubleshooting", row.clues, 0.88)
