"""Which clues a model may join, and which of their chains promise a question that people would ask.

A model's time is dear: what code can see to be no sentence, no whole name or no description of one thing alone is not
put to it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import permutations
from typing import TypeVar

from doc2data.clues import spelled_out, worth
from doc2data.graph import CODE, Chain, Roles, key
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.hops import is_name, wording
from doc2data.records import Clue
from doc2data.tasks.joins.english.phrases import is_whole
from doc2data.tasks.joins.thing import Thing, mention, names, spellings
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.tokens import Token, tokens

T = TypeVar("T")
ENGLISH = "en"
STRUCTURED = ("table_row", "key_value")
"""Kinds of clues that are no prose."""
LEAST_WORTH = 0.5
"""Clues below it carry too little to be a hop."""
RIVAL = 0.4
"""Share of a clue's words that a clue about something else must hold to tell the like."""
FITS = 0.8
"""Share of a clue's words that another must hold for the two to describe the same; then neither tells things apart."""
COMMON = 500
"""Clues that hold a word from which it counts as held by a rival, and is not looked up: time grows with them."""
SIBLING = 0.7
"""Share of a clue's words that stand in another one, from which the two say nearly the same."""
LEAST_TOLD = 3
"""Words that a clue must say of a thing beside its name to describe it."""
LEAST_WORDS, MOST_WORDS, MOST_LETTERS = 5, 40, 100
"""Of a sentence that a question takes something from; letters count in Chinese."""
MOST_BEFORE, MOST_LETTERS_BEFORE = 6, 10
"""Words and marks, or letters in Chinese, that may stand before the thing that a sentence is about."""
LEAST_PROMISE = {2: 0.4, 3: 1.0, 4: 1.0}
"""Of a chain by its length: descriptions in descriptions are only worded well where each is plain."""
ACROSS = 0.2
"""What a chain over another document is worth more."""
_LEANS_ON_MORE = re.compile(
    r"^(?:basically|additionally|in addition|furthermore|moreover|instead|otherwise|similarly|likewise|hence|again)\b"
    r"|^(?:(?:please )?note (?:also |however )?that )?"
    r"(?:(?:if|when|before|after|once|while|until|because|as|in|by|for|to|of|with|without) )?"
    r"(?:its?|they|their|them|he|she|his|her|this|these|that|those|such|here|there|both|doing (?:so|this|that))\b"
    r"|\bthese\b|\ball of (?:this|that)\b|\b(?:above|below|following)\b|\bthis (?:document|guide|manual|section)\b"
    r"|^(?:如果|若|当|在)?(?:它|其|此(?!外)|该|这|那|上述|前者|后者|否则|因此)",
    re.IGNORECASE,
)
"""Openings and words that only the text around explains."""
_RUN_TOGETHER = re.compile(r"\s[=→|]\s|\t|\.\.\.")
"""Marks of entries, formulas and syntax that stand in one line."""
_REFERENCE = re.compile(r"^[A-Z][\w'’-]+,(?: ?[A-Z]\.)+|\d ?\(\d+\)[,:] ?\d+ ?[-–]|\b(?:pp|vol|[Ee]ds?)\. ?\d")
"""How works are cited: a name with initials, a volume with pages."""
_AFTER_ANOTHER = re.compile(r"(?:\b(?:and|or)|/) ?$")
_BEFORE_ANOTHER = re.compile(r"^(?:,? (?:and|or) (?:(?:the|an?) )?|/)\W*[A-Z]")
_IN_A_LIST = re.compile(r", ?$"), re.compile(r"^ ?(?:,|and\b|or\b|\))")
"""What stands before and behind a name that is one of several."""
_BESIDE_ZH = r"[、和与及或（(/“]\s?(?:{name})|(?:{name})\s?[、和与及或/]"
"""A Chinese name beside another one, or in brackets."""
_IDENTIFIER = re.compile(r"[a-z][A-Z]|\d|_")
"""Marks of a name that means one thing whatever nouns stand around it."""
_IS_THAT_OF = re.compile(r"^[^,;]{2,60} (?:is|are) the [^,;]+ (?:of|for|in)(?: the| an?)? ?$")
"""Before a name at the end: "S1 is the fast fraction of", which tells something of what is named."""
_SHORT_FORMS = re.compile(r"abbreviat|acronym|缩略|缩写", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def roles(atlas: Atlas, language: str) -> Roles:
    """Which clues a model may join: clear sentences in one language, each bridge a whole name and alone of its kind."""
    keys = {key(ending) for clue in atlas.corpus.clues() for name in _labels(clue) for ending in _endings(name)}

    @cache
    def speaks(entity: str) -> bool:
        thing, forms = atlas.thing(entity, language), atlas.graph.entities[entity].forms
        # "Command Name" is what a form asks for, and no thing; nor is it one in "Full Command Name"
        return is_name(thing) and not all(map(_is_plain, forms)) and not any(key(form) in keys for form in forms)

    @cache
    def reads(id: str) -> bool:
        clue = atlas.graph.clues[id]
        return atlas.corpus.language_of(clue) == language and is_clear(clue, language)

    def fits(clue: Clue, entity: str) -> bool:
        return speaks(entity) and reads(clue.id) and _is_about(clue, atlas.thing(entity, language), language)

    @_once
    def singles_out(clue: Clue, entity: str) -> bool:
        others = (atlas.thing(e, language) for e in atlas.graph.named[clue.id] if e != entity)
        alone = not any(_alike(atlas.thing(entity, language), other) for other in others)
        return fits(clue, entity) and alone and _likeness(clue, entity, atlas, language) < FITS

    @_once
    def leaves_open(clue: Clue, entity: str) -> bool:
        forms = {key(form) for form in atlas.graph.entities[entity].forms if form in clue.quote}
        if clue.cells and len(forms) > 1:
            return False  # a list of abbreviations: what it tells is the name itself
        thing = atlas.thing(entity, language)
        return fits(clue, entity) and _begins_with(clue, thing, language) and _has_rivals(clue, entity, atlas, language)

    return Roles(opens=singles_out, links=lambda clue, known, entity: singles_out(clue, entity), closes=leaves_open)


def _once(asked: Callable[[Clue, str], T]) -> Callable[[Clue, str], T]:
    """What is asked of a clue and an entity, worked out once for each pair: chains of every length ask again."""
    known: dict[tuple[str, str], T] = {}

    def answer(clue: Clue, entity: str) -> T:
        place = (clue.id, entity)
        if place not in known:
            known[place] = asked(clue, entity)
        return known[place]

    return answer


def is_direct(chain: Chain, atlas: Atlas) -> bool:
    """Whether each bridge is named by the two clues it joins and no other, and no two clues say nearly the same.

    So no clue can be passed over: documents with many like entries say the same of each of them.
    """
    named = atlas.graph.named
    told = [content(atlas.graph.clues[clue].quote) for clue in chain.clues]
    if any(share(one, other) >= SIBLING for one, other in permutations(told, 2)):
        return False
    return all(sum(bridge in named[clue] for clue in chain.clues) == 2 for bridge in chain.bridges)


def promising(chains: Iterable[Chain], atlas: Atlas, language: str) -> list[Chain]:
    """Chains whose weakest hop is good enough, the best first; equals stay in their order."""
    by_rule, clues = wording(atlas, language), atlas.graph.clues

    @_once
    def describing(clue: Clue, entity: str) -> float:
        return 1.0 + bool(by_rule.told(clue, entity)) - _likeness(clue, entity, atlas, language)

    @_once
    def closing(clue: Clue, entity: str) -> float:
        return 1.0 + bool(by_rule.asked(clue, entity)) - 0.5 * (clue.kind == "step")

    def promise(chain: Chain) -> float:
        """How good the weakest hop is: best where rules too could word it, and where nothing else says the like."""
        told = [clues[clue] for clue in chain.clues]
        hops = [describing(clue, entity) for clue, entity in zip(told, chain.bridges, strict=False)]
        across = ACROSS * (len({clue.document for clue in told}) - 1)
        return min(*hops, closing(told[-1], chain.bridges[-1])) + across

    found = ((chain, promise(chain)) for chain in chains)
    good = [(chain, promised) for chain, promised in found if promised >= LEAST_PROMISE[chain.hops]]
    return [chain for chain, _ in sorted(good, key=lambda one: -one[1])]


def is_clear(clue: Clue, language: str) -> bool:
    """Whether a clue says something of worth that can be understood without the text around it."""
    if worth(clue) < LEAST_WORTH or _LEANS_ON_MORE.search(clue.quote) or _spells_out(clue):
        return False
    return is_whole_sentence(clue, language)


def is_whole_sentence(clue: Clue, language: str) -> bool:
    """Whether prose is one whole sentence, neither a reference nor entries run together; true of languages unknown."""
    text = " ".join(clue.quote.split())
    if language == CHINESE and clue.kind not in STRUCTURED:
        return len(text) <= MOST_LETTERS and re.search(r"[。！；][”）」』]?$", text) is not None
    if clue.kind in STRUCTURED or language != ENGLISH:
        return True
    words = [token for token in tokens(text) if token.is_word]
    whole = re.match(r"[\"“'(\[.<-]{0,3}[A-Z0-9]", text) and text.endswith((".", "!", ".)", '."', ".”"))
    sized = LEAST_WORDS <= len(words) <= MOST_WORDS
    torn = _RUN_TOGETHER.search(text) or _REFERENCE.search(text)
    return bool(whole) and sized and not torn and any(map(_can_be_finite, words))


def _can_be_finite(token: Token) -> bool:
    if token.low in vocab.AUXILIARIES | vocab.BE:
        return True
    if token.start == 0:
        return is_verb(token.low, "VB")
    return token.text == token.low and any(is_verb(token.low, tag) for tag in ("VBZ", "VBD"))


def _spells_out(clue: Clue) -> bool:
    """Whether a row or line only tells what an abbreviation stands for, which describes nothing."""
    if clue.kind not in STRUCTURED:
        return False
    texts = [text for _, text in clue.cells if text.strip()] or [clue.attribute or clue.subject, clue.value]
    headings = (*clue.section[-1:], *(header for header, _ in clue.cells))
    return any(map(_SHORT_FORMS.search, headings)) or any(
        bool(spelled_out(one, other.split())) for one, other in permutations(texts, 2) if " " not in one
    )


def _is_about(clue: Clue, thing: Thing, language: str) -> bool:
    """Whether a clue names a thing as a whole phrase of its own, not as a part of a longer name or one of several."""
    texts = [clue.subject, *(text for _, text in clue.cells)] if clue.cells else [clue.quote]
    if clue.kind == "key_value":
        texts = [clue.attribute or clue.subject]  # "Type: ERROR" says nothing of what is named beside it
    if language == CHINESE:
        around = _BESIDE_ZH.format(name="|".join(map(re.escape, thing.forms)))
        return any(names(thing, text) and not re.search(around, text) for text in texts)
    return any(_is_apart(" ".join(text.split()), thing) for text in texts)


def _is_apart(text: str, thing: Thing) -> bool:
    sure = bool(_IDENTIFIER.search(thing.forms[0]))
    found = mention(thing).finditer(text)
    return any(
        (sure or is_whole(text, m)) and not _is_one_of_several(text[: m.start()], text[m.end() :]) for m in found
    )


def _begins_with(clue: Clue, thing: Thing, language: str) -> bool:
    """Whether what a clue says is said of a thing: it comes before the verb, right behind an order's, or last of all.

    What is asked of it then fits other things too; to ask who does what to it mostly tells which clue is meant.
    """
    if clue.kind in STRUCTURED:
        return True
    if language == CHINESE:
        places = (clue.quote.find(form) for form in spellings(thing, clue.quote))
        return min(places, default=MOST_LETTERS) <= MOST_LETTERS_BEFORE
    text = " ".join(clue.quote.split())
    found = mention(thing).search(text)
    before = tokens(text[: found.start()]) if found else []
    words = [token for token in before if token.is_word]
    if found is not None and _IS_THAT_OF.search(text[: found.start()]) and not text[found.end() :].strip(" .)"):
        return True
    if found is None or len(before) > MOST_BEFORE or any(_can_be_finite(token) for token in words[1:]):
        return False
    in_front = bool(words) and words[0].low in vocab.PREPOSITIONS and len(words) == len(before)
    return not in_front  # "In the NF-8, the paper is folded" is about the paper


def _is_one_of_several(before: str, behind: str) -> bool:
    listed = all(mark.search(side) for mark, side in zip(_IN_A_LIST, (before, behind), strict=True))
    return listed or bool(_AFTER_ANOTHER.search(before) or _BEFORE_ANOTHER.search(behind))


def _likeness(clue: Clue, entity: str, atlas: Atlas, language: str) -> float:
    """The largest share of what a clue says of a thing that a clue without that thing says as well, 0 to 1."""
    words = _said_of(clue, entity, atlas, language)
    if len(words) < LEAST_TOLD:
        return 1.0
    own = set(atlas.graph.naming[entity])
    common = frozenset(word for word in words if atlas.holders(word) > COMMON)
    shared = atlas.sharing(words - common)
    held = max((held for other, held in shared.items() if other not in own), default=0)
    return (held + len(common)) / len(words)


def _said_of(clue: Clue, entity: str, atlas: Atlas, language: str) -> frozenset[str]:
    thing = atlas.thing(entity, language)
    return content(clue.quote) - content(" ".join((*thing.forms, *thing.heads)))


def rivals(clue: Clue, entity: str, atlas: Atlas, language: str) -> list[Clue]:
    """Clues of other things that tell the like of them, the likest first: with them in sight, a guess may go wrong."""
    if clue.cells:
        rows = (atlas.graph.clues.get(other.id, other) for other in atlas.corpus.clues_of(clue.chunk))
        return [row for row in rows if row.id != clue.id and _table_of(row) == _table_of(clue)]
    words, own = _said_of(clue, entity, atlas, language), set(atlas.graph.naming[entity])
    shared = atlas.sharing(frozenset(word for word in words if atlas.holders(word) <= COMMON))
    least = max(2, math.ceil(RIVAL * len(words)))
    found = sorted((-held, other) for other, held in shared.items() if held >= least and other not in own)
    return [atlas.corpus.clue(other) for _, other in found]


def _has_rivals(clue: Clue, entity: str, atlas: Atlas, language: str) -> bool:
    """Whether clues about other things tell the like, so that a question about the clue needs to say which is meant."""
    if clue.cells:
        return _table_of(clue) in _tables(atlas)
    words, own = _said_of(clue, entity, atlas, language), set(atlas.graph.naming[entity])
    common = frozenset(word for word in words if atlas.holders(word) > COMMON)
    least = max(2, math.ceil(RIVAL * len(words))) - len(common)
    shared = atlas.sharing(words - common)
    return least <= 0 or any(held >= least and other not in own for other, held in shared.items())


def _table_of(clue: Clue) -> tuple[object, ...]:
    """A row's table, by its place and headers."""
    return clue.document, clue.section, clue.attribute, tuple(header for header, _ in clue.cells)


@lru_cache(maxsize=1)
def _tables(atlas: Atlas) -> frozenset[tuple[object, ...]]:
    """Tables with two rows or more."""
    rows = Counter(_table_of(clue) for clue in atlas.corpus.clues() if clue.kind == "table_row" and clue.cells)
    return frozenset(table for table, number in rows.items() if number > 1)


def _labels(clue: Clue) -> tuple[str, ...]:
    """What a key-value line or a table row calls its values."""
    if clue.kind == "key_value":
        return tuple(name for name in (clue.attribute,) if name and not CODE.search(name))
    return tuple(header for header, _ in clue.cells if header and not CODE.search(header))


def _endings(label: str) -> list[str]:
    """A label, and it without its first words."""
    words = label.split()
    return [" ".join(words[at:]) for at in range(len(words))]


def _is_plain(form: str) -> bool:
    """Whether a spelling is plain English: words written small, or a word of the dictionary in capitals."""
    if not form.isascii() or any(map(str.isdigit, form)):
        return False
    in_capitals = form.isalpha() and (form.istitle() or form.isupper())
    return form == form.lower() or (in_capitals and bool(classes(form.lower())))


def _alike(one: Thing, other: Thing) -> bool:
    """Whether two things are of one kind: a common noun stands for both, or their codes differ in digits only."""
    shapes = (_DIGIT.sub("0", thing.forms[0]) for thing in (one, other))
    return bool(set(one.heads) & set(other.heads)) or len(set(shapes)) == 1
