"""Sentence boundaries: the wrong ones are taken back."""

from __future__ import annotations

import pytest

from doc2data.sentences import split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Install pythonX.Y first. Then depend on pythonX.Y and go on.", 2),
        ("The system works.The next one starts.", 2),
    ],
)
def test_a_name_with_a_point_is_not_cut(text: str, sentences: int) -> None:
    found = [text[start:end] for start, end in split(text, "en")]
    assert len(found) == sentences
    assert not any(part.endswith("X.") for part in found)
