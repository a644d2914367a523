"""Running a recipe over a desk."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data import recipes
from doc2data.recipes.base import Desk, Job
from doc2data.records import Judged, Sample


async def everything(name: str, desk: Desk) -> list[Sample | Judged]:
    """What a recipe makes of all its jobs."""
    recipe = recipes.load(name)
    return [made for job in recipe.plan(desk) for made in await recipe.run(job, desk)]


async def samples(name: str, desk: Desk) -> list[Sample]:
    """What a recipe makes and does not give up itself."""
    return [made for made in await everything(name, desk) if isinstance(made, Sample)]


def reasons(made: Sequence[Sample | Judged]) -> set[str]:
    """Why samples were given up."""
    return {one.reason for one in made if isinstance(one, Judged)}


def jobs(name: str, desk: Desk) -> list[Job]:
    """The plan of a recipe."""
    return list(recipes.load(name).plan(desk))
