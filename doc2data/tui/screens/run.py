"""Run: watch samples appear, with counts, rates, reasons and an honest time left."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from doc2data import machine
from doc2data.events import Stage
from doc2data.records import Judged
from doc2data.tui.ledger import Ledger, RunState, StageLine
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.themes import MUTED
from doc2data.tui.widgets.duration import bar, brief_time, gigabytes, time_left
from doc2data.tui.widgets.panel import Panel
from doc2data.tui.widgets.plot import Plot
from doc2data.tui.widgets.rows import Column, Row, Rows

STAGES: dict[Stage, str] = {"parse": "Reading", "index": "Indexing", "make": "Making", "export": "Writing"}
HEADLINES: dict[RunState, str] = {
    "idle": "Nothing has run yet. Press r to make the dataset; every stage and sample will show here.",
    "running": "▶ Running",
    "paused": "❚❚ Paused. p goes on",
    "stopping": "■ Stopping after the work in hand",
    "stopped": "■ Stopped. What was finished is kept; r goes on from there",
    "finished": "✓ Finished",
    "failed": "✗ Could not go on. What was finished is kept; r tries again",
}


class Run(Place):
    """The run as it goes."""

    NAME: ClassVar[PlaceName] = "run"
    CSS_PATH = "run.tcss"
    HELP = (
        "The run goes on while you are elsewhere: press 5 to review what is there already.\n"
        "Pausing holds it after the work in hand; stopping keeps everything that was finished."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "start", "Run", id="run.start"),
        Binding("p", "pause", "Pause", id="run.pause"),
        Binding("s", "stop", "Stop", id="run.stop"),
    ]

    def body(self) -> ComposeResult:
        """Stages above, counts and newest samples below, curves at the foot where there is room."""
        yield Static(id="headline")
        yield Static(id="stages")
        with Horizontal(id="middle"):
            yield Panel("Counted", id="counts")
            with Vertical(id="newest-box") as box:
                box.border_title = "Newest samples"
                yield Rows(
                    (Column("", 2), Column("Kind", 10, wide=50), Column("Question"), Column("Reason", 24, wide=90)),
                    id="newest",
                    empty="Samples show here as they are made.",
                )
        with Horizontal(id="plots"):
            yield Plot("Samples a minute", id="pace")
            yield Plot("Passed each check, %", id="yield")

    _before: Mapping[str, Any] = MappingProxyType({})
    """What run.json says of the run before."""

    async def renew(self) -> None:
        """Show the run, and how the machine bears it."""
        self.query_one("#newest").focus()
        project = self.host.project
        self._before = await self.in_thread(project.last_run) if project is not None else {}
        self.follow()

    def follow(self) -> None:
        """Show what the run has told."""
        ledger = self.host.ledger
        self.query_one("#headline", Static).update(_headline(ledger, self._before, self.host.project is not None))
        self.query_one("#stages", Static).update(_stages(ledger, wide=self.size.width >= 100))
        self.query_one("#counts", Panel).write(*_counts(ledger))
        drafts = [draft_row(judged) for judged in reversed(ledger.drafts.values())]
        self.query_one("#newest", Rows).show_all([*drafts, *map(sample_row, ledger.newest)])
        if self.query_one("#plots").display:
            rates = ledger.rates()
            curves = {"kept": [kept for _, kept, _ in rates], "rejected": [rejected for _, _, rejected in rates]}
            self.query_one("#pace", Plot).curves([seconds for seconds, _, _ in rates], curves)
            self.query_one("#yield", Plot).bars({check: round(share) for check, share in ledger.yields().items()}, 100)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        active = self.host.ledger.active
        if action == "start":
            return not active and self.host.project is not None
        if action in ("pause", "stop"):
            return active
        return True

    def action_start(self) -> None:
        """Start, or go on."""
        self.host.action_start_run()

    def action_pause(self) -> None:
        """Hold, or let go on."""
        self.host.action_pause_run()

    def action_stop(self) -> None:
        """Stop; finished work is kept."""
        self.host.action_stop_run()

    @on(Rows.Chosen, "#newest")
    def _open(self, event: Rows.Chosen) -> None:
        ledger = self.host.ledger
        settled = event.index - len(ledger.drafts)
        if settled < 0:
            self.notify("This one is settled with the others of its chunk; it can be opened then.")
        elif settled < len(ledger.newest):
            self.host.review_one(ledger.newest[settled].sample.id)


def draft_row(judged: Judged) -> Row:
    """What a table of samples says of one that is not settled yet."""
    return (("…", "dim"), (judged.sample.kind, "dim"), judged.sample.question, ("passed its checks so far", "dim"))


def sample_row(judged: Judged) -> Row:
    """What a table of samples says of one."""
    good = judged.status == "accepted"
    mark = ("✓", "good") if good else ("✗", "bad")
    return (mark, (judged.sample.kind, "dim"), judged.sample.question, (judged.reason, "dim"))


def _headline(ledger: Ledger, before: Mapping[str, Any], has_project: bool) -> Content:
    if not has_project:
        return Content("No project is open. Press 1 and type the path of your documents.")
    text = HEADLINES[ledger.state]
    if ledger.state == "idle":
        return Content(_last(before) or text)
    tail = f"  {brief_time(ledger.seconds)}"
    if ledger.state == "finished":
        tail = f" in {brief_time(ledger.seconds)}: {ledger.outcome}. 5 reviews, 6 shows all"
    return Content.assemble((text, "bold"), tail)


def _last(run: Mapping[str, Any]) -> str:
    """What the last run left, empty where there was none."""
    counts = run.get("counts", {})
    left = ", ".join(f"{counts[fate]} {fate}" for fate in ("kept", "rejected", "failed") if fate in counts)
    return left and f"The last run left {left}. r brings the dataset up to date, 5 reviews it, 6 shows all."


def _stages(ledger: Ledger, *, wide: bool) -> Content:
    lines = [_stage(title, ledger.stages.get(stage), wide=wide) for stage, title in STAGES.items()]
    return Content("\n").join(lines)


def _stage(title: str, line: StageLine | None, *, wide: bool) -> Content:
    if line is None:
        return Content.styled(f"  {title:9}", MUTED)
    over = line.done >= line.total
    width = 40 if wide else 20
    mark = ("✓ ", "$text-success") if over else ("▶ ", "$text-accent")
    rate = f"{line.per_second:.1f}/s " if line.per_second and not over else ""
    if line.tokens_per_second and not over:
        rate += f"{line.tokens_per_second:,.0f} tokens/s "
    left = "" if over else time_left(line.seconds_left)
    return Content.assemble(
        mark,
        f"{title:9}",
        (
            bar(line.done, line.total, width) if line.total else bar(1, 1, width),
            "$text-success" if over else "$text-accent",
        ),
        f" {line.done}/{line.total}  ",
        (f"{rate}{left}", MUTED),
    )


def _counts(ledger: Ledger) -> list[Content]:
    made = ledger.kept + ledger.rejected
    share = f"  {ledger.kept / made:.0%}" if made else ""
    pace = f"  {made / ledger.seconds:.1f}/s" if made and ledger.seconds > 1 else ""
    lines = [
        Content.assemble(("✓ kept      ", "$text-success"), (f"{ledger.kept}", "bold"), share, pace),
        Content.assemble(("✗ rejected  ", "$text-error"), (f"{ledger.rejected}", "bold")),
        *(Content.styled(f"   {count:5} {name}", MUTED) for name, count in ledger.reasons.most_common(5)),
        Content.assemble(("! failed    ", "$text-warning"), (f"{ledger.failed}", "bold")),
        *(Content.styled(f"   {count:5} {name}", MUTED) for name, count in ledger.failures.most_common(2)),
        _machine(),
    ]
    notes = [ledger.loading] if ledger.loading else ledger.notes[-1:]
    return lines + [Content.styled(f"note: {note}", MUTED) for note in notes]


def _machine() -> Content:
    load = machine.load()
    battery = "" if load.battery is None else f", battery {load.battery} %"
    return Content.styled(f"memory {gigabytes(load.memory_used)} of {gigabytes(load.memory_total)}{battery}", MUTED)
