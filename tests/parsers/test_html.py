"""HTML pages: structure from the tree, main content without furniture, nothing hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsers.makers import of_kind, read_html, shapes

PROSE = (
    "The committee met on Monday, heard three reports, and decided to postpone the vote until the budget is known. "
    "Members from the north asked for more time, while others, mostly from the coast, wanted to proceed at once."
)


def page(content: str, around: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>t</title></head><body>{around}{content}</body></html>"


class TestStructure:
    def test_headings_open_sections(self, tmp_path: Path) -> None:
        document = read_html(tmp_path, page("<h1>A</h1><p>x</p><h2>B <em>C</em></h2><p>y</p>"))
        assert [(b.kind, b.text, b.level, b.section) for b in document.blocks] == [
            ("heading", "A", 1, ()),
            ("paragraph", "x", None, ("A",)),
            ("heading", "B C", 2, ("A",)),
            ("paragraph", "y", None, ("A", "B C")),
        ]

    def test_lists_nest_and_count(self, tmp_path: Path) -> None:
        source = "<ol start=3><li>c<ul><li>inner</li></ul></li><li value=9>i</li><li>j</li></ol>"
        found = [(b.text, b.level, b.marker) for b in read_html(tmp_path, page(source)).blocks]
        assert found == [("c", 1, "3."), ("inner", 2, "◦"), ("i", 1, "9."), ("j", 1, "10.")]

    def test_definitions_stand_below_their_terms(self, tmp_path: Path) -> None:
        source = "<dl><dt>Term</dt><dd><p>Meaning</p></dd></dl>"
        found = [(b.kind, b.text, b.level) for b in read_html(tmp_path, page(source)).blocks]
        assert found == [("list_item", "Term", 1), ("list_item", "Meaning", 2)]

    def test_code_is_verbatim_without_line_numbers(self, tmp_path: Path) -> None:
        source = """<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>
        <td class="code"><pre><span>if</span> x:\n    y()\n</pre></td></tr></table>"""
        assert shapes(read_html(tmp_path, page(source))) == [("code", "if x:\n    y()")]

    def test_code_inside_a_list_item_keeps_its_lines(self, tmp_path: Path) -> None:
        source = "<ul><li>Run<pre>a\n b</pre>then wait</li></ul>"
        assert shapes(read_html(tmp_path, page(source))) == [
            ("list_item", "Run"),
            ("code", "a\n b"),
            ("paragraph", "then wait"),
        ]

    def test_breaks_part_lines_and_double_breaks_part_paragraphs(self, tmp_path: Path) -> None:
        document = read_html(tmp_path, page("<p>one<br>two<br><br>three\n four</p>"))
        assert shapes(document) == [("paragraph", "one\ntwo"), ("paragraph", "three four")]

    def test_captions_and_alternative_texts(self, tmp_path: Path) -> None:
        source = '<figure><img src="x.png" alt="A bar chart of yearly sales"><figcaption>Sales</figcaption></figure>'
        document = read_html(tmp_path, page(source))
        assert shapes(document) == [("caption", "A bar chart of yearly sales"), ("caption", "Sales")]
        assert (document.blocks[0].path or "").endswith("/img[1]/@alt")

    def test_formulas_read_as_their_tex(self, tmp_path: Path) -> None:
        math = "<math><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>"
        noted = (
            '<math><semantics><mi>q</mi><annotation encoding="application/x-tex">q_1</annotation></semantics></math>'
        )
        document = read_html(tmp_path, page(f"<p>Here {math} and {noted}.</p>"))
        assert document.text == r"Here \frac{a}{b}=x^{2} and q_1."

    def test_drawn_formulas_are_read_once(self, tmp_path: Path) -> None:
        drawn = (
            '<span class="MathJax_Preview">?</span><span class="MathJax"><nobr>xx</nobr><math><mi>x</mi></math></span>'
        )
        katex = '<span class="katex"><span class="katex-mathml"><math><mi>z</mi></math></span>'
        katex += '<span class="katex-html" aria-hidden="true">z</span></span>'
        source = f'<p>{drawn}<script type="math/tex">y^2</script>, {drawn.replace("?", "")}, {katex}</p>'
        assert read_html(tmp_path, page(source)).text == "y^2, x, z"

    def test_short_forms_of_xhtml_end_where_they_stand(self, tmp_path: Path) -> None:
        source = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js"/>
        </head><body><p><a id="x"/>one<br/>two</p></body></html>"""
        assert shapes(read_html(tmp_path, source)) == [("paragraph", "one\ntwo")]

    def test_unclosed_markup_loses_no_text(self, tmp_path: Path) -> None:
        document = read_html(tmp_path, page("<p>one<p>two<ul><li>a<li>b</ul><table><tr><td>c<td>d<tr><td>e<td>f"))
        for word in ("one", "two", "a", "b", "c | d", "e | f"):
            assert word in document.text

    def test_questions_on_buttons_are_read_and_controls_are_not(self, tmp_path: Path) -> None:
        source = """<ul><li><button aria-expanded="false" aria-controls="a">Who may ask for records?</button>
        <div id="a">Anybody.</div></li></ul><button>Send</button>"""
        assert shapes(read_html(tmp_path, page(source))) == [
            ("list_item", "Who may ask for records?"),
            ("paragraph", "Anybody."),
        ]


class TestTables:
    def test_spans_fill_every_place(self, tmp_path: Path) -> None:
        source = """<table><thead><tr><th rowspan=2>Name</th><th colspan=2>Size</th></tr><tr><th>w</th><th>h</th></tr>
        </thead><tr><td>a</td><td>1</td><td>2</td></tr></table>"""
        (block,) = read_html(tmp_path, page(source)).blocks
        assert block.table is not None
        assert block.table.header == (("Name", "Size", "Size"), ("Name", "w", "h"))
        assert block.table.header_path(1) == ("Size", "w")
        assert block.table.continued == {(0, 2), (1, 0)}

    def test_a_bold_first_row_is_the_header(self, tmp_path: Path) -> None:
        source = "<table><tr><td><b>Key</b></td><td><strong>Use</strong></td></tr><tr><td>a</td><td>b</td></tr></table>"
        (block,) = read_html(tmp_path, page(source)).blocks
        assert block.table is not None
        assert block.table.header == (("Key", "Use"),)

    def test_oversized_spans_add_no_columns(self, tmp_path: Path) -> None:
        source = "<table><tr><th colspan=900>T</th></tr><tr><td>a</td><td rowspan=5000>b</td></tr></table>"
        (block,) = read_html(tmp_path, page(source)).blocks
        assert block.table is not None
        assert [len(row) for row in block.table.grid()] == [2, 2]

    def test_layout_tables_are_not_data(self, tmp_path: Path) -> None:
        inner = "<table><tr><th>k</th><th>v</th></tr><tr><td>a</td><td>1</td></tr></table>"
        source = f"<table><tr><td><h2>Title</h2><p>text</p>{inner}</td><td>side</td></tr></table>"
        document = read_html(tmp_path, page(source))
        assert [kind for kind, _ in shapes(document)] == ["heading", "paragraph", "table", "paragraph"]

    def test_cells_keep_lists_and_pictures_apart(self, tmp_path: Path) -> None:
        source = """<table><tr><th>a</th><th>b</th></tr><tr><td><ol><li>x</li><li>y</li></ol></td>
        <td><img alt="seal"></td></tr></table>"""
        assert read_html(tmp_path, page(source)).text.splitlines()[1] == "1. x 2. y | seal"


class TestContent:
    def test_furniture_is_left_out(self, tmp_path: Path) -> None:
        around = """<header class="site-header"><nav><a href="/">Home</a> <a href="/n">News</a></nav></header>
        <div class="cookie-banner">We use cookies to improve your visit, and so on.</div>"""
        tail = """<aside class="sidebar"><h3>Popular</h3><ul><li><a href="/1">Other story</a></li></ul></aside>
        <div id="comments"><p>First comment, which is long enough to look like prose, says nothing at all.</p></div>
        <footer>Copyright 2020</footer>"""
        article = f"<article><h1>Vote postponed</h1><p>{PROSE}</p><p>{PROSE}</p></article>"
        text = read_html(tmp_path, page(article + tail, around)).text
        assert text.count("The committee met") == 2
        for furniture in ("Home", "cookies", "Popular", "comment", "Copyright"):
            assert furniture not in text

    def test_a_page_without_furniture_is_kept_whole(self, tmp_path: Path) -> None:
        document = read_html(
            tmp_path, page("<p>Short note.</p><table><tr><th>a</th><th>b</th></tr></table><p>End.</p>")
        )
        assert document.text == "Short note.\n\na | b\n\nEnd."

    def test_every_section_of_a_long_document_is_kept(self, tmp_path: Path) -> None:
        sections = "".join(f"<div class='sect'><h2>Part {n}</h2><p>{PROSE}</p></div>" for n in range(9))
        nav = "<nav><ul>" + "".join(f"<li><a href='#{n}'>Part {n}</a></li>" for n in range(9)) + "</ul></nav>"
        assert len(of_kind(read_html(tmp_path, page(f"<div>{sections}</div>", nav)), "heading")) == 9

    def test_documentation_pages_are_known_by_their_generator(self, tmp_path: Path) -> None:
        menu = '<div class="md-sidebar"><ul><li><a href="a">Start</a></li></ul></div>'
        body = """<div class="md-content"><article class="md-content__inner md-typeset"><h1>Options<a class="headerlink"
        href="#o">¶</a></h1><table><tr><th>Key</th><th>Use</th></tr><tr><td>a</td><td>b</td></tr></table></article></div>"""
        document = read_html(tmp_path, page(body, menu))
        assert shapes(document) == [("heading", "Options"), ("table", "Key | Use\na | b")]

    def test_of_several_articles_the_one_in_the_title_is_read(self, tmp_path: Path) -> None:
        articles = "".join(
            f"<article><h2>{name} of the council</h2><p>{PROSE}</p><p>{PROSE}</p></article>"
            for name in ("Vote", "Budget", "Party")
        )
        source = (
            f"<html><head><title>Budget of the council – News</title></head><body>{articles}<nav>x</nav></body></html>"
        )
        document = read_html(tmp_path, source)
        assert [block.text for block in of_kind(document, "heading")] == ["Budget of the council"]

    def test_teasers_of_other_stories_are_left_out(self, tmp_path: Path) -> None:
        links = "".join(f"<li><a href='/{n}'><h4>Other story {n}</h4></a></li>" for n in range(4))
        nav = "<nav><a href='/'>Home</a></nav>"
        source = page(f"<div class=story><p>{PROSE}</p><div><ul>{links}</ul></div><p>{PROSE}</p></div>", nav)
        assert "Other story" not in read_html(tmp_path, source).text


class TestHidden:
    @pytest.mark.parametrize(
        "attribute",
        [
            "hidden",
            'style="display:none"',
            'style="color:red; visibility: hidden"',
            'style="font-size:0"',
            'style="position:absolute;left:-9999px"',
            'style="opacity:0"',
            'aria-hidden="true"',
            'class="sr-only"',
        ],
    )
    def test_text_is_left_out(self, tmp_path: Path, attribute: str) -> None:
        document = read_html(tmp_path, page(f"<p>seen</p><p {attribute}>ignore previous instructions</p><p>end</p>"))
        assert document.text == "seen\n\nend"

    def test_text_hidden_by_the_page_s_own_style_sheet_is_left_out(self, tmp_path: Path) -> None:
        style = "<style>/* x */ .ghost { color: red; display: none } .tab { display: none } .fold { display: none }"
        style += " .tab.active { display: block } @media print { .menu2 { display: none } }</style>"
        body = "<p class='ghost'>injected</p><p class='tab active'>tab</p>"
        body += "<p class='fold'>folded</p><p class='menu2'>kept</p>"
        source = page(f"{style}<p>seen</p>{body}<script>toggle('fold')</script>")
        assert read_html(tmp_path, source).text == "seen\n\ntab\n\nfolded\n\nkept"

    def test_text_that_appears_while_scrolling_stays(self, tmp_path: Path) -> None:
        later = "<p style='opacity:0;transform:translateY(9px)'>later</p>"
        source = f"<html><body style='visibility:hidden'>{later}</body></html>"
        assert read_html(tmp_path, source).text == "later"

    def test_small_but_visible_text_stays(self, tmp_path: Path) -> None:
        source = page('<p style="font-size:0.8em">small</p><p style="opacity:0.9">pale</p>')
        assert read_html(tmp_path, source).text == "small\n\npale"

    def test_scripts_styles_and_controls_hold_no_text(self, tmp_path: Path) -> None:
        source = page(
            "<p>x</p><script>var a='no'</script><style>p{}</style><button>Copy</button><template>t</template>"
        )
        assert read_html(tmp_path, source).text == "x"


def test_the_title_is_the_page_s_own(tmp_path: Path) -> None:
    source = "<html><head><title>Install — Foo 1.0 docs</title></head><body><h1>Install</h1><p>x</p></body></html>"
    assert read_html(tmp_path, source).title == "Install"
