"""The dataset card: README.md as Hugging Face reads it, and the same facts as Croissant metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from doc2data.export.croissant import write_croissant
from doc2data.export.facts import DatasetFacts, check_rows
from doc2data.export.files import write_text
from doc2data.export.formats import FORMATS
from doc2data.plain import counted, plain
from doc2data.rowfiles import open_read

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~!])")
_BOUNDS = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TASKS = ["question-answering", "text-generation"]
# Which exported format the viewer and a bare load_dataset() should open, best first.
_DEFAULTS = ("messages", "sharegpt", "alpaca", "jsonl")
_NOT_TABLES = ("llama-factory", "axolotl", "csv", "xlsx", "beir", "parquet")


def write_card(folder: Path, facts: DatasetFacts) -> Path:
    """Write README.md and croissant.json for the export in `folder`, and return the path of the README.

    Raises:
        OSError: the disk is full, read-only or gone.
    """
    write_croissant(folder, facts)
    return write_text(folder / "README.md", render_card(facts, _alpaca_columns(folder, facts)))


def render_card(facts: DatasetFacts, alpaca_columns: Sequence[str] = ()) -> str:
    """The card as Markdown, its YAML header first. Text from documents is escaped.

    Args:
        facts: what it states.
        alpaca_columns: columns of the exported Alpaca files, whose types the header then gives.
    """
    import yaml
    from jinja2 import Environment, PackageLoader

    configs = _configs(facts)
    environment = Environment(
        loader=PackageLoader("doc2data.export"), autoescape=False, keep_trailing_newline=True, finalize=_shown
    )
    environment.filters |= {"md": _escaped, "fence": _fenced}
    return environment.get_template("card.md").render(
        facts=facts,
        counts=facts.counts,
        checks=check_rows(facts),
        formats=[_format_row(name, rows) for name, rows in facts.formats.items()],
        front_matter=yaml.safe_dump(_front_matter(facts, configs, alpaca_columns), allow_unicode=True, sort_keys=False),
        default_config=next((c["config_name"] for c in configs if c.get("default")), ""),
        default_description=f"Training samples made from {counted(len(facts.documents), 'document')} with doc2data.",
        yield_share=_yield(facts),
        unlicensed=sum(not document.licence for document in facts.documents),
    )


def _shown(value: object) -> object:
    """A value as the card shows it: a name of a file can steer no terminal that the card is read in."""
    return plain(value) if isinstance(value, str) else value


def size_category(rows: int) -> str:
    """Hugging Face's name for a size."""
    return next((name for bound, name in _BOUNDS if rows < bound), "1M<n<10M")


def _front_matter(facts: DatasetFacts, configs: list[dict[str, Any]], alpaca_columns: Sequence[str]) -> dict[str, Any]:
    header = {
        "language": [language for language in facts.counts.languages if re.fullmatch(r"[a-z]{2,3}", language)],
        "license": facts.licence or "unknown",
        "pretty_name": facts.title,
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "size_categories": [size_category(facts.counts.accepted)],
        "source_datasets": ["original"],
        "task_categories": _TASKS,
        "tags": ["doc2data", "synthetic", "grounded"],
        "configs": configs,
        "dataset_info": [{"config_name": "alpaca", "features": _features(alpaca_columns)}] if alpaca_columns else [],
    }
    return {key: value for key, value in header.items() if value}


def _configs(facts: DatasetFacts) -> list[dict[str, Any]]:
    """One configuration per format whose files are rows; the Hub reads all of a card's files in one way."""
    names = [name for name in facts.formats if name not in _NOT_TABLES and facts.formats[name]]
    default = next((name for name in _DEFAULTS if name in names), "")
    configs: list[dict[str, Any]] = []
    for name in names:
        files = [{"split": split, "path": f"{name}/{split}.jsonl*"} for split in facts.formats[name]]
        configs.append({"config_name": name} | ({"default": True} if name == default else {}) | {"data_files": files})
    return configs


def _alpaca_columns(folder: Path, facts: DatasetFacts) -> list[str]:
    """The columns of the Alpaca files, from the first row that there is."""
    for split in facts.formats.get("alpaca", ()):
        for path in sorted((folder / "alpaca").glob(f"{split}.jsonl*")):
            with open_read(path) as stream:
                return list(json.loads(stream.readline()))
    return []


def _features(columns: Sequence[str]) -> list[dict[str, Any]]:
    """Types of Alpaca's columns: without them, a split in which every history is empty is read as another type."""
    return [
        {"name": name} | ({"list": {"list": "string"}} if name == "history" else {"dtype": "string"})
        for name in columns
    ]


def _format_row(name: str, rows: Mapping[str, int]) -> dict[str, str]:
    told = ", ".join(f"{split} {n}" for split, n in rows.items())
    return {"name": name, "title": FORMATS[name].title, "rows": told or "none"}


def _yield(facts: DatasetFacts) -> str:
    made = facts.counts.accepted + facts.counts.rejected
    return f"{facts.counts.accepted / made:.1%} of {made} samples made" if made else "nothing was made"


def _escaped(text: object) -> str:
    """Text that Markdown shows as it is, on one line."""
    flat = " ".join(str(text).replace("&", "&amp;").split())
    return _MARKDOWN.sub(r"\\\1", flat)


def _fenced(text: object) -> str:
    """Text for a fenced block, which it cannot close."""
    return str(text).replace("```", "` ` `")
