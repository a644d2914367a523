"""Which sentences may be asked about: whole, of sensible length, speaking of the world and not of the document."""

from __future__ import annotations

import re

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import can_be_noun

MIN_WORDS = 4
MAX_WORDS = 45
_POINTER = re.compile(
    r"\b(?:see|refer to|consult|described|shown|listed|given|explained|defined|specified|discussed|illustrated"
    r"|mentioned)"
    r"\b[^.]{0,40}?\b(?:above|below|earlier|later|previously|section|chapter|table|figure|appendix|annex|page"
    r"|next|here"
    r"|following)\b|\b(?:see|cf\.) (?:also )?[A-Z\"'(]|, See [A-Z]|\(see\b|\bas (?:follows|described|shown|noted|stated"
    r"|mentioned)\b"
    r"|\b(?:provided|included|presented|summari[sz]ed|detailed|outlined) (?:above|below)\b"
    r"|\bthe following\b|\b(?:above|below)[.,)]|\b(?:above|below)-mentioned|\bthe (?:above|below)\b"
    r"|\(\w{1,2}\) (?:above|below)\b"
    r"|\b(?:found|located|provided|available|included|contained) in (?:the |an? )?(?:[A-Za-z]+ )?(?:[Mm]aterials?"
    r"|[Aa]ppendix|[Ss]ections?|[Cc]hapters?|[Tt]ables?|[Aa]nnex|[Aa]ttachments?|[Gg]lossary|[Ii]ndex)\b"
    r"|\b(?:[Ss]ection|[Cc]hapter|[Tt]able|[Ff]igure|[Ff]ig\.|[Aa]ppendix|[Aa]nnex|[Pp]age|[Pp]aragraph"
    r"|[Ee]quation)s? "
    r"(?:[A-Z]?-?\d|[A-Z]\b|[IVX]+\b)",
)
_ABOUT_TEXT = re.compile(
    r"\bthis (?:document|manual|guide|chapter|section|page|table|figure|appendix|handbook|article|paper|report|list"
    r"|tutorial|lesson|book|specification|standard|publication|part|example|text|note|instruction)\b"
    r"|\bthe (?:present|current) (?:study|analysis|paper|work|report|investigation|trial|survey)\b"
    r"|^the (?:study|trial|survey|authors?|experiments?|analysis|(?:control|intervention\w*|treatment) groups?)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|our|Our|us|my|My|let['’]s|Let['’]s)\b")
_JUNK = re.compile(
    r"https?://|\s!\s|\w- |www\.|[<>{}=\\|]|\.{3}|…|_{2,}|@|\[\d+\]|, however\b"
    r"|(?<!Mr)(?<!Dr)(?<!Ms)(?<!Mrs)(?<!No)(?<!Fig)(?<!vs)(?<![A-Z])\. [A-Z]|\?"
)
_OPENING = re.compile(
    r"^(?:However|In addition|Additionally|Moreover|Furthermore|Also|Finally|Similarly|Likewise|In general|Generally"
    r"|Normally|Note that|Please note that|Please note|Please|NOTE:|Note:|Important:|IMPORTANT:|Tip:|Caution:"
    r"|Warning:"
    r"|WARNING:|CAUTION:|NOTICE:|Of course|Nevertheless|Fortunately|In fact|In particular|Typically|Usually),?\s+"
)
_DEPENDENT = re.compile(
    r"^(?:Therefore|Thus|Hence|Consequently|As a result|For this reason|For example|For instance|Otherwise|In "
    r"this case"
    r"|In that case|In these cases|In such|Instead|Then|Next|So|But|And|Or|Yet|Such|Here|There|Now|Again"
    r"|Alternatively"
    r"|By contrast|In contrast|On the other hand|Conversely|Afterwards?|Meanwhile|Not|Neither|Doing so|At this "
    r"point|The same|Both"
    r"|The latter|The former|Another|Others?|One|Some|Similar)\b"
)

_BACK = re.compile(
    r"\b(?:this|these|those|such|(?:of|by|for|in|with|from) that)"
    r"(?! (?:as|an?|who|that|which|of|in|is|are|was|were|can|may|will|must)\b) "
    r"((?:[a-z-]+ ?){1,3})"
)
_PERSON = re.compile(r"\b(?:he|she|his|her|him)\b(?! or\b)", re.IGNORECASE)
_OF_THESE = re.compile(r"\b(?:one|any|all|each|both|most|some|none|either|neither|many) of (?:these|those|this|them)\b")
_ENDS_OPEN = re.compile(
    r"\b(?:do|does|doing|achieve|accomplish|prevent|avoid|at|with|of|for|by|in|to|like|on|from|upon|into) "
    r"(?:this|that|these|those|so)(?=[.,;!])"
    r"|\bthere\b(?! (?:is|are|was|were|will|may|might|can|must|should|has|have|had|exists?|be)\b)"
)
_CLOSED = vocab.PREPOSITIONS | vocab.AUXILIARIES | vocab.BE | vocab.CONJUNCTIONS | vocab.DETERMINERS | vocab.ADVERBS


def askable(text: str) -> bool:
    """Whether a sentence can be asked about as it stands."""
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS or not text.endswith((".", "!")):
        return False
    if not (text[0].isupper() or text[0].isdigit() or words[0] != words[0].lower()):
        return False
    if sum(word.isupper() and len(word) > 1 for word in words) > len(words) / 2:
        return False
    if text.count("(") != text.count(")") or text.count('"') % 2 or text.count("“") != text.count("”"):
        return False
    patterns = (_POINTER, _ABOUT_TEXT, _FIRST_PERSON, _JUNK)
    if any(pattern.search(text) for pattern in patterns) or _DEPENDENT.match(text):
        return False
    return not points_back(text)


def points_back(text: str) -> bool:
    """Whether "these exemptions" are none that the sentence has named before."""
    for match in _BACK.finditer(text):
        named = [word for word in match[1].split() if word not in _CLOSED and can_be_noun(word)]
        before = text[: match.start()].lower()
        if named and not any(word.rstrip("s")[:6] in before for word in named):
            return True
    person = _PERSON.search(text)
    if person is not None and not any(
        word.strip(",.").lower() in vocab.PEOPLE for word in text[: person.start()].split()
    ):
        return True  # "her data": of somebody in the story around it
    return _OF_THESE.search(text) is not None or _ENDS_OPEN.search(text) is not None


def without_opener(text: str) -> str:
    """The sentence without "However," and its like."""
    rest = _OPENING.sub("", text, count=1)
    return text if rest == text else rest[:1].upper() + rest[1:]
