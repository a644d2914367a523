"""The line to the engine's process: questions there, answers back, whatever becomes of the process.

A process that dies is started again and given back what it had not answered; a question that was at work in several
dead processes is given up, so that one bad request cannot take the run with it.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from models.engine import Condition
from models.errors import EngineLost, ModelError, ModelUnusable
from models.llama.child import Child
from models.llama.wire import (
    Answer,
    Answered,
    Cancel,
    Event,
    Load,
    Loaded,
    LoadFailed,
    Progress,
    Question,
    Started,
)

_REASON = re.compile(r"error loading model(?: [a-z]+)*: (?!error loading)(.+)")


@dataclass(slots=True)
class _Asked:
    """A question that is not answered yet."""

    question: Question
    future: Future[Answer] = field(default_factory=Future)
    started: bool = False
    deaths: int = 0


class Line:
    """One model in a process of its own, asked from any thread."""

    def __init__(self, load: Load) -> None:
        """Start the process and let it load; the first question waits for it."""
        self._load = load
        self._lock = threading.RLock()
        self._ids = itertools.count()
        self._asked: dict[int, _Asked] = {}
        self._waiting: list[Future[None]] = []
        """Those who wait for the model to be loaded."""
        self._failure: ModelError | None = None
        self._loaded = False
        self._deaths = 0
        """Deaths since the last answer."""
        self.condition = Condition(loaded=0.0)
        self._child = self._start()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._child.pid

    def ready(self) -> Future[None]:
        """Done once the model is loaded; holds the error if it cannot be."""
        with self._lock:
            waiting: Future[None] = Future()
            self._waiting.append(waiting)
            if self._loaded or self._failure is not None:
                self._tell_waiting()
            return waiting

    def ask(self, question: Callable[[int], Question]) -> tuple[int, Future[Answer]]:
        """Ask, given the number that the question gets.

        Raises:
            ModelError: the model could not be loaded, or the line is closed.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            number = next(self._ids)
            asked = self._asked[number] = _Asked(question(number))
            self._child.tell(asked.question)
            return number, asked.future

    def cancel(self, number: int) -> None:
        """Drop a question."""
        with self._lock:
            if self._asked.pop(number, None) is not None:
                self._child.tell(Cancel(number))

    def close(self) -> None:
        """End the process; questions without an answer fail."""
        with self._lock:
            self._give_up(EngineLost("The engine was closed."))
        self._child.close()

    def _start(self) -> Child:
        child = Child(self._heard, self._died)
        child.tell(self._load)
        return child

    def _heard(self, event: Event) -> None:
        with self._lock:
            match event:
                case Answered(number, answer):
                    self._deaths = 0
                    self._settle(number, answer)
                case Started(number) if number in self._asked:
                    self._asked[number].started = True
                case Progress(share):
                    self.condition = replace(self.condition, loaded=share)
                case Loaded(notes):
                    self._loaded = True
                    self.condition = replace(self.condition, loaded=1.0, notes=notes)
                    self._tell_waiting()
                case LoadFailed(error):
                    self._give_up(_explained(error, self._child.last_words()))
                case _:
                    pass

    def _settle(self, number: int, answer: Answer | ModelError) -> None:
        asked = self._asked.pop(number, None)
        if asked is None or not asked.future.set_running_or_notify_cancel():
            return
        if isinstance(answer, ModelError):
            asked.future.set_exception(answer)
        else:
            asked.future.set_result(answer)

    def _died(self, status: int) -> None:
        with self._lock:
            if self._failure is not None:
                return
            if not self._loaded:
                self._give_up(_load_crash(self._load.path.name, status, self._child.last_words()))
                return
            self._blame(status)
            self._deaths += 1
            if self._deaths > self._load.options.attempts:
                self._give_up(EngineLost(f"The engine's process died {self._deaths} times without an answer."))
                return
            self.condition = replace(self.condition, restarts=self.condition.restarts + 1)
            dead = self._child
            self._loaded, self._child = False, self._start()
            for asked in self._asked.values():
                self._child.tell(asked.question)
        dead.close()

    def _blame(self, status: int) -> None:
        """Count the death against every request that was at work, and drop those with too many."""
        for number, asked in list(self._asked.items()):
            asked.deaths += asked.started
            asked.started = False
            if asked.deaths >= self._load.options.attempts:
                self._settle(number, EngineLost(f"The engine's process died {asked.deaths} times (status {status})."))

    def _give_up(self, error: ModelError) -> None:
        self._failure = error
        self._tell_waiting()
        for number in list(self._asked):
            self._settle(number, error)

    def _tell_waiting(self) -> None:
        for waiting in self._waiting:
            if not waiting.set_running_or_notify_cancel():
                continue
            if self._failure is not None:
                waiting.set_exception(self._failure)
            else:
                waiting.set_result(None)
        self._waiting.clear()


def _load_crash(name: str, status: int, log: str) -> ModelUnusable:
    lines = [line for line in log.splitlines() if line.strip()]
    detail = f" Its last words: {lines[-1].strip()!r}." if lines else ""
    return ModelUnusable(f"llama.cpp stopped while it loaded {name!r} (status {status}).{detail}")


def _explained(error: ModelError, log: str) -> ModelError:
    """A refusal with what llama.cpp itself says of it, the most telling part."""
    reasons = _REASON.findall(log)
    if not reasons or not isinstance(error, ModelUnusable):
        return error
    return ModelUnusable(f"{error.message.rstrip('.')}: {reasons[-1].strip().rstrip('.')}.", error.hint)
