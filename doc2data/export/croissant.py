"""Croissant 1.1 metadata: the same facts for machines, with provenance in PROV terms.

Specification: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doc2data.export.facts import DatasetFacts, DocumentFacts, ModelFacts
from doc2data.export.files import write_text
from doc2data.plain import counted

# The terms that the specification's own context defines, all of them: validators compare it whole.
_TERMS = [
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
]
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "description": {"@container": "@language"},
} | {term: f"cr:{term}" for term in _TERMS}
_ARCHIVE = "samples.jsonl"
_FIELDS = {
    "id": "Name of the sample, made from its content.",
    "kind": "Kind of sample: qa, cot, multihop, dialogue, ...",
    "language": "Language of the text.",
    "status": "Whether every check passed.",
}
_LISTS = {
    "messages": ("The conversation.", {"role": "sc:Text", "content": "sc:Text"}),
    "evidence": (
        "Verbatim quotes that the answer stands on, with their offsets in the document's text.",
        {"document": "sc:Text", "quote": "sc:Text", "start": "sc:Integer", "end": "sc:Integer"},
    ),
}


def write_croissant(folder: Path, facts: DatasetFacts) -> Path:
    """Write croissant.json for the export in `folder`; its samples.jsonl is hashed.

    Raises:
        OSError: samples.jsonl cannot be read, or the disk is full, read-only or gone.
    """
    text = json.dumps(croissant(folder, facts), ensure_ascii=False, indent=2) + "\n"
    return write_text(folder / "croissant.json", text)


def croissant(folder: Path, facts: DatasetFacts) -> dict[str, Any]:
    """The metadata as JSON-LD values."""
    described = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": facts.title,
        "description": facts.description or f"Training samples made from {counted(len(facts.documents), 'document')}.",
        "license": facts.licence,
        "version": facts.version,
        "datePublished": facts.published,
        "inLanguage": list(facts.counts.languages),
        "distribution": [_file(folder / _ARCHIVE)],
        "recordSet": [_records()],
        "prov:wasDerivedFrom": [_document(document) for document in facts.documents],
        "prov:wasGeneratedBy": [_activity(model, facts) for model in facts.models],
    }
    return {key: value for key, value in described.items() if value}


def _file(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "description": "Every accepted sample, one JSON object a line.",
        "contentUrl": path.name,
        "encodingFormat": "application/jsonlines",
        "sha256": digest,
    }


def _records() -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": "samples",
        "name": "samples",
        "description": "Accepted samples in canonical form.",
        "key": {"@id": "samples/id"},
        "field": [
            *(
                _field(f"samples/{name}", name, "sc:Text", name) | {"description": about}
                for name, about in _FIELDS.items()
            ),
            *(_list(name, about, parts) for name, (about, parts) in _LISTS.items()),
        ],
    }


def _field(identity: str, name: str, kind: str, column: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": identity,
        "name": name,
        "dataType": kind,
        "source": {"fileObject": {"@id": _ARCHIVE}, "extract": {"column": column}},
    }


def _list(name: str, about: str, parts: Mapping[str, str]) -> dict[str, Any]:
    """A column that holds a list of objects, part by part."""
    fields = [_field(f"samples/{name}/{part}", part, kind, name) for part, kind in parts.items()]
    for field, part in zip(fields, parts, strict=True):
        field["source"]["transform"] = {"jsonPath": f"$.{part}"}
    return {
        "@type": "cr:Field",
        "@id": f"samples/{name}",
        "name": name,
        "description": about,
        "isArray": True,
        "arrayShape": "-1",
        "subField": fields,
    }


def _document(document: DocumentFacts) -> dict[str, Any]:
    described = {
        "@type": "prov:Entity",
        "@id": f"urn:sha256:{document.sha256}",
        "name": document.title or document.name,
        "identifier": document.name,
        "license": document.licence,
    }
    return {key: value for key, value in described.items() if value}


def _activity(model: ModelFacts, facts: DatasetFacts) -> dict[str, Any]:
    described = {
        "@type": "prov:Activity",
        "name": f"{model.role}: {model.name}",
        "identifier": f"urn:sha256:{model.sha256}" if model.sha256 else "",
        "license": model.licence,
        "description": model.note or f"Seed {facts.seed}.",
    }
    return {key: value for key, value in described.items() if value}
