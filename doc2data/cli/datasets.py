"""review: looking at samples, and deciding on them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doc2data.cli import talk
from doc2data.cli.calibration import audit

if TYPE_CHECKING:
    from doc2data.project import Project
    from doc2data.records import Judged, Sample
    from doc2data.store import Store

FOLDER = click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder of the project.")


@click.command()
@click.argument("ids", nargs=-1)
@click.option("--accept", "decision", flag_value="accept", help="Accept the samples named by IDS.")
@click.option("--reject", "decision", flag_value="reject", help="Reject the samples named by IDS.")
@click.option("--undo", "decision", flag_value="undo", help="Take back the last decision, edit, tag or note.")
@click.option("--regenerate", "decision", flag_value="regenerate", help="Ask the recipe again for the samples IDS.")
@click.option("--audit", "decision", flag_value="audit", help="What the decisions say of the checks, and what is next.")
@click.option("--apply", "decision", flag_value="apply", help="Set the floor that --audit found.")
@click.option("--margin", type=click.FloatRange(0.005, 0.5), default=0.05, help="Half-width of --audit's interval.")
@click.option("--target", type=click.FloatRange(0.5, 1), default=0.95, help="Precision that --audit's floor aims at.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Give the samples IDS this tag; may be given again.")
@click.option("--note", metavar="TEXT", help="Keep a note on the samples IDS.")
@click.option("--reason", default="", help="Why, kept with the decision.")
@click.option("--tagged", metavar="TAG", help="Only samples with this tag.")
@click.option("--random", "count", type=click.IntRange(1), metavar="N", help="Show N accepted samples at random.")
@click.option("--seed", default=0, show_default=True, help="Which N.")
@click.option(
    "--status",
    type=click.Choice(["accepted", "rejected", "stale"]),
    default="accepted",
    show_default=True,
    help="stale: those whose evidence the documents no longer hold; no export has them.",
)
@click.option("--kind", help="Only samples of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Canonical samples, one a line.")
@FOLDER
def review(ids: tuple[str, ...], decision: str | None, folder: Path, **given: Any) -> None:
    """Show samples with their evidence; accept, reject, tag, note or make again those named by IDS.

    Decisions count at the next `doc2data export`.
    """
    from doc2data import project
    from doc2data.store import Query, Store

    target = project.find(folder)
    with Store(target.database) as store:
        if decision in ("audit", "apply"):
            audit(target, store, decision == "apply", given)
        elif decision == "regenerate":
            _regenerate(target, store, ids)
        elif decision is not None:
            _decide(store, ids, decision, given["reason"])
        if given["tags"] or given["note"] is not None:
            _remark(store, ids, given["tags"], given["note"])
        elif decision is None and given["status"] == "stale":
            _show_retired(store, given["as_json"])
        elif decision is None:
            if given["tagged"]:
                ids = tuple(store.samples.select(Query(tag=given["tagged"])))
            _show_all(store, ids, given)


def _show_all(store: Store, ids: Sequence[str], shown: dict[str, Any]) -> None:
    from doc2data.store import Query

    if not (ids or shown["tagged"]):
        ids = store.samples.select(Query(status=shown["status"]))
    if shown["kind"] is not None:
        of_kind = set(store.samples.select(Query(kind=shown["kind"])))
        ids = [id for id in ids if id in of_kind]
    if shown["count"] is not None:
        ids = random.Random(shown["seed"]).sample(ids, min(shown["count"], len(ids)))
    found = (judged for id in ids if (judged := store.samples.get(id)) is not None)
    for number, judged in enumerate(found, 1):
        _show(number, judged, store, shown["as_json"])


def _regenerate(target: Project, store: Store, ids: Sequence[str]) -> None:
    from doc2data.remake import Remaker

    with target.hold():
        remaker = Remaker(target, target.settings(), store)
        try:
            for id in _named(ids):
                after = remaker(id)
                talk.say(f"{id} is now {after.sample.id}: {after.status}. {after.reason}".rstrip())
        finally:
            remaker.close()


def _remark(store: Store, ids: Sequence[str], tags: Sequence[str], note: str | None) -> None:
    from doc2data import review as core

    for id in _named(ids):
        if tags:
            core.tag(store, id, (*store.remarks.get(id).tags, *tags))
        if note is not None:
            core.note(store, id, note)
    talk.say(f"Noted on {len(ids)}.")


def _named(ids: Sequence[str]) -> Sequence[str]:
    from doc2data.errors import UsageError

    if not ids:
        raise UsageError("Name the samples to decide on.", "`doc2data review` shows them with their ids.")
    return ids


def _decide(store: Store, ids: Sequence[str], decision: str, reason: str) -> None:
    from doc2data import review as core

    if decision == "undo":
        restored = core.undo(store)
        talk.say(f"Took back the decision on {restored.sample.id}." if restored else "There is nothing to take back.")
        return
    for id in _named(ids):
        core.accept(store, id, reason) if decision == "accept" else core.reject(store, id, reason)
    talk.say(f"{decision.capitalize()}ed {len(ids)}. Write them out with: doc2data export")


def _show(number: int, judged: Judged, store: Store, as_json: bool) -> None:
    from doc2data.records import to_canonical

    if as_json:
        talk.put_json(to_canonical(judged))
        return
    sample = judged.sample
    lines = [f"{number}. {sample.id}  {sample.kind}, {sample.language}, {judged.status}, score {judged.score:.2f}"]
    lines += [f"   {message.role:9} {_indented(message.content)}" for message in sample.messages]
    lines += [f"   step      {_indented(step.text)}" for step in sample.reasoning]
    for e in sample.evidence:
        page = f", page {e.page}" if e.page else ""
        lines.append(f"   evidence  {_indented(e.quote)}")
        lines.append(f"             ({e.document}{page}, {' > '.join(e.section)}, characters {e.start}-{e.end})")
    lines += _line(sample, store) if sample.parent is not None else []
    if judged.status == "rejected":
        lines.append(f"   rejected  {judged.reason}")
    remark = store.remarks.get(sample.id)
    if remark.tags:
        lines.append(f"   tags      {', '.join(remark.tags)}")
    if remark.note:
        lines.append(f"   note      {_indented(remark.note)}")
    talk.put("\n".join(lines) + "\n")


def _show_retired(store: Store, as_json: bool) -> None:
    from doc2data.records import to_canonical

    for number, retired in enumerate(store.retired.all(), 1):
        if as_json:
            why = {"state": retired.state, "document": retired.document, "reason": retired.reason}
            talk.put_json({**to_canonical(retired.judged), "retired": why})
        else:
            _show(number, retired.judged, store, as_json=False)
            decided = " A person decided on it; it comes back as soon as the documents say it again."
            talk.put(f"   {retired.state:9} {retired.reason}{decided if retired.decided else ''}\n")


def _line(sample: Sample, store: Store) -> list[str]:
    """What a sample grew out of, back to the first one and its clues."""
    from doc2data.lineage import ancestors, manner_of

    line = list(ancestors(sample, store.samples.get))
    lines = [f"   made by   {manner_of(sample)}"]
    for older in line:
        lines.append(f"   grown of  {older.sample.id}  ({manner_of(older.sample)}) {_indented(older.sample.question)}")
    first = line[-1].sample if line else sample
    if first.parent is not None:
        lines.append(f"   grown of  {first.parent}  (no longer kept)")
    clues = store.documents.clues_named(first.clues)
    lines += [f"   clue      {clue.id}  ({clue.kind}) {_indented(clue.quote)}" for clue in clues]
    return lines


def _indented(text: str) -> str:
    return "\n             ".join(text.splitlines())
