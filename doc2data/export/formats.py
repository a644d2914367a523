"""The registry of formats: what each is for, and where its code lives.

A format is either *rows* (a pure function from a sample to one JSON row, written as one JSON Lines file per split) or
*files* (a sink that lays out a folder of its own). Code is imported when a format is used, so listing them costs
nothing.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from doc2data.errors import UsageError
from doc2data.records import Sample

Keeps = Literal["sample", "conversation", "part"]
Takes = Literal["answers", "pairs", "both"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a dataset."""

    name: str
    title: str
    """What it is for, in a line."""
    layout: Literal["rows", "files"]
    target: str
    """`module:function`, relative to this package."""
    keeps: Keeps
    """What comes back when it is read again: the whole sample, the conversation with its reasoning, or a part."""
    takes: Takes = "answers"
    """Whether it is made of samples with one answer, of preference pairs, or of both."""
    requires: str = ""
    """Library that must be installed for it, as pip names it; empty for none."""

    def has_place_for(self, sample: Sample) -> bool:
        """Whether samples of this sort belong into the format at all."""
        return self.takes == "both" or (sample.rejected is not None) == (self.takes == "pairs")

    def load(self) -> Callable[..., Any]:
        """Import the code of the format.

        Raises:
            UsageError: the library that it needs is not installed.
        """
        module, _, function = self.target.partition(":")
        try:
            loaded = importlib.import_module(f"{__package__}.{module}")
        except ModuleNotFoundError as error:
            raise UsageError(
                f"The format {self.name!r} needs {self.requires or error.name}, which is not installed.",
                f"Install it with `pip install {self.requires or error.name}`, or leave the format out.",
            ) from error
        found: Callable[..., Any] = getattr(loaded, function)
        return found


_ALL = (
    Format(
        "jsonl", "doc2data's own form, whole: messages, evidence, verdicts", "rows", "rows:canonical", "sample", "both"
    ),
    Format("alpaca", "instruction, input, output, history", "rows", "rows:alpaca", "conversation"),
    Format("sharegpt", "conversations of human and gpt", "rows", "rows:sharegpt", "conversation"),
    Format("messages", "OpenAI chat messages", "rows", "rows:messages", "conversation"),
    Format("trl-sft", "TRL prompt and completion as messages", "rows", "rows:trl", "conversation"),
    Format("prompt-completion", "TRL prompt and completion as strings", "rows", "rows:prompt_completion", "part"),
    Format("unsloth", "conversations column for Unsloth notebooks", "rows", "rows:unsloth", "conversation"),
    Format("llama-factory", "files with their dataset_info.json", "files", "trainers:llama_factory", "conversation"),
    Format("axolotl", "per-turn training masks, with the YAML to paste", "files", "trainers:axolotl", "conversation"),
    Format("trl-dpo", "TRL DPO pairs as messages", "rows", "preferences:dpo", "part", "pairs"),
    Format("trl-dpo-text", "TRL DPO pairs as strings", "rows", "preferences:dpo_text", "part", "pairs"),
    Format("trl-kto", "TRL KTO: each answer with its label", "files", "preferences:kto", "part", "pairs"),
    Format("llama-factory-ranking", "pairs for LLaMA-Factory", "files", "preferences:llama_factory", "part", "pairs"),
    Format("axolotl-dpo", "pairs for Axolotl, with the YAML to paste", "files", "preferences:axolotl", "part", "pairs"),
    Format(
        "parquet",
        "Hugging Face dataset, a configuration per kind",
        "files",
        "parquet:sink",
        "part",
        requires="pyarrow",
    ),
    Format("csv", "a table that opens right in spreadsheets", "files", "tables:csv_sink", "part"),
    Format("xlsx", "an Excel workbook, a sheet per split", "files", "tables:xlsx_sink", "part", requires="xlsxwriter"),
    Format("ragas", "ragas evaluation set", "rows", "rows:ragas", "part"),
    Format("mapping", "which query and answer stand on which clues of which document", "rows", "rows:mapping", "part"),
    Format("beir", "BEIR corpus, queries and qrels", "files", "retrieval:beir", "part"),
    Format("retriever-pairs", "anchor and positive for sentence-transformers", "files", "retrieval:pairs", "part"),
    Format("retriever-triplets", "anchor, positive, mined hard negatives", "files", "retrieval:triplets", "part"),
    Format("raft", "question among distractor passages (RAFT)", "files", "retrieval:raft", "part"),
    Format("pretrain", "the documents' text, for continued pretraining", "files", "trainers:pretrain", "part"),
)
FORMATS: dict[str, Format] = {format.name: format for format in _ALL}


def find_format(name: str) -> Format:
    """The format of that name.

    Raises:
        UsageError: there is none; the nearest known name is given.
    """
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    raise UsageError(f"There is no format {name!r}.", f"{hint}`doc2data formats` lists them all.")
