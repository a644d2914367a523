"""Formats that bring a trainer's own configuration beside the rows, and the text for continued pretraining."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from doc2data.export.files import RowFiles, write_text
from doc2data.export.rows import Row, Unfit, alternating, messages
from doc2data.export.sinks import Add, Destination, rows_sink
from doc2data.export.splits import SPLITS, Split
from doc2data.records import Judged

_NAME = "doc2data"


@contextmanager
def llama_factory(destination: Destination) -> Iterator[Add]:
    """Messages, with the `dataset_info.json` that names each split `doc2data_<split>`."""
    with rows_sink(_strict_messages)(destination) as add:
        yield add
    write_dataset_info(destination, {"messages": "messages"})


@contextmanager
def axolotl(destination: Destination) -> Iterator[Add]:
    """Messages with a `train` mask per turn, and the YAML that reads them."""
    with rows_sink(_masked_messages)(destination) as add:
        yield add
    lines = ["# Paste into your Axolotl configuration; paths are relative to where axolotl runs.", "datasets:"]
    lines += _axolotl_entry(f"train{destination.ending}")
    if destination.rows["validation"]:
        lines += ["test_datasets:", *_axolotl_entry(f"validation{destination.ending}"), "    split: train"]
    destination.paths.append(write_text(destination.folder / "axolotl.yaml", "\n".join(lines) + "\n"))


@contextmanager
def pretrain(destination: Destination) -> Iterator[Add]:
    """Each document's whole text as one row; samples play no part."""
    documents = destination.sources.documents
    if documents is None:
        destination.warnings.append("pretrain: the documents' texts are not at hand, so nothing was written.")
        yield _ignore
        return
    with RowFiles(destination.folder, destination.ending) as files:
        for document in documents():
            if document.text.strip():
                files.write("train", {"text": document.text})
                destination.rows["train"] += 1
        yield _ignore
    destination.paths += files.paths


def _ignore(judged: Judged, split: Split) -> None:
    """Take no part in a format that is not made of samples."""


def _strict_messages(judged: Judged, settings: Any) -> Row:
    alternating(judged.sample, settings)  # LLaMA-Factory drops other dialogues without a word
    return messages(judged, settings)


def _masked_messages(judged: Judged, settings: Any) -> Row:
    """An answer trains when it stands on evidence; in a dialogue, `turns` says which do."""
    row = messages(judged, settings)
    answers = [turn for turn in row["messages"] if turn["role"] == "assistant"]
    grounded = [bool(turn) for turn in judged.sample.turns] or [True] * len(answers)
    if len(grounded) != len(answers):
        raise Unfit("its evidence is not given turn by turn")
    for turn in row["messages"]:
        turn["train"] = False
    for turn, trains in zip(answers, grounded, strict=True):
        turn["train"] = trains
    return row


def write_dataset_info(destination: Destination, columns: Mapping[str, str], **more: object) -> None:
    """Write the `dataset_info.json` that tells LLaMA-Factory what stands where, for each split that has rows."""
    roles = {f"{role}_tag": role for role in ("user", "assistant", "system")}
    entry = {
        "formatting": "sharegpt",
        **more,
        "columns": columns,
        "tags": {"role_tag": "role", "content_tag": "content", **roles},
    }
    info = {
        f"{_NAME}_{split}": {"file_name": f"{split}{destination.ending}", **entry}
        for split in SPLITS
        if destination.rows[split]
    }
    text = json.dumps(info, indent=2) + "\n"
    destination.paths.append(write_text(destination.folder / "dataset_info.json", text))


def _axolotl_entry(file_name: str) -> list[str]:
    return [
        f"  - path: {file_name}",
        "    ds_type: json",
        "    type: chat_template",
        "    field_messages: messages",
        "    message_property_mappings:",
        "      role: role",
        "      content: content",
        "    message_field_training: train",
        "    roles_to_train: []",
        "    train_on_eos: turn",
    ]
