"""Projects: folders made, found, held by one process, and never half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doc2data import project
from doc2data.errors import ProjectBusy, ProjectError, StorageError
from doc2data.settings import Settings, override

HOLD = """
import sys
from pathlib import Path
from doc2data.project import Project
with Project(Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_project_is_found_from_a_folder_below_it(tmp_path: Path) -> None:
    made = project.create(tmp_path / "set", Settings())
    below = made.folder / "a" / "b"
    below.mkdir(parents=True)
    assert project.find(below) == project.Project(made.folder.resolve())


def test_where_there_is_no_project_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as error:
        project.find(tmp_path)
    assert "doc2data init" in error.value.hint


@pytest.mark.parametrize("occupied", ["file", "folder", "project"])
def test_a_place_that_is_taken_is_refused_and_left_alone(tmp_path: Path, occupied: str) -> None:
    place = tmp_path / "out"
    if occupied == "file":
        place.write_text("mine")
    elif occupied == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    else:
        project.create(place, Settings())
    before = sorted(p.name for p in tmp_path.rglob("*"))
    with pytest.raises(ProjectError):
        project.create(place, Settings())
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_given_settings_are_kept_by_a_new_project_and_hold_once_in_an_old_one(tmp_path: Path) -> None:
    made, chosen = project.prepare(tmp_path / "set", {"generate.seed": 5})
    assert made.settings() == chosen == override(Settings(), {"generate.seed": 5})
    again, once = project.prepare(tmp_path / "set", {"generate.seed": 6})
    assert once.generate.seed == 6
    assert again.settings().generate.seed == 5


def test_a_second_process_is_told_who_holds_the_project_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    made = project.create(tmp_path / "set", Settings())
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(made.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ProjectBusy, match=f"process {other.pid}"), made.hold():
            pass
        other.kill()
    with made.hold():
        pass


def test_an_error_at_work_is_not_hidden_by_a_folder_that_can_no_longer_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = project.create(tmp_path / "set", Settings())

    def refused(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with pytest.raises(StorageError, match="full"), made.hold():
        monkeypatch.setattr(Path, "unlink", refused)
        raise StorageError("The disk is full.")
    monkeypatch.undo()
    with made.hold():
        pass


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    project.write_atomically(path, "old")
    with pytest.raises(StorageError):
        project.write_atomically(tmp_path / "missing" / "run.json", "new")
    project.write_atomically(path, "new")
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("run.json", "new")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ProjectError) as error:
        project.create(tmp_path / "set", Settings())
    assert "write" in error.value.hint
