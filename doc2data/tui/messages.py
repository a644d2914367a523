"""Facts that travel through the app."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class RunNews(Message):
    """The run has told something; the ledger knows what. Many of these count as one."""

    def can_replace(self, message: Message) -> bool:
        """A newer one stands for all before it."""
        return isinstance(message, RunNews)


@dataclass
class RunEnded(Message):
    """The run is over; `error` says why where it could not finish."""

    error: Exception | None = None
    stopped: bool = False
    """Whether a person stopped it."""
