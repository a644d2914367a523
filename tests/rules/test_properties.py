"""What holds for every draft of every document, and what importing the rules must not cost."""

from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Document
from tests.clues.made import Made
from tests.rules.asking import all_drafts

_SUBJECTS = ("The AQ-200 pump", "Flow Guard", "All models", "The upper part", "It", "This section", "SQLite", "You")
_VERBS = ("is a pump with", "holds", "must be rinsed with", "stores", "has", "is not", "are mounted on", "lasts")
_OBJECTS = (
    "85 mL of water",
    "three filters",
    "the frame for 5 minutes",
    "a mass of 7.4 kg",
    "2 N·m",
    "months",
    "the PX-3",
)
_TAILS = (
    "",
    " because it is cold",
    ", so that nothing breaks",
    " every 12 hours",
    " when the alarm E-07 appears",
    "; see above",
)
_CELLS = st.sampled_from(
    ["Mass (kg)", "AQ-200", "5.8", "–", "Range", "0–5 bar", "Pump", "Task", "Clean the filter", "10 days", ""]
)
_CHINESE = st.sampled_from(
    ["AQ-200的功率为35 W。", "必须每15天清洗一次滤网。", "如果漏水，应关闭阀门。", "它是一种泵。"]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    made = Made().heading(draw(st.sampled_from(["Technical data", "Replacing the filter", "Glossary", "安装步骤"])))
    parts = st.tuples(*map(st.sampled_from, (_SUBJECTS, _VERBS, _OBJECTS, _TAILS)))
    for subject, verb, thing, tail in draw(st.lists(parts, max_size=6)):
        made.paragraph(f"{subject} {verb} {thing}{tail}.")
    made.paragraph("".join(draw(st.lists(_CHINESE, max_size=3))) or "Nothing.")
    made.steps(*draw(st.lists(st.sampled_from(["Close the valve.", "Wait 2 minutes.", "Red"]), min_size=1, max_size=3)))
    rows = draw(st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=1, max_size=4))
    made.rows(*rows, header=draw(st.none() | st.tuples(_CELLS, _CELLS, _CELLS)), caption="Table 2: Life of the AQ-200")
    return made.document(language=draw(st.sampled_from(["en", "zh"])))


def _numbers(text: str) -> set[str]:
    without_markers = re.sub(r"^\d+\.", "", text, flags=re.MULTILINE)
    return set(re.findall(r"\d+(?:[.,]\d+)*", without_markers))


@settings(deadline=None, max_examples=80)
@given(documents(), st.sampled_from(["", "AQ-200", "SQLite"]))
def test_every_draft_is_whole_and_its_numbers_stand_in_its_evidence(document: Document, about: str) -> None:
    for draft in all_drafts(document, about):
        evidence = " ".join(clue.quote for clue in draft.clues)
        assert draft.clues
        assert _numbers(draft.answer) <= _numbers(evidence) | _numbers(draft.question)
        assert draft.question.endswith(("?", "？")) and draft.answer.strip()
        assert draft.question[0] == draft.question[0].upper()
        assert "  " not in draft.question and " ?" not in draft.question
        assert 0 < draft.confidence <= 1


@settings(deadline=None, max_examples=20)
@given(documents())
def test_the_same_document_gives_the_same_drafts(document: Document) -> None:
    assert list(all_drafts(document)) == list(all_drafts(document))


def test_importing_the_rules_loads_no_dictionary() -> None:
    code = (
        "import sys, doc2data.tasks.rules, doc2data.clues; print('lemminflect' in sys.modules, 'numpy' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]
