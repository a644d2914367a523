"""The language of a text: by script, by common words, by model, or undetermined."""

from __future__ import annotations

import subprocess
import sys

import pytest

from parsers.language import language_of

ENGLISH = (
    "The pump of the station is cleaned by hand, and the filter that comes with it is not to be dried in the sun. "
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH * 4, "en"),
        ("This pump has two valves and a filter.", "en"),
        ("Die Pumpe wird von Hand gereinigt, der Filter darf nicht in der Sonne trocknen. " * 4, "de"),
        ("De pomp van het station wordt met de hand gereinigd en het filter is niet voor de zon. " * 4, "nl"),
        ("La pompe de la station est nettoyée à la main, et le filtre ne doit pas sécher au soleil. " * 4, "fr"),
        ("水泵由人工清洗。", "zh"),
        ("ポンプは手で洗います。", "ja"),
        ("펌프는 손으로 청소합니다.", "ko"),
        ("RM-400 12 34", "und"),
        ("", "und"),
    ],
)
def test_languages_are_told(text: str, code: str) -> None:
    assert language_of(text) == code


def test_plain_english_loads_no_model() -> None:
    code = "import sys; from parsers.language import language_of;"
    code += f"print(language_of({ENGLISH * 4!r}), 'numpy' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["en", "False"]
