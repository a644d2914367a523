"""Datasets made elsewhere, taken into a project: checked like its own samples, then reviewed and exported with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from doc2data.auditing import Audited, Auditor, batches, opened
from doc2data.curate import EvaluationTexts, read_references
from doc2data.errors import UsageError
from doc2data.export import ImportedRow, read_dataset
from doc2data.project import Project
from doc2data.records import RecipeRef, Sample, content_id
from doc2data.settings import Settings
from doc2data.stages.workshop import Workshop
from doc2data.store import JobRow, Store

RECIPE = "import"
"""What stands as the recipe of a row that was taken in."""


def adopt(project: Project, settings: Settings, store: Store, file: Path) -> Iterator[Audited]:
    """Check every row of `file` against the project's documents and store it, kept or rejected, in order.

    A row that asks what an accepted sample asks is a duplicate of it. Taking in the same file again changes nothing
    but the verdicts; a row that a person decided on is left as it is.

    Args:
        project: whose documents have been read; call with its lock held.
        settings: of the checks; a model or judges that they name are asked too.
        store: of the project.
        file: a dataset in any known shape.

    Raises:
        UsageError: the file cannot be used, or the project has read no documents.
        ModelError: a model cannot be opened, or gave no usable reply.
    """
    if not any(row.state == "read" for row in store.documents.rows()):
        raise UsageError(
            "The project has read no documents that rows could be held against.",
            "Add documents with `doc2data add`, then `doc2data run`.",
        )
    references = read_references([project.folder / name for name in settings.checks.evaluation])
    decided = {judged.sample.id for judged in store.samples.decisions()}
    with opened(Workshop(project, settings, store, engine=None)) as (shop, run):
        texts = EvaluationTexts(references, settings.checks, shop.embed) if references else None
        auditor = Auditor(shop, texts, run, lambda sample, row: _adopted(sample, row, file.name))
        auditor.remember(
            judged.sample for judged in store.samples.judged("accepted") if judged.sample.recipe.name != RECIPE
        )
        for rows in batches(read_dataset(file)):
            yield from auditor.batch([row for row in rows if _id(row, file.name) not in decided])


def _adopted(sample: Sample, row: ImportedRow, file: str) -> tuple[Sample, JobRow]:
    """A row's sample as the project keeps it, and the job that it counts as."""
    id = _id(row, file)
    params = {"file": file, "row": row.number, "shape": row.shape, "made_by_recipe": sample.recipe.name}
    position = f"~{file}/{row.number:012}"  # behind what the project made itself
    return replace(sample, id=id, recipe=RecipeRef(RECIPE, 1, params)), JobRow(id, position, RECIPE, "", "done")


def _id(row: ImportedRow, file: str) -> str:
    if row.judged is None:
        return ""
    return content_id(RECIPE, file, row.number, [(m.role, m.content) for m in row.judged.sample.messages])
