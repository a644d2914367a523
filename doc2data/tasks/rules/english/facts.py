"""Questions about what a plain sentence states: its object, its complement, its place, its subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import entities
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import quantities
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause
from doc2data.tasks.rules.english.definitions import judges
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import names_agent, object_of, specific, starts_phrase
from doc2data.tasks.rules.english.questions import asked, inverted, predicate
from doc2data.tasks.rules.english.sentence import Sentence
from doc2data.tasks.rules.english.telling import adds, is_broad, is_code, telling

Asked = tuple[str, str, float]
"""Question, kind, confidence."""

_SELECTED = {
    "by": vocab.words(
        "control govern drive power trigger start cause activate set limit replace follow determine protect identify "
        "operate monitor carry provide supply produce generate support cover perform develop create define issue "
        "approve appoint administer maintain regulate handle manage store indicate separate terminate mark write "
        "publish sign call fund conduct review represent surround enclose hold secure connect join fasten adjust serve"
    ),
    "with": vocab.words(
        "fill equip replace associate compare coat cover combine connect fit label mark seal lubricate calibrate "
        "polish rinse clean check deliver supply remove control tighten screw feed drive mix treat wash wipe flush "
        "protect secure measure test adjust operate power implement configure sterilise provide fasten dry grease"
    ),
    "from": vocab.words(
        "make machine derive generate remove obtain calculate compute cast build exclude exempt supply mould mold "
        "forge isolate separate draw feed extract form construct assemble protect cut"
    ),
    "of": vocab.words("make compose"),
    "for": vocab.words("use need require intend reserve design"),
    "to": vocab.words(
        "set limit connect attach apply assign convert restrict fix bolt weld equal join confine tie tighten upgrade "
        "calibrate adjust heat cool raise lower"
    ),
    "on": vocab.words("base mount"),
    "into": vocab.words(
        "divide split convert build organize organise group break screw plug insert load pour press fit"
    ),
}
"""Which verbs a preposition belongs to, so that a question may end with it: "What is the cell machined from?"."""
_PLACES = vocab.words(
    "installed mounted located stored kept fitted placed fixed positioned found printed attached situated "
    "inserted stamped"
)
_NO_PLACE = re.compile(r"\b(?:formats?|forms?|order|mind|manner|way|languages?|conditions?|position|state|mode|time)\b")
"""What stands behind "in" and is no place."""
_PLACE_PREPOSITIONS = vocab.words("in on at inside under behind above below beside near between within beneath")
_PAIRS = frozenset(
    {
        ("depend", "on"), ("rely", "on"), ("consist", "of"), ("belong", "to"), ("refer", "to"), ("apply", "to"),
        ("lead", "to"), ("result", "in"), ("correspond", "to"), ("differ", "from"), ("respond", "to"),
        ("contribute", "to"), ("point", "to"), ("serve", "as"), ("stand", "for"), ("focus", "on"), ("rest", "on"),
        ("derive", "from"), ("run", "on"), ("connect", "to"), ("react", "to"), ("work", "as"), ("act", "as"),
        ("function", "as"),
    }
)  # fmt: skip
LEAST_ANSWER = 2
"""Words that an object must tell to be worth asking for: "the database" is no answer."""
_LIGHT = vocab.words(
    "be run pose play face bear have do make take stay get let go come keep become seem appear remain mean say "
    "show describe cover see allow add leave render set bring put cause find help want like tell notify inform "
    "ask contact advise call remind"
)
"""Verbs whose bare object makes a vague question."""
_TO_PERSONS = vocab.words(
    "report send give submit hand show present pay offer deliver assign grant award make say know see"
)
_CARRIED_OUT = vocab.words("conduct perform carry run make base test try")
_SOME = vocab.words("no none any recent some many several most few certain various numerous")
"""What is true of some is no answer to what a thing does."""
_USED = vocab.words("use design intend build make configure")
_EMPTY_MANNERS = vocab.words("accordingly respectively differently similarly quickly slowly only early daily")
_COMMON = vocab.words(
    "use provide require need review obtain receive include support contain offer ensure address consider accept "
    "create affect possess hold carry seek serve handle involve reflect define specify enjoy assume expect cover "
    "display process run start open read write pass return confuse save meet develop follow produce give apply "
    "perform prepare test exist explain list identify represent increase reduce improve change impact commit"
)
"""Verbs that much can be the object of."""
_MAKES_DO = vocab.words("authorize authorise allow enable permit instruct direct encourage force oblige ask tell")
_LISTS = vocab.words("have contain include comprise show need require allow provide use describe want see cover")
_UNCERTAIN = vocab.words("would might could")


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Facts of one sentence, the most telling question first."""
    clause = sentence.clause
    if (sentence.lead and not sentence.place) or clause.negated or clause.group[0].lower() in _UNCERTAIN:
        return
    if adds(clause) or any(word.lower() in vocab.NARRATES for word in clause.adverbs):
        return
    for question, kind, confidence in _questions(clause, around):
        whole = asked(question.rstrip("?"), sentence.place)
        yield Draft(whole, sentence.text, kind, sentence.clues, confidence)


def _questions(clause: Clause, around: Around) -> Iterator[Asked]:
    yield from quantities.questions(clause, around)
    if clause.imperative and not clause.negated:
        yield from _told(clause)
    if clause.imperative or clause.subject.lower() == "you" or not specific(clause.subject):
        return
    first = clause.subject.split()[0].lower()
    if first in _SOME or (first in ("you", "your") and clause.do == "did"):
        return
    if clause.passive:
        yield from _passive(clause, around)
    elif clause.copula:
        yield from _property(clause, around)
    else:
        yield from _active(clause, around)


def _is_distinct(clause: Clause) -> bool:
    """Whether an effect is told closely enough to ask for its cause without any name in it."""
    words = len(clause.body.split()) >= 4 and len(clause.subject.split()) >= 3
    return words and clause.base not in _LISTS and not clause.modal


def _told(clause: Clause) -> Iterator[Asked]:
    """Where to put something, what to do it with, how: asked of an instruction with one plain object."""
    manner = _BY_DOING.match(clause.body)
    if manner and is_verb(manner["doing"], "VBG") and _is_answer(manner["what"]) and not _LOOSE.search(manner["what"]):
        yield asked("how should you", clause.base, manner["what"]), "fact", 0.85
        return
    match = _WITH_OR_WHERE.match(clause.body)
    if not match or not starts_phrase(match["what"]) or not starts_phrase(match["rest"]) or _LOOSE.search(clause.body):
        return
    if (
        match["prep"] == "with"
        and not match["rest"].startswith(("a ", "an ", "one ", "two "))
        and clause.base not in _NO_TOOL | _PUT
    ):
        yield asked("what should you", clause.base, match["what"], "with"), "fact", 0.82
    elif match["prep"] != "with" and clause.base in _PUT and not match["rest"].startswith(("every ", "each ")):
        yield asked("where should you", clause.base, match["what"]), "fact", 0.82


def _passive(clause: Clause, around: Around) -> Iterator[Asked]:
    words = clause.body.split()
    obliged = clause.modal in ("must", "should", "shall", "has", "have") and clause.base in _DISPOSE
    if obliged and not words and not clause.tail and len(clause.subject.split()) >= 4:
        yield asked("what", _obliged(clause), "be done with", lowered(clause.subject, around)), "fact", 0.82
    if len(words) < 2:
        return
    preposition, rest = words[0].lower(), " ".join(words[1:])
    if words[1].lower() in vocab.PRONOUNS | {"other", "another", "others", "more"}:
        return
    found = clause.group[-1].lower() == "found" and preposition in ("between", "within")
    if (
        not found
        and preposition in _PLACE_PREPOSITIONS
        and clause.group[-1].lower() in _PLACES
        and not _NO_PLACE.search(rest)
    ):
        yield asked("where", inverted(clause, around, "")), "fact", 0.88
    elif preposition == "by" and (is_verb(words[1], "VBG") or rest.startswith("means of") or not names_agent(words[1])):
        yield asked("how", inverted(clause, around, "")), "fact", 0.88
    elif preposition == "to" and is_verb(words[1], "VB"):
        if clause.base in _USED and "NOUN" not in classes(words[1]):
            yield asked("what", inverted(clause, around, "for" if clause.base == "use" else "to do")), "fact", 0.9
    elif clause.base in _SELECTED.get(preposition, ()) and starts_phrase(rest):
        if preposition == "by" and _is_somebody(rest):
            yield asked("by whom", inverted(clause, around, "")), "fact", 0.85
        else:
            yield asked("what", inverted(clause, around, preposition)), "fact", 0.85


def _is_place(clause: Clause, preposition: str, rest: str) -> bool:
    """Whether what follows says where something is put or found; "found between two groups" is no place."""
    put = clause.group[-1].lower()
    between = put == "found" and preposition in ("between", "within")
    return put in _PLACES and preposition in _PLACE_PREPOSITIONS and not between and not _NO_PLACE.search(rest)


def _is_somebody(agent: str) -> bool:
    """Whether the one who acts is a person or an office."""
    named = re.split(r",| (?:of|for|in|on|that|which|who|to|with)\b", agent)[0].lower().split()
    return any(word in vocab.OFFICES or vocab.is_somebody(word) for word in named)


def _obliged(clause: Clause) -> str:
    return clause.modal if clause.modal in ("must", "should", "shall") else "must"


def _property(clause: Clause, around: Around) -> Iterator[Asked]:
    """What is the N of X? From "the N of X is Y"."""
    offered = _OFFERED.match(clause.body)
    if offered:
        yield asked("in what", offered["kinds"], inverted(clause, around, "available")), "fact", 0.85
        return
    match = re.match(r"(?i)^the (?P<name>[\w -]+?) (?:of|for|between) (?P<of>.+)$", clause.subject)
    body = clause.body.split()
    if body[:2] == ["the", "only"] and not clause.tail:
        yield asked("what", predicate(clause)), "fact", 0.85
        return
    if not match or not body or clause.modal or clause.tail or judges(clause.body):
        return
    value = body[0].lower() in vocab.ARTICLES | {"to", "that"} or any(c.isdigit() for c in body[0])
    if value and len(match["name"].split()) <= 4 and specific("the " + match["of"]):
        yield asked("what", clause.group[0].lower(), lowered(clause.subject, around)), "fact", 0.88


def _active(clause: Clause, around: Around) -> Iterator[Asked]:
    words = clause.body.split()
    if not words:
        return
    first = words[0].lower()
    if len(words) == 1 and first.endswith("ly") and first not in _EMPTY_MANNERS and not clause.modal:
        yield asked("how", inverted(clause, around, "")), "fact", 0.85
        return
    if re.match(r"from (\w+) to ", clause.body):
        return  # "differ from country to country"
    to_person = first == "to" and clause.base == "apply" and clause.modal
    if (clause.base, first) in _PAIRS and starts_phrase(" ".join(words[1:])) and not to_person:
        yield asked("what", inverted(clause, around, first)), "fact", 0.88
        return
    if clause.base in ("include", "comprise", "contain") and starts_phrase(clause.body) and not clause.modal:
        generic = clause.subject.split()[0].lower() in vocab.GENERIC_HEADS
        if generic or len(telling(clause.subject)) + 2 * bool(around.subject) < 2:
            return
        yield asked("what", inverted(clause, around, "")), "list" if " and " in clause.body else "fact", 0.85
    elif clause.base in _MAKES_DO:
        yield from _made_to_do(clause, around)
    elif clause.base not in _LIGHT and not clause.body[:1].isdigit():
        found = object_of(clause.body, clause.base)
        told = found is not None and (bool(around.subject) or _is_answer(found[0]))
        if found and told and not is_verb(clause.subject.split()[0], "VBG") and _is_telling(clause, found[1], around):
            yield asked("what", inverted(clause, around, found[1])), "fact", 0.8
    yield from _subject(clause)


def _is_answer(thing: str) -> bool:
    """Whether an object tells enough to be worth asking for."""
    return len(telling(thing)) >= (1 if entities.find(thing) else LEAST_ANSWER)


def _is_telling(clause: Clause, rest: str, around: Around) -> bool:
    """Whether a question with the object left out still says enough to have one answer.

    An office or a law does many things, and so does whatever only can or may do something: what else is said must then
    tell which is meant.
    """
    more = len(telling(rest))
    if is_broad(clause.subject) or clause.modal:
        return more >= 2
    if not more and not is_code(clause.subject) and not around.subject:
        return False
    told = len(telling(clause.subject))
    narrow = told + (is_code(clause.subject) and told > 1) + bool(around.subject)
    return narrow + more >= (3 if clause.base in _COMMON else 2)


def _made_to_do(clause: Clause, around: Around) -> Iterator[Asked]:
    match = re.match(r"^(?P<who>[\w' -]{2,40}?) to (?P<verb>[a-z]+) ", clause.body + " ")
    if is_broad(clause.subject) or (match and _ASKS.search(match["who"])):
        return
    if match and match["verb"] != "be" and is_verb(match["verb"], "VB") and starts_phrase(match["who"]):
        yield asked("what", inverted(clause, around, f"{match['who']} to do")), "fact", 0.82


def _subject(clause: Clause) -> Iterator[Asked]:
    """What does this? Only where what is done is told precisely."""
    if (
        clause.modal in ("may", "might", "could", "would", "should", "can")
        or "," in clause.body
        or _PERSON.fullmatch(clause.subject)
    ):
        return
    loose = _LOOSE.search(clause.body)
    telling = _TELLING.search(clause.body)
    if (
        not loose
        and (telling or _is_distinct(clause))
        and not clause.body[0].isdigit()
        and not clause.plural
        and len(predicate(clause).split()) >= 4
        and object_of(clause.body, clause.base)
    ):
        head = re.split(r"\s(?:of|in|for|with|on|at|from)\s", clause.subject)[0].split()[-1]
        who = any(map(vocab.is_somebody, (head, *clause.subject.split())))
        if " named " in clause.subject:
            return
        # "What contains a battery?" has too many answers where it is only "the device".
        many = clause.base in _COMMON | _LIGHT and not who
        if who or (not many and re.search(r"[A-Z\d]", " ".join(clause.subject.split()[1:]))):
            yield asked("who" if who else "what", predicate(clause)), "fact", 0.75


_ASKS = re.compile(r"\b(?:what|how|when|where|which|whether|that)$")
_TELLING = re.compile(r"[A-Z]{2}|\d|(?<=[a-z] )[A-Z][a-z]")
"""A name or a number."""
_OFFERED = re.compile(
    r"^available in (?P<kinds>lengths|sizes|versions|colou?rs|widths|languages|formats|grades|packs)\b"
)
_PERSON = re.compile(r"(?:[A-Z][a-z]+|[A-Z]\.)(?: (?:[A-Z][a-z]+|[A-Z]\.|van|de|von))*")
"""A name that may be a person's: "what" cannot ask for it."""
_LOOSE = re.compile(r"\b(?:not|its|their|it|them|itself|this|these|those)\b")
_WITH_OR_WHERE = re.compile(
    r"^(?P<what>(?:the|a|an|all|both|one|two)\s[\w '-]+?) "
    r"(?P<prep>with|in|on|into|onto|under|behind|inside|beside) (?P<rest>.+)$"
)
_BY_DOING = re.compile(r"^(?P<what>(?:the|a|an|all|both) [\w '-]+?),? by (?P<doing>[a-z]+ing) \w")
_PUT = vocab.words("put place mount install fit insert attach store keep hang lay fix stick position")
_NO_TOOL = vocab.words("replace compare begin start mix deal work agree continue combine share exchange use set choose")
_DISPOSE = vocab.words(
    "replace discard dispose collect return destroy remove repair drain clean throw recycle exchange"
)
