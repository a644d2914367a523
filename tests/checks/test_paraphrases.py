"""Answers in words of their own, and answers that slip in what their evidence does not say."""

from __future__ import annotations

import pytest

from tests.checks.samples import verdict
from tests.checks.test_values import over

PRESS = (
    "The press is opened with the red lever. An alarm is sent two weeks before a seal expires. "
    "Never touch the hot plate, to avoid burns."
)
HAUBE = "Vor dem Start ist die Haube zu schließen. Danach wird der Motor eingeschaltet. Der Test dauert ein Jahr."
CUVE = "La cuve est vidée chaque soir. L'eau est filtrée avant le rinçage."
REWORDED = [
    ("en", PRESS, "When is the alarm sent?", "Until 14 days before the seal expires."),
    ("en", PRESS, "When is the alarm sent?", "Because of the expiry of a seal, two weeks beforehand."),
    ("en", PRESS, "Why is the plate not touched?", "So that it does not cause burns."),
    ("en", PRESS, "How is the press opened?", "By means of the red lever."),
    ("en", "NF-8 | 60 g", "What is the mass of the NF-8?", "The mass of the NF-8 air filter is 60 g."),
    ("de", HAUBE, "Was ist vor dem Start zu tun?", "Die Haube muss geschlossen werden."),
    ("de", HAUBE, "Was folgt danach?", "Danach ist der Motor einzuschalten."),
    ("de", HAUBE, "Wie lange dauert der Test?", "Er dauert 12 Monate."),
    ("fr", CUVE, "Quand filtre-t-on l'eau ?", "Avant le rinçage, la filtration d'eau."),
    ("zh", "冷却水每季度更换一次。", "冷却水怎么处理？", "冷却水每季度换掉一次。"),
    ("zh", "轻放样品，避免损伤镜面。", "为什么要轻放样品？", "为了不损伤镜面。"),
]
SLIPPED_IN = [
    ("en", PRESS, "How is the press opened?", "The press is opened with the red lever, and a bell rings.", "'bell'"),
    ("en", PRESS, "How is the press opened?", "The press is opened with the red lever by the foreman.", "'foreman'"),
    ("en", PRESS, "When is the alarm sent?", "The alarm is sent three weeks before a seal expires.", "'3 weeks'"),
    ("de", HAUBE, "Was ist zu tun?", "Vor dem Start ist die Haube zu schließen, sagt der Meister.", "'meister'"),
    ("fr", CUVE, "Quand vide-t-on la cuve ?", "La cuve est vidée chaque soir par le concierge.", "'concierge'"),
]


@pytest.mark.parametrize(("language", "source", "question", "answer"), REWORDED)
def test_other_words_for_the_same_pass_without_vectors(language: str, source: str, question: str, answer: str) -> None:
    found = verdict("support", over(source, question, answer, language=language))
    assert found.passed, found.reason


@pytest.mark.parametrize(("language", "source", "question", "answer", "named"), SLIPPED_IN)
def test_what_the_evidence_does_not_name_is_turned_down(
    language: str, source: str, question: str, answer: str, named: str
) -> None:
    found = verdict("support", over(source, question, answer, language=language))
    assert not found.passed
    assert named in found.reason
