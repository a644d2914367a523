"""Ids in order, one after the other: a corpus may have more of them than memory should hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice


def apart(ids: Iterable[str], others: Iterable[str]) -> Iterator[str]:
    """The ids that are not among the others; both come in order."""
    stream = iter(others)
    other = next(stream, None)
    for id in ids:
        while other is not None and other < id:
            other = next(stream, None)
        if other != id:
            yield id


def batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """The ids in lists of `size`, the last one shorter."""
    stream = iter(ids)
    while batch := list(islice(stream, size)):
        yield batch


def digest(ids: Iterable[str]) -> str:
    """One hash of all the ids."""
    total = hashlib.sha256()
    for id in ids:
        total.update(id.encode() + b"\n")
    return total.hexdigest()
