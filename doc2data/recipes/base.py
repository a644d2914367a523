"""What a recipe is, the Job it plans, and the Desk it works at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel

from doc2data.asking import difficulty_of, told
from doc2data.recipes.corpus import Corpus
from doc2data.recipes.given import Given
from doc2data.records import Clue, Hit, Judged, MadeBy, Message, RecipeRef, Rejected, Sample, Step, Verdict, content_id
from doc2data.settings import Settings
from doc2data.tasks.asker import Asker
from doc2data.tasks.core import Prompts, Task
from doc2data.tasks.panel import Panel
from doc2data.tasks.passage import Numbered, number
from models.engine import Engine, ModelInfo, Sampling

Out = TypeVar("Out", bound=BaseModel)
Need = Literal["rules", "model", "local model"]
"""The least that a recipe runs on: no model at all, any model, or one in this process's own engine."""
TURN_TOKENS = 128
"""Most tokens of a user's turn."""
PROMPT_LANGUAGES = ("en", "zh")
QUESTION_CHECKS = ("selfcontained", "retrievability")
"""Checks that look at question and evidence alone, so that they can come before an answer is asked for."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work; done once, whatever happens in between."""

    recipe: str
    version: int
    chunk: str
    """The chunk it belongs to; jobs of one chunk run together and share its prompt prefix."""
    clues: tuple[str, ...]
    index: int = 0
    """Tells apart jobs on the same clues."""
    params: Mapping[str, Any] = field(default_factory=dict)
    seen: tuple[str, ...] = ()
    """Ids of the chunks that the work looks at beside its clues: with other words in one, it is other work."""

    def id(self, model: ModelInfo, prompts: str, seed: int) -> str:
        """Name of the work: same clues, recipe, model, prompts and seed give the same name."""
        params = dict(sorted(self.params.items()))
        what = (self.recipe, self.version, self.clues, self.index, params, self.seen)
        return content_id("job", *what, model.engine, model.sha256, prompts, seed)


@dataclass(frozen=True, slots=True)
class Example:
    """One pair of a person's own, and what kind of question it asks."""

    question: str
    answer: str
    kind: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a recipe wrote, before it becomes a Sample."""

    kind: str
    language: str
    messages: tuple[Message, ...]
    clues: tuple[Clue, ...]
    """What the answer stands on, in the order that `reasoning` and `turns` count them."""
    reasoning: tuple[Step, ...] = ()
    turns: tuple[tuple[int, ...], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None
    rejected: Rejected | None = None


def _no_samples() -> Iterator[Judged]:
    return iter(())


def _no_sample(id: str) -> Judged | None:
    return None


def _no_checks(samples: Sequence[Sample], names: Sequence[str] | None = None) -> list[tuple[Verdict, ...]]:
    raise NotImplementedError("This desk was given no checks.")


@dataclass(eq=False, slots=True)
class Desk:
    """Where recipes work: the corpus, retrieval, checks, and a model to ask, if there is one."""

    corpus: Corpus
    settings: Settings
    prompts: Prompts
    search: Callable[[str, int], list[Hit]]
    engine: Engine | None
    """None means rules."""
    judges: Sequence[Engine] = ()
    """Models that judge; without any the engine judges too."""
    given: Given = field(default_factory=Given)
    """What the user gave in files of their own."""
    accepted: Callable[[], Iterator[Judged]] = _no_samples
    """The samples accepted so far, in plan order: what recipes of later rounds grow from."""
    find: Callable[[str], Judged | None] = _no_sample
    """A stored sample by its id, or None."""
    examples: Sequence[Example] = ()
    """A person's own pairs, which show kind and tone."""
    personas: Sequence[str] = ()
    """Who may ask."""
    check: Callable[..., list[tuple[Verdict, ...]]] = _no_checks
    """`doc2data.checks.check_batch` on this corpus: samples, and names of checks or None for all."""

    @property
    def model(self) -> ModelInfo:
        """Who writes the words."""
        return self.engine.info if self.engine is not None else RULES

    def job_id(self, job: Job) -> str:
        """The job's name under this desk's model, prompts and seed."""
        return job.id(self.model, self._prompt_hash(job.recipe) + self._gate, self.settings.generate.seed)

    def numbered(self, clue: Clue) -> Numbered:
        """The clue's chunk as numbered lines."""
        chunk = self.corpus.chunks[clue.chunk]
        document = self.corpus.document(clue.document)
        return number(chunk, self.corpus.clues_of(clue.chunk), document.text, document.title)

    async def ask(
        self,
        task: Task[Out],
        language: str,
        seed: int,
        values: Mapping[str, Any],
        passage: Numbered | None = None,
        output: type[Out] | None = None,
    ) -> Out:
        """Ask the model.

        Args:
            task: what to ask for.
            language: of prompt and reply.
            seed: makes the reply repeatable; give each request of a job another.
            values: what the task's prompt names.
            passage: shown before the task.
            output: a narrower form of `task.output`.

        Raises:
            ModelError: no usable reply came.
        """
        return await self.writer.ask(task, language, seed, values, passage.text if passage else None, output)

    @property
    def writer(self) -> Asker:
        """The model that writes. Recipes ask only when there is one."""
        assert self.engine is not None, "recipes ask only when there is a model"
        return Asker(self.engine, self.prompts, self.settings.model, self.settings.generate.forbidden)

    @property
    def panel(self) -> Panel:
        """The models that judge, greedily; the writer alone where no other was named."""
        return panel_of(self.judges or ([self.engine] if self.engine is not None else []), self.prompts, self.settings)

    async def user_turn(
        self, prompt: str, language: str, seed: int, values: Mapping[str, Any], passage: Numbered
    ) -> str:
        """What a user says after a passage, as the model completes the user's turn of its own chat template.

        Args:
            prompt: name of the template that makes the system's text.
            language: of the template.
            seed: makes the turn repeatable.
            values: what the template names besides the passage.
            passage: what the system's text holds.

        Raises:
            ModelError: the engine is no local model, or its template has no user turn.
        """
        assert self.engine is not None, "recipes ask only when there is a model"
        system = self.prompts.system(prompt, language, passage.text, values)
        sampling = Sampling(temperature=self.settings.model.temperature, seed=seed, max_tokens=TURN_TOKENS)
        return (await self.engine.user_turn(system, sampling)).text

    def seed(self, job: Job, request: int = 0) -> int:
        """A seed for the job's n-th request."""
        draft = [job.params["draft"]] if "draft" in job.params else []
        return int(content_id(self.settings.generate.seed, job.recipe, job.clues, job.index, request, *draft)[:7], 16)

    def sample(self, job: Job, content: Content) -> Sample:
        """The canonical sample, with evidence, maker and id."""
        model = self.model
        words = [(m.role, m.content) for m in content.messages]
        worse = [content.rejected.answer] if content.rejected else []
        made = Sample(
            id=content_id("sample", self.job_id(job), words, content.params, content.parent, *worse),
            kind=content.kind,
            language=content.language,
            messages=content.messages,
            evidence=tuple(self.corpus.evidence(clue) for clue in content.clues),
            recipe=RecipeRef(job.recipe, job.version, {**job.params, **content.params}),
            made_by=MadeBy(
                model.engine, model.name, model.sha256, self._prompt_hash(job.recipe), self.settings.generate.seed
            ),
            reasoning=content.reasoning,
            turns=content.turns,
            parent=content.parent,
            clues=tuple(clue.id for clue in content.clues),
            rejected=content.rejected,
        )
        hard = {"difficulty": told(difficulty_of(made))}
        return replace(made, recipe=replace(made.recipe, params={**made.recipe.params, **hard}))

    def refused(self, job: Job, content: Content, check: str, reason: str) -> Judged:
        """A sample that the recipe itself gives up, with the reason, so that it is counted."""
        return Judged(self.sample(job, content), (Verdict(check, passed=False, score=0.0, reason=reason),))

    def unsound(self, job: Job, content: Content) -> Judged | None:
        """A question with the verdicts of the checks that need no answer, where one of them turns it down."""
        made = self.sample(job, content)
        [verdicts] = self.check([made], names=QUESTION_CHECKS)
        return None if all(verdict.passed for verdict in verdicts) else Judged(made, verdicts)

    @property
    def _gate(self) -> str:
        """What else makes a job another one: how its drafts are judged by models, and how many there are."""
        if not self.panel.judges:
            return ""
        checks, generate = self.settings.checks, self.settings.generate
        judges = [judge.engine.info.sha256 for judge in self.panel.judges]
        asked = (checks.entailment, checks.round_trip, checks.judges, checks.judge_least, checks.revisions)
        return content_id("gate", judges, asked, generate.candidates, generate.keep)

    def _prompt_hash(self, recipe: str) -> str:
        from doc2data.recipes import RECIPES

        names = RECIPES[recipe].prompts
        return self.prompts.fingerprint(names, PROMPT_LANGUAGES) if self.engine is not None else ""


def panel_of(engines: Sequence[Engine], prompts: Prompts, settings: Settings) -> Panel:
    """Engines as judges, who answer greedily."""
    greedy = settings.model.model_copy(update={"temperature": 0.0})
    return Panel(tuple(Asker(engine, prompts, greedy) for engine in engines))


class Recipe(Protocol):
    """Turns clues into samples."""

    def plan(self, desk: Desk) -> Iterable[Job]:
        """All jobs that the corpus offers, best first within a chunk; the same for the same corpus and seed."""
        ...

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Candidates of one job; a Judged is one that the recipe gave up itself.

        Raises:
            ModelError: the job failed; it is counted, and tried again in the next run.
        """
        ...


RULES = ModelInfo("rules", "rules", "")
