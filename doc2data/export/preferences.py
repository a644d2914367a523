"""Preference pairs in the forms that trainers take: DPO and its kin by pairs, KTO by answers that stand alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from doc2data.export.files import RowFiles, write_text
from doc2data.export.rows import Row, Unfit, alternating
from doc2data.export.sinks import Add, Destination, rows_sink
from doc2data.export.splits import Split
from doc2data.export.trainers import write_dataset_info
from doc2data.records import Judged, content_id

if TYPE_CHECKING:
    from doc2data.settings import ExportSettings


def dpo(judged: Judged, settings: ExportSettings) -> Row:
    """TRL's conversational pair: the prompt as messages, each answer as the message that follows it."""
    prompt, chosen, rejected = _pair(judged, settings)
    return {"prompt": prompt, "chosen": [_answer(chosen)], "rejected": [_answer(rejected)]}


def dpo_text(judged: Judged, settings: ExportSettings) -> Row:
    """TRL's standard pair, as plain strings; for single questions only, since a string has no turns."""
    prompt, chosen, rejected = _pair(judged, settings)
    if len([turn for turn in prompt if turn["role"] != "system"]) > 1:
        raise Unfit("plain prompts hold one question and one answer, not a dialogue")
    return {"prompt": "\n\n".join(turn["content"] for turn in prompt), "chosen": chosen, "rejected": rejected}


def ranking(judged: Judged, settings: ExportSettings) -> Row:
    """LLaMA-Factory's pair: the conversation up to the answer, and the two answers."""
    prompt, chosen, rejected = _pair(judged, settings)
    return {"conversations": prompt, "chosen": _answer(chosen), "rejected": _answer(rejected)}


def chat_pair(judged: Judged, settings: ExportSettings) -> Row:
    """Axolotl's pair for `chat_template.default`."""
    prompt, chosen, rejected = _pair(judged, settings)
    return {"messages": prompt, "chosen": _answer(chosen), "rejected": _answer(rejected)}


@contextmanager
def kto(destination: Destination) -> Iterator[Add]:
    """TRL's unpaired preferences: each answer in a row of its own with its label; an answer is written once."""
    seen: set[str] = set()
    with RowFiles(destination.folder, destination.ending) as files:

        def add(judged: Judged, split: Split) -> None:
            prompt, chosen, rejected = _pair(judged, destination.settings)
            for answer, label in ((chosen, True), (rejected, False)):
                key = content_id(prompt, answer)
                if key not in seen:
                    seen.add(key)
                    files.write(split, {"prompt": prompt, "completion": [_answer(answer)], "label": label})
                    destination.rows[split] += 1

        yield add
    destination.paths += files.paths


@contextmanager
def llama_factory(destination: Destination) -> Iterator[Add]:
    """Pairs, with the `dataset_info.json` that names each split `doc2data_<split>` and marks it as a ranking."""
    with rows_sink(ranking)(destination) as add:
        yield add
    columns = {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}
    write_dataset_info(destination, columns, ranking=True)


@contextmanager
def axolotl(destination: Destination) -> Iterator[Add]:
    """Pairs, and the YAML that trains on them by DPO."""
    with rows_sink(chat_pair)(destination) as add:
        yield add
    lines = [
        "# Paste into your Axolotl configuration; paths are relative to where axolotl runs.",
        "rl: dpo",
        "datasets:",
        *_axolotl_entry(f"train{destination.ending}"),
    ]
    if destination.rows["validation"]:
        lines += ["test_datasets:", *_axolotl_entry(f"validation{destination.ending}")]
    destination.paths.append(write_text(destination.folder / "axolotl.yaml", "\n".join(lines) + "\n"))


def _pair(judged: Judged, settings: ExportSettings) -> tuple[list[Row], str, str]:
    """The messages before the answer, the chosen answer, the rejected one.

    Raises:
        Unfit: it is no pair, or its turns do not alternate.
    """
    rejected = judged.sample.rejected
    if rejected is None:
        raise Unfit("it is no preference pair")
    system, turns = alternating(judged.sample, settings)
    opening: list[Row] = [{"role": "system", "content": system}] if system else []
    prompt = [*opening, *({"role": m.role, "content": m.content} for m in turns[:-1])]
    return prompt, turns[-1].content, rejected.answer


def _answer(text: str) -> Row:
    return {"role": "assistant", "content": text}


def _axolotl_entry(file_name: str) -> list[str]:
    return [
        f"  - path: {file_name}",
        "    ds_type: json",
        "    split: train",
        "    type: chat_template.default",
        "    field_messages: messages",
        "    field_chosen: chosen",
        "    field_rejected: rejected",
        "    message_property_mappings:",
        "      role: role",
        "      content: content",
    ]
