"""Dataset: how good it is, what it covers, every sample of it, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from doc2data import library
from doc2data.balance import Balance, Repeats, balance, measured, repeats
from doc2data.library import Entry
from doc2data.store import Brief, Query, Store
from doc2data.tui.archive import Archive
from doc2data.tui.place import Place, PlaceName
from doc2data.tui.screens.dialog import Choice, Question
from doc2data.tui.themes import MUTED
from doc2data.tui.widgets.duration import bar
from doc2data.tui.widgets.panel import Panel
from doc2data.tui.widgets.rows import Column, Row, Rows

COLUMNS = (
    Column("", 2),
    Column("Kind", 10),
    Column("Score", 5, right=True),
    Column("Question"),
    Column("Reason", 30, wide=110),
)
EMPTY = "No samples. Press 4 and r to make some."
NO_MATCH = "No sample matches. Press / to search for something else, f for another filter."
NO_PROJECT = "No project is open. Press 1 and type the path of your documents."


class Dataset(Place):
    """Everything that was made."""

    NAME: ClassVar[PlaceName] = "dataset"
    CSS_PATH = "dataset.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (52, "-high")]  # noqa: RUF012 - as Textual declares it
    HELP = (
        "/ searches the words of all samples, questions, answers and quotes, in any script. f filters by state, kind "
        "or check. Enter opens a sample in Review. x shows each format's real bytes and writes the files again, "
        "with your decisions. b changes between measures with coverage and balance with duplicates; a tall window "
        "shows all four. o tells where the report is."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("/", "search", "Search", id="dataset.search"),
        Binding("f", "filter", "Filter", id="dataset.filter"),
        Binding("x", "export", "Export", id="dataset.export"),
        Binding("b", "panels", "Balance", show=False, id="dataset.panels"),
        Binding("o", "report", "Report", show=False, id="dataset.report"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._query = Query()
        self._ids: list[str] = []

    def body(self) -> ComposeResult:
        """Measures and coverage beside the samples."""
        with Horizontal(id="dataset"):
            with Vertical(id="left"):
                yield Panel("Measures", id="measures")
                yield Panel("Balance", id="balance")
                yield Panel("Duplicates", id="duplicates")
                yield Panel("Coverage", id="coverage")
            with Vertical(id="right"):
                yield Input(placeholder="Search all samples: type, then Enter", id="search", compact=True)
                yield Static(id="found")
                yield Rows(COLUMNS, id="samples", empty=NO_PROJECT)

    async def renew(self) -> None:
        """Samples first, measures when they are counted."""
        if not isinstance(self.focused, Input):
            self.query_one("#samples").focus()
        if self.host.archive is None:
            return
        await self._find()
        await self._count(self.host.archive)

    async def _count(self, archive: Archive) -> None:
        """Fill the panels in sight, as long as a person looks: counting all of a large set takes a while."""
        for name, lines in (
            ("measures", self._measured),
            ("coverage", self._covered),
            ("balance", self._balanced),
            ("duplicates", self._repeated),
        ):
            panel = self.query_one(f"#{name}", Panel)
            if panel.display and self.host.place is self:
                panel.write(*await lines(archive))

    async def _measured(self, archive: Archive) -> list[Content]:
        project, measures = self.host.project, await archive.ask(_measures, slow=True)
        variety = await self.in_thread(lambda: measured(project) if project is not None else {})
        return [*measures, *_variety(variety)]

    async def _covered(self, archive: Archive) -> list[Content]:
        return _coverage(await archive.ask(library.entries, slow=True))

    async def _balanced(self, archive: Archive) -> list[Content]:
        return _balance(await archive.ask(balance, slow=True))

    async def _repeated(self, archive: Archive) -> list[Content]:
        return _repeats(await archive.ask(repeats, slow=True))

    def action_panels(self) -> None:
        """Measures and coverage, or balance and duplicates, where there is no room for all four."""
        self.toggle_class("-balance")
        archive = self.host.archive
        if archive is not None:
            self.call_after_refresh(lambda: self.ask(partial(self._count, archive), group="count"))

    async def _find(self) -> None:
        archive, query = self.host.archive, self._query
        if archive is None:
            return
        self._ids = await archive.ask(lambda store: store.samples.select(query), slow=bool(query.text))
        rows = self.query_one("#samples", Rows)
        rows.say_empty(EMPTY if query == Query() else NO_MATCH)
        ids = self._ids

        async def fetch(offset: int, limit: int) -> list[Row]:
            page = ids[offset : offset + limit]
            return [_row(brief) for brief in await archive.ask(lambda store: store.samples.briefs(page))]

        rows.show(len(ids), fetch)
        self.query_one("#found", Static).update(f"{len(ids):,} samples{_filtered(query)}")

    def action_search(self) -> None:
        """To the search field."""
        self.query_one("#search").focus()

    @on(Input.Submitted, "#search")
    def _search(self, event: Input.Submitted) -> None:
        self._query = replace(self._query, text=event.value.strip())
        self.query_one("#found", Static).update("Searching…")
        self.query_one("#samples").focus()
        self.ask(self._find, group="find")

    def action_leave_input(self) -> None:
        """From the search field to the samples."""
        self.query_one("#samples").focus()

    def action_filter(self) -> None:
        """Choose what to see."""
        self.ask(self._choose_filter, group="filter")

    async def _choose_filter(self) -> None:
        if self.host.archive is None:
            return
        kinds, reasons = await self.host.archive.ask(lambda s: (s.samples.kinds(), s.samples.rejected_by()), slow=True)
        answers = {"all": "All", "status:accepted": "Accepted", "status:rejected": "Rejected"}
        answers |= {
            "decided:yes": "Decided by you",
            "decided:no": "Not decided yet",
            "order:score": "Lowest score first",
        }
        answers |= {f"kind:{kind}": f"Of kind {kind}" for kind in kinds}
        answers |= {f"failed:{name}": f"Failed {name}" for name in reasons}
        self.host.push_screen(Choice("Show which samples?", "", answers), self._filter_chosen)

    def _filter_chosen(self, answer: str | None) -> None:
        if answer is None:
            return
        self._query = _with(self._query, *answer.partition(":")[::2])
        if answer == "all":
            self.query_one("#search", Input).value = ""
        self.ask(self._find, group="find")

    @on(Rows.Chosen, "#samples")
    def _open(self, event: Rows.Chosen) -> None:
        self.host.review_one(self._ids[event.index])

    def action_report(self) -> None:
        """Where the report is, and on the clipboard."""
        project = self.host.project
        if project is None or not project.report.is_file():
            self.notify("There is no report yet: a run writes it.")
            return
        self.host.copy_to_clipboard(project.report.as_uri())
        self.notify(f"{project.report}: copied, to be opened in a browser.")

    def action_export(self) -> None:
        """See the bytes, choose formats, write the files; licences that nobody has stated are asked for once."""
        self.ask(self._ask_licence, group="export")

    async def _ask_licence(self) -> None:
        archive = self.host.archive
        if archive is None:
            return
        unstated = await archive.ask(library.to_be_licensed)
        if not unstated:
            self._choose_formats()
            return
        text = (
            f"Under what licence are {len(unstated)} of the documents? The card and the metadata say so, and "
            "quotes from them are theirs. Empty: not stated; L on Library changes it."
        )
        self.host.push_screen(Question("Licence of the documents", text), partial(self._licensed, unstated))

    def _licensed(self, names: list[str], licence: str | None) -> None:
        archive = self.host.archive
        if archive is None or licence is None:
            return

        async def keep() -> None:
            await archive.ask(lambda store: library.license(store, names, licence))
            self._choose_formats()

        self.ask(keep, group="export")

    def _choose_formats(self) -> None:
        from doc2data.tui.screens.export import Export

        project = self.host.project
        if project is not None:
            self.host.push_screen(Export(project), self._export)

    def _export(self, formats: tuple[str, ...] | None) -> None:
        project = self.host.project
        if formats and project is not None:
            self.host.export(formats)


def _with(query: Query, name: str, value: str) -> Query:
    if name == "decided":
        return replace(query, decided=value == "yes")
    if name == "all":
        return Query()
    if name == "status":
        return replace(query, status="accepted" if value == "accepted" else "rejected")
    if name == "order":
        return replace(query, order="score")
    return replace(query, kind=value) if name == "kind" else replace(query, failed=value)


def _filtered(query: Query) -> str:
    parts = [query.status, query.kind, query.failed and f"failed {query.failed}", query.text and f"“{query.text}”"]
    parts += [None if query.decided is None else "decided" if query.decided else "undecided"]
    parts += ["lowest score first" if query.order == "score" else None]
    shown = ", ".join(part for part in parts if part)
    return f" · {shown} · f and / change it" if shown else ""


def _row(brief: Brief) -> Row:
    good = brief.status == "accepted"
    sign = ("✓" if good else "✗") * (2 if brief.decided else 1)
    return (
        (sign, "good" if good else "bad"),
        (brief.kind, "dim"),
        f"{brief.score:.2f}",
        brief.question,
        (brief.reason, "dim"),
    )


def _measures(store: Store) -> list[Content]:
    counts, kinds, reasons = store.samples.counts(), store.samples.kinds(), store.samples.rejected_by()
    made = counts["accepted"] + counts["rejected"]
    if not made:
        return [Content("Nothing made yet.")]
    lines = [
        Content.assemble(
            ("✓ ", "$text-success"), (f"{counts['accepted']:,} accepted", "bold"), f"  {counts['accepted'] / made:.0%}"
        ),
        Content.assemble(("✗ ", "$text-error"), f"{counts['rejected']:,} rejected"),
        Content.assemble(("! ", "$text-warning"), f"{counts['failed']:,} jobs failed"),
    ]
    lines += [Content.styled(f"  {count:6,} {kind}", MUTED) for kind, count in kinds.items()]
    most = max(reasons.values(), default=0)
    lines += [_reason(name, count, most) for name, count in list(reasons.items())[:6]]
    return lines


def _variety(found: Mapping[str, Any]) -> list[Content]:
    """The measures of the last run that say how unlike its questions are."""
    if not found:
        return []
    told = (
        ("different pairs", found["distinct"][1]),
        ("self-BLEU", found["self_bleu"]),
        ("grounded", found["groundedness"]),
    )
    return [Content.styled(f"  {value:4.0%} {name}", MUTED) for name, value in told]


def _balance(found: Balance) -> list[Content]:
    if not found.languages:
        return [Content("Nothing accepted yet.")]
    lines = []
    for name, counts in (("Kinds", found.kinds), ("Languages", found.languages), ("Answers", found.lengths)):
        lines += [Content.styled(name, MUTED), *_shares(counts)]
    several = {name: count for name, count in found.documents.items() if count}
    return [*lines, Content.styled("Documents with most", MUTED), *_shares(dict(islice(several.items(), 3)), found)]


def _shares(counts: Mapping[str, int], whole: Balance | None = None) -> list[Content]:
    total = sum((whole.documents if whole else counts).values())
    ranked = list(counts.items())[:4]
    return [
        Content.assemble((bar(n, total, 6), "$text-accent"), f" {n / total:4.0%} {name}") for name, n in ranked if total
    ]


def _repeats(found: Repeats) -> list[Content]:
    lines = [
        Content(f"{found.turned_down:6,} asked before, rejected"),
        Content(f"{found.kept:6,} of them kept by you"),
        Content(f"{found.same_answers:6,} share their answer"),
    ]
    if found.quotes:
        lines.append(Content.styled("Quotes used most", MUTED))
    return lines + [Content.styled(f"  {n:4,} {' '.join(quote.split())}", MUTED) for quote, n in found.quotes.items()]


def _reason(name: str, count: int, most: int) -> Content:
    return Content.assemble(f"{count:6,} {name:14} ", (bar(count, most, 6), "$text-error"))


def _coverage(entries: list[Entry]) -> list[Content]:
    read = sorted((entry for entry in entries if entry.chunks), key=lambda entry: entry.covered / entry.chunks)
    if not read:
        return [Content("No document has been read yet.")]
    covered, chunks = sum(entry.covered for entry in read), sum(entry.chunks for entry in read)
    lines = [Content.assemble((f"{covered / chunks:.0%}", "bold"), f" of {chunks:,} chunks carry samples")]
    return lines + [_covered(entry) for entry in read[:30]]


def _covered(entry: Entry) -> Content:
    share = entry.covered / entry.chunks
    return Content.assemble((bar(share, 1, 8), "$text-accent"), f" {share:4.0%} {entry.name}")
