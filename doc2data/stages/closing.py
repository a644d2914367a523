"""The report of a run's end: a few lines that say what was made, what was not, why, and how long it took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doc2data.progress import duration

STAGES = {"parse": "reading", "index": "indexing", "make": "making samples", "export": "writing", "paused": "paused"}
MOST_REASONS = 4


def report(manifest: Mapping[str, Any]) -> list[str]:
    """What run.json says, for a person who was not there; counts and names only, no words of documents."""
    counts = manifest["counts"]
    lines = [
        f"{counts['made']} made = {counts['kept']} kept + {counts['rejected']} rejected + {counts['failed']} failed"
    ]
    if counts["kinds"]:
        lines.append("Kept: " + ", ".join(f"{n} {kind}" for kind, n in counts["kinds"].items()))
    if manifest["rejected_by"]:
        reasons = list(manifest["rejected_by"].items())
        more = f" and {len(reasons) - MOST_REASONS} more checks" if len(reasons) > MOST_REASONS else ""
        lines.append("Rejected by: " + ", ".join(f"{name} {n}" for name, n in reasons[:MOST_REASONS]) + more)
    documents = counts["documents"]
    lines.append(f"Documents: {documents['read']} read, {documents['failed']} failed")
    seconds = manifest["seconds"]
    if seconds:
        spent = ", ".join(f"{STAGES.get(stage, stage)} {duration(took)}" for stage, took in seconds.items())
        lines.append(f"Time: {spent}")
    refused = manifest["refused_connections"]
    lines.append(f"Outgoing connections tried and refused: {len(refused)}")
    return lines
