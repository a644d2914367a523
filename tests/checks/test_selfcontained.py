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


@pytest.mark.parametrize("question", CHINESE_ALONE)
def test_a_chinese_question_that_names_its_subject_passes(question: str) -> None:
    found = verdict("selfcontained", sample(question, "是。", language="zh"))
    assert found.passed, found.reason


@pytest.mark.parametrize("question", CHINESE_POINTING)
def test_a_chinese_question_that_needs_its_source_is_turned_down(question: str) -> None:
    assert not verdict("selfcontained", sample(question, "是。", language="zh")).passed
