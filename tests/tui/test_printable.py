"""Documents are data: what they say is shown, and does nothing."""

from __future__ import annotations

from dataclasses import replace

from rich.segment import Segment
from textual.color import Color

from doc2data.project import Project
from doc2data.records import Message
from doc2data.store import Store
from doc2data.tui.printable import Printable
from tests.tui.driving import opened, screen_text, shows
from tests.tui.projects import judge, put_sample, samples

ATTACK = "\x1b]52;c;c3RvbGVu\x07 \x1b[2J \x9b31m \u202eevil"


def test_escapes_and_overrides_are_taken_out_and_our_own_controls_stay() -> None:
    control = Segment("\x1b[2J", None, ((1, 2),))  # type: ignore[arg-type]
    line = Printable().apply([Segment(f"a{ATTACK}b"), Segment("阀 ok"), control], Color(0, 0, 0))
    assert [segment.text for segment in line] == ["a]52;c;c3RvbGVu [2J 31m evilb", "阀 ok", "\x1b[2J"]


async def test_a_sample_cannot_steer_the_terminal(project: Project) -> None:
    judged = next(samples())
    sample = replace(
        judged.sample, id="attack", messages=(Message("user", f"Why {ATTACK}?"), Message("assistant", ATTACK))
    )
    with Store(project.database) as store, store.transaction():
        put_sample(store, judge(sample), 99)
    app = opened(project.folder)
    async with app.run_test(size=(200, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("6")
        await shows(pilot, "9 samples", "c3RvbGVu")
        seen = screen_text(app)
        await pilot.press("end", "enter")
        await shows(pilot, "One sample", "c3RvbGVu")
        seen += screen_text(app)
    assert not set(seen) & set("\x1b\x07\x9b\u202e")
