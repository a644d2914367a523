"""Chinese wording of joined clues: what a thing is called, and how to mean it without its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from doc2data.records import Clue
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.thing import Thing, mention, names
from doc2data.tasks.joins.words import content

HEAD = "{head}"
_STOPS = "的之应在必须需可不为和与或及把将被从到由于以后前时内外上下中未也是有因并，。；：、（）()“”《》 "
_NOUN = re.compile(r"^[㐀-鿿]{2,8}")
_KIND = re.compile(r"^(?!.*[名序编项])[㐀-鿿]{2,4}$")
"""Headers that say what kind of thing the rows are."""
_CASES = re.compile(r"原因|处理|措施|对策|方法")
"""Headers of tables whose rows are cases that can arise."""
_MEANS = re.compile(r"^(?P<who>[^，。；]{0,20}?)(?:通过|使用|利用|用)$")
_LOOSE = re.compile(r"[它其此该本]|这些?|那些?|上述|如下|以下|所示|[图表]\s?\d|第\d|见")
_BOUND = re.compile(r"(?:低于|高于|超过|不足|小于|大于|达到)")
"""How a cell begins that says from which value of its row on something holds."""
_VERB = re.compile(r"^[㐀-鿿]{2}$")
_LEAST_CONTENT = 4
_MOST_CHARACTERS = 48
_LEAST_SHARE = 2


def thing(forms: Sequence[str], quotes: Sequence[str], headers: Sequence[str]) -> Thing:
    """The thing with those names, as Chinese sentences speak of it; arguments as in the English twin."""
    spelled = "|".join(re.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))
    pattern = re.compile(rf"(?<![A-Za-z0-9-])(?:{spelled})(?![A-Za-z0-9]|-[A-Za-z0-9])")
    following = [quote[match.end() :] for quote in quotes for match in pattern.finditer(quote)]
    counts = Counter(run[:length] for text in following if (run := _run(text)) for length in range(2, len(run) + 1))
    first = max(counts.values(), default=0)
    usual = [run for run, n in counts.items() if _LEAST_SHARE * n > first and (n > 1 or first == 1)]
    after = max(usual, key=lambda run: (len(run), run), default="")
    heads = [
        after,
        *(header for header in headers if 2 <= len(header) <= 4 and not re.search(r"[名序编]|项目", header)),
    ]
    return Thing(
        tuple(forms), forms[0] + after, tuple(dict.fromkeys(h for h in heads if h)), (), (after,) if after else ()
    )


def descriptions(clue: Clue, thing: Thing) -> list[str]:
    """Every way in which a clue tells which thing is meant; `HEAD` stands for the noun."""
    if clue.kind == "table_row":
        return [text for part in _of_cells(clue, thing) if (text := _finished(part, thing))]
    if clue.kind == "procedure" or _LOOSE.search(clue.quote):
        return []
    clauses = [part for part in re.split(r"[，。；]", " ".join(clue.quote.split())) if part]
    named = [part for part in clauses if names(thing, part)]
    if len(named) != 1 or named[0] is not clauses[0]:
        return []
    found = [*_parts(clauses[0], thing), *(_handled(clauses[0], thing) if clue.kind == "step" else ())]
    return [text for part in found if (text := _finished(part, thing))]


def _of_cells(row: Clue, thing: Thing) -> list[str]:
    """What cells say of the thing in clauses of their own, in the case that the row is about."""
    found: list[str] = []
    for header, cell in row.cells:
        case = f"{row.subject}时" if _CASES.search(header) else ""
        for clause in re.split(r"[，。；]", cell) if cell != row.subject and not _LOOSE.search(cell) else ():
            start = case or (row.subject if _BOUND.match(clause) else "")
            parts = [*_parts(clause, thing), *_handled(clause, thing)]
            found += [f"{start}{part}" for part in parts if part.endswith(HEAD) and names(thing, clause)]
    return found


def _parts(clause: str, thing: Thing) -> list[str]:
    found = list(mention(thing).finditer(clause))
    if len(found) != 1:
        return []
    before, behind = clause[: found[0].start()], clause[found[0].end() :]
    if not before and behind:
        return [f"{behind.removeprefix('的')}的{HEAD}"]
    if before and not behind and not re.search(r"[将把和与及或]$", before):
        return [f"{before.removesuffix('的')}的{HEAD}"]
    means = _MEANS.match(before)
    return [f"{means['who']}用来{behind}的{HEAD}"] if means and means["who"] and behind else []


def _handled(clause: str, thing: Thing) -> list[str]:
    """What has to be done with the thing, or with something of it: "把X固定在墙上", "核对X的地址"."""
    found = list(mention(thing).finditer(clause))
    if len(found) != 1:
        return []
    before, behind = clause[: found[0].start()], clause[found[0].end() :]
    if before in ("将", "把") and behind:
        return [f"需要{behind}的{HEAD}"]
    if _VERB.match(before) and behind.startswith("的") and len(behind) > _LEAST_SHARE:
        return [f"需要{before}{behind[1:]}的{HEAD}"]
    return []


def _finished(text: str, thing: Thing) -> str:
    plain = text.replace(HEAD, "")
    telling = len(content(plain)) >= _LEAST_CONTENT and len(plain) <= _MOST_CHARACTERS
    return text if telling and not names(thing, plain) else ""


def _run(text: str) -> str:
    match = _NOUN.match(text)
    run = match.group() if match else ""
    end = next((at for at, letter in enumerate(run) if letter in _STOPS), len(run))
    return run[:end] if end >= _LEAST_SHARE else ""


def of_cell(attribute: str, value: str, unit: str, thing: Thing) -> Iterator[Asked]:
    """What a table's cell says of a thing."""
    if re.search(r"说明|备注|描述|处理|原因|现象", attribute) or len(value) > _MOST_CHARACTERS:
        return
    kind = "多少" if re.match(r"^[±+−-]?\d", value) else "什么"
    shown = f"{value} {unit}".strip() if unit and unit not in value else value
    asked = f"{SLOT}的{attribute}是{kind}{unit if kind == '多少' else ''}？"
    yield Asked(asked, f"{thing.name}的{attribute}是{shown}。", attribute)


def replaced(text: str, thing: Thing, words: str) -> str:
    """The text with the thing's one mention replaced; "" where it is not named exactly once, at a phrase's start."""
    found = list(mention(thing).finditer(text))
    if len(found) != 1 or re.search(r"[A-Za-z0-9 尽管]$", text[: found[0].start()]) is not None:
        return ""
    result = text[: found[0].start()] + words + text[found[0].end() :]
    return "" if names(thing, result) else result
