"""Settings: one declaration, a file that explains itself, errors that say what to do."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from doc2data import settings
from doc2data.errors import SettingsError
from doc2data.settings import Settings


def test_the_rendered_file_is_toml_that_reads_back_as_the_same_settings(tmp_path: Path) -> None:
    chosen = settings.override(
        Settings(), {"generate.seed": 7, "export.formats": ("jsonl",), "generate.domain": 'pumps "and" valves'}
    )
    path = tmp_path / "doc2data.toml"
    path.write_text(settings.render(chosen), encoding="utf-8")
    assert settings.load(path) == chosen


def test_every_default_stands_in_the_file_behind_a_comment_sign() -> None:
    text = settings.render(Settings())
    assert tomllib.loads(text) == {section: {} for section in Settings.model_fields}
    for key, field in settings.declared():
        assert f"# {key.partition('.')[2]} = " in text
        assert field.description
        assert field.description in text


def test_an_unknown_key_is_an_error_that_names_the_near_one() -> None:
    with pytest.raises(SettingsError, match=r"unknown key 'generate.sede'; did you mean 'generate.seed'"):
        settings.parse({"generate": {"sede": 1}}, "doc2data.toml")


def test_a_value_out_of_range_is_named_with_what_was_given() -> None:
    with pytest.raises(SettingsError, match=r"chunking.tokens: .*greater than or equal to 64 \(got 3\)"):
        settings.override(Settings(), {"chunking.tokens": 3})


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff\xfe\x00"])
def test_a_file_that_is_not_toml_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "doc2data.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError):
        settings.load(path)


def test_a_file_that_nests_without_end_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "doc2data.toml"
    path.write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        settings.load(path)
