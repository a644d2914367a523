"""How well each check tells broken samples of a project from whole ones: cases, precision, recall.

    python -m tests.benchmarks.checks.skill PROJECT [--show CHECK]

Every accepted sample is broken in the ways that one check is there for, and that check alone looks at the broken ones
and at the samples as they are. Precision is the share of broken ones among those that it turns down, recall the share
of the broken ones that it turns down. Checks that ask a model are as good as the model, and have no row.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from doc2data.checks import CheckContext, check_batch
from doc2data.recipes.surroundings import Surroundings
from doc2data.records import WORDING_OF, Message, RecipeRef, Sample
from doc2data.stages.checking import context
from doc2data.tasks.corruptions import EDITS, OPERATORS, STRUCTURAL
from tests.benchmarks.checks.cases import pointing
from tests.benchmarks.checks.made import KINDS
from tests.benchmarks.checks.made_project import named_project

Break = Callable[[Sample, random.Random], Iterator[Sample]]
FOREIGN = {
    "de": "Das Gerät muss vor jeder Wartung vom Netz getrennt und gegen Wiedereinschalten gesichert werden.",
    "fr": "L'appareil doit être débranché avant chaque entretien et protégé contre toute remise en marche.",
    "es": "El aparato debe desconectarse antes de cada mantenimiento y protegerse contra la reconexión.",
    "en": "The device has to be disconnected before any maintenance and secured against being switched on.",
    "zh": "每次维护之前必须断开设备的电源，并防止再次合闸。",
}
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?![\w.,-])")


@dataclass(frozen=True, slots=True)
class Skill:
    """What one check did."""

    check: str
    broken: int
    caught: int
    whole: int
    refused: int

    def line(self) -> str:
        """One row of the table."""
        turned_down = self.caught + self.refused
        precision = self.caught / turned_down if turned_down else 1.0
        recall = self.caught / self.broken if self.broken else 1.0
        cases = f"{self.broken:6} broken {self.whole:6} whole"
        return f"{self.check:15} {cases}   precision {precision:7.2%}   recall {recall:7.2%}\n"


def answering(sample: Sample, answer: str) -> Sample:
    """The sample with another last answer."""
    return replace(sample, messages=(*sample.messages[:-1], Message("assistant", answer)))


def asking(sample: Sample, question: str) -> Sample:
    """The sample with another first question."""
    at = next(i for i, message in enumerate(sample.messages) if message.role == "user")
    return replace(sample, messages=(*sample.messages[:at], Message("user", question), *sample.messages[at + 1 :]))


def ill_formed(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """What models and templates leave behind."""
    answer = sample.answer
    yield answering(sample, "")
    yield answering(sample, f"{answer}<|im_end|>")
    yield answering(sample, f"Answer: {answer}")
    yield answering(sample, f"{answer} As an AI language model, I cannot say more.")
    yield answering(sample, f'{{"answer": "{answer}"}}')
    yield answering(sample, f"{answer} {{{{ value }}}}")
    yield answering(sample, f"{answer.rstrip('.。')} and")
    yield answering(sample, sample.question)
    yield replace(sample, messages=sample.messages[:-1])


def misquoted(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """Evidence shifted, changed by one character, or of another document."""
    at = draw.randrange(len(sample.evidence))
    quote = sample.evidence[at]
    by = draw.choice([1, 2, 5])
    changed = [
        replace(quote, start=quote.start + by, end=quote.end + by),
        replace(quote, quote=quote.quote[:-1]),
        replace(quote, quote=f"{quote.quote[0]}x{quote.quote[2:]}"),
        replace(quote, document="another.pdf"),
    ]
    for one in changed:
        yield replace(sample, evidence=(*sample.evidence[:at], one, *sample.evidence[at + 1 :]))


def translated(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """An answer or a question in another language."""
    for language in draw.sample([code for code in FOREIGN if code != sample.language], 2):
        yield answering(sample, FOREIGN[language])
        yield asking(sample, FOREIGN[language])


def vague(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """The question as a careless writer asks it in front of the page."""
    question = next(message.content for message in sample.messages if message.role == "user")
    if sample.language == "zh":
        yield asking(sample, f"根据上文，{question}")
        if (pronoun := re.sub(r"^[A-Za-z0-9-]+[\u4e00-\u9fff]{1,8}?的", "它的", question, count=1)) != question:
            yield asking(sample, pronoun)
        return
    yield asking(sample, f"According to the text, {question[0].lower()}{question[1:]}")
    yield asking(sample, f"{question.rstrip('?')} in the table above?")
    if it := pointing(question):
        yield asking(sample, it)


def turned(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """Another wording that asks something else: another number, or a negation put in."""
    question = next(message.content for message in sample.messages if message.role == "user")
    if sample.language != "en":
        return
    told = f"Please tell me: {question}"
    if number := _NUMBER.search(told):
        at, to = number.span()
        yield _reworded(sample, f"{told[:at]}{int(number.group()) + 1}{told[to:]}")
    if re.search(r" (?:is|are|must) ", told):
        yield _reworded(sample, re.sub(r" (is|are|must) ", r" \1 not ", told, count=1))


def reworded(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """Another wording that asks the same."""
    if sample.language == "en":
        yield _reworded(sample, f"Please tell me: {sample.question}")


def _reworded(sample: Sample, question: str) -> Sample:
    first = sample.question
    made = asking(sample, question)
    return replace(made, recipe=RecipeRef(sample.recipe.name, 1, {**sample.recipe.params, WORDING_OF: first}))


def with_operators(names: Sequence[str], around: Surroundings) -> Break:
    """What the named operators make of a sample's answer."""

    def broken(sample: Sample, draw: random.Random) -> Iterator[Sample]:
        ground = around.ground(sample, draw)
        for name in names:
            wrong = next(OPERATORS[name](ground, draw), None)
            if wrong is not None and wrong.answer != sample.answer:
                yield answering(sample, wrong.answer)

    return broken


def elsewhere(samples: Sequence[Sample]) -> Break:
    """Evidence of another sample's answer, from a section that has nothing to do with the question."""

    def broken(sample: Sample, draw: random.Random) -> Iterator[Sample]:
        own = {(e.document, e.section) for e in sample.evidence}
        others = [s for s in samples if s.evidence and not own & {(e.document, e.section) for e in s.evidence}]
        yield replace(sample, evidence=draw.choice(others).evidence, turns=())

    return broken


def measured(
    check: str, samples: Sequence[Sample], breaks: Break, at: CheckContext, keep: Break
) -> tuple[Skill, list[str]]:
    """What one check does to samples as they are and broken, and its errors as text."""
    broken = [made for sample in samples for made in breaks(sample, random.Random(sample.id))]
    whole = [made for sample in samples for made in keep(sample, random.Random(sample.id))]
    found = [verdicts[0] for verdicts in check_batch([*broken, *whole], at, [check])]
    down, up = found[: len(broken)], found[len(broken) :]
    errors = [f"passed: {s.question} | {s.answer}" for s, v in zip(broken, down, strict=True) if v.passed]
    errors += [
        f"refused: {s.question} | {s.answer} | {v.reason}" for s, v in zip(whole, up, strict=True) if not v.passed
    ]
    caught, refused = sum(not v.passed for v in down), sum(not v.passed for v in up)
    return Skill(check, len(broken), caught, len(whole), refused), errors


def as_it_is(sample: Sample, draw: random.Random) -> Iterator[Sample]:
    """The sample untouched."""
    yield sample


def main() -> None:
    """Print the table for one project."""
    with named_project(__doc__) as made:
        around, at = Surroundings(made.desk), context(made.shop, made.corpus)
        accepted = [sample for sample in made.accepted() if sample.kind in KINDS]
        samples = [sample for sample in accepted if sample.rejected is None and sample.evidence]
        single = [sample for sample in samples if sample.kind == "qa"]
        ways: list[tuple[str, Sequence[Sample], Break, Break]] = [
            ("structure", samples, ill_formed, as_it_is),
            ("evidence", samples, misquoted, as_it_is),
            ("language", samples, translated, as_it_is),
            ("selfcontained", samples, vague, as_it_is),
            ("completeness", samples, with_operators(STRUCTURAL, around), as_it_is),
            ("wording", single, turned, reworded),
            ("support", samples, with_operators([*EDITS, "neighbour", "addition"], around), as_it_is),
            ("retrievability", single, elsewhere(samples), as_it_is),
        ]
        for check, of, breaks, keep in ways:
            skill, errors = measured(check, of, breaks, at, keep)
            sys.stdout.write(skill.line())
            if made.show == check:
                sys.stdout.write("".join(f"  {error}\n" for error in errors))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
