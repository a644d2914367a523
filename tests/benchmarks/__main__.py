"""Lists the benchmarks: `python -m tests.benchmarks`; each says with --help what it measures and takes."""

from __future__ import annotations

import ast
import sys
from pathlib import Path


def main() -> None:
    """Print every benchmark with the first line of what it says of itself."""
    for path in sorted(Path(__file__).parent.glob("*/__main__.py")):
        about = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
        sys.stdout.write(f"python -m tests.benchmarks.{path.parent.name:10}  {about}\n")


if __name__ == "__main__":
    main()
