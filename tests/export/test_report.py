"""report.html: whole in one file, hostile text shown and never run, figures that add up."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from bs4 import BeautifulSoup
from numpy.typing import NDArray

from doc2data.export import DatasetFacts, SampleCounts, charts, write_report
from doc2data.export.figures import SeededDraw, gather
from doc2data.export.report import heart, heat_scale, plane
from tests.export.corpus import HOSTILE, Corpus, facts_of


def embed(texts: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[len(text), text.count("e"), ord(text[0]) % 13] for text in texts], dtype=np.float64)


@pytest.fixture(scope="module")
def page(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    return write_report(path, facts_of(corpus), corpus.samples(), lambda name: corpus.documents[name].text, embed)


@pytest.fixture(scope="module")
def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_the_page_is_one_file_that_asks_for_nothing(page: Path, soup: BeautifulSoup) -> None:
    assert page.stat().st_size < 1_500_000
    addresses = [str(tag[name]) for name in ("src", "href", "action") for tag in soup.select(f"[{name}]")]
    assert addresses
    assert [address for address in addresses if not address.startswith(("#", "data:,"))] == []
    assert "@import" not in page.read_text(encoding="utf-8")


def test_its_policy_allows_its_own_script_and_no_other(soup: BeautifulSoup) -> None:
    [script] = soup.find_all("script")
    digest = base64.b64encode(hashlib.sha256(script.get_text().encode()).digest()).decode()
    [policy] = soup.select("meta[http-equiv=Content-Security-Policy]")
    assert "default-src 'none'" in str(policy["content"])
    assert f"script-src 'sha256-{digest}'" in str(policy["content"])


def test_hostile_text_is_shown_as_text(page: Path, soup: BeautifulSoup) -> None:
    assert "<script>alert" not in page.read_text(encoding="utf-8")
    assert soup.title is not None
    assert soup.title.get_text() == "Pump station & <hostile> set"
    shown = soup.get_text()
    assert any(text in shown for text in HOSTILE[3:6])
    assert "{{ 7 * 7 }}" in shown
    assert not soup.find_all("i", string="&.html")


def test_every_mark_is_the_documents_own_text(soup: BeautifulSoup, corpus: Corpus) -> None:
    marks = [mark.get_text() for mark in soup.select("#samples blockquote mark")]
    assert len(marks) >= 30
    assert all(any(mark in document.text for document in corpus.documents.values()) for mark in marks)
    assert len(soup.select("#samples article")) == 30
    assert not soup.select(".wrong")


def test_a_quote_that_the_document_does_not_say_is_pointed_out(corpus: Corpus, tmp_path: Path) -> None:
    path = write_report(tmp_path / "r.html", facts_of(corpus), corpus.samples(), lambda _: "Another text.")
    assert len(BeautifulSoup(path.read_bytes(), "html.parser").select(".wrong")) > 30


def test_the_same_set_makes_the_same_page_in_any_order(page: Path, corpus: Corpus, tmp_path: Path) -> None:
    again = write_report(
        tmp_path / "r.html", facts_of(corpus), reversed(corpus.judged), lambda name: corpus.documents[name].text, embed
    )
    assert again.read_bytes() == page.read_bytes()


def test_an_empty_set_has_a_page_too(tmp_path: Path) -> None:
    facts = DatasetFacts("Nothing", SampleCounts(0, 0, {}, {}, {}, {}), ())
    path = write_report(tmp_path / "r.html", facts, [], lambda _: None, embed)
    assert "Nothing was made" in path.read_text(encoding="utf-8")


def test_strips_count_each_sample_once_on_each_page(corpus: Corpus) -> None:
    figures = gather(corpus.samples(), facts_of(corpus))
    manual = figures.coverage[0]
    accepted = [item for item in corpus.judged if item.status == "accepted"]
    on_page_two = sum(any((e.document, e.page) == ("manual.pdf", 2) for e in i.sample.evidence) for i in accepted)
    assert [cell.label for cell in manual.cells] == [f"page {n}" for n in range(1, 9)]
    assert manual.cells[1].samples == on_page_two
    assert manual.covered == 6
    assert figures.answer_lengths.total() == len(accepted)


@pytest.mark.parametrize("most", [0, 1, 16, 31, 32, 500])
def test_the_heat_scale_holds_every_count_once(most: int) -> None:
    scale = heat_scale(most)
    for count in range(most + 5):
        assert sum(start <= count and (end is None or count <= end) for start, end in scale) == 1
    assert len(scale) == 6


def test_the_plane_keeps_what_varies_most() -> None:
    line = np.array([[0.0, 0, 0], [0, 3, 0.1], [0, 6, 0], [0, 9, 0.1]])
    xs = [x for x, _ in plane(line)]
    assert xs == sorted(xs)
    assert xs[-1] - xs[0] == pytest.approx(9, rel=0.01)
    assert plane([[1.0], [2.0]]) == [(-0.5, 0.0), (0.5, 0.0)]


def test_a_draw_is_random_in_its_seed_and_blind_to_order(corpus: Corpus) -> None:
    def drawn(seed: int, items: Sequence[object]) -> list[str]:
        draw = SeededDraw(10, seed)
        for item in items:
            draw.offer(item)  # type: ignore[arg-type]
        return [item.sample.id for item in draw.items()]

    assert drawn(1, corpus.judged) == drawn(1, corpus.judged[::-1])
    assert drawn(1, corpus.judged) != drawn(2, corpus.judged)
    assert len(set(drawn(1, corpus.judged))) == 10


@pytest.mark.parametrize("code", [0x1B, 0x00, 0xFFFE, 0xD800], ids=hex)
def test_what_no_drawing_can_hold_leaves_the_process_alive(code: int) -> None:
    """The library draws in this process, and ends it over a character that XML does not have."""
    label = f"a{chr(code)}<script>"
    for drawing in (
        charts.bars([(label, 3, "accent")]),
        charts.network([(label, 3), ("b", 1)], [(0, 1, 1)]),
        charts.scatter([(0.0, 1.0, label, label)]),
    ):
        assert ElementTree.fromstring(str(drawing)).tag.endswith("svg")
        assert "<script>" not in drawing


@pytest.mark.heavy
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_a_browser_opens_it_without_a_complaint(page: Path, tmp_path: Path) -> None:
    command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    command += ["--enable-logging=stderr", f"--log-net-log={tmp_path / 'net.json'}", "--dump-dom", page.as_uri()]
    opened = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    assert 'id="again"' in opened.stdout
    assert "CONSOLE" not in opened.stderr
    requested = set(re.findall(r'"url":"(https?://[^"]+)"', (tmp_path / "net.json").read_text()))
    assert "attacker.example" not in " ".join(requested)


def test_the_heart_holds_the_quotes_that_samples_join(corpus: Corpus) -> None:
    figures = gather(corpus.samples(), facts_of(corpus))
    nodes, links = heart(figures)
    joining = [i.sample for i in corpus.judged if i.status == "accepted" and len(set(i.sample.evidence)) == 2]
    assert sum(n for _, _, n in links) == len(joining)
    assert sum(n for _, n in nodes) == 2 * len(joining)
    assert all(0 <= one < len(nodes) and 0 <= other < len(nodes) for one, other, _ in links)
