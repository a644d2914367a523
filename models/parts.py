"""Models in several files, as llama.cpp splits them: NAME-00001-of-00003.gguf and so on, the first with the header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<suffix>\.gguf)")


def stem(path: Path) -> str:
    """A file's name without its suffix, and without the number of its part."""
    part = _PART.fullmatch(path.name)
    return part["stem"] if part else path.stem


def first(path: Path) -> Path:
    """The first part of the model that a file is a part of: the file itself where it is whole."""
    return parts(path)[0]


def parts(path: Path) -> tuple[Path, ...]:
    """The files of the model that a file belongs to, by its name, whether they are there or not."""
    part = _PART.fullmatch(path.name)
    if part is None:
        return (path,)
    count = part["count"]
    name = f"{part['stem']}-{{:05d}}-of-{count}{part['suffix']}"
    return tuple(path.with_name(name.format(number)) for number in range(1, int(count) + 1)) or (path,)


def one_model(names: Iterable[str]) -> list[str] | None:
    """Names of files in order, if they are all the parts of one model; None if they are not."""
    found = sorted(names)
    whole = [str(part) for part in parts(Path(found[0]))] if found else []
    return found if len(found) > 1 and found == whole else None
