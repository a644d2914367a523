"""One export: the archive, the splits, then every format in a single pass over the samples.

    judged() -> splits, and which samples of the archive go first
    judged() -> samples.jsonl, rejected.jsonl; how many of each kind to each split, and which samples go first there
    judged() -> each accepted sample to every format's sink -> all files take their names

Samples are read as a stream, three times; what is kept of each is its split, in one byte.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from doc2data.errors import StorageError, UsageError
from doc2data.export.curriculum import in_order
from doc2data.export.files import RowFiles, atomic, json_line
from doc2data.export.formats import FORMATS, Format, find_format
from doc2data.export.rows import Unfit
from doc2data.export.sinks import Destination, ExportSources, Sink, rows_sink
from doc2data.export.splits import SPLITS, Split, SplitKey, Splits, assign_splits, split_key, split_warnings
from doc2data.export.survey import Placed, Shapes, Survey, survey_samples
from doc2data.progress import breathe
from doc2data.records import PREFERENCE, Judged, SampleStatus, to_canonical

if TYPE_CHECKING:
    from doc2data.settings import ExportSettings

# Files that an earlier export may have left in a format's folder and that would now be read as part of the set.
_ARCHIVES: dict[SampleStatus, str] = {"accepted": "samples", "rejected": "rejected"}
_SPLIT_FILE = re.compile(r"(train|validation|test|dev)([-.].+)?")


@dataclass(frozen=True, slots=True)
class FormatCount:
    """What one format took."""

    rows: Mapping[str, int]
    """Rows by split."""
    left_out: Mapping[str, int]
    """Samples that the format cannot say, by reason."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote."""

    paths: tuple[Path, ...]
    accepted: int
    rejected: int
    splits: Mapping[str, int]
    """Accepted samples by split."""
    formats: Mapping[str, FormatCount]
    warnings: tuple[str, ...]
    pairs: int = 0
    """Those of the accepted that are preference pairs."""

    @property
    def told(self) -> str:
        """What was written, in words."""
        pairs = f" and {self.pairs:,} preference pairs" if self.pairs else ""
        splits = ", ".join(f"{split} {n:,}" for split, n in self.splits.items())
        rows = ", ".join(f"{name} {sum(count.rows.values()):,}" for name, count in self.formats.items())
        samples = f"{self.accepted - self.pairs:,} samples{pairs}"
        return f"{samples}{f' ({splits})' if splits else ''}{f'; rows: {rows}' if rows else ''}"


@dataclass(slots=True)
class _Job:
    """One format at work."""

    format: Format
    destination: Destination
    left_out: Counter[str] = field(default_factory=Counter)

    def count(self) -> FormatCount:
        return FormatCount({str(split): n for split, n in self.destination.rows.items()}, dict(self.left_out))


def write_export(
    judged: Callable[[], Iterator[Judged]],
    folder: Path,
    names: Sequence[str],
    settings: ExportSettings,
    sources: ExportSources | None = None,
) -> ExportResult:
    """Write the archive and the named formats into `folder`.

    Args:
        judged: gives the samples from the first to the last, the same on each call.
        folder: made if missing; each format gets a folder of its own in it.
        names: formats, as in `FORMATS`.
        settings: splits, system message, reasoning, compression.
        sources: documents, passages and retrieval for the formats that use them.

    Raises:
        UsageError: an unknown format, or one whose library is not installed; nothing was written.
        StorageError: the disk is full, read-only or gone; what stood there before stands.
    """
    sources = sources or ExportSources()
    sinks = {format: _sink(format) for format in map(find_format, dict.fromkeys(names))}
    archive = RowFiles(folder)
    tally: Counter[str] = Counter()
    try:
        early: dict[str, Judged] = {}
        splits = assign_splits(_keys(judged(), tally, early, settings, sources), settings)
        with archive:
            survey = survey_samples(_accepted(_archived(judged(), archive, early), splits))
        jobs = [
            _Job(format, Destination(folder / format.name, settings, sources, _counted(survey, format)))
            for format in sinks
        ]
        _fill(_placed(judged, splits, survey, settings), jobs, sinks)
        _remove_stale(jobs)
    except OSError as error:
        raise StorageError(f"The export to {str(folder)!r} could not be written: {error.strerror or error}.") from error
    warnings = [*split_warnings(splits, settings), *_left_folders(folder, names), *_unpaired(survey, jobs)]
    return _result(archive.paths, tally, survey, splits, jobs, warnings)


def preview_export(
    judged: Callable[[], Iterator[Judged]],
    folder: Path,
    name: str,
    settings: ExportSettings,
    sources: ExportSources,
    shown: int,
) -> ExportResult:
    """Write how the files of one format begin into `folder`: of each split the first `shown` samples.

    The files are those of `write_export`, up to where the samples end; the result's rows count all samples to come.

    Raises:
        UsageError: as `write_export`.
    """
    format = find_format(name)
    sink, tally = _sink(format), Counter[str]()
    splits = assign_splits(_keys(judged(), tally, {}, settings, sources), settings)
    survey = survey_samples(_accepted(judged(), splits))
    counts = _counted(survey, format)
    job = _Job(format, Destination(folder, settings, sources, counts))
    _fill(_placed(judged, splits, survey, settings), [job], {format: sink}, shown)
    job.destination.rows = Counter[Split]()
    for (split, _), n in sorted(counts.items(), key=lambda count: SPLITS.index(count[0][0])):
        job.destination.rows[split] += n
    unpaired = _unpaired(survey, [job]) if format.takes == "pairs" else []  # another format may take the pairs
    return _result((), tally, survey, splits, [job], [*split_warnings(splits, settings), *unpaired])


def _placed(
    judged: Callable[[], Iterator[Judged]], splits: Splits, survey: Survey, settings: ExportSettings
) -> Iterator[Placed]:
    """The accepted samples with their splits, in the order of the files."""
    rows = in_order(lambda: _accepted(judged(), splits), lambda placed: placed[0].sample, settings.order)
    return survey.in_order(rows, settings.order)


def export_to_stream(judged: Iterable[Judged], name: str, stream: IO[bytes], settings: ExportSettings) -> FormatCount:
    """Write all accepted samples of one row format to a stream, without splits.

    Raises:
        UsageError: the format is unknown, or is more than one file.
    """
    format = _row_format(name)
    to_row, rows, left_out = format.load(), 0, Counter[str]()
    for item in judged:
        if item.status != "accepted" or not format.has_place_for(item.sample):
            continue
        try:
            stream.write(json_line(to_row(item, settings)))
            rows += 1
        except Unfit as reason:
            left_out[str(reason)] += 1
    return FormatCount({"all": rows}, left_out)


def export_to_file(judged: Iterable[Judged], name: str, path: Path, settings: ExportSettings) -> FormatCount:
    """As `export_to_stream`, to a file that appears only when whole; its ending says how it is packed.

    Raises:
        UsageError: as `export_to_stream`, or the file's name asks for a library that is not installed.
        OSError: the disk is full, read-only or gone.
    """
    _row_format(name)
    with atomic(path) as stream:
        return export_to_stream(judged, name, stream, settings)


def _row_format(name: str) -> Format:
    format = find_format(name)
    if format.layout != "rows":
        raise UsageError(
            f"The format {name!r} is a folder of files and cannot go to one file or stream.",
            f"Write it into the project's export folder with `doc2data export --format {name}`.",
        )
    return format


def _sink(format: Format) -> Sink:
    loaded = format.load()
    return rows_sink(loaded) if format.layout == "rows" else loaded


def _keys(
    judged: Iterable[Judged],
    tally: Counter[str],
    early: dict[str, Judged],
    settings: ExportSettings,
    sources: ExportSources,
) -> Iterator[SplitKey]:
    """Count every sample, note those that show a column first, and pass on the keys of those that go into splits."""
    shapes = Shapes()
    for item in judged:
        breathe()
        tally[item.status] += 1
        if shapes.shows_new(item, item.status):
            early[item.sample.id] = item
        if item.status == "accepted":
            yield split_key(item.sample, settings.split_by, sources.clusters.get(item.sample.id))


def _archived(judged: Iterable[Judged], archive: RowFiles, early: Mapping[str, Judged]) -> Iterator[Judged]:
    """Write every sample to the archive, the early ones first, and pass all of them on as they come."""
    for name in _ARCHIVES.values():
        archive.open(name)
    for item in early.values():
        archive.write(_ARCHIVES[item.status], to_canonical(item))
    for item in judged:
        if item.sample.id not in early:
            archive.write(_ARCHIVES[item.status], to_canonical(item))
        yield item


def _accepted(judged: Iterable[Judged], splits: Splits) -> Iterator[tuple[Judged, Split]]:
    for item, split in zip((item for item in judged if item.status == "accepted"), splits, strict=True):
        breathe()
        yield item, split


def _fill(samples: Iterable[Placed], jobs: list[_Job], sinks: Mapping[Format, Sink], most: int = 0) -> None:
    """Give every job its samples; with `most` so many of each split."""
    taken: Counter[tuple[str, Split]] = Counter()
    with ExitStack() as stack:
        adders = [(job, stack.enter_context(sinks[job.format](job.destination))) for job in jobs]
        for item, split in samples if jobs else ():
            for job, add in adders:
                full = 0 < most <= taken[job.format.name, split]
                if full or not job.format.has_place_for(item.sample):
                    continue
                try:
                    add(item, split)
                    taken[job.format.name, split] += 1
                except Unfit as reason:
                    job.left_out[str(reason)] += 1


def _counted(survey: Survey, format: Format) -> Counter[tuple[Split, str]]:
    """The samples to come by split and kind, of those that a format has a place for."""
    wanted = {"answers": (False,), "pairs": (True,), "both": (False, True)}[format.takes]
    return Counter({key: n for key, n in survey.counts.items() if (key[1] == PREFERENCE) in wanted})


def _unpaired(survey: Survey, jobs: Sequence[_Job]) -> list[str]:
    """What a person should know where pairs and formats of pairs do not come together."""
    pairs = _pairs(survey)
    made = [job.format.name for job in jobs if job.format.takes == "pairs"]
    if pairs and not made:
        names = ", ".join(name for name, format in FORMATS.items() if format.takes == "pairs")
        return [f"{pairs} preference pairs stand in samples.jsonl alone; formats that take them: {names}."]
    if made and not pairs:
        return [f"{', '.join(made)}: there are no preference pairs; the recipe prefer makes them."]
    return []


def _pairs(survey: Survey) -> int:
    return sum(n for (_, kind), n in survey.counts.items() if kind == PREFERENCE)


def _remove_stale(jobs: Iterable[_Job]) -> None:
    for job in jobs:
        written = set(job.destination.paths)
        for path in list(job.destination.folder.rglob("*")):
            if path.is_file() and path not in written and _SPLIT_FILE.fullmatch(path.name):
                path.unlink()


def _left_folders(folder: Path, names: Sequence[str]) -> list[str]:
    """Folders of formats that this export did not write: they may hold other samples than the archive now does."""
    left = [name for name in FORMATS if name not in names and (folder / name).is_dir()]
    return [f"{', '.join(left)}: left as an earlier export wrote them."] if left else []


def _result(
    archive: Iterable[Path],
    tally: Counter[str],
    survey: Survey,
    splits: Splits,
    jobs: Sequence[_Job],
    warnings: Iterable[str],
) -> ExportResult:
    left_out = [
        f"{job.format.name}: {count} of {tally['accepted']} samples left out: {reason}."
        for job in jobs
        for reason, count in sorted(job.left_out.items())
    ]
    return ExportResult(
        paths=(*archive, *(path for job in jobs for path in job.destination.paths)),
        accepted=tally["accepted"],
        rejected=tally["rejected"],
        splits=splits.counts(),
        formats={job.format.name: job.count() for job in jobs},
        warnings=(*warnings, *(note for job in jobs for note in job.destination.warnings), *left_out),
        pairs=_pairs(survey),
    )
