"""English prose: each rule asks what it should, and refuses what it should not touch."""

from __future__ import annotations

import pytest

from doc2data.tasks.rules.english.clause import parse
from tests.clues.made import Made
from tests.rules.asking import all_drafts, pairs, questions

ASKED = [
    # definitions
    ("The PT-05 pump is a peristaltic pump with three rollers.", "What is the PT-05 pump?"),
    ("Zero drift is the change of the reading over time.", "What is zero drift?"),
    ("Service modes are states in which single functions can be run.", "What are service modes?"),
    ("The zero drift (ZD) of the AQ-200 stays below one percent.", "What does ZD stand for?"),
    # what a thing does, is made of, is used for
    ("The HC-12 flow cell is machined from clear acrylic.", "What is the HC-12 flow cell machined from?"),
    ("The PS-24 unit is protected by the fuse F2.", "What is the PS-24 unit protected by?"),
    ("The AQ-200 is used to remove lime from tap water.", "What is the AQ-200 used for?"),
    ("The AQ-200 consists of a tank and two filters.", "What does the AQ-200 consist of?"),
    ("The controller of the AQ-200 stores the readings.", "What does the controller of the AQ-200 store?"),
    ("The nameplate of the AQ-200 is located on the rear panel.", "Where is the nameplate of the AQ-200 located?"),
    ("The life of the TS-16 tube depends on the temperature.", "What does the life of the TS-16 tube depend on?"),
    ("The MC-31 cap is cleaned by rinsing it with water.", "How is the MC-31 cap cleaned?"),
    # reasons
    (
        "The PH-22 electrode must not dry out, since a dry membrane loses its slope.",
        "Why must the PH-22 electrode not dry out?",
    ),
    ("Rinse the IF-4 filter daily to prevent a loss of pressure.", "Why should you rinse the IF-4 filter daily?"),
    # conditions
    (
        "If the AQ-200 loses pressure, close the inlet valve.",
        "What should you do if the AQ-200 loses pressure?",
    ),
    ("Flow Guard acts when the flow stays below its limit.", "When does Flow Guard act?"),
    (
        "If the K-4 kit is stored warm, the seals of the kit become brittle.",
        "What happens if the K-4 kit is stored warm?",
    ),
    ("When the AQ-200 is switched on, the lamp lights up.", "What happens when the AQ-200 is switched on?"),
    ("Close the valve of the AQ-200 before you open the cover.", "What should you do before you open the cover?"),
    ("Do not open the AQ-200 until the pump has stopped.", "When should you not open the AQ-200?"),
    # manner, ports, persons
    ("Vent the K2 pump by opening screw V1 for ten seconds.", "How should you vent the K2 pump?"),
    ("The Orion server listens on port 8080 by default.", "On what port does the Orion server listen by default?"),
    ("Tokens of the Orion API expire after 15 minutes of inactivity.", "When do tokens of the Orion API expire?"),
    ("Employees working in the paint shop must wear FFP2 masks.", "Who must wear FFP2 masks?"),
    # quantities
    ("The meeting of the Orion board is held twice yearly.", "How often is the meeting of the Orion board held?"),
    ("The HC-12 flow cell holds 85 mL of sample.", "How much sample does the HC-12 flow cell hold?"),
    ("The FX-20 cartridge lasts 12 months in drinking water.", "How long does the FX-20 cartridge last?"),
    ("Flush the AQ-200 with clean water for 15 minutes.", "For how long should you flush the AQ-200 with clean water?"),
    ("The WB-6 blade is replaced every 180 days.", "How often is the WB-6 blade replaced?"),
    (
        "Tighten the screws of the HC-12 cell to 2.4 N·m.",
        "To what torque should you tighten the screws of the HC-12 cell?",
    ),
    ("The RM-440 has four relay outputs.", "How many relay outputs does the RM-440 have?"),
    ("The RM-440 has a mass of 7.4 kg.", "What is the mass of the RM-440?"),
    ("The PV-3 reducer has the part number 4100-733.", "What is the part number of the PV-3 reducer?"),
    (
        "The resistance of the CB-7 cable must be at least 100 MΩ.",
        "What is the minimum required resistance of the CB-7 cable?",
    ),
    # who acts, and what somebody may or needs to do
    ("The licence for the AQ-200 is issued by the branch office.", "By whom is the licence for the AQ-200 issued?"),
    (
        "If the RM-440 cannot be read, the operator may estimate the consumption.",
        "What may the operator do if the RM-440 cannot be read?",
    ),
    (
        "When the RM-440 is moved, the operator needs to inform the dealer.",
        "What does the operator need to do when the RM-440 is moved?",
    ),
    ("After the RM-440 has stopped, the log can be copied.", "What can be done after the RM-440 has stopped?"),
    ("Don't open the RM-440 until the pump has stopped.", "When should you not open the RM-440?"),
    ("Two Local Meter Nodes (LMNs) feed the RM-440.", "What does LMN stand for?"),
    # two predicates of one subject
    ("The GS-2 bottle is made of brown glass and holds 250 mL.", "How much does the GS-2 bottle hold?"),
    # prohibitions
    ("Never mix Purelin C with bleach.", "May you mix Purelin C with bleach?"),
]


@pytest.mark.parametrize(("text", "question"), ASKED)
def test_asks(text: str, question: str) -> None:
    found = pairs(Made().paragraph(text).document(), "the AQ-200")
    asked = [q for q in found if q.casefold().endswith(question.casefold())]
    assert asked, f"{question!r} is not among {list(found)}"
    answer = found[asked[0]]
    assert answer.removeprefix("No. ") == text or "stands for" in answer


REFUSED = [
    "After polishing, the membrane cap must always be renewed.",
    "Regular maintenance takes an operator roughly 3 hours in a year.",
    "It must then be dried.",
    "This is done by the pump of the unit.",
    "See Section 4 for the torque of the AQ-200.",
    "Table 3 shows the torque of the AQ-200.",
    "The torque of the AQ-200 is given in the following table.",
    "As described above, the AQ-200 is a pump.",
    "This chapter describes the AQ-200 in detail.",
    "We recommend the AQ-200 for pools.",
    "The device is a device.",
    "However, this depends on the model.",
    "Is the AQ-200 a pump?",
    "The AQ-200 (see",
    "tightened to 2 N·m.",
    "Visit https://example.com/aq for the manual of the AQ-200.",
    "Find out if you need a licence for the AQ-200.",
    "Initializes the AQ-200 system before use.",
    "They are stored in the AQ-200.",
    "For this reason the AQ-200 stops.",
    "THE AQ-200 MUST NOT BE OPENED BY THE USER.",
    # one of many things that an office or a product does, or one more
    "The Water Board of Lower Elbmark requires a yearly report.",
    "The AQ-200 offers several ways to filter.",
    "The RM-440 also stores the readings of the last week.",
    "The operator should take appropriate action if the RM-440 stops.",
    # what was listed before, and letters that stand for numbers
    "The second option deletes the readings of the RM-440.",
    "If X is greater than 5, the RM-440 stops.",
    # prepositions that belong to no verb
    "The readings of the RM-440 are shown on a line by themselves.",
    "The steps of the RM-440 are done from left to right.",
    # neither yes nor no
    "The RM-440 must not be opened unless the AQ-200 is empty.",
    "Do not forget to close the RM-440.",
    # what points at the text before, or at somebody in it
    "The RM-440 accepts one of these three formats.",
    "The WM-2 files contain output from her analysis of tap water.",
    "Operators of the RM-440 can avoid this.",
    # verbs that belong to another clause, or that the dictionary does not know
    "The amount you can set on the RM-440 is the smaller of both limits.",
    "Deionise the water of the RM-440 whenever it is cloudy.",
    "Verify that the RM-440 stores no data and do not contain personal data of visitors.",
    "Even after you have cleaned the RM-440, values may drift.",
    # praise, and what is neither wholly so nor wholly not
    "The RM-440 is a simple matter for plumbers.",
    "The use of the RM-440 is not unlike that of the AQ-200.",
    # what sounds like a statement and is a command
    "Use words the RM-440 knows.",
    "Ordinarily the water board answers within 60 days.",
    "The rules for the RM-440 differ from country to country.",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    assert questions(text, about="the AQ-200") == []


def test_a_story_told_as_an_example_is_no_fact() -> None:
    told = "The AQ-200 was bought in 2019. Example. If the AQ-200 loses pressure, close the inlet valve."
    assert questions(told.partition("Example. ")[2]) and not questions(told.partition(". ")[2])
    asked = all_drafts(
        Made().heading("Example 2").paragraph("If the AQ-200 loses pressure, close the valve.").document()
    )
    assert list(asked) == []


@pytest.mark.parametrize(("lead", "asked"), [("The RM-440 may be at risk if:", False), ("Do this each day:", True)])
def test_an_item_that_completes_the_line_above_is_no_statement(lead: str, asked: bool) -> None:
    document = Made().paragraph(lead).paragraph("The WM-2 cable is stored on the floor.").document()
    assert any("cable" in draft.question for draft in all_drafts(document)) == asked


def test_an_obligation_under_a_condition_is_asked_for_as_one() -> None:
    (asked,) = questions("If you move the RM-440, you may have to calibrate the electrode of the analyser.")
    assert asked == "What may you have to do if you move the RM-440?"


@pytest.mark.parametrize("language", ["de", "fr", "und"])
def test_other_languages_are_left_alone(language: str) -> None:
    assert questions("The AQ-200 is a water purifier with two filters.", language=language) == []


def test_a_pronoun_is_replaced_where_only_one_thing_can_be_meant() -> None:
    document = Made().paragraph("The PS-24 is a power supply. It is protected by the fuse F2.").document()
    (draft,) = [d for d in all_drafts(document) if "protected" in d.question]
    assert draft.question == "What is the PS-24 protected by?"
    assert draft.answer == "The PS-24 is protected by the fuse F2."
    assert [clue.quote for clue in draft.clues] == ["The PS-24 is a power supply.", "It is protected by the fuse F2."]


def test_a_pronoun_with_two_candidates_is_left_alone() -> None:
    asked = questions("The CM-8 module drives the PT-05 pump. It is protected by the fuse F2.")
    assert not any("protected" in question for question in asked)


def test_the_subject_of_the_document_completes_a_question() -> None:
    asked = questions("Damage has to be reported to the carrier within 5 working days.", about="the AQ-200")
    assert "For the AQ-200, within what time does damage have to be reported to the carrier?" in asked


def test_common_words_lose_their_capital_and_names_keep_it() -> None:
    assert "What does ground water contain?" in questions("Ground water contains lime and iron of the FX-1 kind.")
    assert "What is SQLite?" in questions("SQLite is a library that keeps data in one file.")


def test_an_amount_at_an_interval_is_one_amount() -> None:
    assert questions("The usual dose of Orionol XR is 500 mg every 8 hours.") == [
        "What is the usual dose of Orionol XR?"
    ]


def test_a_reason_is_not_a_result() -> None:
    assert not any("Why" in q for q in questions("The RM-440 wipes its window, so that a cycle takes 75 s."))


def test_no_clue_yields_more_than_three() -> None:
    text = (
        "If the AQ-200 loses pressure, the AQ-200 stops because the pump (PP) must not run dry, and the CM-8 module "
        "has four relay outputs and stores 12 months of data every 5 minutes."
    )
    assert len(questions(text)) <= 3


@pytest.mark.parametrize(
    "text",
    [
        "The AQ-200 is a powerful tool.",
        "The AQ-200 has come a long way since the last release was made.",
        "Jane Smith is a manager of the AQ-200 project.",
        "The team believes the AQ-200 fails when it is cold.",
    ],
)
def test_what_sounds_like_a_definition_or_a_reason_and_is_none(text: str) -> None:
    assert not [q for q in questions(text, "the AQ-200") if q.startswith(("Why", "When", "What is"))]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The company built the AQ-200 in March 1998.", "When did the company build the AQ-200?"),
        ("Loosen the ring with the CW-19 wrench.", "What should you loosen the ring with?"),
        (
            "A plant that has to treat hard water needs the RM-440.",
            "What does a plant that has to treat hard water need?",
        ),
        ("In rooms without heating, the HT-1 heater has to be fitted.", "What must be done in rooms without heating?"),
    ],
)
def test_asks_of_past_tools_relatives_and_places(text: str, question: str) -> None:
    assert any(asked.casefold().endswith(question.casefold()) for asked in questions(text, "the AQ-200"))


def test_a_name_that_opens_like_a_command_is_the_subject() -> None:
    text = "Debug level messages are turned off before launch to avoid cluttering the telemetry of the AQ-200."
    assert not any("should you" in question for question in questions(text))
    assert questions("Adjust the AM-2 analogue module if any value is off by more than 0.02 mA.")
    told = parse("Verify connections are tight.")
    assert told is not None and told.imperative


@pytest.mark.parametrize(
    "text",
    [
        "The AQ-200 vendor has addressed all concerns about noise if a hood is fitted.",
        'The AQ-200 recognizes the keywords "ON" and "OFF", as of version 3.2 or thereabouts.',
        "The AQ-200 will create gaps in the telemetry record until lines are reestablished.",
    ],
)
def test_what_has_been_done_or_is_done_at_once_has_no_time(text: str) -> None:
    assert not [q for q in questions(text) if q.startswith(("When", "Why", "How long"))]


@pytest.mark.parametrize(
    "text",
    [
        "The AQ-200 depends on these.",
        "Unlike other modes of AQ-200 control the first byte serves as a tag.",
        "(Available since AQ-200 1.5.) defines the string which is stripped from the output.",
        "Since packages require clear rules, a list of AQ-200 packages is provided below to help with that.",
        "The AQ-200 opens its entry points when imported by name or through a reference.",
        "When names of AQ-200 users are read, some characters can be written in several ways.",
        "The AQ-200 result is short when text is asked for, and long when bytes are asked for.",
    ],
)
def test_what_leans_on_its_text_or_has_several_answers_is_not_asked(text: str) -> None:
    assert not questions(text)


def test_a_need_is_asked_for_as_one() -> None:
    asked = questions("If the AQ-200 stops, you will need to check all the valves.")
    assert "What will you need to do if the AQ-200 stops?" in asked


def test_an_occasion_is_no_place() -> None:
    assert "Where should you fit a new TS-16 tube?" in questions("Fit a new TS-16 tube on the pump head.")
    assert "Where should you fit a new TS-16 tube?" not in questions("Fit a new TS-16 tube on every visit.")
