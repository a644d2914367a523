"""From keys to records: what a person does in the app is in the project afterwards."""

from __future__ import annotations

from dataclasses import replace
from multiprocessing import resource_tracker
from pathlib import Path

import gguf
import pytest
from textual import events

from doc2data import recent, review
from doc2data.project import Project
from doc2data.records import Judged, Message
from doc2data.settings import Settings, override
from doc2data.store import Query, Store
from doc2data.tui.screens import amending
from doc2data.tui.screens.dialog import ErrorPanel
from doc2data.tui.widgets.path_input import pasted_path
from models import EngineLost
from models.catalogue import own_folder
from tests import tiny_gguf
from tests.hub import served
from tests.tui.driving import opened, screen_text, shows, stored, typed, until
from tests.tui.runs import ScriptedRun, whole_run

KEYS_BESIDE_PATH = 15


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "pump.md").write_text("# Pump\n\nThe pump is tested at 6 bar.\n", encoding="utf-8")
    return folder


async def test_new_user_comes_from_nothing_to_a_run_with_three_keys_beside_the_path(
    tmp_path: Path, documents: Path
) -> None:
    run = ScriptedRun()
    app = opened(tmp_path, build=run)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "New dataset", "None yet")
        await typed(pilot, str(documents))
        await pilot.press("enter")
        await shows(pilot, "Enter makes the project")
        await pilot.press("enter")
        await shows(pilot, "What to make", "Not read yet: 1")
        await pilot.press("r")
        await shows(pilot, "✓ Finished", "6 new samples kept")
        with stored(app) as store:
            assert list(store.documents.sources()) == ["pump.md"]
    assert [project.folder for project, _ in run.started] == [tmp_path / "manuals-dataset"]


async def test_documents_that_do_not_exist_are_named_before_a_project_is_made(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test() as pilot:
        await shows(pilot, "None yet")
        await typed(pilot, "nowhere")
        await pilot.press("enter")
        await shows(pilot, "There is no file or folder 'nowhere'")
    assert list(tmp_path.iterdir()) == []


async def test_decisions_are_stored_and_taken_back(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6", "inlet valve VL-2", "▶The inlet valve VL-2 is tested at 6 bar.◀")
        await pilot.press("a")
        await shows(pilot, "2 of 6", "flow sensor")
        await pilot.press("x")
        await shows(pilot, "Why?")
        await pilot.press("down", "enter")
        await shows(pilot, "3 of 6", "dosing unit")
        with stored(app) as store:
            decided = [store.samples.get(id) for id in store.samples.select(Query(decided=True))]
            assert {(j.sample.question, j.status) for j in decided if j} == {
                ("At what pressure is the inlet valve VL-2 tested?", "accepted"),
                ("At what pressure is the flow sensor FS-11 tested?", "rejected"),
            }
            assert any(j and j.verdicts[-1].reason == "The answer is wrong." for j in decided)
        await pilot.press("u")
        await shows(pilot, "2 of 6", "flow sensor")
        with stored(app) as store:
            assert len(store.samples.select(Query(decided=True))) == 1


async def test_review_goes_on_where_it_was_left(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6")
        await pilot.press("n", "n")
        await shows(pilot, "3 of 6", "dosing unit")
    again = opened(project.folder)
    async with again.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "3 of 6", "dosing unit")


async def test_hops_stand_in_their_order_and_dialogue_turns_name_their_evidence(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 60)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6")
        await pilot.press("q")
        await shows(pilot, "Undecided of kind multihop")
        await pilot.press(*["down"] * 4, "enter")
        await shows(pilot, "hop 1", "hop 2", "REASONING")
        text = screen_text(app)
        assert text.index("hop 1") < text.index("hop 2")


async def test_run_goes_on_while_elsewhere_and_can_be_paused_and_stopped(project: Project) -> None:
    run = ScriptedRun(hold=12)
    app = opened(project.folder, build=run)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("f5")
        await shows(pilot, "▶ Running", "Making")
        await pilot.press("p")
        await shows(pilot, "Paused")
        await pilot.press("p")
        await shows(pilot, "▶ Running")
        await pilot.press("5")
        await shows(pilot, "1 of 6")
        await pilot.press("a")
        await shows(pilot, "2 of 6")
        await pilot.press("4", "s")
        await shows(pilot, "Stopped")
        assert run.closed.is_set()


async def test_engine_that_dies_becomes_a_panel_with_cause_and_remedy(project: Project) -> None:
    error = EngineLost("The model's process ended with signal 9.", "Use a smaller model.")
    app = opened(project.folder, build=ScriptedRun(whole_run()[:12], error=error))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("f5")
        await shows(pilot, "The model's process ended with signal 9.", "Use a smaller model.")
        assert isinstance(app.screen, ErrorPanel)
        await pilot.press("escape")
        await shows(pilot, "Could not go on", "r tries again")


async def test_unforeseen_error_shows_its_cause_and_the_app_goes_on(project: Project) -> None:
    app = opened(project.folder, build=ScriptedRun([], error=ZeroDivisionError("division by zero")))
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("f5")
        await shows(pilot, "ZeroDivisionError: division by zero", "Traceback")
        await pilot.press("escape", "2")
        await shows(pilot, "manual.md")


async def test_killed_run_is_offered_to_go_on(project: Project) -> None:
    (project.folder / ".lock.json").write_text('{"pid": 1, "host": "here"}', encoding="utf-8")
    run = ScriptedRun()
    app = opened(project.folder, build=run)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "Continue the run?")
        await pilot.press("enter")
        await shows(pilot, "✓ Finished")
    assert len(run.started) == 1


async def test_quitting_asks_first_while_a_run_goes_on(project: Project) -> None:
    run = ScriptedRun(hold=12)
    app = opened(project.folder, build=run)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("f5")
        await shows(pilot, "▶ Running")
        await pilot.press("ctrl+q")
        await shows(pilot, "A run is going on")
        await pilot.press("down", "enter")
        await until(pilot, lambda: not app.is_running)
    assert run.closed.is_set()


async def test_form_writes_the_settings_file_and_refuses_what_makes_no_sense(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("3")
        await shows(pilot, "What to make", "per chunk")
        await pilot.press("enter", "tab", "end", "backspace", "3")
        await until(pilot, lambda: project.settings().generate.per_chunk == 3)
        await pilot.press("backspace", "0")
        await shows(pilot, "greater than or equal to 1")
        assert project.settings().generate.per_chunk == 3


async def test_search_finds_words_of_any_script_and_opens_the_sample(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("6")
        await shows(pilot, "8 samples", "6 accepted")
        await pilot.press("slash")
        await typed(pilot, "进水阀")
        await pilot.press("enter")
        await shows(pilot, "1 samples · “进水阀”")
        await pilot.press("enter")
        await shows(pilot, "One sample", "进水阀VL-2的试验压力是多少？")


async def test_export_shows_the_bytes_and_keeps_the_choice(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_gguf.build(tmp_path / "tiny.gguf")
    project.write_settings(override(project.settings(), {"model.spec": str(model)}))
    # Textual gives no descriptor of standard error to hand on; outside tests `own_terminal` sees to it.
    resource_tracker.ensure_running()
    monkeypatch.setattr("doc2data.exporting.exporting", lambda project, settings: ScriptedRun([])(project, settings)())
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("6")
        await shows(pilot, "8 samples")
        await pilot.press("x")
        await shows(pilot, "Licence of the documents", "Under what licence are 4 of the")
        await typed(pilot, "CC-BY-4.0")
        await pilot.press("enter")
        await shows(pilot, "[✓] alpaca", '"messages"')
        await pilot.press("t")
        await shows(pilot, "<|im_start|>user", "6 samples, ", "tokens of Tiny Random")
        await pilot.press("down", "down")
        await shows(pilot, '"conversations"')
        await pilot.press("space")
        await shows(pilot, "[ ] sharegpt")
        await pilot.press("enter")
        await until(pilot, lambda: not app.ledger.active and app.ledger.state != "idle")
        with stored(app) as store:
            assert set(store.documents.licences().values()) == {"CC-BY-4.0"}
        await pilot.press("x")
        await shows(pilot, "[✓] alpaca")
    assert project.settings().export.formats == ("jsonl", "alpaca", "messages")


async def test_licences_are_stated_by_document_or_for_all_that_have_none(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md", "broken.pdf")
        await pilot.press("L")
        await shows(pilot, "State a licence", "Of all 4 without one")
        await pilot.press("enter")
        await shows(pilot, "An identifier such as")
        await typed(pilot, "MIT")
        await pilot.press("enter")
        await shows(pilot, "Licence: MIT")
        await pilot.press("L")
        await shows(pilot, "Of all 3 without one")
        await pilot.press("down", "enter")
        await shows(pilot, "An identifier such as")
        await typed(pilot, "CC0-1.0")
        await pilot.press("enter")
        await until(pilot, lambda: len(stored(app).documents.licences()) == 4)
    with stored(app) as store:
        assert sorted(store.documents.licences().values()) == ["CC0-1.0"] * 3 + ["MIT"]


async def test_the_dataset_shows_how_it_is_spread_and_what_repeats(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("6")
        await shows(pilot, "Measures", "Coverage", "of 6 chunks")
        await pilot.press("b")
        await shows(
            pilot, "Balance", "Duplicates", " 67% en", " 33% zh", "0 asked before, rejected", "Quotes used most"
        )
        assert "Coverage" not in screen_text(app)


async def test_an_embedding_model_finds_passages_and_does_not_write(project: Project) -> None:
    folder = own_folder()
    folder.mkdir(parents=True)
    tiny_gguf.build(folder / "vectors.gguf", tiny_gguf.Shape(pooling=gguf.PoolingType.MEAN))
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("7")
        await shows(pilot, "vectors", "embeds")
        await pilot.press("enter")
        await shows(pilot, "Embedder in this project: vectors")
        assert (project.settings().index.embedder, project.settings().model.spec) == ("vectors", "")
        await pilot.press("9")
        await shows(pilot, "Embedder: installed")
        assert project.settings().index.embedder == "default"


async def test_a_model_does_what_it_is_for_and_one_that_is_broken_says_why(project: Project) -> None:
    folder = own_folder()
    folder.mkdir(parents=True)
    whole = tiny_gguf.build(folder / "writer.gguf").read_bytes()
    (folder / "broken.gguf").write_bytes(whole[: len(whole) // 2])
    tiny_gguf.build(folder / "judge.gguf", tiny_gguf.Shape(pooling=gguf.PoolingType.RANK))
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("7")
        await shows(pilot, "broken", "ranks", "fits", "is truncated")
        await pilot.press("enter", "down", "enter")
        await shows(pilot, "checked by: judge", "reranker")
        await pilot.press("down", "enter")
        await shows(pilot, "In this project writes: writer", "chat template: ChatML")
        chosen = project.settings()
        assert (chosen.model.spec, chosen.checks.cross_encoder) == ("writer", "judge")
        await pilot.press("up", "enter")
        await until(pilot, lambda: "checked by" not in screen_text(app))
        assert project.settings().checks.cross_encoder == ""


async def test_resume_lets_the_run_go_on_at_once(project: Project) -> None:
    (project.folder / ".lock.json").write_text('{"pid": 1, "host": "here"}', encoding="utf-8")
    run = ScriptedRun()
    app = opened(project.folder, build=run, resume=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "✓ Finished")
    assert len(run.started) == 1


async def test_documents_are_added_by_path_and_by_paste_and_removed(project: Project, documents: Path) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md", "broken.pdf", "not read yet")
        await pilot.press("a")
        await typed(pilot, str(documents))
        await pilot.press("enter")
        await shows(pilot, "pump.md")
        await pilot.press("d", "down", "enter")
        await until(pilot, lambda: "broken.pdf" not in screen_text(app))
        with stored(app) as store:
            assert "pump.md" in store.documents.sources()
            assert "broken.pdf" not in store.documents.sources()


async def test_a_path_that_is_pasted_or_dropped_fills_the_dialog(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        app.post_message(events.Paste("'/documents/with space.pdf'\n"))
        await shows(pilot, "Add documents", "/documents/with space.pdf")


@pytest.mark.parametrize(
    ("pasted", "path"),
    [
        ("/a/b.pdf", "/a/b.pdf"),
        ("'/a/b c.pdf'", "/a/b c.pdf"),
        ('"/a/b c.pdf" ', "/a/b c.pdf"),
        ("/a/b\\ c.pdf", "/a/b c.pdf"),
        ("file:///a/b%20c.pdf\r\nfile:///a/d.pdf", "/a/b c.pdf"),
        ("it's.pdf", "it's.pdf"),
        ("", ""),
    ],
)
def test_what_terminals_make_of_a_dropped_file_is_cleaned_up(pasted: str, path: str) -> None:
    assert pasted_path(pasted) == path


async def test_document_view_shows_outline_blocks_and_chunks(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("down", "enter")
        await shows(pilot, "Outline", "Booster pump", "The inlet valve VL-2 is tested")
        await pilot.press("c")
        await shows(pilot, "[40]")
        await pilot.press("escape")
        await shows(pilot, "broken.pdf")


async def test_last_place_and_theme_are_remembered(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test() as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("6")
        await shows(pilot, "Measures")
        app.action_light_or_dark()
        await pilot.pause()
    memory = recent.recall()
    assert memory.visit(project.folder).place == "dataset"
    assert memory.theme == "doc2data-light"


async def test_a_model_is_downloaded(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(project.folder)
    with served() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        hub.files = {"small.gguf": tiny_gguf.build(tmp_path / "built.gguf").read_bytes()}
        async with app.run_test(size=(120, 40)) as pilot:
            await shows(pilot, "manual.md")
            await pilot.press("7")
            await shows(pilot, "Press p to download one")
            await pilot.press("p")
            await shows(pilot, "this uses the network", "qwen3-8b", "for 32 GB of memory")
            await pilot.press("end", "enter")
            await shows(pilot, "OWNER/REPOSITORY")
            await typed(pilot, "lab/small")
            await pilot.press("enter")
            await until(pilot, (own_folder() / "small.gguf").is_file)
            await shows(pilot, "small", "doc2data")


async def test_a_download_that_fails_says_why(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("7")
        await shows(pilot, "Press p to download one")
        await pilot.press("p", "enter")
        await shows(pilot, "Is this machine online?")


async def test_tags_and_notes_are_kept_found_and_taken_back(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6", "inlet valve")
        await pilot.press("t")
        await shows(pilot, "Tags", "parted by commas")
        await typed(pilot, "odd, ask Ana")
        await pilot.press("enter")
        await shows(pilot, "#odd #ask Ana")
        await pilot.press("m")
        await shows(pilot, "Note")
        await typed(pilot, "is it gauge pressure?")
        await pilot.press("enter")
        await shows(pilot, "✎ is it gauge pressure?")
        await pilot.press("a")
        await shows(pilot, "2 of 6")
        await pilot.press("q")
        await shows(pilot, "Tagged odd (1)")
        await pilot.press(*["down"] * 7, "enter")
        await shows(pilot, "tag odd · 1 of 1", "#odd #ask Ana", "accepted by you")
        with stored(app) as store:
            [(id, remark)] = store.remarks.all()
            assert (remark.tags, remark.note) == (("odd", "ask Ana"), "is it gauge pressure?")
            assert store.samples.select(Query(tag="odd")) == [id]
        await pilot.press("u", "u")
        await until(pilot, lambda: "✎" not in screen_text(app))
        with stored(app) as store:
            assert store.remarks.get(id).note == ""
            assert store.remarks.get(id).tags == ("odd", "ask Ana")


async def test_asking_the_recipe_again_puts_another_sample_in_place(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []

    class Remade:
        """Stands in for the recipe: the same sample in other words."""

        closed = False

        def __init__(self, project: Project, settings: Settings, store: Store) -> None:
            self.store = store

        def __call__(self, id: str) -> Judged:
            old = review.find(self.store, id)
            words = (Message("user", "How much can the VL-2 bear?"), old.sample.messages[1])
            return review.put_in_place(
                self.store, id, replace(old, sample=replace(old.sample, id="again", messages=words))
            )

        def close(self) -> None:
            closed.append(True)

    monkeypatch.setattr(amending, "Remaker", Remade)
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6", "inlet valve")
        await pilot.press("g")
        await shows(pilot, "1 of 6", "How much can the VL-2 bear?")
        await pilot.press("u")
        await shows(pilot, "At what pressure is the inlet valve VL-2 tested?")
        with stored(app) as store:
            assert store.samples.get("again") is None
    assert closed == [True]


async def test_asking_again_goes_through_the_recipe_and_the_checks_of_a_run(project: Project) -> None:
    app = opened(project.folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shows(pilot, "manual.md")
        await pilot.press("5")
        await shows(pilot, "1 of 6", "It is tested at 6 bar.")
        await pilot.press("g")
        # Nothing is indexed here, so the check that asks the index turns the new wording down.
        await shows(pilot, "The inlet valve VL-2 is tested at 6 bar.", "rejected by a check", "retrievability 0.00")
        await pilot.press("u")
        await shows(pilot, "1 of 6", "It is tested at 6 bar.", "passed all checks")
