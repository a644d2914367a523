"""From the names in clues to entities: each thing once, with every spelling the documents use for it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from doc2data.graph.names import CODE, key
from doc2data.records import Clue, content_id

_PART_NUMBER = re.compile(
    r"\b(?:part|order|article|item|stock|catalogue)\s+(?:number|no\.?|code)\b|料号|订货号|零件号", re.IGNORECASE
)
_IN_BRACKETS = re.compile(
    r"(?P<name>[A-Z][A-Za-z]{0,5}-?\d{1,4})[\w ]{0,40} \(part (?:number|no\.?) (?P<number>[\w-]+)\)"
)
_DEFINED = re.compile(r"^(?:An?|The)?\s?(?P<term>[A-Za-z][\w-]*(?: [a-z\d][\w-]*){0,2}) (?:is|are|means|refers to) ")
_DEFINED_ZH = re.compile(r"^(?P<term>[㐀-鿿]{2,8})(?:是指|指的是|是一种)")
_LABEL = re.compile(r"^[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)? [A-Z]?\d{1,4}$")
"""Names like "Turbiset 20" or "Buffer B7", which label a row."""
_NOT_TERMS = frozenset(
    ("it", "this", "that", "there", "these", "those", "they", "he", "she", "such", "here", "what", "which", "one")
)
_NUMBERED = re.compile(r"^(?:table|figure|chapter|section|step|page|appendix|part|note|item)\b", re.IGNORECASE)
_MIN_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that clues name."""

    id: str
    """From its key alone, so the same in every project."""
    name: str
    """The spelling used most, the shortest of those."""
    forms: tuple[str, ...]
    """Every spelling, sorted."""


def resolve(clues: Sequence[Clue], acronyms: Iterable[tuple[str, str]] = ()) -> list[Entity]:
    """The entities that the clues name, sorted by id; the order of the clues does not matter.

    Spellings are merged that differ in case, plural, dashes or width only; an acronym with its long form, unless the
    documents spell it out in two ways; and a part number with the one thing that it orders.

    Args:
        clues: of all documents.
        acronyms: (short, long) pairs as the documents define them.
    """
    counts: Counter[str] = Counter()
    for clue in clues:
        counts.update(_names(clue))
    pairs = [*_unambiguous(acronyms), *_part_numbers(clues)]
    counts.update({name: 0 for pair in pairs for name in pair if name not in counts})
    roots = _union({key(name) for name in counts}, [(key(a), key(b)) for a, b in pairs])
    groups: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        groups[roots[key(name)]].append(name)
    return sorted((_entity(root, forms, counts) for root, forms in groups.items()), key=lambda e: e.id)


def _names(clue: Clue) -> Iterator[str]:
    names = {*clue.entities, *CODE.findall(clue.quote)}
    if clue.kind == "table_row" and _LABEL.match(clue.subject) and not _NUMBERED.match(clue.subject):
        names.add(clue.subject)
    if clue.kind == "definition":
        names.update(_defined(clue.quote))
    for name in names:
        if len(name) >= _MIN_LETTERS and any(letter.isalpha() or letter.isdigit() for letter in name):
            yield " ".join(name.split())


def _defined(quote: str) -> Iterator[str]:
    """The term that a definition begins with, in lower case unless it is a name."""
    match = _DEFINED.match(quote) or _DEFINED_ZH.match(quote)
    term = match["term"] if match else ""
    if term and term.split()[0].lower() not in _NOT_TERMS and not CODE.search(term) and not _NUMBERED.match(term):
        yield term if re.search(r"\d|\w[A-Z]| [A-Z]", term) else term.lower()


def _unambiguous(acronyms: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    longs: dict[str, dict[str, str]] = defaultdict(dict)
    for short, long in sorted(acronyms):
        longs[short].setdefault(key(long), long)
    return [(short, next(iter(found.values()))) for short, found in longs.items() if len(found) == 1]


def _part_numbers(clues: Sequence[Clue]) -> list[tuple[str, str]]:
    """(thing, part number) pairs that are one to one."""
    pairs = {pair for clue in clues for pair in _ordered_by(clue)}
    things, numbers = Counter(key(t) for t, _ in pairs), Counter(key(n) for _, n in pairs)
    return sorted((t, n) for t, n in pairs if things[key(t)] == 1 and numbers[key(n)] == 1)


def _ordered_by(clue: Clue) -> Iterator[tuple[str, str]]:
    for header, text in clue.cells:
        if _PART_NUMBER.search(header) and CODE.fullmatch(clue.subject) and CODE.fullmatch(text):
            yield clue.subject, text
    for match in _IN_BRACKETS.finditer(clue.quote):
        yield match["name"], match["number"]


def _union(keys: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The smallest key of each group that the pairs tie together, for every key."""
    members = {name: {name} for name in keys}
    for one, other in sorted(pairs):
        if members[one] is not members[other]:
            joined = members[one] | members[other]
            members.update(dict.fromkeys(joined, joined))
    return {name: min(group) for name, group in members.items()}


def _entity(root: str, forms: Sequence[str], counts: Mapping[str, int]) -> Entity:
    name = min(forms, key=lambda form: (-counts[form], len(form), form))
    return Entity(content_id("entity", root), name, tuple(sorted(set(forms))))
