"""The command line as scripts use it: data on stdout, talk on stderr, exit codes that tell the truth."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import models
from doc2data.cli import run
from tests import tiny_gguf
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import FILES, PUMP, write


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())


class Shell:
    """Runs commands and reads both streams."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return code, captured.out, captured.err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_build_leaves_what_the_contract_names(tmp_path: Path, shell: Shell) -> None:
    out = tmp_path / "out"
    code, stdout, stderr = shell("build", write(tmp_path / "docs"), "--out", out, "--json")
    assert code == 0
    manifest = json.loads(stdout)
    assert manifest == json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert "No model" in stderr
    for name in (
        "doc2data.toml",
        "project.db",
        "index",
        "export/samples.jsonl",
        "export/rejected.jsonl",
        "export/README.md",
        "export/alpaca",
        "report.html",
    ):
        assert (out / name).exists(), name


def test_a_run_says_by_what_hash_its_files_are_known(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    _, stdout, stderr = shell("build", write(tmp_path / "docs"), "--out", out, "--json")
    files = json.loads(stdout)["files"]
    assert files == {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files}
    assert {"export/samples.jsonl", "export/README.md", "report.html"} <= files.keys()
    monkeypatch.chdir(out)
    assert files["export/samples.jsonl"] in stderr
    assert files["export/samples.jsonl"] in shell("status", "--verify")[1]


def test_the_same_a_step_at_a_time(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    docs = write(tmp_path / "docs")
    assert shell("init", tmp_path / "set")[0] == 0
    monkeypatch.chdir(tmp_path / "set")
    assert shell("add", docs / "pump.md")[0] == 0
    assert shell("add", docs / "glossary.md")[0] == 0
    assert shell("run", "--quiet")[0] == 0
    code, stdout, _ = shell("status", "--json")
    assert code == 0
    assert json.loads(stdout)["counts"]["documents"]["read"] == 2
    code, stdout, _ = shell("status", "--graph")
    assert code == 0
    assert "K-4" in "".join(ElementTree.fromstring(stdout).itertext())
    code, stdout, _ = shell("search", "diaphragm replaced every hours", "-k", 2, "--json")
    hits = json.loads(stdout)["hits"]
    assert len(hits) == 2
    assert set(hits[0]) == {
        "document", "page", "section", "start", "end", "text", "score", "dense_rank", "lexical_rank",
    }  # fmt: skip
    assert "diaphragm" in hits[0]["text"]
    code, stdout, _ = shell("export", "-", "--format", "messages")
    assert code == 0
    rows = stdout.splitlines()
    assert all("messages" in json.loads(line) for line in rows)
    assert shell("export", tmp_path / "set.jsonl.gz", "--format", "messages")[0] == 0
    assert gzip.decompress((tmp_path / "set.jsonl.gz").read_bytes()).decode().splitlines() == rows
    code, stdout, stderr = shell("export", "--preview", "--format", "alpaca")
    assert (code, "alpaca/train.jsonl" in stderr) == (0, True)
    assert json.loads(stdout.splitlines()[0])["instruction"]
    code, stdout, stderr = shell("export", "--template", tiny_gguf.build(tmp_path / "tiny.gguf"))
    assert code == 0
    assert stdout.startswith("<|im_start|>user\n")
    assert f"{len(rows)} samples, " in stderr
    assert shell("export", "-", "--format", "alpaca,messages")[0] == 2


def test_queries_from_a_file_give_one_line_each(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("build", write(tmp_path / "docs"), "--out", tmp_path / "out", "-q")
    queries = tmp_path / "queries.txt"
    queries.write_text("priming volume\n\n计量泵的流量\n", encoding="utf-8")
    code, stdout, _ = shell("search", "--queries", queries, "--in", tmp_path / "out")
    assert code == 0
    assert [json.loads(line)["query"] for line in stdout.splitlines()] == ["priming volume", "计量泵的流量"]


def test_a_decision_changes_what_is_exported(tmp_path: Path, shell: Shell) -> None:
    out = tmp_path / "out"
    shell("build", write(tmp_path / "docs"), "--out", out, "-q")
    _, stdout, _ = shell("review", "--in", out, "--json")
    first = json.loads(stdout.splitlines()[0])
    assert shell("review", first["id"], "--reject", "--reason", "too easy", "--in", out)[0] == 0
    assert shell("export", "--in", out)[0] == 0
    assert first["id"] not in (out / "export" / "samples.jsonl").read_text(encoding="utf-8")
    assert "too easy" in (out / "export" / "rejected.jsonl").read_text(encoding="utf-8")
    assert shell("review", "--undo", "--in", out)[0] == 0
    assert shell("export", "--in", out)[0] == 0
    assert first["id"] in (out / "export" / "samples.jsonl").read_text(encoding="utf-8")


def test_check_names_the_rows_that_fail_and_exits_with_one(tmp_path: Path, shell: Shell) -> None:
    docs = write(tmp_path / "docs", {"pump.md": PUMP})
    data = tmp_path / "data.jsonl"
    rows: list[dict[str, Any]] = [
        {
            "instruction": "How often must the diaphragm be replaced?",
            "output": "The diaphragm must be replaced every 4000 hours.",
        },
        {"instruction": "How often must the pump diaphragm be changed?", "output": "Every 9999 hours, by a plumber."},
    ]
    data.write_text("\n".join(map(json.dumps, rows)) + "\nnot json\n", encoding="utf-8")
    code, stdout, stderr = shell("check", data, "--against", docs, "--json")
    found = [json.loads(line) for line in stdout.splitlines()]
    assert [row["row"] for row in found] == [1, 2, 3]
    assert [row["passed"] for row in found] == [True, False, False]
    assert "9999" in json.dumps(found[1]["verdicts"])
    assert code == 1
    assert "1 of 3 rows pass" in stderr


def test_parse_prints_every_block_with_its_place(tmp_path: Path, shell: Shell) -> None:
    code, stdout, _ = shell("parse", write(tmp_path / "docs") / "pump.md", "--format", "json")
    document = json.loads(stdout)
    assert code == 0
    assert all(document["text"][b["start"] : b["end"]] == b["text"] for b in document["blocks"])
    assert [b["table"]["header"] for b in document["blocks"] if b["kind"] == "table"] == [
        [["Property", "P-20", "P-30"]]
    ]


@pytest.mark.parametrize("command", ["recipes", "formats"])
def test_lists_have_a_form_for_programs(shell: Shell, command: str) -> None:
    code, stdout, _ = shell(command, "--json")
    assert code == 0
    assert {"name", "title"} <= set(json.loads(stdout.splitlines()[0]))


def bad_input(folder: Path) -> list[tuple[str, list[object], int, str]]:
    docs = write(folder / "docs")
    (folder / "occupied").write_text("a file")
    other = folder / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    (folder / "not-a-model.gguf").write_text("not a model")
    (folder / "nothing").mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    out = folder / "out"
    return [
        ("missing path", ["build", folder / "nope", "--out", out], 2, "no file or folder"),
        ("folder without documents", ["build", folder / "nothing", "--out", out], 2, "No documents"),
        ("unsupported file", ["build", folder / "picture.png", "--out", out], 1, "picture.png"),
        ("output is a file", ["build", docs, "--out", folder / "occupied"], 2, "is a file"),
        ("output holds other things", ["build", docs, "--out", other], 2, "other files"),
        ("unknown recipe", ["build", docs, "--out", out, "--recipe", "qua"], 2, "no recipe 'qua'"),
        ("unknown format", ["build", docs, "--out", out, "--format", "exel"], 2, "exel"),
        ("no such evaluation file", ["build", docs, "--out", out, "--decontaminate", folder / "no.csv"], 2, "no.csv"),
        ("unknown setting", ["build", docs, "--out", out, "--set", "chunking.token=5"], 2, "chunking.tokens"),
        ("a GGUF that is none", ["build", docs, "--out", out, "--model", folder / "not-a-model.gguf"], 1, "GGUF"),
        ("a model that is not there", ["build", docs, "--out", out, "--model", folder / "no.gguf"], 1, "no.gguf"),
        ("no project here", ["status"], 2, "no project"),
        ("parse a folder", ["parse", docs], 2, "is a folder"),
        ("search without an index", ["search", "x", "--in", folder / "docs"], 2, "no project"),
        ("a sample that is not there", ["review", "--accept", "--in", folder], 2, ""),
    ]


@pytest.mark.parametrize("case", range(15))
def test_bad_input_gets_one_clear_line_what_to_do_and_its_code(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch, case: int
) -> None:
    monkeypatch.chdir(tmp_path)
    name, arguments, expected, words = bad_input(tmp_path)[case]
    code, stdout, stderr = shell(*arguments)
    assert code == expected, name
    assert words in stderr, name
    assert "Traceback" not in stderr
    assert stdout == ""


def test_what_evaluation_files_hold_is_left_out_and_the_project_remembers_them(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs, out = write(tmp_path / "docs"), tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    assert shell("build", docs, "--out", tmp_path / "plain", "-q")[0] == 0
    first, second = (tmp_path / "plain" / "export" / "samples.jsonl").read_text(encoding="utf-8").splitlines()[:2]
    Path("one.jsonl").write_text(first, encoding="utf-8")
    Path("two.jsonl").write_text(second, encoding="utf-8")
    assert (
        shell("build", docs, "--out", out, "-q", "--decontaminate", "one.jsonl", "--decontaminate", "two.jsonl")[0] == 0
    )
    left = (out / "export" / "samples.jsonl").read_text(encoding="utf-8")
    assert not {json.loads(line)["id"] for line in (first, second)} & {
        json.loads(line)["id"] for line in left.splitlines()
    }
    card = (out / "export" / "README.md").read_bytes()
    assert b"contamination" in card
    monkeypatch.chdir(out)
    assert shell("run", "-q")[0] == 0
    assert (out / "export" / "samples.jsonl").read_text(encoding="utf-8") == left


def test_another_projects_folder_is_refused(tmp_path: Path, shell: Shell) -> None:
    shell("build", write(tmp_path / "docs"), "--out", tmp_path / "out", "-q")
    before = (tmp_path / "out" / "run.json").read_bytes()
    code, _, stderr = shell("build", write(tmp_path / "more", {"else.md": PUMP}), "--out", tmp_path / "out")
    assert code == 2
    assert "other documents" in stderr
    assert (tmp_path / "out" / "run.json").read_bytes() == before


def test_a_settings_file_with_an_unknown_key_suggests_the_near_one(tmp_path: Path, shell: Shell) -> None:
    shell("init", tmp_path / "set")
    (tmp_path / "set" / "doc2data.toml").write_text("[generate]\nsede = 3\n")
    code, _, stderr = shell("export", "--in", tmp_path / "set")
    assert code == 2
    assert "generate.seed" in stderr


def test_a_run_with_a_failed_document_exits_with_one(tmp_path: Path, shell: Shell) -> None:
    docs = write(tmp_path / "docs", {**FILES, "empty.md": ""})
    code, _, stderr = shell("build", docs, "--out", tmp_path / "out")
    assert code == 1
    assert "empty.md" in stderr


def test_a_dataset_inside_the_documents_folder_is_not_read_as_documents(tmp_path: Path, shell: Shell) -> None:
    docs = write(tmp_path / "docs")
    command = ("build", docs, "--out", docs / "dataset", "--json", "--quiet")
    first, again = json.loads(shell(*command)[1]), json.loads(shell(*command)[1])
    assert (docs / "dataset" / "export" / "README.md").exists()
    assert first["counts"]["documents"] == again["counts"]["documents"] == {"found": 3, "read": 3, "failed": 0}
    write(docs / "dataset" / "later", {"more.md": PUMP.replace("P-20", "P-70")})
    sources = json.loads(shell(*command)[1])["sources"]
    assert sorted(source["name"] for source in sources) == [
        "dataset/later/more.md",
        "glossary.md",
        "install-zh.md",
        "pump.md",
    ]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--recipe", "qq", "There is no recipe 'qq'"),
        ("--format", "qq", "There is no format 'qq'"),
        ("--model", "nowhere.gguf", "There is no model file 'nowhere.gguf'"),
        ("--judge", "nobody", "No model on this machine is called 'nobody'"),
    ],
)
def test_what_no_run_could_begin_with_leaves_no_project(
    tmp_path: Path, shell: Shell, option: str, value: str, said: str
) -> None:
    code, _, stderr = shell("build", write(tmp_path / "docs"), "--out", tmp_path / "out", option, value)
    assert code in (1, 2) and said in stderr
    assert not (tmp_path / "out").exists()
