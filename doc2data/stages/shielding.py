"""documents and samples -> what is personal in them: found once per version of a document, kept in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from doc2data import export
from doc2data.privacy import KINDS, Kind, Ledger, Scanner, Shield, read_names
from doc2data.privacy.ledger import FILE_NAME
from doc2data.privacy.shield import Action
from doc2data.project import Project
from doc2data.records import Passage, content_id
from doc2data.settings import PrivacySettings
from doc2data.store import Store


@dataclass(frozen=True, slots=True)
class Guard:
    """A project's shield with the ledger behind it."""

    shield: Shield
    ledger: Ledger


def guard(project: Project, store: Store, settings: PrivacySettings) -> Guard:
    """Scan what documents are new or changed, and open the shield; the ledger is not saved yet.

    Raises:
        SettingsError: the list of names cannot be read.
    """
    chosen = actions(settings)
    people = read_names(project.folder / settings.names) if settings.names else ()
    scanner = Scanner([kind for kind in KINDS if chosen[kind] != "off"], settings.countries, people)
    ledger = Ledger(project.folder / FILE_NAME)
    rows = [row for row in store.documents.rows() if row.state == "read"]
    for row in rows:
        version = content_id(row.id, scanner.fingerprint)
        if not ledger.is_scanned(row.name, version):
            ledger.put_document(row.name, version, scanner.find(store.documents.document(row.id).text))
    ledger.keep_only([row.name for row in rows])
    return Guard(Shield(scanner, ledger, chosen), ledger)


def actions(settings: PrivacySettings) -> dict[Kind, Action]:
    """What happens to each kind."""
    chosen: dict[Kind, Action] = {}
    for kind in KINDS:
        own = getattr(settings, kind)
        chosen[kind] = settings.action if own == "as action" else own
    return chosen


def shielded_sources(sources: export.ExportSources, shield: Shield) -> export.ExportSources:
    """What stands beside the samples in some formats, as it may go out."""
    if not shield.hides:
        return sources
    documents, passages, search = sources.documents, sources.passages, sources.search
    return replace(
        sources,
        documents=_documents(documents, shield) if documents else None,
        passages=_passages(passages, shield) if passages else None,
        search=(lambda query, k: [shield.hit(hit) for hit in search(query, k)]) if search else None,
    )


def shielded_facts(facts: export.DatasetFacts, shield: Shield) -> export.DatasetFacts:
    """What the card says, as it may go out."""
    text = shield.text
    return replace(
        facts,
        title=text(facts.title),
        documents=tuple(replace(d, name=text(d.name), title=text(d.title)) for d in facts.documents),
        failures={text(reason): count for reason, count in facts.failures.items()},
        settings={key: text(value) for key, value in facts.settings.items()},
        command=text(facts.command),
        limits=tuple(map(text, facts.limits)),
    )


def _documents(
    documents: Callable[[], Iterator[export.DocumentText]], shield: Shield
) -> Callable[[], Iterator[export.DocumentText]]:
    def shown() -> Iterator[export.DocumentText]:
        for one in documents():
            title, name = shield.text(one.title), shield.text(one.name)
            yield replace(one, name=name, title=title, text=shield.text(one.text))

    return shown


def _passages(passages: Callable[[], Iterator[Passage]], shield: Shield) -> Callable[[], Iterator[Passage]]:
    return lambda: map(shield.passage, passages())
