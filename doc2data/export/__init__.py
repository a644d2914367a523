"""Judged samples out: formats, splits, card and report; and datasets made elsewhere in.

    write_export    samples.jsonl, rejected.jsonl and every named format, split without leaks
    export_to_stream  one row format to a stream; export_to_file the same to a file
    write_card      README.md and croissant.json beside them
    write_report    report.html, one page that needs nothing else
    read_dataset    any dataset of a known shape as samples

Formats import their code when used; see `formats.py` to add one.
"""

from doc2data.export.card import write_card
from doc2data.export.curriculum import in_order
from doc2data.export.facts import (
    CheckFacts,
    DatasetFacts,
    DocumentFacts,
    ModelFacts,
    PersonalData,
    SampleCounts,
    count_samples,
)
from doc2data.export.formats import FORMATS, Format, find_format
from doc2data.export.imports import ImportedRow, read_dataset
from doc2data.export.report import write_report
from doc2data.export.sinks import DocumentText, ExportSources
from doc2data.export.splits import SPLITS, Split, SplitKey, Splits, assign_splits, split_key, split_warnings
from doc2data.export.writer import (
    ExportResult,
    FormatCount,
    export_to_file,
    export_to_stream,
    preview_export,
    write_export,
)

__all__ = [
    "FORMATS",
    "SPLITS",
    "CheckFacts",
    "DatasetFacts",
    "DocumentFacts",
    "DocumentText",
    "ExportResult",
    "ExportSources",
    "Format",
    "FormatCount",
    "ImportedRow",
    "ModelFacts",
    "PersonalData",
    "SampleCounts",
    "Split",
    "SplitKey",
    "Splits",
    "assign_splits",
    "count_samples",
    "export_to_file",
    "export_to_stream",
    "find_format",
    "in_order",
    "preview_export",
    "read_dataset",
    "split_key",
    "split_warnings",
    "write_card",
    "write_export",
    "write_report",
]
