"""Time per page of reading PDF files, beside others, and memory beside length.

    python -m tests.benchmarks.parsing [FILE.pdf ...] [--rounds 3] [--pages 1000]

Contenders take turns, file by file, in one process on one core: our reader, its fast mode without layout, MuPDF's plain
`get_text`, and pymupdf4llm where it is installed. Prints seconds of processor time per page (the best round of each
file, all files together) and their ratios. Then reads a document of --pages pages and one of a tenth of them, each in a
process of its own, in both modes, and prints the ratio of their peak memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pymupdf

from parsers import ParseOptions, parse

SAMPLE = Path("samples/documents/OM-400-RM-400-operating-manual.pdf")
TENTH = 10
Contender = Callable[[Path], object]


def ours(path: Path) -> object:
    """Our reader."""
    return parse(path, ParseOptions(ocr="off"))


def fast(path: Path) -> object:
    """Our reader without the layout model."""
    return parse(path, ParseOptions(ocr="off", layout=False))


def plain(path: Path) -> object:
    """MuPDF's text, page by page, without any order or structure."""
    with pymupdf.open(path) as document:
        return [page.get_text() for page in document]


def markdown(path: Path) -> object:
    """pymupdf4llm with its layout model, without running heads and feet."""
    import pymupdf4llm

    return pymupdf4llm.to_markdown(str(path), header=False, footer=False, use_ocr=False, show_progress=False)


def contenders() -> dict[str, Contender]:
    """By name."""
    found: dict[str, Contender] = {"ours": ours, "fast": fast, "get_text": plain}
    return found | ({"pymupdf4llm": markdown} if find_spec("pymupdf4llm") else {})


def timed(files: list[Path], rounds: int) -> dict[str, float]:
    """Seconds of processor time per page of each contender."""
    racing = contenders()
    pages = 0
    total = dict.fromkeys(racing, 0.0)
    for path in files:
        with pymupdf.open(path) as document:
            pages += document.page_count
        best = dict.fromkeys(racing, float("inf"))
        # The first round loads the models and does not count.
        for number in range(rounds + 1):
            for name, read in racing.items():
                start = time.process_time()
                read(path)
                best[name] = min(best[name], time.process_time() - start) if number else best[name]
        for name, seconds in best.items():
            total[name] += seconds
        sys.stdout.write(f"  {path.name:44} " + "  ".join(f"{n} {s:.3f}" for n, s in best.items()) + "\n")
    return {name: seconds / pages for name, seconds in total.items()}


def lengthened(source: Path, pages: int, target: Path) -> Path:
    """A document of so many pages, made of those of another."""
    with pymupdf.open() as long, pymupdf.open(source) as short:
        while long.page_count < pages:
            long.insert_pdf(short, to_page=min(short.page_count, pages - long.page_count) - 1)
        long.save(target)
    return target


def peak(path: Path, layout: bool) -> float:
    """Megabytes at most, of a process that reads a file."""
    program = f"""
from pathlib import Path
from parsers import ParseOptions, parse
parse(Path({str(path)!r}), ParseOptions(ocr="off", layout={layout}))
status = Path("/proc/self/status").read_text()
print(status.partition("VmHWM:")[2].split()[0])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=[SAMPLE])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1000)
    arguments = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    seconds = timed(arguments.files, arguments.rounds)
    for name, value in seconds.items():
        sys.stdout.write(f"{name:12} {value * 1000:8.1f} ms per page  {value / seconds['get_text']:6.1f} x get_text\n")
    with tempfile.TemporaryDirectory() as folder:
        for layout in (False, True):
            sizes = [arguments.pages // TENTH, arguments.pages]
            short, long = (peak(lengthened(SAMPLE, n, Path(folder) / f"{n}.pdf"), layout) for n in sizes)
            mode = "with layout" if layout else "fast"
            sys.stdout.write(
                f"{mode}: {sizes[0]} pages {short:.0f} MB, {sizes[1]} pages {long:.0f} MB, ratio {long / short:.2f}\n"
            )


if __name__ == "__main__":
    main()
