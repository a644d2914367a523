"""What was found where, and the number that stands for each value: a file of the project that only its owner may read.

A value keeps its number for as long as the project lives, so that a placeholder means the same in every export.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from doc2data.errors import ProjectDamaged, StorageError
from doc2data.privacy.finding import Finding, Kind

FILE_NAME = "privacy.json"
LABELS: Mapping[Kind, str] = {
    "email": "EMAIL",
    "phone": "PHONE",
    "id": "ID",
    "card": "CARD",
    "iban": "IBAN",
    "ip": "IP",
    "secret": "SECRET",
    "name": "PERSON",
}
_DAMAGED = "Bring it back from a backup; or delete it, and every value gets a new number in the next export."


@dataclass(frozen=True, slots=True)
class _Document:
    """What was found in one version of a document: kind, start, end and value of each."""

    version: str
    findings: list[tuple[Kind, int, int, str]]


@dataclass(frozen=True, slots=True)
class _Content:
    """The file; numbers of values by kind, findings by document, how many of each kind by sample."""

    placeholders: dict[Kind, dict[str, int]] = field(default_factory=dict)
    documents: dict[str, _Document] = field(default_factory=dict)
    samples: dict[str, dict[str, int]] = field(default_factory=dict)


_CONTENT = TypeAdapter(_Content)


class Ledger:
    """The file privacy.json of a project, held in memory until `save`."""

    def __init__(self, path: Path) -> None:
        """Open the ledger; one that is not there begins anew.

        Raises:
            ProjectDamaged: it cannot be read, so that values would get other numbers than they have.
        """
        self._path = path
        try:
            content = _CONTENT.validate_json(path.read_bytes())
        except FileNotFoundError:
            content = _Content()
        except (OSError, ValueError) as error:
            raise ProjectDamaged(f"{path.name} cannot be read: {type(error).__name__}.", _DAMAGED) from error
        self._numbers, self._documents, self.samples = content.placeholders, content.documents, content.samples
        """For samples with findings: how many of each kind, by the sample's id."""

    def placeholder(self, finding: Finding) -> str:
        """What stands for a value wherever it is masked: "[PERSON-3]"; a value not seen before gets the next number."""
        known = self._numbers.setdefault(finding.kind, {})
        return f"[{LABELS[finding.kind]}-{known.setdefault(finding.value, len(known) + 1)}]"

    def values(self, kind: Kind) -> Mapping[str, str]:
        """Every value of a kind with its placeholder, in the order of their numbers."""
        return {value: f"[{LABELS[kind]}-{n}]" for value, n in self._numbers.get(kind, {}).items()}

    def values_after(self, kind: Kind, number: int) -> list[str]:
        """Values of a kind whose numbers are higher, in order."""
        known = self._numbers.get(kind, {})
        return list(islice(known, number, None)) if len(known) > number else []

    def is_scanned(self, document: str, version: str) -> bool:
        """Whether this version of a document is in the ledger already."""
        return document in self._documents and self._documents[document].version == version

    def put_document(self, document: str, version: str, findings: Sequence[Finding]) -> None:
        """Keep what was found in a document's text."""
        rows = [(f.kind, f.start, f.end, f.value) for f in findings]
        self._documents[document] = _Document(version, rows)
        for finding in findings:
            self.placeholder(finding)

    def keep_only(self, documents: Sequence[str]) -> None:
        """Forget findings in documents that are gone; the numbers of their values stay."""
        self._documents = {name: self._documents[name] for name in documents if name in self._documents}

    def findings(self, document: str) -> list[Finding]:
        """What was found in a document, in the order of its text."""
        rows = self._documents[document].findings if document in self._documents else []
        return [Finding(kind, start, end, value) for kind, start, end, value in rows]

    def documents(self) -> dict[str, Counter[Kind]]:
        """Documents with findings: how many of each kind."""
        counted = {name: Counter(row[0] for row in kept.findings) for name, kept in self._documents.items()}
        return {name: counts for name, counts in counted.items() if counts}

    def save(self) -> None:
        """Write the file, whole or not at all, readable by its owner only.

        Raises:
            StorageError: it cannot be written.
        """
        content = asdict(_Content(self._numbers, self._documents, self.samples))
        draft = self._path.with_name(self._path.name + ".part")
        try:
            draft.unlink(missing_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
                json.dump(content, stream, ensure_ascii=False, indent=1)
                stream.write("\n")
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StorageError(f"Cannot write {str(self._path)!r}: {error.strerror}.") from error
