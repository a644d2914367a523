"""The Run screen of a project that another process ran."""

from __future__ import annotations

from doc2data.project import Project
from doc2data.stages.manifest import Record, write_manifest
from doc2data.store import Store
from tests.tui.driving import opened, shows


async def test_a_run_made_by_command_is_told(project: Project) -> None:
    with Store(project.database) as store:
        write_manifest(project, store, project.settings(), Record("doc2data run"))
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("4")
        await shows(pilot, "The last run left 6 kept, 2 rejected, 0 failed.")


async def test_without_a_run_there_is_nothing_to_tell(project: Project) -> None:
    project.manifest.write_text("[]", encoding="utf-8")
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("4")
        await shows(pilot, "Nothing has run yet")
