"""The card: figures that hold, a header that parses, text from documents that stays text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from doc2data.export import DatasetFacts, ExportSources, SampleCounts, count_samples, write_card, write_export
from doc2data.export.card import render_card, size_category
from doc2data.settings import ExportSettings
from tests.export.corpus import Corpus, facts_of


def header(card: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(card.split("---\n")[1])
    return found


@pytest.fixture
def facts(corpus: Corpus, sources: ExportSources, tmp_path: Path) -> DatasetFacts:
    """Facts of an export that lies in `tmp_path`."""
    result = write_export(corpus.samples, tmp_path, ["messages", "alpaca", "csv"], ExportSettings(), sources)
    from dataclasses import replace

    formats = {name: count.rows for name, count in result.formats.items()}
    return replace(facts_of(corpus), formats=formats, splits=result.splits)


def test_counts_add_up(corpus: Corpus) -> None:
    counts = count_samples(corpus.samples())
    assert counts.accepted + counts.rejected == len(corpus.judged)
    assert sum(counts.kinds.values()) == sum(counts.languages.values()) == counts.accepted
    assert sum(counts.rejections.values()) == counts.rejected
    assert all(sum(outcome) == len(corpus.judged) for outcome in counts.checks.values())


def test_every_data_file_of_the_header_exists(facts: DatasetFacts, tmp_path: Path) -> None:
    card = write_card(tmp_path, facts)
    configs = header(card.read_text(encoding="utf-8"))["configs"]
    assert {config["config_name"] for config in configs} == {"messages", "alpaca"}
    assert [config["config_name"] for config in configs if config.get("default")] == ["messages"]
    for config in configs:
        for file in config["data_files"]:
            assert list(tmp_path.glob(file["path"])), file


def test_text_of_documents_cannot_break_the_card(facts: DatasetFacts) -> None:
    card = render_card(facts)
    body = card.split("---\n", 2)[2]
    assert header(card)["pretty_name"] == "Pump station & <hostile> set"
    assert r"notes \<i\>&amp;.html" in body
    assert "<i>" not in body
    assert r"The hostile notes \| are \<b\>hostile\</b\>." in body


def test_licences_that_nobody_stated_are_said_to_be_missing(facts: DatasetFacts) -> None:
    assert "The licence of 2 of 3 documents is not stated." in render_card(facts)


def test_an_empty_set_has_a_card_too() -> None:
    card = render_card(DatasetFacts("Nothing", SampleCounts(0, 0, {}, {}, {}, {}), ()))
    assert "nothing was made" in card
    assert header(card)["license"] == "unknown"


@pytest.mark.parametrize(
    ("rows", "name"), [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (999_999, "100K<n<1M"), (5_000_000, "1M<n<10M")]
)
def test_sizes_are_named_as_the_hub_names_them(rows: int, name: str) -> None:
    assert size_category(rows) == name


def test_croissant_tells_where_the_data_came_from(facts: DatasetFacts, tmp_path: Path) -> None:
    write_card(tmp_path, facts)
    told = json.loads((tmp_path / "croissant.json").read_text(encoding="utf-8"))
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert [source["identifier"] for source in told["prov:wasDerivedFrom"]] == [d.name for d in facts.documents]
    assert told["prov:wasGeneratedBy"][0]["identifier"] == f"urn:sha256:{'ab' * 32}"
