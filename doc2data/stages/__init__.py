"""The stages of a run, in the order in which the pipeline walks them: reading, indexing, making, writing."""

from __future__ import annotations
