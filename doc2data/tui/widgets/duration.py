"""Times, sizes and bars in few characters."""

from __future__ import annotations

FULL, EMPTY = "━", "─"


def brief_time(seconds: float | None) -> str:
    """A span as a person says it; empty where it is unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def time_left(seconds: float | None) -> str:
    """An honest estimate, which is about."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"about {max(1, round(seconds))} s left"
    minutes = round(seconds / 60)
    return f"about {minutes} min left" if minutes < 60 else f"about {minutes // 60} h {minutes % 60:02} min left"


def bar(done: float, total: float, width: int) -> str:
    """A bar of so many cells."""
    filled = round(width * min(1.0, done / total)) if total else 0
    return FULL * filled + EMPTY * (width - filled)


def gigabytes(size: float) -> str:
    """A size in GB."""
    return f"{size / 1e9:.1f} GB"
