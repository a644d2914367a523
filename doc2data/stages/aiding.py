"""What a person gives recipes beside documents: pairs of their own, and a file of personas of any size."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from doc2data.asking import form_of
from doc2data.errors import UsageError
from doc2data.export import read_dataset
from doc2data.recipes.base import Example
from doc2data.recipes.given import Given, read_given
from doc2data.settings import Settings
from doc2data.store import Store

FEWEST, MOST = 10, 200
"""Pairs that show kind and tone."""
NAMED = 10
"""Broken rows that are named one by one."""
PERSONAS = 1000
"""Personas that are drawn from a file, however many it has."""
LONGEST_LINE = 1 << 16
"""Bytes of a persona's line that are read."""
LONGEST_PERSONA = 300
"""Characters of a persona that a prompt shows."""
NEEDS_EXAMPLES = "self-instruct"


@dataclass(frozen=True, slots=True)
class Aids:
    """What was given, and what a person should know about it."""

    examples: tuple[Example, ...] = ()
    personas: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    given: Given = field(default_factory=Given)


def open_aids(folder: Path, settings: Settings) -> Aids:
    """Read what the settings name; `folder` is the project's.

    Raises:
        UsageError: a file is missing or holds nothing of use, or self-instruct is asked for without pairs.
    """
    given = read_given(settings, folder)
    grow, notes = settings.grow, list[str]()
    examples: tuple[Example, ...] = ()
    if NEEDS_EXAMPLES in settings.generate.recipes:
        if not grow.examples:
            raise UsageError(
                f"The recipe {NEEDS_EXAMPLES!r} needs pairs of your own to follow.",
                f"Name a JSON Lines file with {FEWEST} to {MOST} of them: --set grow.examples=FILE",
            )
        examples, notes = read_examples(folder / grow.examples, settings.generate.seed)
    personas = read_personas(folder / grow.personas, settings.generate.seed) if grow.personas else ()
    return Aids(examples, personas, tuple(notes), given)


def unmet(store: Store, given: Given) -> Iterator[str]:
    """What was given and came to nothing: labels that no text got, a schema that nothing follows."""
    if not given.labels and not given.schema:
        return
    found: Counter[str] = Counter()
    for judged in store.samples.judged("accepted"):
        found[judged.sample.kind] += 1
        found[f"label {judged.sample.recipe.params.get('label')}"] += judged.sample.kind == "classify"
    missing = [label for label in given.labels if not found[f"label {label}"]]
    if missing:
        yield f"Labels that no text got: {', '.join(missing)}. Add documents of that sort, or leave them out."
    if given.schema and not found["extract"]:
        yield "No table has columns for the required properties of texts.facts, and no text holds such facts."


def read_examples(path: Path, seed: int) -> tuple[tuple[Example, ...], list[str]]:
    """The pairs of a file in any shape that can be imported, and what is wrong with the other rows.

    Raises:
        UsageError: the file cannot be read, or no row is a pair.
    """
    found: list[Example] = []
    broken: list[str] = []
    for row in read_dataset(path):
        sample = row.judged.sample if row.judged is not None else None
        if sample is not None and sample.question.strip() and sample.answer.strip():
            question = sample.question.strip()
            found.append(Example(question, sample.answer.strip(), form_of(question)))
        else:
            broken.append(f"{path.name}, row {row.number}: {row.problem or 'it has no question or no answer'}.")
    if not found:
        hint = f"Give {FEWEST} to {MOST} rows with instruction and output, question and answer, or messages."
        raise UsageError(f"No row of {path.name!r} is a pair of question and answer.", " ".join([*broken[:1], hint]))
    notes = broken[:NAMED]
    if len(broken) > NAMED:
        notes.append(f"{path.name}: {len(broken) - NAMED} more rows are broken; the other {len(found)} are used.")
    if len(found) < FEWEST:
        notes.append(f"{path.name} holds {len(found)} pairs; with fewer than {FEWEST} the new ones will be much alike.")
    if len(found) > MOST:
        notes.append(f"{path.name} holds {len(found)} pairs; {MOST} of them, drawn by the seed, are used.")
        found = random.Random(seed).sample(found, MOST)
    return tuple(found), notes


def read_personas(path: Path, seed: int, count: int = PERSONAS) -> tuple[str, ...]:
    """Personas of lines drawn evenly from all, the same for the same file and seed; memory does not grow with the file.

    A line is a persona, or a JSON object whose `persona`, or else first text, is one (Persona Hub, 2406.20094); a
    drawn line that is broken is left out. The draw is Vitter's algorithm R (1985).

    Raises:
        UsageError: the file cannot be read, or holds no persona.
    """
    chance, lines = random.Random(seed), list[bytes]()
    try:
        for number, line in enumerate(_lines(path)):
            if number < count:
                lines.append(line)
            elif (place := int(chance.random() * (number + 1))) < count:
                lines[place] = line
    except OSError as error:
        raise UsageError(f"Cannot read the personas in {str(path)!r}: {error.strerror}.", "Check the path.") from error
    drawn = tuple(filter(None, (_persona(line.decode("utf-8-sig", "replace").strip()) for line in lines)))
    if not drawn:
        raise UsageError(f"{path.name!r} holds no persona.", "Write one a line, as text or as JSON with a 'persona'.")
    return drawn


def _lines(path: Path) -> Iterator[bytes]:
    """Lines that are not blank, cut where one is endless."""
    with path.open("rb") as file:
        while line := file.readline(LONGEST_LINE):
            if not line.isspace():
                yield line
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)


def _persona(line: str) -> str:
    text = line
    if line.startswith("{"):
        try:
            row = json.loads(line)
            text = row.get("persona") or next((value for value in row.values() if isinstance(value, str)), "")
        except (ValueError, RecursionError):
            text = ""
    return " ".join(str(text).split())[:LONGEST_PERSONA]
