"""The order of rows: as made, or easy before hard (curriculum learning, Bengio et al., 2009).

A stage at a time is read from the first sample to the last, so that the order costs passes and no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

from doc2data.asking import STAGES, stage_of
from doc2data.records import Sample

Order = Literal["plan", "curriculum"]
Item = TypeVar("Item")


def in_order(read: Callable[[], Iterator[Item]], sample: Callable[[Item], Sample], order: Order) -> Iterator[Item]:
    """What `read` gives, in the order asked for; within a stage as it comes.

    Args:
        read: gives everything from the first to the last, the same on each call.
        sample: the sample of an item.
        order: plan or curriculum.
    """
    if order == "plan":
        yield from read()
        return
    for stage in STAGES:
        yield from (item for item in read() if stage_of(sample(item)) == stage)
