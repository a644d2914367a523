"""Attribute and owner as a question, attribute, owner and value as its answer; units from headers."""

from __future__ import annotations

import re

from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import is_plural
from doc2data.tasks.rules.english.lexicon import classes, inflected, is_verb, lemma
from doc2data.tasks.rules.english.questions import asked

_UNIT_AT_END = re.compile(
    r"^(?P<name>.*?)\s*(?:[\[(](?P<unit>[^\[\]()]{1,12})[\])]|\bin (?P<word>watts?|volts?|mm|kg|bar|°C))\s*$"
)
_UNIT_LIKE = re.compile(
    r"^(?:%|‰|°\s?[CF]?|Ω|[kMGmµnp]?(?:m|g|s|V|A|W|Hz|B|Pa|N|J|L|l|F|Ω|Wh|VA|bar"
    r"|bps)(?:[²³23])?(?:[/·.⋅][A-Za-zµ²³0-9]+)*|min|h|hr|hours?"
    r"|minutes?|seconds?|days?|weeks?|months?|years?|rpm|psi|Nm|N·m|inch(?:es)?|in|ft|lbs?|oz|gal|dB(?:\(A\))?"
    r"|ppm|ppb|pH|NTU|V AC|V DC"
    r"|VAC|VDC|km|cm|mm|pcs?|pieces|EUR|USD|\$|€|£)$"
)
_OF = vocab.words(
    "temperature pressure voltage current power weight mass dimensions dimension size length width height depth "
    "capacity speed rate range frequency material protection class level humidity time life lifetime number "
    "version date type model colour color accuracy resolution conductivity volume flow consumption address owner "
    "author department code price cost interval duration period limit output outputs memory thickness diameter "
    "density concentration degree rating title status format default value unit purpose scope supplier "
    "manufacturer amount quantity demand loss drift signal load torque tolerance distance angle area name "
    "category priority frequency efficiency noise sound strength resistance impedance sensitivity bandwidth "
    "latency throughput storage language licence license location position function meaning role responsibility "
    "source destination content contents maximum minimum average total share percentage ratio score grade age "
    "population target measure approval deadline requirement effect result fee tax income balance threshold delay "
    "order stock part quantity setting wavelength principle"
)
"""Heads of attributes that go with "of"."""
_NOT_ATTRIBUTES = vocab.words(
    "note notes remark remarks comment comments example examples see use tip warning caution yes no figure page "
    "section answer question q a step steps action actions contact phone email fax tel http https"
)


def question_for(attribute: str, owner: str) -> str:
    """The question for an attribute of something; "" where the attribute does not make a natural one."""
    words = re.sub(r"\([^)]*\)", "", attribute).split()
    if not words or len(words) > 8 or words[-1].lower() in _NOT_ATTRIBUTES or words[0].lower() in _NOT_ATTRIBUTES:
        return ""
    if not is_measure(attribute) or re.search(r"\b(?:and|or|for|of)\b| / |\b(?:19|20)\d\d\b", attribute):
        return ""
    be = "are" if is_plural(_plain(attribute)) else "is"
    return asked("what", be, "the", _plain(attribute), "of", owner)


def is_measure(attribute: str) -> bool:
    """Whether an attribute goes with "of": "storage temperature", not "display"."""
    words = re.sub(r"\([^)]*\)", "", attribute).lower().replace(",", " ").split()
    return any(word in _OF or (word.endswith("s") and word[:-1] in _OF) for word in words)


def possession(attribute: str, owner: str, value: str) -> tuple[str, str] | None:
    """(question, answer) for a key that names a part or feature, "Display", and not a measure; None where unsure."""
    words = attribute.split()
    if (
        not 1 <= len(words) <= 3
        or re.search(r"\d|[A-Z]", attribute)
        or any(classes(word) and "NOUN" not in classes(word) for word in words)
    ):
        return None
    if words[-1].lower() in _NOT_ATTRIBUTES or not re.search(r"[a-z]{3}", attribute) or value.lower() in ("yes", "no"):
        return None
    answer = f"{owner[0].upper()}{owner[1:]} has the following {attribute}: {value}."
    return asked("what", attribute, "does", owner, "have"), answer


def answer_with(attribute: str, owner: str, value: str) -> str:
    """The full sentence that answers `question_for`."""
    be = "are" if is_plural(_plain(attribute)) else "is"
    return f"The {_plain(attribute)} of {owner} {be} {value}."


def _plain(attribute: str) -> str:
    """The attribute as it is said: "Sample flow, nominal" becomes "nominal sample flow"."""
    match = re.fullmatch(r"([^,]+), ([a-z]+)", attribute)
    return f"{match[2]} {match[1]}" if match else attribute


def split_unit(header: str) -> tuple[str, str]:
    """A header without its unit, and the unit, "" where it names none: "Life (days)" gives ("Life", "days")."""
    match = _UNIT_AT_END.match(header)
    if match is None:
        return header, ""
    unit = match["unit"] or match["word"]
    return (match["name"], unit) if match["word"] or _UNIT_LIKE.match(unit) else (header, "")


def tidy(value: str, unit: str) -> str:
    """A cell as the end of a sentence: unit added where the cell is a bare number, no full stop."""
    text = value.strip().rstrip(".")
    bare = re.fullmatch(r"[<>≤≥±+−-]?\s?\d[\d.,]*(?:\s?(?:to|–|-|\.\.\.)\s?[+−-]?\d[\d.,]*)?", text)
    return f"{text}{'' if unit.startswith(('%', '°')) and unit != '°C' else ' '}{unit}" if unit and bare else text


def done(value: str) -> str:
    """A cell that tells what something does, in the third person: "Creates a copy." is "creates a copy"; else ""."""
    first, _, rest = value.rstrip(".").partition(" ")
    plain = (
        first.isalpha() and rest[:1].islower() and ". " not in rest and rest.split()[0].lower() not in vocab.AUXILIARIES
    )
    if not plain or first.lower() in vocab.AUXILIARIES | vocab.PREPOSITIONS | vocab.BE:
        return ""
    led = rest.split()[0].lower() in vocab.DETERMINERS | vocab.NUMBER_WORDS
    if is_verb(first, "VBZ") and (led or "NOUN" not in classes(first.lower())):
        return f"{first.lower()} {rest}"
    commands = is_verb(first, "VB") and (led or not classes(first.lower()) & {"NOUN", "ADJ"})
    third = inflected(lemma(first, "VB"), "VBZ") if commands else ""
    return f"{third} {rest}" if third else ""


def noun_for(attribute: str) -> str:
    """A header as what a thing has for something: "shortcut key", "URI"; "" where it is none."""
    words = attribute.split()
    nominal = all(word.isalpha() and (word.isupper() or classes(word) & {"NOUN", "ADJ"}) for word in words)
    last = words[-1] if words else ""
    if len(words) == 1 and last.lower() in _STATISTICS:
        return ""  # of what?
    if not nominal or not 1 <= len(words) <= 3 or is_plural(attribute) or last.lower() in _NOT_ATTRIBUTES | _NOT_FOR:
        return ""
    return attribute if last.isupper() or "NOUN" in classes(last) else ""


_STATISTICS = vocab.words(
    "median mean average minimum maximum total sum count min max deviation range share percentage"
)
_NOT_FOR = vocab.words(
    "reference affiliation author editor contents content text information data heading title description topic "
    "location usage specific rationale comment history table row column item word words reason"
)
"""Headers that say nothing of their own of a thing."""
_MASS = vocab.words(
    "water oil grease electrolyte fluid software equipment paper tape information data air gas steam acid sand "
    "work time power access support training material telemetry traffic storage memory hardware firmware "
    "documentation"
)


_MEASURES = vocab.words(
    "number name amount percentage type value size length maximum minimum total date time level status rate ratio "
    "sum list set"
)


def described(value: str) -> str:
    """A noun phrase with the article it needs to follow "is": "a membrane cap for the sensor"; "" where unsure."""
    head = re.split(r",| (?:for|of|in|on|with|to|from|at|that|which|per|by|used|made)\b", value)[0].split()
    if not head or not 1 < len(value.split()) <= 14 or value.endswith(".") or not _all_nominal(head):
        return ""
    if re.search(r"\b(?:that|which|who) [a-z]+", value) and head[0].lower() not in vocab.DETERMINERS:
        return ""  # "Spacecraft that generated the file" names one, and no kind
    if head[0].lower() in ("less", "more", "most", "least", "too", "very", "as"):
        return ""
    if head[0].lower() in vocab.DETERMINERS or is_plural(head[-1]) or head[-1].lower() in _MASS:
        return value
    if head[0].lower() in _MEASURES and len(head) == 1:
        return f"the {value}"
    return f"{'an' if re.match(r'(?i)[aeio]|u(?!n?i|s)', value) else 'a'} {value}"


def _all_nominal(head: list[str]) -> bool:
    """Whether no word of a cell's first phrase must be a verb, and its last word can be a noun."""
    nominal = all(not classes(word) or classes(word) & {"NOUN", "ADJ"} or is_verb(word, "VBN") for word in head)
    return nominal and "NOUN" in (classes(head[-1]) or {"NOUN"}) and not is_verb(head[0], "VBZ")


def as_task(label: str) -> str:
    """A label that is a piece of work, as a gerund: "Replace the wiper blade" gives "replacing the wiper blade"."""
    words = label.split()
    if (
        len(words) < 2
        or not is_verb(words[0], "VB")
        or words[1].lower() not in vocab.DETERMINERS - {"that"}
        or label.endswith(".")
    ):
        return ""
    doing = inflected(lemma(words[0], "VB"), "VBG")
    return f"{doing} {' '.join(words[1:])}" if doing else ""
