"""Files read in worker processes: what one file does wrong costs that file only."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from multiprocessing import active_children
from pathlib import Path

import pytest

from parsers import DamagedDocument, Document, EmptyDocument, ParseError, ParseLimit, ParseOptions
from parsers.sandbox import parse_isolated, parse_many


class Endless(type(Path())):  # type: ignore[misc]
    """A file over which its reader never comes to an end."""

    def is_file(self) -> bool:
        while True:
            signal.pause()


class Deadly(type(Path())):  # type: ignore[misc]
    """A file that is the end of its reader."""

    def is_file(self) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return True


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_an_isolated_document_is_the_same_document(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "# Title\n\ntext")
    document = parse_isolated(path)
    assert document.text == "Title\n\ntext"
    assert document.source == str(path)


def test_an_error_keeps_its_class_message_and_hint(tmp_path: Path) -> None:
    with pytest.raises(EmptyDocument) as caught:
        parse_isolated(write(tmp_path, "a.html", "<html><body></body></html>"))
    assert "a.html" in caught.value.message
    assert "leave it out" in caught.value.hint


def test_a_missing_file_is_an_error_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"gone\.md"):
        parse_isolated(tmp_path / "gone.md")


def test_every_file_gets_its_result(tmp_path: Path) -> None:
    good = [write(tmp_path, f"{n}.md", f"text {n}") for n in range(6)]
    bad = write(tmp_path, "bad.html", "<html></html>")
    results = dict(parse_many([*good, bad], workers=2))
    assert {path for path, result in results.items() if isinstance(result, Document)} == set(good)
    assert isinstance(results[bad], EmptyDocument)


def test_a_hang_costs_its_file_only(tmp_path: Path) -> None:
    good = [write(tmp_path, f"{n}.md", f"text {n}") for n in range(2)]
    stuck = Endless(write(tmp_path, "stuck.md", "text"))
    results = dict(parse_many([stuck, *good], ParseOptions(seconds=5), workers=1))
    late = results[stuck]
    assert isinstance(late, ParseLimit)
    assert "5 seconds" in late.message
    assert all(isinstance(results[path], Document) for path in good)


def test_memory_beyond_the_limit_is_an_error(tmp_path: Path) -> None:
    hungry = write(tmp_path, "hungry.html", "<html><body>" + "<p>word</p>" * 400_000)
    with pytest.raises((ParseLimit, DamagedDocument), match=r"hungry\.html"):
        parse_isolated(hungry, ParseOptions(memory_mb=120))


def test_a_crash_costs_its_file_only(tmp_path: Path) -> None:
    good = write(tmp_path, "good.md", "text")
    doomed = Deadly(write(tmp_path, "doomed.md", "text"))
    results = dict(parse_many([doomed, good], ParseOptions(seconds=60), workers=1))
    crashed = results[doomed]
    assert isinstance(crashed, DamagedDocument)
    assert "crashed on 'doomed.md'" in crashed.message
    assert isinstance(results[good], Document)


def test_a_worker_without_memory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match=r"a\.md"):
        parse_isolated(write(tmp_path, "a.md", "text"), ParseOptions(memory_mb=1))


def test_leaving_early_stops_the_workers(tmp_path: Path) -> None:
    results = parse_many([write(tmp_path, f"{n}.md", f"text {n}") for n in range(8)], workers=2)
    next(results)
    assert isinstance(results, Generator)
    results.close()
    assert list(results) == []


@pytest.mark.heavy
def test_no_more_readers_are_at_work_than_asked_for_however_long_one_takes(tmp_path: Path) -> None:
    stuck = [Endless(write(tmp_path, f"{n}.md", "text")) for n in range(4)]
    most = 0

    def look() -> None:
        nonlocal most
        most = max(most, len(active_children()))

    results = dict(parse_many(stuck, ParseOptions(seconds=1.5), workers=1, idle=look))
    assert all(isinstance(result, ParseLimit) for result in results.values())
    assert most == 1
