"""A project in one file and back: whole while a run writes, and nothing that a hostile file can do."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from doc2data.errors import Doc2dataError, ProjectDamaged, ProjectError, StorageError, UsageError
from doc2data.project import Project, create
from doc2data.safekeeping import MOST_EXPANSION, SMALL, backup, restore
from doc2data.settings import Settings, override
from doc2data.store import Store
from models import Reply


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = create(tmp_path / "set", override(Settings(), {"generate.seed": 7}))
    with Store(made.database) as store:
        store.replies.put("k", Reply("{}"))
    (made.folder / "prompts" / "en").mkdir(parents=True)
    (made.folder / "prompts" / "en" / "system.txt").write_text("Be brief.")
    (made.index / "vectors").mkdir(parents=True)
    (made.index / "vectors" / "big").write_bytes(b"0" * 1000)
    return made


def test_what_goes_into_a_backup_comes_back_and_the_index_stays_away(tmp_path: Path, project: Project) -> None:
    backup(project, tmp_path / "kept.zip")
    made = restore(tmp_path / "kept.zip", tmp_path / "again")
    assert made.settings().generate.seed == 7
    assert (made.folder / "prompts" / "en" / "system.txt").read_text() == "Be brief."
    assert not made.index.exists()
    with Store(made.database) as store:
        assert store.replies.get("k") == Reply("{}")


def test_a_project_at_work_is_backed_up_as_it_stood_at_one_moment(tmp_path: Path, project: Project) -> None:
    with project.hold(), Store(project.database) as busy, busy.transaction():
        busy.replies.put("half", Reply("{}"))
        backup(project, tmp_path / "kept.zip")
    with Store(restore(tmp_path / "kept.zip", tmp_path / "again").database) as store:
        assert store.replies.get("k") == Reply("{}")
        assert store.replies.get("half") is None


def test_the_same_project_makes_the_same_file(tmp_path: Path, project: Project) -> None:
    for name in ("one.zip", "two.zip"):
        backup(project, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_damaged_project_makes_no_backup_and_an_older_one_stays(tmp_path: Path, project: Project) -> None:
    backup(project, tmp_path / "kept.zip")
    before = (tmp_path / "kept.zip").read_bytes()
    data = project.database.read_bytes()
    project.database.write_bytes(data[: len(data) // 2])
    with pytest.raises((ProjectDamaged, StorageError)):
        backup(project, tmp_path / "kept.zip")
    assert (tmp_path / "kept.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.zip", "set"]


def test_a_backup_inside_its_project_is_refused(project: Project) -> None:
    with pytest.raises(UsageError, match="inside"):
        backup(project, project.folder / "kept.zip")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, project: Project) -> None:
    backup(project, tmp_path / "kept.zip")
    with pytest.raises(ProjectError, match="not empty"):
        restore(tmp_path / "kept.zip", project.folder)
    assert project.index.exists()


def rewritten(source: Path, target: Path, add: Callable[[zipfile.ZipFile], None], leave: str = "") -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != leave:
                new.writestr(member, old.read(member))
        add(new)
    return target


def linked(archive: zipfile.ZipFile) -> None:
    """A symbolic link to a file outside, then a file that would be written through it."""
    info = zipfile.ZipInfo("prompts/out")
    info.external_attr = 0o120777 << 16
    archive.writestr(info, "../../..")


HOSTILE: dict[str, Callable[[zipfile.ZipFile], None]] = {
    "upwards": lambda z: z.writestr("../escaped.txt", "x"),
    "upwards inside": lambda z: z.writestr("prompts/../../escaped.txt", "x"),
    "absolute": lambda z: z.writestr("/tmp/escaped.txt", "x"),
    "windows": lambda z: z.writestr("..\\escaped.txt", "x"),
    "drive": lambda z: z.writestr("C:escaped.txt", "x"),
    "control": lambda z: z.writestr("prompts/a\nb", "x"),
    "folder": lambda z: z.writestr("prompts/empty/", ""),
    "an index of its own": lambda z: z.writestr("index/vectors/chroma.sqlite3", "x"),
    "twice": lambda z: z.writestr("DOC2DATA.TOML", "x"),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_a_hostile_name_stops_everything(tmp_path: Path, project: Project, trick: str) -> None:
    backup(project, tmp_path / "kept.zip")
    evil = rewritten(tmp_path / "kept.zip", tmp_path / "evil.zip", HOSTILE[trick])
    with pytest.raises(UsageError, match=r"evil\.zip"):
        restore(evil, tmp_path / "deep" / "again")
    assert not list(tmp_path.rglob("escaped*"))
    assert not (tmp_path / "deep" / "again").exists()


def test_a_link_is_written_as_a_plain_file(tmp_path: Path, project: Project) -> None:
    backup(project, tmp_path / "kept.zip")
    evil = rewritten(tmp_path / "kept.zip", tmp_path / "evil.zip", linked)
    made = restore(evil, tmp_path / "again")
    assert not (made.folder / "prompts" / "out").is_symlink()


def test_a_bomb_is_refused_before_it_grows(tmp_path: Path, project: Project) -> None:
    backup(project, tmp_path / "kept.zip")

    def bomb(archive: zipfile.ZipFile) -> None:
        with archive.open("export/bomb", "w") as stream:
            for _ in range(SMALL >> 20):
                stream.write(bytes(1 << 20))
            stream.write(b"0")

    evil = rewritten(tmp_path / "kept.zip", tmp_path / "bomb.zip", bomb)
    assert evil.stat().st_size * MOST_EXPANSION < SMALL
    with pytest.raises(UsageError, match="would grow"):
        restore(evil, tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("size", [0, 10, 500, -30])
def test_a_file_cut_short_is_an_error_and_leaves_nothing(tmp_path: Path, project: Project, size: int) -> None:
    backup(project, tmp_path / "kept.zip")
    data = (tmp_path / "kept.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[:size])
    with pytest.raises(UsageError, match=r"cut\.zip"):
        restore(tmp_path / "cut.zip", tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.zip", "kept.zip", "set"]


@pytest.mark.parametrize("position", range(5))
def test_flipped_bytes_never_make_a_project_that_is_damaged(tmp_path: Path, project: Project, position: int) -> None:
    backup(project, tmp_path / "kept.zip")
    data = bytearray((tmp_path / "kept.zip").read_bytes())
    data[(position * 2 + 1) * len(data) // 11] ^= 0xFF
    (tmp_path / "bad.zip").write_bytes(data)
    try:
        made = restore(tmp_path / "bad.zip", tmp_path / "again")
    except Doc2dataError:
        assert not (tmp_path / "again").exists()
    else:
        with Store(made.database) as store:
            assert store.replies.get("k") == Reply("{}")


def test_a_zip_of_something_else_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("a.png", "x")
    with pytest.raises(UsageError, match="no doc2data"):
        restore(tmp_path / "photos.zip", tmp_path / "again")
    with pytest.raises(UsageError, match="no file"):
        restore(tmp_path / "none.zip", tmp_path / "again")
