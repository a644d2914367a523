"""The llama engine against the other ways to drive llama.cpp: `python -m tests.benchmarks.engine`."""
