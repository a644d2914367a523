"""The Run screen: what it says of runs made elsewhere, and of samples that are not settled yet."""

from __future__ import annotations

from doc2data.events import SampleDrafted, SampleJudged
from doc2data.project import Project
from doc2data.stages.manifest import Record, write_manifest
from doc2data.store import Store
from tests.tui.driving import opened, screen_text, shows
from tests.tui.runs import ScriptedRun, whole_run


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


async def test_drafts_are_shown_until_they_are_settled(project: Project) -> None:
    """A sample stands among the newest as soon as it has passed its checks, and once when it is kept."""
    events = whole_run()
    at = next(number for number, event in enumerate(events) if isinstance(event, SampleJudged))
    first = events[at]
    assert isinstance(first, SampleJudged)
    run = ScriptedRun([*events[:at], SampleDrafted(first.judged), *events[at:]], hold=at + 1)
    app = opened(project.folder, build=run)
    question = first.judged.sample.question[:40]
    async with app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("f5")
        await shows(pilot, "passed its checks so far", question)
        await pilot.press("enter")
        await pilot.pause()
        assert app.current_mode == "run"
        run.gate.set()
        await shows(pilot, "✓ Finished")
        assert screen_text(app).count(question) == 1
        assert "passed its checks so far" not in screen_text(app)
