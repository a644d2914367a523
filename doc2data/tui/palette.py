"""Samples and documents in the command palette: type some of their words, Enter opens what was found."""

from __future__ import annotations

from functools import partial

from textual.command import Hit, Hits, Provider

from doc2data.store import Query, Store
from doc2data.store.selection import Brief
from doc2data.tui.host import host_of

MOST = 8
LEAST = 3
"""Characters before samples are searched."""


class SampleCommands(Provider):
    """Finds samples by their words."""

    async def search(self, query: str) -> Hits:
        """Samples that hold the words."""
        app = host_of(self.screen)
        if len(query) < LEAST or app.archive is None:
            return

        def find(store: Store) -> list[Brief]:
            return store.samples.briefs(store.samples.select(Query(text=query, limit=MOST)))

        for brief in await app.archive.ask(find, slow=True):
            yield Hit(
                0.5,
                f"sample: {brief.question}",
                partial(app.review_one, brief.id),
                help=f"{brief.kind}, {brief.status}",
            )


class DocumentCommands(Provider):
    """Finds documents by their names."""

    async def search(self, query: str) -> Hits:
        """Documents whose names match."""
        host = host_of(self.screen)
        if host.archive is None:
            return
        matcher = self.matcher(query)
        for row in await host.archive.ask(lambda store: store.documents.rows(), slow=True):
            score = matcher.match(row.name)
            if score > 0 and row.state == "read":
                yield Hit(
                    score, matcher.highlight(row.name), partial(host.show_document, row), help="Open the document"
                )
