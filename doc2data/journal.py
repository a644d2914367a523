"""The log file of a run: what happened when, for a person who was asleep meanwhile.

Without `run.log_text` it holds no word of a document, a sample or a reply: names of files, counts, ids, checks and
kinds of errors only. All of the product's logging happens here.
"""

from __future__ import annotations

import logging
import traceback
from asyncio import CancelledError
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from doc2data import events as e
from doc2data.errors import StorageError
from doc2data.plain import one_line
from doc2data.project import Project
from doc2data.settings import RunSettings

FOLDER = "logs"
FILE_NAME = "run.log"
LARGEST = 5 << 20
"""Bytes of one log file; three older ones are kept."""
FORMAT = "%(asctime)s %(levelname)-7s %(message)s"


class Journal:
    """Writes a run's events down."""

    def __init__(self, logger: logging.Logger, *, texts: bool) -> None:
        self._log = logger
        self._texts = texts
        self._over = False

    def note(self, event: e.Event) -> None:
        """Write one event, in the words that may be written."""
        match event:
            case e.StageStarted(stage, total):
                self._log.info("%s: %d to do", stage, total)
            case e.DocumentSeen():
                self._document(event)
            case e.SampleJudged(judged):
                failed = next((verdict.check for verdict in judged.verdicts if not verdict.passed), "-")
                said = f" {judged.sample.question!r}: {judged.reason}" if self._texts else ""
                self._log.debug("sample %s %s by %s%s", judged.sample.id, judged.status, failed, said)
            case e.JobFailed(recipe, reason, hint):
                self._log.warning("job of %s failed: %s", recipe, f"{reason} {hint}" if self._texts else hint)
            case e.Warned(message):
                self._log.info("note: %s", message if self._texts else "(its words are in run.json)")
            case e.ModelLoading(name, 1.0, notes):
                self._log.info("model %s: %s", name, "; ".join(notes) or "ready")
            case e.Paused(reason):
                self._log.info("paused: %s", reason)
            case e.Resumed(seconds):
                self._log.info("went on after %.0f s", seconds)
            case _:
                pass

    def ended(self, lines: Sequence[str]) -> None:
        """Write the report of a run's end."""
        self._over = True
        for line in lines:
            self._log.info("%s", line)

    def broke(self, error: BaseException) -> None:
        """Write how a run ended before its end: the error's kind and place, its words only where texts may be."""
        if self._over:
            return
        if isinstance(error, GeneratorExit | CancelledError):
            self._log.warning("stopped; what was finished is kept")
            return
        place = traceback.extract_tb(error.__traceback__)[-1:]
        where = f" at {Path(place[0].filename).name}:{place[0].lineno}" if place else ""
        said = f": {error}" if self._texts else ""
        self._log.error("broke off with %s%s%s", type(error).__name__, where, said)

    def _document(self, event: e.DocumentSeen) -> None:
        if event.state == "failed":
            self._log.warning("failed: %s: %s", event.name, event.reason if self._texts else event.hint)
            return
        level = logging.INFO if event.state == "read" else logging.DEBUG
        self._log.log(level, "%s: %s, %d chunks, %d clues", event.state, event.name, event.chunks, event.clues)


@contextmanager
def opened(project: Project, settings: RunSettings, command: str) -> Iterator[Journal]:
    """The journal of one run, appended to the project's log file.

    Raises:
        StorageError: the log file cannot be written.
    """
    logger = logging.getLogger(f"doc2data.run.{project.folder}")
    logger.propagate = False
    handler = _handler(project, settings) if settings.log != "off" else logging.NullHandler()
    logger.addHandler(handler)
    logger.setLevel(settings.log.upper() if settings.log != "off" else logging.CRITICAL)
    journal = Journal(logger, texts=settings.log_text)
    logger.info("begins: %s", command)
    try:
        yield journal
    except BaseException as error:
        journal.broke(error)
        raise
    finally:
        logger.removeHandler(handler)
        handler.close()


def _handler(project: Project, settings: RunSettings) -> logging.Handler:
    path = project.folder / settings.log_file if settings.log_file else project.folder / FOLDER / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LARGEST, backupCount=3, encoding="utf-8", errors="replace")
    except OSError as error:
        hint = "Name another file with --log-file, or write none with --set run.log=off."
        raise StorageError(f"Cannot write the log {str(path)!r}: {error.strerror}.", hint) from error
    handler.setFormatter(_Lines(FORMAT))
    return handler


class _Lines(logging.Formatter):
    """One line for one message, whatever a file is called."""

    def format(self, record: logging.LogRecord) -> str:
        return one_line(super().format(record))
