"""Learning from the documents' sentences what kind of thing a name names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from doc2data.tasks.joins.thing import Thing
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import classes, is_verb, singular

_MOST_WORDS = 3
_LEAST_SHARE = 0.2
"""Share of the mentions that must have a noun beside the name before it counts as the thing's."""
_CLOSED = (
    vocab.DETERMINERS
    | vocab.PREPOSITIONS
    | vocab.CONJUNCTIONS
    | vocab.AUXILIARIES
    | vocab.PRONOUNS
    | vocab.SUBORDINATORS
    | vocab.ADVERBS
    | vocab.NUMBER_WORDS
    | vocab.BE
    | vocab.words("used mixed new old other same opened means spare")
)
_BEFORE_VERBS = vocab.ADVERBS | vocab.MODALS | {"to"}
_NOT_KINDS = vocab.words(
    "name number code title no id item property description value unit remark symbol label type ref reference "
    "abbreviation acronym definition meaning date page key field column row"
)
"""Headers that do not say what kind of thing the rows are."""

_NO_TERM = re.compile(
    r"^(?:it|this|that|these|those|there|they|he|she|such|here|what|which|who|one|another|each|every|all|any|some|both"
    r"|most|many|other|others|if|when|while|as|in|on|at|for|to|by|with|first|second|third|next|last)\b"
    r"|\b(?:of|this|that|these|those|it|purpose|goal|aim|result|problem|example|reason|following|default|way|idea|part"
    r"|thing|step|value|case|only|one|section|chapter|document|manual|guide|page|table|figure)$",
    re.IGNORECASE,
)
"""What a sentence may begin with and does not define."""


def thing(forms: Sequence[str], quotes: Sequence[str], headers: Sequence[str]) -> Thing:
    """The thing with those names, as the sentences speak of it.

    Args:
        forms: every spelling, the usual one first.
        quotes: sentences that name it.
        headers: headers of columns whose cells are its name.
    """
    spelled = "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))
    pattern = re.compile(rf"(?<![A-Za-z0-9-])(?:{spelled})(?![A-Za-z0-9]|-[A-Za-z0-9])")
    mentions = [(quote, match) for quote in quotes for match in pattern.finditer(quote)]
    least = max(1, _LEAST_SHARE * len(mentions))
    coded = forms[0] == forms[0].upper()
    nouns = (_following(quote[match.end() :]) for quote, match in mentions if coded)
    after = _usual(Counter(p for words in nouns for p in _prefixes(words)), least)
    before = _usual(Counter(p for quote, match in mentions for p in _suffixes(_preceding(quote, match))), least)
    if not before and not after and re.fullmatch(r"[A-Z]{1,3}-?\d+", forms[0]):
        before = next(_kinds(headers), "")
    kind = after or before or _kind_in_name(forms[0])
    heads = [kind, kind.split()[-1] if kind else "", *_kinds(headers)]
    article = "the " if after else _article(before, forms[0], quotes)
    name = (
        f"{article}{forms[0]} {after}" if after else f"{article}{before} {forms[0]}" if before else article + forms[0]
    )
    behind = sorted({*_prefixes(after.split()), *_suffixes(after.split())}, key=lambda a: (-len(a), a))
    return Thing(
        tuple(forms),
        " ".join(name.split()),
        tuple(dict.fromkeys(h for h in heads if h)),
        (before,) if before else (),
        tuple(behind),
    )


def _usual(counts: Counter[str], least: float) -> str:
    """The longest run of nouns found in most of the places that have any, and not only by chance."""
    first = max((n for run, n in counts.items() if " " not in run), default=0)
    fitting = [run for run, n in counts.items() if 2 * n > first and n >= least]
    return max(fitting, key=lambda run: (len(run.split()), counts[run], run), default="")


def _following(text: str) -> list[str]:
    words: list[str] = []
    for word in re.findall(r" ([a-z][a-z-]*)(?![\w-])", re.split(r"[^a-z -]", text, maxsplit=1)[0])[:_MOST_WORDS]:
        if not _is_noun(word) and not word.endswith("ing"):
            break
        words.append(word)
    while words and not _is_noun(words[-1]):
        words.pop()
    return words


def _preceding(quote: str, mention: re.Match[str]) -> list[str]:
    match = re.search(r"(?:^|[\s(])((?:[A-Za-z][a-z-]* ){1,3})$", quote[: mention.start()])
    words: list[str] = []
    for word in reversed(match.group(1).split() if match else []):
        low = word.lower()
        opens = quote.startswith(word + " ") and not _is_command(low, quote[mention.end() :])
        if not _is_singular(low) or not (word == low or opens):
            return [] if is_verb(words[0] if words else "", "VB") and low in _BEFORE_VERBS else words
        words.insert(0, low)
    return words


def _is_singular(word: str) -> bool:
    unknown_plural = not classes(word) and word.endswith("s")
    return _is_noun(word) and word != "number" and singular(word) == word and not unknown_plural


def _is_command(word: str, rest: str) -> bool:
    """Whether a first word that may be a verb is one, because no other verb comes behind the name."""
    following = re.match(r" ([a-z]+)", rest)
    finite = following is not None and (
        following[1] in vocab.AUXILIARIES or (is_verb(following[1], "VBZ") and following[1] not in vocab.PREPOSITIONS)
    )
    return is_verb(word, "VB") and not finite


def _prefixes(words: Sequence[str]) -> Iterator[str]:
    for length in range(1, len(words) + 1):
        yield " ".join(words[:length])


def _suffixes(words: Sequence[str]) -> Iterator[str]:
    for length in range(1, len(words) + 1):
        yield " ".join(words[-length:])


def _is_noun(word: str) -> bool:
    known = classes(word)
    if word in _CLOSED or (known and "NOUN" not in known) or (not known and word.endswith(("ed", "ing"))):
        return False
    return not (is_verb(word, "VBZ") and singular(word) != word)


def _kind_in_name(name: str) -> str:
    """The common noun that a name in capitals ends with: "Unit Ministry Team" is a team."""
    words = name.split()
    last = words[-1].lower() if len(words) > 1 else ""
    return last if last.isalpha() and "NOUN" in classes(last) and singular(last) == last else ""


def _kinds(headers: Sequence[str]) -> Iterator[str]:
    for header in headers:
        word = header.strip().lower()
        if word.isalpha() and word not in _NOT_KINDS and "NOUN" in classes(word) and singular(word) == word:
            yield word


def _article(before: str, name: str, quotes: Sequence[str]) -> str:
    """The article that most places have, with a space behind it; else empty."""
    stem = re.escape(f"{before} {name}".strip())
    pattern = re.compile(rf"(?:\b(?P<first>[A-Za-z]+) )?(?i:{stem})(?![\w-]|,| and | or )(?: (?P<next>[A-Za-z]+))?")
    told = [quote for quote in quotes if len(quote.split()) > _MOST_WORDS]
    found = [match for quote in told for match in pattern.finditer(quote)]
    alone = [m["first"].lower() for m in found if m["first"] and not (m["next"] and _is_noun(m["next"].lower()))]
    counted = [word for word in alone if word not in vocab.CONJUNCTIONS]
    return "the " if 2 * sum(word in vocab.ARTICLES for word in counted) > len(counted) else ""


def is_common_word(name: str) -> bool:
    """Whether a name in capitals is spelled like a word of the dictionary: FILE, START."""
    return name.isupper() and name.isalpha() and len(name) > _MOST_WORDS and bool(classes(name.lower()))


def is_term(term: str) -> bool:
    """Whether what a sentence defines is a term: several words, or one that is in no dictionary; Chinese as it is."""
    words = term.split()
    return not _NO_TERM.search(term) and (len(words) > 1 or not classes(term.lower()))


def is_person(thing: Thing) -> bool:
    """Whether the thing is somebody, who is not spoken of as "it"."""
    words = (*thing.heads, *(form.split()[-1] for form in thing.forms))
    return any(word.lower() in vocab.PEOPLE for word in words)
