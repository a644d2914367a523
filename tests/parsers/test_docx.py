"""DOCX files as Word shows them: styles, numbers, tables, notes, changes, fields, drawings."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from parsers import parse
from tests.parsers.makers import cell, numbered, of_kind, paragraph, read_docx, shapes, write_docx


def level(index: int, form: str, text: str, extra: str = "") -> str:
    shown = f'<w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/>{shown}</w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def instance(number: int, of: int, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(code: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        + mark.format("separate")
        + run(result)
        + mark.format("end")
    )


def markers(tmp_path: Path, body: str, *definitions: str) -> list[str | None]:
    document = read_docx(tmp_path, body, {"numbering": "".join(definitions)})
    return [block.marker for block in document.blocks]


class TestHeadings:
    def test_come_from_style_names_in_any_language_and_from_parents(self, tmp_path: Path) -> None:
        body = paragraph("One", "berschrift1") + paragraph("Two", "berschrift2") + paragraph("Own", "Chapter")
        levels = [(block.kind, block.level) for block in read_docx(tmp_path, body).blocks]
        assert levels == [("heading", 1), ("heading", 2), ("heading", 1)]

    def test_title_style_names_the_document(self, tmp_path: Path) -> None:
        document = read_docx(tmp_path, paragraph("The Guide", "Titel") + paragraph("text"))
        assert document.title == "The Guide"
        assert document.blocks[0].kind == "heading"
        assert document.blocks[1].section == ("The Guide",)

    def test_outline_level_makes_a_heading_and_nine_takes_it_away(self, tmp_path: Path) -> None:
        body = paragraph("Yes", properties='<w:outlineLvl w:val="2"/>')
        body += paragraph("No", "berschrift1", '<w:outlineLvl w:val="9"/>')
        assert [(block.kind, block.level) for block in read_docx(tmp_path, body).blocks] == [
            ("heading", 3),
            ("paragraph", None),
        ]

    def test_made_by_hand_are_told_by_looks_where_no_style_marks_any(self, tmp_path: Path) -> None:
        prose = paragraph("A sentence of plain text that goes on for a while and then ends.") * 4
        big = '<w:b/><w:sz w:val="32"/>'
        body = f"<w:p>{run('Large and bold', big)}</w:p>" + prose + f"<w:p>{run('Bold only', '<w:b/>')}</w:p>" + prose
        body += f"<w:p>{run('Bold, but it ends like a sentence.', '<w:b/>')}</w:p>"
        document = read_docx(tmp_path, body)
        assert [(block.text, block.level) for block in of_kind(document, "heading")] == [
            ("Large and bold", 1),
            ("Bold only", 2),
        ]

    def test_by_looks_are_not_guessed_beside_real_ones(self, tmp_path: Path) -> None:
        body = paragraph("Real", "berschrift1") + f"<w:p>{run('Bold line', '<w:b/>')}</w:p>"
        body += paragraph("A sentence of plain text.") * 5
        assert [block.text for block in of_kind(read_docx(tmp_path, body), "heading")] == ["Real"]


class TestNumbers:
    def test_count_by_level_and_restart_below(self, tmp_path: Path) -> None:
        body = "".join(numbered("x", level=depth) for depth in (0, 1, 1, 0, 1))
        definition = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))
        assert markers(tmp_path, body, definition, instance(1, 0)) == ["1.", "1.1", "1.2", "2.", "2.1"]

    @pytest.mark.parametrize(
        ("form", "text", "third"),
        [
            ("lowerLetter", "%1)", "c)"),
            ("upperRoman", "%1.", "III."),
            ("ordinal", "%1", "3rd"),
            ("decimalZero", "%1", "03"),
            ("chineseCounting", "%1、", "三、"),
            ("ordinalText", "%1", "Third"),
            ("decimalEnclosedCircle", "%1", "③"),
        ],
    )
    def test_are_written_in_the_list_s_format(self, tmp_path: Path, form: str, text: str, third: str) -> None:
        found = markers(tmp_path, numbered("x") * 3, abstract(0, level(0, form, text)), instance(1, 0))
        assert found[-1] == third

    def test_two_instances_of_one_list_go_on_counting(self, tmp_path: Path) -> None:
        body = numbered("x", 1) + numbered("x", 2)
        definition = abstract(0, level(0, "decimal", "%1."))
        assert markers(tmp_path, body, definition, instance(1, 0), instance(2, 0)) == ["1.", "2."]

    def test_an_override_starts_anew_once(self, tmp_path: Path) -> None:
        override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
        body = numbered("x", 1) + numbered("x", 2) * 2
        definition = abstract(0, level(0, "decimal", "%1."))
        assert markers(tmp_path, body, definition, instance(1, 0), instance(2, 0, override)) == ["1.", "5.", "6."]

    def test_legal_numbering_is_decimal_throughout(self, tmp_path: Path) -> None:
        definition = abstract(0, level(0, "upperRoman", "%1"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
        body = numbered("x") + numbered("x", level=1)
        assert markers(tmp_path, body, definition, instance(1, 0)) == ["I", "1.1"]

    def test_bullets_of_symbol_fonts_are_readable(self, tmp_path: Path) -> None:
        bullet = level(0, "bullet", "\uf0b7", '<w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr>')
        assert markers(tmp_path, numbered("x"), abstract(0, bullet), instance(1, 0)) == ["•"]

    def test_stand_before_headings(self, tmp_path: Path) -> None:
        styled = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
        body = paragraph("Scope", "berschrift1", styled)
        document = read_docx(tmp_path, body, {"numbering": abstract(0, level(0, "decimal", "%1")) + instance(1, 0)})
        assert [(b.kind, b.marker, b.text) for b in document.blocks] == [("heading", "1", "Scope")]


class TestTables:
    def test_merged_cells_stand_in_every_place_they_cover(self, tmp_path: Path) -> None:
        wide, tall = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
        top = f"<w:tr>{cell('Name')}{cell('Values', wide)}</w:tr>"
        one = f"<w:tr>{cell('a', tall)}{cell('1')}{cell('2')}</w:tr>"
        two = f"<w:tr>{cell('', '<w:vMerge/>')}{cell('3')}{cell('4')}</w:tr>"
        (block,) = read_docx(tmp_path, f"<w:tbl>{top}{one}{two}</w:tbl>").blocks
        assert block.table is not None
        assert block.table.grid() == (("Name", "Values", "Values"), ("a", "1", "2"), ("a", "3", "4"))
        assert block.table.continued == {(0, 2), (2, 0)}

    def test_rows_that_repeat_on_each_page_are_the_header(self, tmp_path: Path) -> None:
        head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Key')}{cell('Value')}</w:tr>"
        (block,) = read_docx(tmp_path, f"<w:tbl>{head}<w:tr>{cell('a')}{cell('1')}</w:tr></w:tbl>").blocks
        assert block.table is not None
        assert block.table.header == (("Key", "Value"),)

    def test_a_bold_first_row_is_the_header_and_a_plain_one_is_not(self, tmp_path: Path) -> None:
        def row(left: str, right: str, properties: str = "") -> str:
            cells = "".join(f"<w:tc><w:p>{run(text, properties)}</w:p></w:tc>" for text in (left, right))
            return f"<w:tr>{cells}</w:tr>"

        bold = row("Key", "Use", "<w:b/>") + row("a", "b")
        plain = row("Name", "Pump") + row("Place", "North pier")
        first, second = read_docx(tmp_path, f"<w:tbl>{bold}</w:tbl>{paragraph('x')}<w:tbl>{plain}</w:tbl>").blocks[::2]
        assert first.table is not None
        assert second.table is not None
        assert (first.table.header, second.table.header) == ((("Key", "Use"),), ())

    def test_a_single_cell_is_a_frame_around_its_blocks(self, tmp_path: Path) -> None:
        document = read_docx(tmp_path, f"<w:tbl><w:tr>{cell('boxed')}</w:tr></w:tbl>")
        assert shapes(document) == [("paragraph", "boxed")]

    def test_deleted_rows_are_gone(self, tmp_path: Path) -> None:
        gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('old')}{cell('row')}</w:tr>"
        kept = f"<w:tr>{cell('a')}{cell('b')}</w:tr>" * 2
        assert "old" not in read_docx(tmp_path, f"<w:tbl>{gone}{kept}</w:tbl>").text

    def test_lists_in_cells_keep_their_marks(self, tmp_path: Path) -> None:
        inner = f"<w:tc><w:tcPr/>{numbered('x')}{numbered('y')}</w:tc>"
        numbering = abstract(0, level(0, "decimal", "%1.")) + instance(1, 0)
        document = read_docx(tmp_path, f"<w:tbl><w:tr>{cell('a')}{inner}</w:tr></w:tbl>", {"numbering": numbering})
        assert document.text == "a | 1. x 2. y"


class TestChanges:
    def test_insertions_stay_and_deletions_go(self, tmp_path: Path) -> None:
        body = (
            f"<w:p>{run('old ')}<w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        )
        assert read_docx(tmp_path, body).text == "old new"

    def test_moved_text_stands_where_it_went(self, tmp_path: Path) -> None:
        body = f"<w:p><w:moveFrom>{run('moved')}</w:moveFrom>{run('stay ')}<w:moveTo>{run('moved')}</w:moveTo></w:p>"
        assert read_docx(tmp_path, body).text == "stay moved"

    def test_a_deleted_paragraph_mark_joins_two_paragraphs(self, tmp_path: Path) -> None:
        body = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('one ')}</w:p>" + paragraph("two")
        assert shapes(read_docx(tmp_path, body)) == [("paragraph", "one two")]


class TestText:
    def test_fields_show_their_result(self, tmp_path: Path) -> None:
        body = f"<w:p>{run('See ')}{field(' REF _Ref1 ', 'Table 1')}{run('.')}</w:p>"
        assert read_docx(tmp_path, body).text == "See Table 1."

    def test_hidden_runs_and_comment_marks_are_left_out(self, tmp_path: Path) -> None:
        body = f"<w:p>{run('seen')}{run(' hidden', '<w:vanish/>')}<w:commentRangeStart/></w:p>"
        assert read_docx(tmp_path, body).text == "seen"

    def test_a_table_of_contents_is_left_out(self, tmp_path: Path) -> None:
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>'
        begin += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        body = f"<w:p>{begin}{run('Scope 1')}</w:p>{paragraph('Terms 2')}{end}{paragraph('Body')}"
        assert shapes(read_docx(tmp_path, body)) == [("paragraph", "Body")]

    def test_an_initial_joins_its_word(self, tmp_path: Path) -> None:
        frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
        assert read_docx(tmp_path, paragraph("D", properties=frame) + paragraph("rop")).text == "Drop"

    def test_ruby_reads_as_its_base(self, tmp_path: Path) -> None:
        ruby = f"<w:ruby><w:rt>{run('とうきょう')}</w:rt><w:rubyBase>{run('東京')}</w:rubyBase></w:ruby>"
        assert read_docx(tmp_path, f"<w:p><w:r>{ruby}</w:r></w:p>").text == "東京"

    def test_content_controls_are_read(self, tmp_path: Path) -> None:
        body = f"<w:sdt><w:sdtContent>{paragraph('held')}</w:sdtContent></w:sdt>"
        assert read_docx(tmp_path, body).text == "held"

    def test_symbols_of_symbol_fonts(self, tmp_path: Path) -> None:
        body = '<w:p><w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>'
        assert read_docx(tmp_path, body).text == "α✓"

    def test_neighbouring_code_paragraphs_are_one_block(self, tmp_path: Path) -> None:
        body = paragraph("def f():", "SourceCode") + paragraph("    return 1", "SourceCode") + paragraph("after")
        assert shapes(read_docx(tmp_path, body)) == [("code", "def f():\n    return 1"), ("paragraph", "after")]

    def test_a_typewriter_s_font_marks_code_unless_all_is_typed_in_it(self, tmp_path: Path) -> None:
        courier = '<w:rFonts w:ascii="Courier New"/>'
        prose = paragraph("A sentence in the document's own font.")
        code = f"<w:p>{run('x = 1', courier)}</w:p>"
        assert [kind for kind, _ in shapes(read_docx(tmp_path, prose + code))] == ["paragraph", "code"]
        assert [kind for kind, _ in shapes(read_docx(tmp_path, code * 3))] == ["paragraph"] * 3

    def test_formulas_read_as_tex(self, tmp_path: Path) -> None:
        def math(text: str) -> str:
            return f"<m:r><m:t>{text}</m:t></m:r>"

        fraction = f"<m:f><m:num>{math('a')}</m:num><m:den>{math('b')}</m:den></m:f>"
        power = f"<m:sSup><m:e>{math('x')}</m:e><m:sup>{math('2')}</m:sup></m:sSup>"
        root = f"<m:rad><m:deg/><m:e>{math('y')}</m:e></m:rad>"
        body = f"<w:p><m:oMath>{fraction}{math('+')}{power}{math('≤')}{root}</m:oMath></w:p>"
        assert read_docx(tmp_path, body).text == r"\frac{a}{b}+x^{2}\leq \sqrt{y}"


class TestBesideTheText:
    def test_footnotes_follow_their_paragraph_and_endnotes_the_text(self, tmp_path: Path) -> None:
        marks = '<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        notes = {
            "footnotes": '<w:footnote w:type="separator" w:id="-1"/>'
            f'<w:footnote w:id="2">{paragraph("foot")}</w:footnote>',
            "endnotes": f'<w:endnote w:id="2">{paragraph("end")}</w:endnote>',
        }
        document = read_docx(tmp_path, f"<w:p>{run('one')}{marks}</w:p>" + paragraph("two"), notes)
        assert [(b.kind, b.marker, b.text) for b in document.blocks] == [
            ("paragraph", None, "one"),
            ("footnote", "1", "foot"),
            ("paragraph", None, "two"),
            ("footnote", "i", "end"),
        ]

    def test_a_text_box_is_read_once(self, tmp_path: Path) -> None:
        box = f"<w:txbxContent>{paragraph('boxed')}</w:txbxContent>"
        choice = f"<mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        fallback = f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        alternate = f"<mc:AlternateContent>{choice}{fallback}</mc:AlternateContent>"
        document = read_docx(tmp_path, f"<w:p>{run('anchor')}<w:r>{alternate}</w:r></w:p>")
        assert shapes(document) == [("paragraph", "anchor"), ("paragraph", "boxed")]

    def test_a_chart_is_the_table_it_was_drawn_from(self, tmp_path: Path) -> None:
        def cached(tag: str, *values: str) -> str:
            points = "".join(f"<c:pt><c:v>{value}</c:v></c:pt>" for value in values)
            return f"<c:{tag}><c:strRef><c:strCache>{points}</c:strCache></c:strRef></c:{tag}>"

        series = f"<c:ser>{cached('tx', 'Sales')}{cached('cat', 'Q1', 'Q2')}{cached('val', '3', '4')}</c:ser>"
        drawing = '<w:p><w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r></w:p>'
        document = read_docx(tmp_path, drawing, {"chart": f"<c:chart>{series}</c:chart>"})
        assert document.text == " | Sales\nQ1 | 3\nQ2 | 4"

    def test_pictures_are_described_in_their_writer_s_words(self, tmp_path: Path) -> None:
        def drawing(text: str) -> str:
            return f'<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="{text}"/></wp:inline></w:drawing></w:r></w:p>'

        body = drawing("The north pier at low water") + drawing("A pier Description automatically generated")
        (block,) = read_docx(tmp_path, body).blocks
        assert (block.kind, block.text) == ("caption", "The north pier at low water")
        assert (block.path or "").endswith("/wp:docPr/@descr")

    def test_smart_art_is_read(self, tmp_path: Path) -> None:
        data = "<dgm:pt><a:p><a:r><a:t>First step</a:t></a:r></a:p></dgm:pt>"
        drawing = '<w:p><w:r><w:drawing><dgm:relIds r:dm="diagramData"/></w:drawing></w:r></w:p>'
        assert read_docx(tmp_path, drawing, {"diagramData": data}).text == "First step"


def test_iso_strict_reads_like_transitional(tmp_path: Path) -> None:
    body = paragraph("One", "berschrift1") + paragraph("text")
    strict = parse(write_docx(tmp_path / "strict.docx", body, strict=True))
    assert shapes(strict) == [("heading", "One"), ("paragraph", "text")]


def test_imported_html_is_read_where_it_stands(tmp_path: Path) -> None:
    path = write_docx(tmp_path / "made.docx", paragraph("before") + '<w:altChunk r:id="c"/>' + paragraph("after"))
    target = '<Relationship Id="c" Type="x/aFChunk" Target="chunk.html"/></Relationships>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "chunk.docx", "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            new.writestr(name, data.replace("</Relationships>", target) if "document.xml.rels" in name else data)
        new.writestr("word/chunk.html", "<html><body><h2>Imported</h2></body></html>")
    document = parse(tmp_path / "chunk.docx")
    assert shapes(document) == [("paragraph", "before"), ("heading", "Imported"), ("paragraph", "after")]
    assert document.blocks[1].path == "word/chunk.html#/html/body/h2[1]"


def test_typed_bullets_are_list_items(tmp_path: Path) -> None:
    assert [(b.kind, b.marker, b.text) for b in read_docx(tmp_path, paragraph("•\tone")).blocks] == [
        ("list_item", "•", "one")
    ]


def test_a_damaged_side_part_costs_a_warning_only(tmp_path: Path) -> None:
    document = read_docx(tmp_path, paragraph("text"), {"numbering": "<broken"})
    assert document.text == "text"
    assert any("numbering" in warning for warning in document.warnings)
