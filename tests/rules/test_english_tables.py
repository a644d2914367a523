"""English tables, key-value lines and procedures."""

from __future__ import annotations

import pytest

from doc2data.tasks.rules import subject
from parsers.document import Row
from tests.clues.made import Made, clues
from tests.rules.asking import all_drafts, pairs


def test_properties_by_model() -> None:
    made = Made().heading("Data").rows(
        ("Mass without water", "kg", "5.8", "6.1"), ("Relay outputs", "–", "1", "2"),
        header=("Property", "Unit", "AQ-200", "AQ-300"),
    )  # fmt: skip
    found = pairs(made.document())
    assert found["What is the mass without water of the AQ-300?"] == "The mass without water of the AQ-300 is 6.1 kg."
    assert found["How many relay outputs does the AQ-200 have?"] == "The AQ-200 has 1 relay output."


def test_the_header_row_is_evidence_too() -> None:
    made = Made().rows(("PX-1", "5"), ("PX-2", "6"), header=("Pump", "Mass (kg)"))
    (draft, *_) = all_drafts(made.document(), "")
    assert draft.answer == "The mass of PX-1 is 5 kg."
    assert [clue.quote for clue in draft.clues] == ["Pump | Mass (kg)", "PX-1 | 5"]


def test_faults_with_cause_and_remedy() -> None:
    made = Made().rows(
        ("E-07", "The tube is worn.", "Replace the tube."), ("E-08", "The fan is blocked.", "Clean the fan."),
        header=("Alarm", "Possible cause", "Remedy"),
    )  # fmt: skip
    found = pairs(made.document())
    assert found["What is the likely cause of alarm E-07?"] == "The tube is worn."
    assert found["What should you do about alarm E-08?"] == "Clean the fan."


def test_tasks_with_intervals() -> None:
    made = Made().rows(("Rinse the IF-4 filter", "30 days"), ("Replace the WB-6 blade", "180 days"),
                       header=("Task", "Interval"))  # fmt: skip
    found = pairs(made.document())
    assert (
        found["How often should you rinse the IF-4 filter?"] == "The interval for rinsing the IF-4 filter is 30 days."
    )


def test_rows_keyed_by_a_quantity() -> None:
    made = Made().rows(
        ("15", "270"), ("25", "210"), header=("Sample temperature (°C)", "Life (days)"),
        caption="Table 6: Life of the TS-16 tube",
    )  # fmt: skip
    found = pairs(made.document())
    assert (
        found["What is the life of the TS-16 tube at a sample temperature of 25 °C?"]
        == "At a sample temperature of 25 °C, the life of the TS-16 tube is 210 days."
    )


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("Part", "Torque"), ("PX-1", "–")),
        (("Part", "Torque"), ("PX-1", "See Table 6")),
        (("", "Torque"), ("PX-1", "2 N·m")),
        (("Part", "How is it done?"), ("PX-1", "by hand")),
        (("Part", "Remarks"), ("PX-1", "none so far")),
        (("Part", "Torque"), ("2023-01-30", "2 N·m")),
    ],
)
def test_cells_that_answer_nothing_are_not_asked(header: Row, row: Row) -> None:
    made = Made().rows(row, ("PX-9", "–"), header=header)
    assert pairs(made.document(), "the AQ-200") == {}


def test_what_an_option_does_and_has() -> None:
    header = ("Option", "Long option", "Purpose")
    made = Made().rows(("-c", "--create", "Create a new archive."), ("-q", "--quiet", "Less noise"), header=header)
    found = pairs(made.document(), "the AQ-200")
    assert found["For the AQ-200, what does the option -c do?"] == "The option -c creates a new archive."
    asked = 'For the AQ-200, what is the long option for the option "-q"?'
    assert found[asked] == 'The long option for the option "-q" is --quiet.'
    assert not any("noise" in answer for answer in found.values())


def test_statements_in_cells_are_asked_about_like_any_other() -> None:
    rows = (
        ("R-1", "The RM-440 must be restarted after the filter of the inlet has been replaced."),
        ("R-2", "Use a dry cloth."),
    )
    found = pairs(Made().rows(*rows, header=("ID", "Requirement")).document())
    assert found["When must the RM-440 be restarted?"] == rows[0][1]
    shown = pairs(Made().rows(*rows, header=("ID", "Example")).document())
    assert not any("restarted" in question for question in shown)


@pytest.mark.parametrize(
    ("header", "cell"), [("Median", "8.4"), ("Status", "A"), ("Values", "0.99"), ("Values", "positive"), ("Type", "--")]
)
def test_cells_that_tell_nothing_by_themselves(header: str, cell: str) -> None:
    made = Made().rows(("PX-7", cell, "4 L"), ("PX-8", cell, "5 L"), header=("Pump", header, "Capacity"))
    found = pairs(made.document(), "the AQ-200")
    assert found and all("capacity" in question for question in found)


def test_rows_of_a_log_are_not_asked_about() -> None:
    made = Made().rows(
        ("2019-04-02", "first draft of the AQ-200 guide"),
        header=(
            "Date",
            "Description",
        ),
    )
    assert pairs(made.document()) == {}


def test_a_label_that_comes_twice_is_ambiguous() -> None:
    made = Made().rows(("PX-1", "2 kg"), ("PX-1", "3 kg"), header=("Pump", "Mass"))
    assert pairs(made.document()) == {}


def test_key_values_belong_to_what_the_document_is_about() -> None:
    made = (
        Made().heading("Technical data").rows(("Ambient temperature", "0 °C to 45 °C"), ("Display", "4.3-inch screen"))
    )
    found = pairs(made.document(), "the AQ-200")
    assert found["What is the ambient temperature of the AQ-200?"] == (
        "The ambient temperature of the AQ-200 is 0 °C to 45 °C."
    )
    assert found["What display does the AQ-200 have?"] == "The AQ-200 has the following display: 4.3-inch screen."
    assert pairs(made.document(), "") == {}


def test_stray_lines_with_a_colon_are_no_data() -> None:
    document = Made().heading("Contact").paragraph("Temperature: see the other page").document()
    assert pairs(document, "the AQ-200") == {}


def test_glossaries() -> None:
    made = (
        Made()
        .heading("Glossary")
        .rows(("Dead time", "The time between a change and its effect"), ("RCD", "Residual current device"))
    )
    found = pairs(made.document(), "the AQ-200")
    assert (
        found['What is meant by "dead time"?'] == 'The term "dead time" means the time between a change and its effect.'
    )
    assert found["What does RCD stand for?"] == "RCD stands for residual current device."


@pytest.mark.parametrize(
    ("heading", "lead", "question"),
    [
        ("Replacing the filter of the AQ-200", "", "How do you replace the filter of the AQ-200?"),
        ("Care", "To clean the AQ-200, follow these steps:", "How do you clean the AQ-200?"),
        ("Leak test", "", 'What are the steps of the "Leak test" procedure for the AQ-200?'),
    ],
)
def test_procedures(heading: str, lead: str, question: str) -> None:
    made = Made().heading(heading)
    if lead:
        made.paragraph(lead)
    found = pairs(made.steps("Close the valve.", "Rinse the filter.").document(), "the AQ-200")
    assert found[question] == "1. Close the valve.\n2. Rinse the filter."


def test_a_list_that_gives_no_orders_is_no_procedure() -> None:
    made = Made().heading("Replacing parts of the AQ-200").steps("Red cable", "Blue cable", "Green cable")
    assert pairs(made.document(), "the AQ-200") == {}


@pytest.mark.parametrize(
    ("title", "text", "about"),
    [
        ("AQ-200 Water Purifier: User Manual", "The AQ-200 filters. The AQ-200 stops. Clean the AQ-200.", "the AQ-200"),
        ("SP-117 Annual service of the RM-400 series", "Open the cover.", "the RM-400 series"),
        ("SQLite User Guide", "It keeps data.", "SQLite"),
        ("Federal Guidelines", "Write plainly.", ""),
        ("KB-2043: Alarm E-07 after a tube change", "E-07 E-07 E-07 E-07 means low flow.", ""),
        ("scan_0001.pdf", "Nothing here.", ""),
    ],
)
def test_the_subject_of_a_document(title: str, text: str, about: str) -> None:
    document = Made().paragraph(text).document(title)
    assert subject(document, clues(document)) == about
