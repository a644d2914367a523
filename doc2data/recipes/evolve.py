"""evolve: a question made harder step by step, answered again from the evidence after each (Evol-Instruct).

A step that gains nothing, leaks its prompt, cannot be answered or fails a check is undone: it is counted as rejected
with the reason, and the next step goes on from the parent. Two in a row end the evolution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from doc2data.clues import worth
from doc2data.recipes import gains
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.chaining import is_whole_sentence
from doc2data.recipes.growing import choice, chunk_of, parents, root_of
from doc2data.recipes.steering import steer
from doc2data.records import SAYS_MORE, Clue, Judged, Message, Sample, Step, Verdict
from doc2data.settings import Operator
from doc2data.tasks.growing import ANSWER_STEPS, EVOLVE, steps_over
from doc2data.tasks.passage import Numbered
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

VERSION = 1
CHECK = "evolution"
KINDS = frozenset({"qa"})
LEAST_WORTH = 0.5
"""Clues below it carry no fact that another question should be about."""
MOST_UNDONE = 2
"""Steps undone in a row after which the evolution ends."""
REQUESTS = 2
"""Of one step."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One step to be taken."""

    number: int
    """From 1."""
    operator: str
    parent: Sample
    target: Clue | None
    """What breadth asks about."""


class Evolve:
    """The recipe `evolve`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One evolution for every accepted question that did not grow itself."""
        grow = desk.settings.grow
        params = {"rounds": grow.rounds, "operators": list(grow.operators or get_args(Operator))}
        for sample in parents(desk, KINDS) if desk.engine is not None else ():
            chunk = chunk_of(sample, desk)
            yield Job("evolve", VERSION, chunk, sample.clues, params={"parent": sample.id, **params}, seen=(chunk,))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Take the steps, each from the last one that held."""
        first = desk.find(job.params["parent"])
        if first is None:
            return []
        made: list[Sample | Judged] = []
        parent, undone, operator = first.sample, 0, ""
        for number in range(1, job.params["rounds"] + 1):
            operator = _operator(job, number, operator, desk)
            target = _other_clue(job, number, parent, desk) if operator == "breadth" else None
            step = await _take(job, _Step(number, operator, parent, target), desk)
            if isinstance(step, Sample):
                parent, undone = step, 0
                made.append(step)
                continue
            undone += 1
            made.append(_undone(step, undone))
            if undone == MOST_UNDONE:
                break
        return made


def _operator(job: Job, number: int, last: str, desk: Desk) -> str:
    """The operator of a step, by the seed; never the one before again where there is another."""
    names = [name for name in job.params["operators"] if name != last] or job.params["operators"]
    return choice(names, desk.settings.generate.seed, job.params["parent"], number)


def _other_clue(job: Job, number: int, parent: Sample, desk: Desk) -> Clue | None:
    """Another clue of the chunk that is worth asking for, by the seed; None where there is none."""
    taken = [desk.corpus.clue(id) for id in parent.clues]
    others = {
        clue.id: clue
        for clue in desk.corpus.clues_of(job.chunk)
        if worth(clue) >= LEAST_WORTH and is_whole_sentence(clue, parent.language)
        if all(clue.end <= other.start or other.end <= clue.start for other in taken)
    }
    seed = desk.settings.generate.seed
    return others[choice(sorted(others), "breadth", seed, job.params["parent"], number)] if others else None


def _undone(step: Judged, in_a_row: int) -> Judged:
    """The step with what becomes of it: the verdict that says so is the recipe's own, or stands behind the checks'."""
    told = "Undone, and the parent goes on."
    if in_a_row == MOST_UNDONE:
        told = f"Undone; {in_a_row} steps in a row gained nothing, so the evolution ends here."
    *others, last = step.verdicts
    if last.check == CHECK:
        return Judged(step.sample, (*others, Verdict(CHECK, False, 0.0, f"{last.reason} {told}")))
    return Judged(step.sample, (*step.verdicts, Verdict(CHECK, False, 0.0, told)))


async def _take(job: Job, step: _Step, desk: Desk) -> Sample | Judged:
    """Write the question, then its answer; a Judged is a step that did not hold."""
    parent = step.parent
    if step.operator == "breadth" and step.target is None:
        return desk.refused(job, _content(step, parent.question, "", ()), CHECK, "There is no other clue to ask about.")
    passage = desk.numbered(desk.corpus.clue(parent.clues[0]))
    steering = await steer(job, desk, passage, parent.language)
    values = {**_values(step, passage), **steering.asked}
    request = REQUESTS * step.number
    asked = await desk.ask(EVOLVE, parent.language, desk.seed(job, request), values, passage)
    shown = "\n".join((passage.text.title, passage.text.section, *passage.text.lines))
    if objection := gains.question_objection(step.operator, asked.question, parent, shown):
        return desk.refused(job, _content(step, asked.question, "", ()), CHECK, objection)
    about = (step.target,) if step.target else tuple(desk.corpus.clue(id) for id in parent.clues)
    if refused := desk.unsound(job, _content(step, asked.question, "", about)):
        return refused
    answer, steps = await _answer(job, step, asked.question, passage, desk)
    content = _content(step, asked.question, answer.text, answer.cited, steps)
    if objection := gains.answer_objection(step.operator, asked.question, answer, parent, step.target):
        return desk.refused(job, content, CHECK, objection)
    sample = desk.sample(job, content)
    [verdicts] = desk.check([sample])
    return sample if all(verdict.passed for verdict in verdicts) else Judged(sample, verdicts)


def _values(step: _Step, passage: Numbered) -> Mapping[str, Any]:
    numbers = passage.numbers_of(step.target) if step.target else ()
    shown = {unit.id for unit in passage.units} & set(step.parent.clues)
    standing = [str(n) for n, unit in enumerate(passage.units, 1) if unit.id in shown]
    return {
        "question": step.parent.question,
        "answer": step.parent.answer,
        "standing": ", ".join(standing),
        "operator": step.operator,
        "numbers": ", ".join(map(str, numbers)),
    }


async def _answer(
    job: Job, step: _Step, question: str, passage: Numbered, desk: Desk
) -> tuple[gains.Answered, tuple[Step, ...]]:
    """The answer written again from the evidence, with its steps where the operator asks for reasoning."""
    seed = desk.seed(job, REQUESTS * step.number + 1)
    values = {"question": question, "style": "".join(m.content for m in _system(step.parent))}
    language, lines = step.parent.language, len(passage.units)
    if step.operator != "reasoning":
        plain = await desk.ask(WRITE_ANSWER, language, seed, values, passage, answer_over(lines))
        return gains.Answered(plain.answer, passage.cited(plain.sentences), 0, plain.answerable), ()
    found = await desk.ask(ANSWER_STEPS, language, seed, values, passage, steps_over(lines))
    cited = passage.cited(found.sentences)
    told = [
        Step(text, tuple(i for i, clue in enumerate(cited) if clue == passage.units[number - 1]))
        for text, number in zip(found.steps, found.sentences, strict=False)
    ]
    return gains.Answered(found.answer, cited, len(told), found.answerable), tuple(told)


def _system(sample: Sample) -> tuple[Message, ...]:
    """The system message that sets a sample's style, if it has one."""
    return tuple(message for message in sample.messages if message.role == "system")


def _content(step: _Step, question: str, answer: str, cited: tuple[Clue, ...], steps: tuple[Step, ...] = ()) -> Content:
    evolved = int(step.parent.recipe.params.get("evolved", 0))
    return Content(
        kind=step.parent.kind,
        language=step.parent.language,
        messages=(*_system(step.parent), Message("user", question), Message("assistant", answer)),
        clues=cited,
        reasoning=steps,
        params={
            "operator": step.operator,
            "step": step.number,
            "evolved": evolved + (step.operator != "breadth"),
            "root": root_of(step.parent),
            **({SAYS_MORE: True} if step.operator in gains.SAYING_MORE else {}),
        },
        parent=step.parent.id,
    )
