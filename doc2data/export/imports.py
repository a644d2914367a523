"""Datasets made elsewhere, read as samples to check, review and export again.

Each row's shape is told by its keys: our canonical form, chat messages (OpenAI, Unsloth), ShareGPT, Alpaca, TRL's
prompt with a completion or with a chosen and a rejected answer, plain pairs of question and answer, and the table that
we write for people. A row of none of them, or a damaged one, comes out with what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from doc2data.export.cells import EARLIER, live, turns
from doc2data.records import Judged, MadeBy, Message, RecipeRef, Role, Sample, Step, Verdict, content_id, from_canonical
from doc2data.rowfiles import TABLES, ending, read_rows

_ROLES: dict[str, Role] = {
    "system": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
}
_ODD = re.compile(rb"\\u|NaN|Infinity|\d[eE]")
_THINKING = re.compile(r"\s*<think>\n?(.*?)\n?</think>\n{0,2}(.*)", re.DOTALL)
_SAMPLE = TypeAdapter(Sample)
_VERDICTS = TypeAdapter(tuple[Verdict, ...])
_LISTS = frozenset({"messages", "conversations", "history", "prompt", "completion", "chosen", "rejected"})
"""Columns whose value may be a list."""
_REASONING_KEYS = ("reasoning_content", "thinking", "reasoning")


class _Unreadable(Exception):
    """A row that is not a sample; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of a file: a sample, or the reason why it is none."""

    number: int
    """Row in the file, from 1."""
    shape: str
    """canonical, messages, sharegpt, alpaca, trl, preference, pairs or table; empty where it could not be told."""
    judged: Judged | None
    """With the verdicts that a canonical row brings, else without any."""
    problem: str = ""


def read_dataset(path: Path) -> Iterator[ImportedRow]:
    """Read a dataset: JSON Lines, a JSON array, CSV, TSV or Parquet, packed with gzip or zstd if its name says so.

    Raises:
        UsageError: the file cannot be opened, or is not what its name says.
    """
    rows = read_rows(path)
    for number, raw in enumerate(_records(rows) if ending(path) in TABLES else rows, 1):
        yield _imported(number, raw)


def _records(rows: Iterator[list[str]]) -> Iterator[Mapping[str, Any] | _Unreadable]:
    """The rows of a table by the names in its first one."""
    header = next(rows, [])
    for cells in rows:
        if len(cells) > len(header):
            yield _Unreadable(f"it has {len(cells)} cells where the table has {len(header)} columns")
        else:
            yield {name: _unfolded(name, cell) for name, cell in zip(header, cells, strict=False)}


def _unfolded(name: str, cell: str) -> Any:
    """A cell, or the list that stands in it as JSON: a table has no other place for a conversation."""
    if name not in _LISTS or not cell.lstrip().startswith("["):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _imported(number: int, raw: bytes | Any) -> ImportedRow:
    shape = ""
    try:
        if isinstance(raw, _Unreadable):
            raise raw
        row = json.loads(raw.decode("utf-8-sig")) if isinstance(raw, bytes) else raw
        _check_kept(raw, row)
        if not isinstance(row, Mapping):
            raise _Unreadable("it is not an object")
        shape = _shape(row)
        return ImportedRow(number, shape, _READERS[shape](row))
    except _Unreadable as reason:
        return ImportedRow(number, shape, None, str(reason))
    except KeyError as error:
        return ImportedRow(number, shape, None, f"it has no {error.args[0]!r}")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        return ImportedRow(number, shape, None, f"it is damaged: {error}")


def _check_kept(raw: bytes | Any, row: Any) -> None:
    r"""Python reads more than JSON has (NaN) and more than a file can hold (\ud800, half of a letter)."""
    if isinstance(raw, bytes) and not _ODD.search(raw):
        return
    try:
        json.dumps(row, ensure_ascii=False, allow_nan=False, default=str).encode()
    except UnicodeEncodeError:
        raise _Unreadable("it holds half of a letter, a surrogate without its other half") from None


def _shape(row: Mapping[str, Any]) -> str:
    if "messages" in row:
        return "canonical" if "made_by" in row and "evidence" in row else "messages"
    if isinstance(turns := row.get("conversations"), list):
        return "messages" if turns and "role" in turns[0] else "sharegpt"
    if "instruction" in row and "output" in row:
        return "alpaca"
    if "prompt" in row and "completion" in row:
        return "trl"
    if "question" in row and "answer" in row:
        return "table" if EARLIER in row else "pairs"
    if "chosen" in row and "rejected" in row:
        return "preference"
    raise _Unreadable(f"its keys ({', '.join(map(str, list(row)[:8]))}) are of no form that can be read")


def _from_canonical(row: Mapping[str, Any]) -> Judged:
    judged = from_canonical(row)
    try:
        # As JSON, because only there a list may stand for a tuple where types are held to strictly.
        _SAMPLE.validate_json(json.dumps(row), strict=True)
        _VERDICTS.validate_json(json.dumps(row["verdicts"]), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _Unreadable(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return judged


def _from_messages(row: Mapping[str, Any]) -> Judged:
    turns = row.get("messages") or row.get("conversations") or []
    return _sample("messages", _messages(turns, "role", "content"), _reasoning_of(turns, row))


def _from_sharegpt(row: Mapping[str, Any]) -> Judged:
    turns = _messages(row["conversations"], "from", "value")
    return _sample("sharegpt", _system(row.get("system")) + turns, _reasoning_of([], row))


def _from_alpaca(row: Mapping[str, Any]) -> Judged:
    turns = _system(row.get("system"))
    for user, assistant in row.get("history") or []:
        turns += [Message("user", _text(user)), Message("assistant", _text(assistant))]
    asked = "\n".join(part for part in (_text(row["instruction"]), _text(row.get("input") or "")) if part)
    turns += [Message("user", asked), Message("assistant", _text(row["output"]))]
    return _sample("alpaca", turns, _reasoning_of([], row))


def _from_trl(row: Mapping[str, Any]) -> Judged:
    prompt, completion = row["prompt"], row["completion"]
    if isinstance(prompt, str):
        turns = [Message("user", prompt), Message("assistant", _text(completion))]
        return _sample("trl", turns, _reasoning_of([], row))
    return _sample("trl", _messages([*prompt, *completion], "role", "content"), _reasoning_of(completion, row))


def _from_pair(row: Mapping[str, Any]) -> Judged:
    turns = [Message("user", _text(row["question"])), Message("assistant", _text(row["answer"]))]
    return _sample("pairs", _system(row.get("system")) + turns, _reasoning_of([], row))


def _from_table(row: Mapping[str, Any]) -> Judged:
    """A row of the table that we write for people."""
    return _sample("table", _messages(turns(row), "role", "content"), live(row.get("reasoning") or ""))


def _from_preference(row: Mapping[str, Any]) -> Judged:
    """TRL's preference form; what is judged is the chosen answer, to a prompt of its own or inside it."""
    prompt, chosen = row.get("prompt"), row["chosen"]
    if isinstance(chosen, str):
        return _sample("preference", [Message("user", _text(prompt)), Message("assistant", chosen)], "")
    before = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else list(prompt or [])
    return _sample("preference", _messages([*before, *chosen], "role", "content"), _reasoning_of(chosen, row))


_READERS: dict[str, Callable[[Mapping[str, Any]], Judged]] = {
    "canonical": _from_canonical,
    "messages": _from_messages,
    "sharegpt": _from_sharegpt,
    "alpaca": _from_alpaca,
    "trl": _from_trl,
    "pairs": _from_pair,
    "table": _from_table,
    "preference": _from_preference,
}


def _messages(turns: Iterable[Mapping[str, Any]], role_key: str, content_key: str) -> list[Message]:
    found = []
    for turn in turns:
        role = turn[role_key]
        if role not in _ROLES:
            raise _Unreadable(f"its role {role!r} is not one of {', '.join(_ROLES)}")
        found.append(Message(_ROLES[role], _text(turn[content_key])))
    return found


def _system(text: Any) -> list[Message]:
    return [Message("system", _text(text))] if text else []


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unreadable(f"a text was expected where there is {type(value).__name__}")
    return value


def _reasoning_of(turns: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> str:
    """Reasoning that stands in a field of its own: in the last turn, or beside the conversation."""
    places = [*list(turns)[-1:], row]
    return next((_text(place[key]) for place in places for key in _REASONING_KEYS if place.get(key)), "")


def _sample(shape: str, turns: list[Message], reasoning: str) -> Judged:
    if not turns or turns[-1].role != "assistant":
        raise _Unreadable("it does not end with an answer")
    if not reasoning and (thought := _THINKING.fullmatch(turns[-1].content)):
        reasoning = thought[1]
        turns = [*turns[:-1], Message("assistant", thought[2])]
    steps = tuple(Step(line) for line in reasoning.split("\n")) if reasoning else ()
    sample = Sample(
        id=content_id("imported", [(m.role, m.content) for m in turns], reasoning),
        kind=_kind(turns, reasoning),
        language="und",
        messages=tuple(turns),
        evidence=(),
        recipe=RecipeRef("imported", 1, {"shape": shape}),
        made_by=MadeBy(engine="imported", model="", model_sha256="", prompt_sha256="", seed=0),
        reasoning=steps,
    )
    return Judged(sample, ())


def _kind(turns: list[Message], reasoning: str) -> str:
    if sum(m.role == "assistant" for m in turns) > 1:
        return "dialogue"
    return "cot" if reasoning else "qa"
