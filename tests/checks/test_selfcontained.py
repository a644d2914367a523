from __future__ import annotations

import pytest

from tests.checks.samples import SEAL, sample, verdict

ALONE = [
    "How often must the shaft seal be replaced?",
    "What does error E-417 mean?",
    "What should the operator do with a filter when it is wet?",
    "How long does it take to prime the feed pump?",
    "Is it permitted to open the drain valve while the pump runs?",
    "What is it called when a pump runs without water?",
    "If the shaft seal leaks, how should it be replaced?",
    "Who leads the team that built their own reactor in Jülich?",
    "Which table of the tax code lists import duties?",
    "What was the former name of Mumbai?",
    "What does the passage of the Reform Act mean for voters?",
    "If a filter is blocked, what is the remedy for it?",
    "When the pump is hot, what is the cause of it?",
]
ALONE += [
    "What does the tank have in it?",
    "How is the seal removed without damaging it?",
    "What did Halden's workers owe him?",
    "Which pump lost its licence in 1987?",
    "Who repairs their own pumps in Jülich?",
    "Slow valves: do they wear out earlier?",
    "If it is wet, what should be done with the filter?",
    "Is it better to rinse the filter than to replace it?",
    "Which IT department runs the dosing plant?",
    "What is the name of this Danish city that was founded by Absalon?",
    "What does the museum in Jülich show?",
    "Which firm ran the mill, and when did the firm close?",
    "How many workers does the company that runs the mill have?",
]
POINTING = [
    ("According to the passage, how often is the shaft seal replaced?", "points at its source"),
    ("What does this section say about the shaft seal?", "points at its source"),
    ("What is the pressure in the table above?", "points at its source"),
    ("Which steps are listed below for the shaft seal?", "points at its source"),
    ("How often must it be replaced?", "'it'"),
    ("What pressure does it deliver?", "'it'"),
    ("Why must they be cleaned before use?", "'they'"),
    ("What are its main parts?", "its"),
    ("What is the warm-up time of it?", "'it'"),
    ("What is meant by it?", "does not name"),
    ("The shelf life of it is how many months?", "'it'"),
    ("How do these components interact?", "'these"),
    ("What is the purpose of the procedure?", "does not name"),
    ("What is the maximum value?", "does not name"),
]
POINTING += [
    ("Who won it?", "'it'"),
    ("What river runs alongside it?", "'it'"),
    ("What was the principle shown in it?", "'it'"),
    ("When was the mausoleum returned to it?", "'it'"),
    ("How many guests attended the opening of it?", "'it'"),
    ("What are the advantages of this method?", "'this method'"),
    ("What does its cover protect?", "'its'"),
    ("When was he elected by Halden?", "'he'"),
    ("Who founded the company?", "'company'"),
    ("Which products did the firm sell in 2015?", "'firm'"),
]
ELSEWHERE_ALONE = [
    ("de", "Wie lange hält die Dichtung, wenn sie nass wird?"),
    ("de", "Wer gründete das Unternehmen Halden?"),
    ("de", "Wann wurde der Ofen in Jülich gebaut und wer hat ihn bezahlt?"),
    ("de", "Was müssen Sie vor dem Start prüfen?"),
    ("de", "Welche Pumpe hat ihren Dienst 1987 getan?"),
    ("fr", "Quand le filtre doit-il être changé ?"),
    ("fr", "Combien de temps faut-il pour vider la cuve ?"),
    ("fr", "Quelle est la capacité du réservoir et quand faut-il le remplir ?"),
    ("es", "¿Cuándo se limpia el filtro y cuál es su vida útil?"),
    ("es", "¿Qué presión entrega la bomba?"),
]
ELSEWHERE_POINTING = [
    ("de", "Wann wurde er gegründet?", "'er'"),
    ("de", "Welchen Druck liefert sie?", "'sie'"),
    ("de", "Was ist der Zweck seiner Arbeit?", "'seiner'"),
    ("de", "Wer gründete das Unternehmen?", "'Unternehmen'"),
    ("de", "Was zeigt die obige Tabelle?", "points at"),
    ("fr", "Quand a-t-il été fondé ?", "'il'"),
    ("fr", "Qui a écrit son premier roman ?", "'son'"),
    ("fr", "Qui a fondé l'entreprise ?", "'entreprise'"),
    ("fr", "D'après le texte, quand change-t-on le filtre ?", "points at"),
    ("es", "¿Cuál es su función?", "'su'"),
    ("es", "¿Quién fundó la empresa?", "'empresa'"),
    ("es", "Según el texto, ¿cuándo se limpia el filtro?", "points at"),
]
CHINESE_ALONE = [
    "轴封每运行多少小时更换一次？",
    "报警代码E-417表示什么？",
    "Osmosis一词在英文中的意思是什么？",
    "首次启动水泵之前必须做什么？",
    "漳州城被围至少持续多久以上？",
    "轴封的损失达多少美元以上？",
    "轴封在以下温度会变脆吗？",
]
CHINESE_POINTING = [
    "根据文档，轴封多久更换一次？",
    "上述步骤的目的是什么？",
    "根据以上内容，轴封多久更换一次？",
    "轴封的更换包括以下步骤中的哪些？",
    "以下哪项是轴封的作用？",
    "它多久更换一次？",
    "谁发明了它？",
    "该设备的作用是什么？",
    "文中提到了哪些注意事项？",
    "本节的主要内容是什么？",
]


@pytest.mark.parametrize("question", ALONE)
def test_a_question_that_names_its_subject_passes(question: str) -> None:
    found = verdict("selfcontained", sample(question, "Yes.", SEAL))
    assert found.passed, found.reason


@pytest.mark.parametrize(("question", "named"), POINTING)
def test_a_question_that_needs_its_source_is_turned_down(question: str, named: str) -> None:
    found = verdict("selfcontained", sample(question, "Yes.", SEAL))
    assert not found.passed
    assert named in found.reason


@pytest.mark.parametrize(("language", "question"), ELSEWHERE_ALONE)
def test_a_question_of_another_language_passes_likewise(language: str, question: str) -> None:
    found = verdict("selfcontained", sample(question, "-", SEAL, language=language))
    assert found.passed, found.reason


@pytest.mark.parametrize(("language", "question", "named"), ELSEWHERE_POINTING)
def test_a_question_of_another_language_is_turned_down_likewise(language: str, question: str, named: str) -> None:
    found = verdict("selfcontained", sample(question, "-", SEAL, language=language))
    assert not found.passed
    assert named in found.reason


@pytest.mark.parametrize("question", CHINESE_ALONE)
def test_a_chinese_question_that_names_its_subject_passes(question: str) -> None:
    found = verdict("selfcontained", sample(question, "是。", language="zh"))
    assert found.passed, found.reason


@pytest.mark.parametrize("question", CHINESE_POINTING)
def test_a_chinese_question_that_needs_its_source_is_turned_down(question: str) -> None:
    assert not verdict("selfcontained", sample(question, "是。", language="zh")).passed
