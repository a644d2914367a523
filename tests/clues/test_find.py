"""What the finder finds, and that every clue says exactly where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doc2data.clues import find_acronyms, worth
from doc2data.clues.entities import codes
from doc2data.clues.entities import find as entities
from doc2data.records import Chunk, Clue
from parsers.document import Document
from tests.clues.made import Made, chunks, clues


def manual() -> Document:
    made = Made().heading("Installation").heading("Mounting", 2)
    made.paragraph("The AQ-200 is a water purifier. It holds approx. 3.5 L of water. See Section 4 for details.")
    made.steps("Hold the bracket against the wall.", "Mark the four holes.", "Fasten the screws to 2 N·m.")
    made.heading("Data").rows(
        ("Supply voltage", "V", "24", "48"), ("Mass", "kg", "5", "6"),
        header=("Property", "Unit", "AQ-200", "AQ-300"), caption="Table 3: Electrical data of the AQ series",
    )  # fmt: skip
    made.heading("Environment").rows(("Ambient temperature", "0 °C to 45 °C"), ("Humidity", "10% to 90%"))
    made.heading("Safety").paragraph("WARNING").paragraph("Never open the cover while the pump runs.")
    made.heading("Contact").paragraph("Phone: 0123 456\nFax: 0123 457")
    return made.document()


def of_kind(kind: str, found: list[Clue]) -> list[Clue]:
    return [clue for clue in found if clue.kind == kind]


def test_each_kind_is_found() -> None:
    found = clues(manual())
    assert [c.quote for c in of_kind("definition", found)] == ["The AQ-200 is a water purifier."]
    assert "It holds approx. 3.5 L of water." in [c.quote for c in of_kind("sentence", found)]
    assert [c.value for c in of_kind("step", found)][1] == "Mark the four holes."
    assert [c.quote for c in of_kind("warning", found)] == ["Never open the cover while the pump runs."]
    assert [(c.attribute, c.value) for c in of_kind("key_value", found)] == [
        ("Ambient temperature", "0 °C to 45 °C"),
        ("Humidity", "10% to 90%"),
        ("Phone", "0123 456"),
        ("Fax", "0123 457"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('TEXT as ISO8601 strings ("YYYY-MM-DD HH:MM:SS.SSS").', "sentence"),
        ("The counter opens at 10:30 and closes at noon.", "sentence"),
        ("Mixing ratio (oil to fuel): 1:50", "key_value"),
        ("Opening hours: 10:30 to 12:00", "key_value"),
        ("Pumps at station 4: two", "key_value"),
    ],
)
def test_a_colon_of_a_time_or_inside_brackets_makes_no_pair(line: str, kind: str) -> None:
    assert [clue.kind for clue in clues(Made().heading("Data").paragraph(line).document())] == [kind]


def test_a_row_knows_its_headers_label_and_caption() -> None:
    header, first, _ = of_kind("table_row", clues(manual()))
    assert header.cells == () and header.quote == "Property | Unit | AQ-200 | AQ-300"
    assert first.cells == (("Property", "Supply voltage"), ("Unit", "V"), ("AQ-200", "24"), ("AQ-300", "48"))
    assert (first.subject, first.attribute) == ("Supply voltage", "Electrical data of the AQ series")


def test_rows_numbered_in_their_first_column_are_labelled_by_the_second() -> None:
    made = Made().rows(("1", "Pump", "12 W"), ("2", "Fan", "3 W"), header=("No.", "Part", "Power"))
    assert [c.subject for c in clues(made.document()) if c.cells] == ["Pump", "Fan"]


def test_a_procedure_runs_from_its_first_step_to_its_last() -> None:
    (procedure,) = of_kind("procedure", clues(manual()))
    assert procedure.quote.startswith("Hold the bracket") and procedure.quote.endswith("2 N·m.")
    assert [text for _, text in procedure.cells] == [
        "Hold the bracket against the wall.", "Mark the four holes.", "Fasten the screws to 2 N·m.",
    ]  # fmt: skip
    assert procedure.subject == "Mounting"


def test_a_lead_in_opens_the_procedure() -> None:
    made = Made().heading("Care").paragraph("To clean the filter, proceed like this:").steps("Rinse it.", "Dry it.")
    (procedure,) = of_kind("procedure", clues(made.document()))
    assert procedure.quote.startswith("To clean the filter") and procedure.subject.startswith("To clean")


def test_a_header_row_is_a_clue_of_every_chunk_that_repeats_it() -> None:
    rows = tuple((f"Part {n}", f"about {n} kilograms of steel and glass") for n in range(40))
    document = Made().heading("Parts").rows(*rows, header=("Part name", "Mass and material")).document()
    found = clues(document, budget=120)
    headers = [c for c in of_kind("table_row", found) if not c.cells]
    assert len(headers) == len({c.chunk for c in headers}) > 1
    assert len({c.id for c in found}) == len(found)


def test_ids_do_not_depend_on_chunking_but_on_place_and_document() -> None:
    document = manual()
    assert {c.id for c in clues(document) if c.cells or c.kind != "table_row"} == {
        c.id for c in clues(document, budget=60) if c.cells or c.kind != "table_row"
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Alarm E-07 is raised by the RM-440.", ("E-07", "RM-440")),
        ("Order part 4100-331 today.", ("4100-331",)),
        ("The tank holds 250 mL at 24 V DC.", ()),
        ("Flow Guard watches the PT-05 pump.", ("Flow Guard", "PT-05")),
        ("SQLite stores a REAL value.", ("SQLite", "REAL")),
        ("WARNING: hot surface", ()),
        ("请参阅《安装指南》中的AQ-200部分。", ("安装指南",)),
    ],
)
def test_entities(text: str, names: tuple[str, ...]) -> None:
    found = entities(text)
    assert found[: len(names)] == names
    assert not any(name in found for name in ("DC", "WARNING", "250"))


def test_codes_are_found_in_chinese_text() -> None:
    assert codes("更换 AQ-200 的滤芯") == ("AQ-200",)


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("The zero drift (ZD) is small.", "ZD", "zero drift"),
        ("a residual current device (RCD) in wet rooms", "RCD", "residual current device"),
        ("the Department of Justice (DOJ) decides", "DOJ", "Department of Justice"),
        ("Add NTU (nephelometric turbidity units).", "NTU", "nephelometric turbidity units"),
        ("the Message ID (MID) of a packet", "MID", "Message ID"),
    ],
)
def test_acronyms(text: str, short: str, long: str) -> None:
    (found,) = find_acronyms(text)
    assert (found.short, found.long) == (short, long)


@pytest.mark.parametrize("text", ["the pump (PT) is off by one (see A)", "the cold water inlet (blue)", "it (THE)"])
def test_no_acronym_where_the_initials_do_not_spell_it(text: str) -> None:
    assert find_acronyms(text) == []


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The AQ-200 draws 24 W at 25 °C.", "See Section 4 for details of the pump."),
        ("The pump runs for 5 minutes.", "© 2024 Example Ltd. All rights reserved."),
        ("The filter holds back particles above 5 µm.", "This manual describes the filter in all detail."),
        ("The valve closes within 2 seconds.", "Installation ......... 12"),
    ],
)
def test_worth_prefers_facts(better: str, worse: str) -> None:
    high, low = (clues(Made().paragraph(text).document())[0] for text in (better, worse))
    assert worth(high) > worth(low)
    assert 0 <= worth(low) <= worth(high) <= 1


_TEXT = st.text(alphabet='abc AB.,:;!?|0123456789()\n"“”。，：·-–°%µé', min_size=1, max_size=120)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    made = Made()
    for kind in draw(st.lists(st.sampled_from(["heading", "paragraph", "steps", "rows"]), min_size=1, max_size=8)):
        if kind == "heading":
            made.heading(draw(_TEXT), draw(st.integers(1, 3)))
        elif kind == "paragraph":
            made.paragraph(draw(_TEXT))
        elif kind == "steps":
            made.steps(*draw(st.lists(_TEXT, min_size=1, max_size=4)))
        else:
            cell = _TEXT.map(lambda text: " ".join(text.replace("|", "/").split()))
            rows = draw(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=4))
            made.rows(*rows, header=draw(st.none() | st.tuples(cell, cell, cell)))
    return made.document(language=draw(st.sampled_from(["en", "zh", "de", "und"])))


def _inside(clue: Clue, chunk: Chunk, text: str) -> bool:
    """Whether the clue lies in one span, or for a procedure in spans with only white space between."""
    if clue.kind != "procedure":
        return any(span.start <= clue.start and clue.end <= span.end for span in chunk.spans)
    covered = {at for span in chunk.spans for at in range(span.start, span.end)}
    return all(at in covered or text[at].isspace() for at in range(clue.start, clue.end))


@settings(deadline=None, max_examples=60)
@given(documents(), st.integers(20, 300))
def test_every_quote_is_the_slice_it_points_at(document: Document, budget: int) -> None:
    by_id = {chunk.id: chunk for chunk in chunks(document, budget)}
    found = clues(document, budget)
    assert len({clue.id for clue in found}) == len(found)
    for clue in found:
        assert clue.quote == document.text[clue.start : clue.end] != ""
        assert _inside(clue, by_id[clue.chunk], document.text)
        assert 0 <= worth(clue) <= 1
