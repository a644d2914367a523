"""Questions about whole paragraphs: what a heading or a first sentence names, and what names nothing."""

from __future__ import annotations

import pytest

from doc2data.tasks.rules import Around
from doc2data.tasks.rules.chinese import overviews as chinese
from doc2data.tasks.rules.english import overviews as english

AROUND = Around("Manual", "", "en", (), ())


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("5.7 Cleaning cycle", "What should I know about the cleaning cycle?"),
        ("Service modes", "What should I know about service modes?"),
        ("Choosing the place", "What matters when choosing the place?"),
        ("Alarm E-07 after a change", "What should I know about alarm E-07 after a change?"),
        ("Taking out of service", 'What should I know about "Taking out of service"?'),
        ("Overview", ""),
        ("Appendix B: Glossary", ""),
        ("What is it?", ""),
        ("A heading with far too many words to be asked about", ""),
    ],
)
def test_a_heading_makes_a_question_or_none(heading: str, question: str) -> None:
    assert english.of_heading(heading, AROUND, 0) == question


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The nameplate is found on the right-hand side.", "What should I know about the nameplate?"),
        ("The FS-11 flow sensor is screwed in.", "What should I know about the FS-11 flow sensor?"),
        ("It is screwed in.", ""),
        ("A trained technician needs one hour.", ""),
        ("Close the tap.", ""),
    ],
)
def test_a_first_sentence_makes_a_question_or_none(sentence: str, question: str) -> None:
    assert english.of_sentence(sentence, AROUND, 0) == question


@pytest.mark.parametrize(
    ("sentence", "points"),
    [
        ("The times are shown below.", True),
        ("All values in this table apply to dry threads.", True),
        ("Above 0.2 mg/L it settles as a film.", False),
        ("Differences below 0.05 mg/L mean nothing.", False),
    ],
)
def test_sentences_that_point_elsewhere_are_no_part_of_an_answer(sentence: str, points: bool) -> None:
    assert english.points_elsewhere(sentence) is points


def test_chinese_headings_and_subjects() -> None:
    assert chinese.of_heading("3.1 日常维护", AROUND, 0) == "关于日常维护，需要了解什么？"
    assert chinese.of_heading("一般要求", AROUND, 0) == ""
    assert chinese.of_sentence("HT-1机箱加热器的功率为35 W。", AROUND, 0) == "关于HT-1机箱加热器，需要了解什么？"
    assert chinese.points_elsewhere("应按表2选择参数。")
