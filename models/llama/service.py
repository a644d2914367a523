"""The worker's own loop: loads the model, then turns orders into tasks and finished tasks into answers."""

from __future__ import annotations

import contextlib
import queue
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from models.engine import Reply
from models.errors import ModelError, ReplyIncomplete, RequestTooLong
from models.gguf_header import read_header
from models.llama import embedding_service
from models.llama.composer import Composer
from models.llama.native import Memory, Model, chosen_keys, on_gpu
from models.llama.pace import Pace
from models.llama.scheduler import Limits, Outcome, Scheduler
from models.llama.tasks import Scoring, Task, Writing
from models.llama.template import ChatTemplate
from models.llama.turn import Turn
from models.llama.vocabulary import Vocabulary
from models.llama.wire import (
    Answered,
    Cancel,
    Complete,
    Load,
    Loaded,
    LoadFailed,
    Order,
    Overhear,
    Progress,
    Score,
    Started,
    send,
)
from models.schema import validated
from models.structure.schema import compiled

# Seeds of further attempts, far from those of other requests.
_SEED_STEP = 0x9E3779B1
_MOMENT = 0.02
"""Seconds."""
_MARKS = 8
"""Tokens around a thought."""
_ORDERS = 64
"""Orders taken between two steps: a flood of them must not keep the first from being answered."""


@dataclass(slots=True, eq=False)
class _Job:
    """An order in the making."""

    order: Complete | Overhear | Score
    tasks: list[Task] = field(default_factory=list)
    attempt: int = 0
    finished: int = 0
    started: bool = False


class Service:
    """One model at work."""

    def __init__(self, load: Load, out: BinaryIO) -> None:
        """Load the model, saying how far it is.

        Raises:
            ModelError: it cannot be used.
        """
        self._out = out
        self._options = load.options
        header = read_header(load.path)
        self.plan = load.plan
        model = Model(load.path, load.plan.gpu_layers, _Reporter(out))
        self._vocabulary = Vocabulary(model)
        self._template = ChatTemplate(
            header.template, self._vocabulary, bos=model.named("bos"), eos=model.named("eos"), begin=model.bos
        )
        memory = Memory(model, self.plan)
        pace = Pace.of(model.parameters, header.attention, threads=self.plan.threads, gpu=on_gpu(self.plan))
        limits = Limits(self.plan.sequences, self.plan.outputs, model.copies_prefixes, pace)
        self.scheduler = Scheduler(memory, limits)
        self._jobs: dict[int, _Job] = {}
        self._owners: dict[int, _Job] = {}

    @property
    def memory_note(self) -> str:
        """How the key-value memory is stored."""
        flash = ", flash attention" if self.plan.flash == "on" else ""
        place = "on the GPU" if on_gpu(self.plan) else "on the processor"
        return f"keys of the memory in {chosen_keys(self.plan)}{flash}, {place}"

    def obey(self, order: Order) -> None:
        """Take an order."""
        match order:
            case Complete() | Overhear() | Score():
                self._begin(_Job(order))
            case Cancel(number) if number in self._jobs:
                self._drop(self._jobs[number])
            case _:
                pass

    def work(self) -> None:
        """Compute one step and answer what is done.

        What begins is said before: should the step end the process, these are the suspects.
        """
        for task in self.scheduler.admit():
            job = self._owners[task.number]
            if not job.started:
                job.started = True
                send(self._out, Started(job.order.id))
        for outcome in self.scheduler.step():
            self._settle(outcome)

    def _begin(self, job: _Job) -> None:
        try:
            match job.order:
                case Complete():
                    job.tasks = [self._writing(job.order, job.attempt)]
                case Overhear():
                    job.tasks = [self._overhearing(job.order)]
                case Score():
                    job.tasks = self._scorings(job.order)
        except ModelError as error:
            send(self._out, Answered(job.order.id, error))
            return
        if not job.tasks:
            send(self._out, Answered(job.order.id, []))
            return
        self._jobs[job.order.id] = job
        for task in job.tasks:
            self._owners[task.number] = job
            self.scheduler.add(task)

    def _writing(self, order: Complete, attempt: int) -> Task:
        request = order.request
        sampling = request.sampling
        most = min(sampling.max_tokens, self._options.reply_tokens or sampling.max_tokens)
        thinking = self._options.thinking_tokens if request.thinking and self._template.thinks else 0
        prompt = self._template.prompt(request.messages, thinking=bool(thinking))
        room = most + thinking + _MARKS
        self._check_length(len(prompt), room)
        composer = Composer(
            self._vocabulary, compiled(request.schema), most=most, thinking=thinking, forbidden=sampling.forbidden
        )
        drawn = replace(sampling, seed=sampling.seed + attempt * _SEED_STEP)
        return Writing(prompt, composer, drawn, room, logprobs=request.logprobs)

    def _overhearing(self, order: Overhear) -> Task:
        prompt = self._template.user_turn(order.system)
        most = order.sampling.max_tokens
        self._check_length(len(prompt), most)
        return Writing(prompt, Turn(self._vocabulary, most=most), order.sampling, most)

    def _scorings(self, order: Score) -> list[Task]:
        prompt = self._template.prompt(order.messages, thinking=False)
        endings = [self._vocabulary.encode(text.encode("utf-8", "replace")) for text in order.continuations]
        self._check_length(len(prompt), max(map(len, endings), default=0))
        if not all(endings):
            raise ModelError("An empty continuation has no probability.", "Leave empty texts out.")
        return [Scoring(prompt, ending) for ending in endings]

    def _check_length(self, prompt: int, reply: int) -> None:
        if prompt + reply > self.plan.context:
            raise RequestTooLong(
                f"The prompt has {prompt:,} tokens and its reply may have {reply:,}; "
                f"the context holds {self.plan.context:,}."
            )

    def _settle(self, outcome: Outcome) -> None:
        job = self._owners.pop(outcome.task.number, None)
        if job is None:
            return
        if outcome.error is not None:
            self._failed(job, outcome.error)
            return
        job.finished += 1
        if job.finished == len(job.tasks):
            del self._jobs[job.order.id]
            send(self._out, Answered(job.order.id, _answer(job)))

    def _failed(self, job: _Job, error: ModelError) -> None:
        """Try again with other seeds where that can help."""
        self._drop(job)
        job.attempt += 1
        if isinstance(error, ReplyIncomplete) and job.attempt < self._options.attempts:
            self._begin(_Job(job.order, attempt=job.attempt, started=True))
        else:
            send(self._out, Answered(job.order.id, error))

    def _drop(self, job: _Job) -> None:
        del self._jobs[job.order.id]
        for task in job.tasks:
            self._owners.pop(task.number, None)
            self.scheduler.cancel(task)


class _Reporter:
    """Sends the share that is loaded, in steps of a hundredth."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._last = 0

    def __call__(self, share: float) -> None:
        if int(share * 100) > self._last:
            self._last = int(share * 100)
            send(self._out, Progress(share))


def serve(inbox: queue.SimpleQueue[Order], out: BinaryIO) -> None:
    """Load and work until the process ends."""
    load = inbox.get()
    assert isinstance(load, Load)
    try:
        if load.embeds or load.ranks:
            embedding_service.serve(load, inbox, out)
        service = Service(load, out)
    except ModelError as error:
        send(out, LoadFailed(error))
        return
    send(out, Loaded((*service.plan.notes, service.memory_note)))
    while True:
        for _ in range(_ORDERS):
            if inbox.empty() and not service.scheduler.idle:
                break
            service.obey(inbox.get())
        service.work()
        if service.scheduler.between:
            _wait_for_more(inbox, service)


def _wait_for_more(inbox: queue.SimpleQueue[Order], service: Service) -> None:
    """Give callers a moment to ask on about what is still in memory, before something else takes its place."""
    with contextlib.suppress(queue.Empty):
        service.obey(inbox.get(timeout=_MOMENT))


def _answer(job: _Job) -> Reply | list[float] | ModelError:
    if isinstance(job.order, Score):
        return [task.score for task in job.tasks if isinstance(task, Scoring)]
    writing = job.tasks[0]
    assert isinstance(writing, Writing)
    if isinstance(job.order, Overhear):
        return writing.reply
    try:
        return replace(writing.reply, text=validated(writing.reply.text, job.order.request.schema))
    except ModelError as error:
        return error
