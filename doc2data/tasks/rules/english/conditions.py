"""Questions from clauses that lead or follow: if, when, before, after, to, because, so that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.clues import entities
from doc2data.tasks.rules.draft import Around, Draft
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import Clause, opens_clause
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific
from doc2data.tasks.rules.english.questions import asked, imperative_phrase, inverted
from doc2data.tasks.rules.english.sentence import Sentence
from doc2data.tasks.rules.english.telling import adds, is_broad, is_vague, telling
from doc2data.tasks.rules.english.tokens import tokens

_CONDITIONS = vocab.words("if when whenever while before after once until unless")
_SITUATIONS = vocab.words("in during at on")
_REASON = re.compile(r"^(?:because|since|so that|in order to|in order that|otherwise)\b(?! of this)")
_SHARED = vocab.words("either both mainly largely partly solely simply")
"""Words that part a reason among several: "either because"."""
_REASON_AS = re.compile(
    r"as (?!of\b|well|long|soon|far|much|many|if|though|shown|described|(?:they|it|you|we|he|she) (?:do|does|did)\b)"
)
_PURPOSE = re.compile(
    r"^(?P<main>.+?),? (?P<why>(?:in order )?to (?:prevent|avoid|ensure|protect|reduce|minimi[sz]e|make sure"
    r"|allow|enable|keep|"
    r"guarantee|improve|save) .+)$"
)
_ARRANGE = vocab.words(
    "choose select program set adjust arrange place position design install mount route organise organize lay "
    "hold orient"
)
_WHETHER = vocab.words(
    "find determine check ask see decide know tell verify test indicate specify consider show say learn identify "
    "wonder suppose"
)
"""After these, "if" and "when" open a question, not a condition."""
_DEMANDS = vocab.words("must should shall has have")
_IS_NAMED = re.compile(
    r"(?:the (?:usual |most likely |probable |likely |main )?(?:reason|cause|fault|remedy|solution|result)|an?) ?\w*",
    re.IGNORECASE,
)
_THINKS = vocab.words("believe think hope expect feel suggest assume claim argue want wish")
_STATES = vocab.words("behave act be have differ occur exist apply mean depend remain seem become look")
_GOES_ON = vocab.words(
    "remain stay keep continue wait hold run last stand persist operate work apply retain store maintain press rest "
    "repeat stir soak dry heat cool rotate turn live serve sleep retry block show blink flash "
    "suspend delay disable prohibit exclude preserve display protect use defer postpone pause"
)
"""Verbs of what goes on for a time."""
_UNTOLD = vocab.words("some many most several other")
_LASTING = re.compile(
    r"\bfor (?:at least |at most |up to |no more than )?(?:\d+|[a-z]+) (?:second|minute|hour|day|week|month|year)s?\b"
)
"""A duration: "when" would ask for its beginning as well."""
_OPEN = re.compile(r"\b(?:it|its|they|them|their|this|these|those|such|he|she|this one|there|so)\b", re.IGNORECASE)


def drafts(sentence: Sentence, around: Around) -> Iterator[Draft]:
    """Reasons first, then what to do or what happens under a condition, then when."""
    for question, kind, confidence in _questions(sentence, around):
        yield Draft(question, sentence.text, kind, sentence.clues, confidence)


def _questions(sentence: Sentence, around: Around) -> Iterator[tuple[str, str, float]]:
    clause = sentence.clause
    if sentence.lead:
        yield from _led(sentence, around)
        return
    if not clause.imperative and not specific(clause.subject):
        return
    yield from _reasons(clause, around)
    connector = clause.tail.split(" ")[0].lower()
    if connector in _CONDITIONS:
        yield from _trailing(clause, connector, around)


def _led(sentence: Sentence, around: Around) -> Iterator[tuple[str, str, float]]:
    lead, clause = sentence.lead, sentence.clause
    condition = f"{lead} {sentence.condition}"
    if closed(sentence.condition) is False:
        return
    if lead in ("to", "in order to"):
        verb = sentence.condition.split()[0]
        if clause.imperative and is_verb(verb, "VB") and len(sentence.condition.split()) >= 2:
            yield asked("what should you do", condition), "procedure", 0.85
    elif lead in ("because", "since"):
        if (
            specific(clause.subject)
            and not _is_a_case(clause)
            and closed(clause.body)
            and not clause.subject.lower().startswith("no ")
            and not (lead == "since" and re.search(r"\d{4}", condition))
        ):
            yield asked("why", inverted(clause, around)), "reason", 0.85
    elif lead in _CONDITIONS - {"until"} | {"as soon as", "where"} or (lead in _SITUATIONS and clause.modal):
        yield from _under_condition(clause, condition, lead, around)


def _under_condition(clause: Clause, condition: str, lead: str, around: Around) -> Iterator[tuple[str, str, float]]:
    words = len(condition.split())
    if words < 3 or (words < 4 and lead not in ("before", "after")):  # "after polishing": of what?
        return
    if clause.imperative:
        doing = "what should you not do" if clause.negated else "what should you do"
        yield asked(doing, condition), "condition", 0.9
    elif clause.modal in _DEMANDS:
        if clause.passive and not clause.negated:
            yield asked("what must be done", condition), "condition", 0.85
    elif clause.copula:
        if lead in ("if", "when") and _IS_NAMED.match(clause.subject) and _IS_NAMED.match(clause.body):
            yield asked("what", "are" if clause.plural else "is", clause.subject.lower(), condition), "fact", 0.82
    elif _is_event(clause, condition, lead):
        yield from _happening(clause, condition, around)


def _happening(clause: Clause, condition: str, around: Around) -> Iterator[tuple[str, str, float]]:
    """What happens, or, where the clause tells what somebody can or needs to do, what that is."""
    pronoun = clause.subject.lower() in vocab.PRONOUNS
    subject = lowered(clause.subject, around)
    if clause.modal and "to" in clause.group[1:]:
        if not pronoun or subject == "you":
            yield asked("what", clause.modal, subject, "have to do", condition), "condition", 0.82
    elif clause.passive and clause.modal in ("can", "may"):
        many = clause.subject.split()[0].lower() in _UNTOLD
        if subject == "you" or many or clause.base in ("require", "expect", "ask", "entitle", "allow", "permit"):
            return
        yield asked("what", clause.modal, "be done", condition), "condition", 0.82
    elif clause.passive or not (clause.modal in ("can", "may") or _needs(clause)):
        if clause.base not in _STATES - {"occur", "become"}:
            yield asked("what happens", condition), "condition", 0.82
    elif (not pronoun and specific(clause.subject)) or subject == "you":
        first = clause.modal or clause.do
        doing = (first, subject, "need to do" if _needs(clause) else "do")
        yield asked("what", *doing, condition), "condition", 0.82


def _needs(clause: Clause) -> bool:
    return clause.base == "need" and clause.body.startswith("to ")


def _is_event(clause: Clause, condition: str, lead: str) -> bool:
    """Whether the main clause tells what happens; after "after doing it", whose doing it was is left open."""
    if lead == "while" and not re.search(r"\b(?:is|are) (?!not\b|often\b|relatively\b|some\b)", condition):
        return False  # it may mean "although"
    told = clause.modal not in ("could", "might", "would") and not any(
        is_verb(condition.split()[1], tag) for tag in ("VBG", "VBN")
    )
    return told and (lead in _CONDITIONS - {"unless"} or lead == "as soon as")


def _trailing(clause: Clause, connector: str, around: Around) -> Iterator[tuple[str, str, float]]:
    tail = re.split(r"[,;:]", clause.tail)[0]
    if (
        (clause.base in _WHETHER and connector in ("if", "when"))
        or clause.base in _THINKS
        or re.search(r"\b(?:that|which|who|to see|to find out|to determine|to check)\b", clause.body)
        or clause.body.split(" ")[-1].lower() in _WHETHER | {"even", "especially", "particularly", "except", "just"}
        or adds(clause)
        or re.search(r"\bonly\b", clause.body)
        or "if and only if" in tail
        or len(tail.split()) < 3
    ):
        return
    if clause.imperative:
        yield from _told(clause, connector, tail)
        return
    several = len(re.findall(rf"\b{connector}\b", clause.tail)) > 1
    if several or any(word.lower() in vocab.NARRATES for word in clause.adverbs):
        return
    lists = clause.base in ("include", "contain", "comprise", "consist")
    if not lists and _can_be_timed(clause, connector) and _says_what(clause, clause.body):
        yield asked("how long" if connector == "until" else "when", inverted(clause, around)), "condition", 0.82
    if connector in ("when", "if") and _acts(clause) and closed(tail) and _has_subject(tail):
        yield asked("what", clause.do, lowered(clause.subject, around), "do", tail), "condition", 0.82


def _has_subject(tail: str) -> bool:
    """Whether a condition tells whose it is: not "when imported by name"."""
    return opens_clause(tokens(tail)[1:]) and not is_verb(tail.split()[1], "VBN")


def _told(clause: Clause, connector: str, tail: str) -> Iterator[tuple[str, str, float]]:
    """An imperative with its condition behind it."""
    if clause.negated:
        if connector in ("until", "before", "while", "when", "if"):
            yield asked("when should you", imperative_phrase(clause, clause.body)), "condition", 0.85
    elif connector in ("before", "after", "if", "when", "once") and closed(tail) and opens_clause(tokens(tail)[1:]):
        yield asked("what should you do", tail), "condition", 0.88


def _can_be_timed(clause: Clause, connector: str) -> bool:
    """Whether "when" asks for the condition: not of what a thing is, and not where "only" or "how" say more."""
    if (
        not closed(clause.body)
        or _LASTING.search(clause.body)
        or clause.subject.lower().startswith("no ")
        or re.search(r",|\b(?:19|20)\d\d\b", clause.body)
        or clause.body.split()[-1:] == ["only"]
        or _is_done(clause)
    ):
        return False
    if connector == "until" and not _lasts(clause):
        return False
    if clause.negated and (connector == "until" or clause.modal not in ("must", "should", "may", "shall", "can")):
        return False
    following, last = [*clause.tail.split(), ""][1], [*clause.body.split(), ""][-2:][0]
    if is_verb(following, "VBG") and is_verb(last, "VBN"):
        return False  # "the file named when calling": the condition belongs to the participle
    if clause.copula and (len(clause.body.split()) > 3 or "ADJ" not in classes(clause.body.split(" ")[0])):
        return False
    return connector in ("when", "if", "until", "before", "after", "once", "whenever")


def _lasts(clause: Clause) -> bool:
    """Whether "how long" asks for the end of it: not of what is done at once, nor of what has been done."""
    if clause.group[0].lower() in vocab.HAVE or not opens_clause(tokens(clause.tail)[1:]):
        return False
    return clause.copula or clause.base in _GOES_ON


def _is_done(clause: Clause) -> bool:
    """Whether the clause reports what has been done: "when has it" would ask for a day."""
    return clause.group[0].lower() in vocab.HAVE and len(clause.group) > 1 and not clause.modal


def _says_what(clause: Clause, body: str) -> bool:
    """Whether it is plain what is done: an office or a person does much, and "to take action" may be anything."""
    if clause.imperative or clause.passive or clause.copula:
        return not is_vague(body) or not clause.imperative
    told = [word for word in telling(body) if word.islower() and not word.endswith("ly")]
    if not body:
        return bool(entities.find(clause.subject))
    return bool(told) if is_broad(clause.subject) else not is_vague(body)


def _acts(clause: Clause) -> bool:
    """Whether the clause tells an action, so that "what does it do" asks for it."""
    plain = not clause.negated and not clause.modal and not clause.copula and not clause.passive
    told = (
        clause.base not in _STATES and bool(clause.body) and clause.body.split()[0] not in ("place", "part", "effect")
    )
    return plain and len(clause.group) == 1 and told


def _reasons(clause: Clause, around: Around) -> Iterator[tuple[str, str, float]]:
    if clause.imperative and clause.base in ("note", "remember", "see", "make"):
        return
    if (_REASON.match(clause.tail) or _is_reason_as(clause.tail)) and len(clause.tail.split()) >= 4:
        torn = clause.body.split(" ")[-1].lower() in (
            "either",
            "both",
            "mainly",
            "largely",
            "partly",
            "solely",
            "simply",
        )
        if not torn and closed(clause.body) and _gives_reason(clause) and not _is_a_case(clause):
            so_that = clause.tail.startswith("so that") and clause.imperative and clause.base in _ARRANGE
            yield asked("how" if so_that else "why", inverted(clause, around)), "reason", 0.9
        return
    purpose = _PURPOSE.match(clause.body) if clause.base not in _WHETHER else None
    if (
        purpose
        and closed(purpose["main"])
        and not re.search(r"(?:,|\bor|\band|at least|not|only|so)$|, to ", purpose["main"])
        and not (", to " in clause.body and re.search(r"\bto [a-z]+ [^,]*$", purpose["main"]))
        and (clause.passive or len(telling(purpose["main"])) > is_broad(clause.subject))
        and (clause.modal or clause.imperative or clause.passive)
    ):
        yield asked("why", inverted(clause, around, purpose["main"])), "reason", 0.87


def _is_a_case(clause: Clause) -> bool:
    """Whether "you" is the person of an example and not the reader told what to do."""
    return clause.subject.lower().startswith("you") and clause.modal not in ("must", "should", "has", "have")


def _is_reason_as(tail: str) -> bool:
    """Whether "as" means "because": the parser cuts at it only behind a comma, ", as they turn the acrylic dull"."""
    return _REASON_AS.match(tail) is not None and opens_clause(tokens(tail)[1:])


def _gives_reason(clause: Clause) -> bool:
    """Whether the tail is a reason: "so that" may tell a result, and "since" after a perfect tells a time."""
    if clause.tail.startswith("since ") and clause.group[0].lower() in vocab.HAVE and len(clause.group) > 1:
        return False
    if not clause.tail.startswith("so that") or clause.imperative or clause.passive:
        return True
    if clause.modal:
        return clause.modal not in ("can", "may", "could", "might", "will", "would")
    return bool(re.search(r"\b(?:can|cannot|may|no|not)\b", clause.tail))


def closed(text: str) -> bool:
    """Whether no pronoun of the text points outside it."""
    match = _OPEN.search(text)
    return match is None or (
        match.start() > 8
        and match.group().lower() in ("it", "its", "their", "them", "they")
        and bool(re.search(r"\b(?:the|an?|each|every) \w+", text[: match.start()]))
    )
