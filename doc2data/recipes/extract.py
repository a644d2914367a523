"""extract: facts as JSON that follows a schema: the user's own, or without one that of the table itself.

Without a model the facts are cells: a schema's properties are matched with the headers of tables by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from doc2data.graph import TableView, key
from doc2data.graph.quantities import split_header
from doc2data.recipes.atlas import atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.texts import Text, evidence_of, parts, table_text, text_of, texts
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.texts import EXTRACT, compact, facts_over, request

VERSION = 1
CHECK = "schema"
_NUMBER = re.compile(r"[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+−-]?\d+(?:\.\d+)?")


class Extract:
    """The recipe `extract`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job for each part of each table; with a model and a schema one for each text as well."""
        schema = desk.given.schema
        for view in atlas(desk.corpus).tables:
            if not schema or _columns(view, schema):
                for rows in parts(view):
                    yield _job("table", rows, schema)
        if desk.engine is not None and schema:
            for text in texts(desk):
                yield _job("text", text.clues, schema)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Extract the facts."""
        if job.params["form"] == "text":
            return [await _written(job, text_of(job, desk), desk)]
        known = atlas(desk.corpus)
        rows = tuple(desk.corpus.clue(id) for id in job.clues)
        view = next(view for view in known.tables if rows[0] in view.rows)
        schema = desk.given.schema or own_schema(view)
        facts = _facts(view, rows, schema)
        text_shown = table_text(view, rows, view.headers)
        content = _content(facts, schema, text_shown, evidence_of(rows, known), desk)
        problem = _problem(facts, schema)
        return [desk.refused(job, content, CHECK, problem) if problem else desk.sample(job, content)]


def own_schema(view: TableView) -> dict[str, Any]:
    """The schema of a table: an array of objects with a property for each column."""
    numeric = {header: all(_NUMBER.fullmatch(_cell(row, header)) for row in view.rows) for header in view.headers}
    properties = {_property(header): {"type": "number" if numeric[header] else "string"} for header in view.headers}
    item = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "items": item}


def _job(form: str, clues: Sequence[Clue], schema: Mapping[str, Any]) -> Job:
    params = {"form": form} | ({"schema": dict(schema)} if schema else {})
    return Job("extract", VERSION, clues[0].chunk, tuple(clue.id for clue in clues), params=params)


def _item(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema["items"] if schema.get("type") == "array" else schema
    return found


def _columns(view: TableView, schema: Mapping[str, Any]) -> dict[str, str]:
    """Property to header; empty where a property that is required has no header, or fewer than two have one."""
    headers = {key(form): header for header in view.headers for form in (header, split_header(header)[0])}
    item = _item(schema)
    found = {name: headers[key(_spoken(name))] for name in item["properties"] if key(_spoken(name)) in headers}
    required = item.get("required", ())
    return found if len(found) > 1 and all(name in found for name in required) else {}


def _facts(view: TableView, rows: Sequence[Clue], schema: Mapping[str, Any]) -> Any:
    """The rows by the schema; of a schema that is no array the first row alone."""
    columns = _columns(view, schema) or {_property(header): header for header in view.headers}
    kinds = {name: spec.get("type") for name, spec in _item(schema)["properties"].items()}
    found = [{name: _value(_cell(row, header), kinds[name]) for name, header in columns.items()} for row in rows]
    return found if schema.get("type") == "array" else found[0]


def _value(text: str, kind: Any) -> Any:
    """A cell as its type says; one that is no number stays a text, which the schema then turns down."""
    if kind not in ("number", "integer") or not _NUMBER.fullmatch(text):
        return text
    number = float(text.replace(",", "").replace("−", "-"))
    return int(number) if number.is_integer() and "." not in text else number


def _cell(row: Clue, header: str) -> str:
    return dict(row.cells).get(header, "").strip()


def _property(header: str) -> str:
    """A header as the name of a property: "Shelf life (months)" is shelf_life_months."""
    return re.sub(r"[^\w]+", "_", header.lower()).strip("_") or "value"


def _spoken(name: str) -> str:
    """A property's name as a header would have it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[_-]", " ", name)


def _problem(facts: Any, schema: Mapping[str, Any]) -> str:
    from jsonschema import Draft202012Validator

    found = next(Draft202012Validator(dict(schema)).iter_errors(facts), None)
    return f"The table's cells do not follow the schema: {found.message}." if found is not None else ""


async def _written(job: Job, text: Text, desk: Desk) -> Sample | Judged:
    schema, language = desk.given.schema, desk.corpus.language_of(text.clues[0])
    shown = evidence_text([desk.corpus.evidence(clue) for clue in text.clues])
    output = facts_over(len(text.clues), schema)
    told = await desk.writer.ask(EXTRACT, language, desk.seed(job), {"schema": compact(schema)}, shown, output)
    content = _content(told.facts, schema, text.shown, text.cited(told.sentences), desk)
    if _is_empty(told.facts):
        return desk.refused(job, content, CHECK, "The model finds no such facts in the text.")
    return desk.sample(job, content)


def _is_empty(facts: Any) -> bool:
    """Whether no value is told: an empty list, or values that are empty all through."""
    if isinstance(facts, (list, dict)):
        return all(_is_empty(part) for part in (facts.values() if isinstance(facts, dict) else facts))
    return facts is None or (isinstance(facts, str) and not facts.strip())


def _content(facts: Any, schema: Mapping[str, Any], text: str, clues: tuple[Clue, ...], desk: Desk) -> Content:
    language = desk.corpus.language_of(clues[0])
    asked = request("extract", language, text, schema=compact(schema))
    return Content(
        kind="extract",
        language=language,
        messages=(Message("user", asked), Message("assistant", compact(facts))),
        clues=clues,
    )
