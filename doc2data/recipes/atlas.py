"""What recipes that join clues know of a corpus: the clue graph, its things, its tables, its contradictions."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial

from doc2data.clues import find_acronyms
from doc2data.graph import ClueGraph, Contradiction, Fact, Finder, TableView, build, contradictions, key, tables
from doc2data.recipes.corpus import CHINESE, Corpus
from doc2data.records import Clue
from doc2data.tasks.joins import chinese, english
from doc2data.tasks.joins.thing import Thing, mention
from doc2data.tasks.joins.words import content

_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]$")
_DEFINED = re.compile(
    r"^(?:The |An? )?(?P<term>[A-Z]?[a-z][\w-]*(?: [\w-]+){0,2}?) (?:is|are|means?) (?:an?|the) (?!best|same)"
)
_DEFINED_ZH = re.compile(r"^(?P<term>[㐀-鿿]{2,8}?)(?:是指|指的是)")
_GLOSSARY = re.compile(r"glossary|terms|terminology|definitions|abbreviations|acronyms|术语|词汇|缩略", re.IGNORECASE)
LANGUAGES = ("en", CHINESE)
"""Languages that can be joined by rule."""


class Atlas:
    """Everything that is learnt from all clues together, each part when it is first needed."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @cached_property
    def graph(self) -> ClueGraph:
        """The clue graph of the whole corpus."""
        documents = (self.corpus.text(document) for document in self.corpus.documents)
        pairs = [(found.short, found.long) for text in documents for found in find_acronyms(text)]
        return build(self.corpus.clues(), pairs)

    @cached_property
    def tables(self) -> list[TableView]:
        """Every table with headers, in order of documents."""
        order = {document: at for at, document in enumerate(self.corpus.documents)}
        return sorted(tables(self.corpus.clues()), key=lambda t: (order[t.rows[0].document], t.rows[0].start))

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        """Pairs of cells of different documents that cannot both be right."""
        return list(contradictions(partial(facts_of, self.corpus)))

    @cached_property
    def barred(self) -> frozenset[str]:
        """Clues that contradict another: no hop may stand on one."""
        pairs = ((found.first.clue.id, found.second.clue.id) for found in self.contradictions)
        return frozenset(clue for pair in pairs for clue in pair)

    @cached_property
    def facts_about(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        """(clue, entity) to the cells of that row that say something of the entity."""
        found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for table in self.tables:
            for fact in table.facts:
                entity = self.entity_of(fact.thing, self.corpus.language_of(fact.clue))
                if entity:
                    found[(fact.clue.id, entity)].append(fact)
        return {place: tuple(facts) for place, facts in found.items()}

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str, str], tuple[Fact, ...]]:
        found: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
        for at, table in enumerate(self.tables):
            for fact in table.facts:
                found[str(at), fact.attribute, fact.condition].append(fact)
        columns = [tuple(facts) for facts in found.values()]
        return {(f.clue.id, f.thing, f.attribute): facts for facts in columns for f in facts}

    def column(self, fact: Fact) -> tuple[Fact, ...]:
        """What the fact's table says of the same attribute of all its things, under the same condition."""
        return self._columns[fact.clue.id, fact.thing, fact.attribute]

    def rows_beside(self, row: Clue) -> int:
        """How many rows the table has that a row stands in."""
        return self._sizes[row.id]

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        return {row.id: len(table.rows) for table in self.tables for row in table.rows}

    @cached_property
    def _things_by_attribute(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for table in self.tables:
            for fact in table.facts:
                found[key(fact.attribute)].add(key(fact.thing))
        return {attribute: frozenset(things) for attribute, things in found.items()}

    def things_with(self, attribute: str) -> int:
        """How many things of tables have an attribute, by its key."""
        return len(self._things_by_attribute.get(attribute, ()))

    @cached_property
    def entity_named(self) -> Mapping[str, str]:
        """Key of every spelling to its entity."""
        return {key(form): entity.id for entity in self.graph.entities.values() for form in entity.forms}

    def thing(self, entity: str, language: str) -> Thing:
        """How the documents in a language speak of an entity; in English where we have no rules for that language."""
        return self._things[language if language in LANGUAGES else LANGUAGES[0]][entity]

    @cached_property
    def _things(self) -> Mapping[str, Mapping[str, Thing]]:
        return {language: {e: self._learnt(e, language) for e in self.graph.naming} for language in LANGUAGES}

    def _learnt(self, entity: str, language: str) -> Thing:
        known = self.graph.entities[entity]
        forms = _spoken((known.name, *(form for form in known.forms if form != known.name)))
        clues = [self.graph.clues[clue] for clue in self.graph.naming[entity]]
        spoken = [clue for clue in clues if self.corpus.language_of(clue) == language]
        quotes = [text for clue in spoken for text in _texts(clue)]
        headers = [header for clue in spoken for header, text in clue.cells if text in known.forms]
        return chinese.thing(forms, quotes, headers) if language == CHINESE else english.thing(forms, quotes, headers)

    @cached_property
    def shared_heads(self) -> Mapping[str, int]:
        """How many things each common noun can stand for."""
        return Counter(head for things in self._things.values() for thing in things.values() for head in thing.heads)

    @cached_property
    def _holding(self) -> Mapping[str, frozenset[str]]:
        """Content word to the clues that hold it."""
        found: dict[str, set[str]] = defaultdict(set)
        for clue in self.corpus.clues():
            if clue.kind != "procedure":
                for word in content(clue.quote):
                    found[word].add(clue.id)
        return {word: frozenset(clues) for word, clues in found.items()}

    def holders(self, word: str) -> int:
        """How many clues hold a content word."""
        return len(self._holding.get(word, ()))

    def sharing(self, words: frozenset[str]) -> Counter[str]:
        """Clues with how many of the words each holds."""
        return Counter(clue for word in words for clue in self._holding.get(word, ()))

    @cached_property
    def _finder(self) -> Finder:
        names = (form for entity in self.graph.entities.values() for form in _spoken((entity.name, *entity.forms)))
        return Finder(form for form in names if form != form.lower())

    def named_in(self, text: str) -> Iterator[str]:
        """Names of entities that stand in a text."""
        return (form for _, _, form in self._finder.find(text))

    def entity_of(self, label: str, language: str) -> str:
        """The entity that a label names and nothing else: "TB-60 turbidity head", "CL-30 (FAC)"; "" where none is."""
        bare = _ASIDE.sub("", label)
        found = next(self.named_in(bare), bare)
        entity = self.entity_named.get(key(found), "")
        return entity if entity and mention(self.thing(entity, language)).fullmatch(bare) else ""

    def terms(self, language: str) -> Mapping[str, tuple[Clue, str]]:
        """Terms that the documents define, in small letters, the longest first, with the clue and what it says."""
        return self._terms[language if language in LANGUAGES else LANGUAGES[0]]

    @cached_property
    def _terms(self) -> Mapping[str, Mapping[str, tuple[Clue, str]]]:
        found: dict[str, dict[str, tuple[Clue, str]]] = {language: {} for language in LANGUAGES}
        for clue in self.corpus.clues():
            term = _term(clue)
            if term:
                language = self.corpus.language_of(clue)
                found.setdefault(language, {}).setdefault(term.lower(), (clue, _meaning(term, clue)))
        return {
            language: dict(sorted(terms.items(), key=lambda item: (-len(item[0]), item[0])))
            for language, terms in found.items()
        }

    def called(self, label: str, language: str) -> str:
        """What the thing is called that a label names; "" where it names none."""
        entity = self.entity_of(label, language)
        return self.thing(entity, language).name if entity else ""


@lru_cache(maxsize=1)
def atlas(corpus: Corpus) -> Atlas:
    """The atlas of a corpus, made once for all recipes of a run."""
    return Atlas(corpus)


def facts_of(corpus: Corpus) -> Iterator[Fact]:
    """What the cells of all tables say, document by document."""
    for document in corpus.documents:
        for table in tables(corpus.clues_in(document, "table_row")):
            yield from table.facts


def _term(clue: Clue) -> str:
    """What a clue defines: the subject of a definition, or a key of a glossary; "" where it defines nothing."""
    quote = " ".join(clue.quote.split())
    if clue.kind == "definition":
        match = _DEFINED.match(quote) or _DEFINED_ZH.match(quote)
        return match["term"] if match and english.is_term(match["term"]) else ""
    glossary = clue.kind == "key_value" and any(_GLOSSARY.search(heading) for heading in clue.section)
    return clue.attribute if glossary and clue.attribute and len(clue.value.split()) > 1 else ""


def _meaning(term: str, clue: Clue) -> str:
    if clue.kind == "definition":
        return " ".join(clue.quote.split())
    value = clue.value.rstrip(".")
    small = value if value[1:2].isupper() else value[:1].lower() + value[1:]
    return f"{term} means: {small}." if value.isascii() else f"{term}是指{value}。"


def term_in(term: str, text: str) -> str:
    """A term as a text writes it, in any case but at the front of a sentence; "" where it does not."""
    if not term.isascii():
        return term if term in text else ""
    found = re.search(rf"(?<![A-Za-z0-9-]){re.escape(term)}(?![A-Za-z0-9-])", text, re.IGNORECASE)
    if found is None:
        return ""
    shown = found.group()
    is_name = any(letter.isupper() or letter.isdigit() for letter in shown[1:])
    return shown if is_name else shown[:1].lower() + shown[1:]


def _spoken(forms: Sequence[str]) -> tuple[str, ...]:
    """Spellings that are names wherever they stand; all of them where none is."""
    names = tuple(form for form in forms if form != form.lower() and not english.is_common_word(form))
    return names or tuple(forms)


def _texts(clue: Clue) -> list[str]:
    return [text for _, text in clue.cells] if clue.cells else [clue.quote]
