"""`python -m doc2data`, the same as the console script."""

from __future__ import annotations

from doc2data.cli import main

if __name__ == "__main__":
    main()
