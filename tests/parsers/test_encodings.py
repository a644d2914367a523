"""Pages and texts in the encodings people still have, declared or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.encoding import codec_of, decode
from tests.parsers.makers import read_html

SENTENCES = {
    "ru": ("Правительство объявило вчера новые правила охраны природы, которые вступят в силу в следующем году.",),
    "he": ("המשימות של הצוות כוללות תכנון, פיתוח ובדיקות של המערכת החדשה, וכן הדרכה של המשתמשים.",),
    "ar": ("تشمل مهام الفريق التخطيط والتطوير واختبار النظام الجديد وكذلك تدريب المستخدمين في جميع الفروع.",),
    "zh": ("北京市政府昨天宣布，从明年起将实行新的交通管理办法，以减少空气污染，改善市民的出行条件。",),
    "zh-hant": ("市政府昨天宣布，從明年起將實行新的交通管理辦法，以減少空氣污染，改善市民的出行條件。",),
    "ja": ("東京都は昨日、来年から新しい交通規則を実施すると発表した。市民の生活を改善するためである。",),
    "ko": ("서울시는 어제 내년부터 새로운 교통 규칙을 시행한다고 발표했다. 시민의 생활을 개선하기 위해서이다.",),
    "fr": ("Le gouvernement a annoncé hier de nouvelles règles pour la protection de l’été, à l’année prochaine.",),
    "tr": ("Hükümet dün, gelecek yıl yürürlüğe girecek olan çevre koruma kurallarını açıkladı; şehirler değişecek.",),
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "cp1251"),
        ("ru", "koi8-r"),
        ("he", "cp1255"),
        ("ar", "cp1256"),
        ("zh", "gbk"),
        ("zh-hant", "big5"),
        ("ja", "shift_jis"),
        ("ja", "euc-jp"),
        ("ja", "iso2022-jp"),
        ("ko", "euc-kr"),
        ("fr", "cp1252"),
        ("tr", "cp1254"),
    ],
)
def test_undeclared_encodings_are_detected(tmp_path: Path, language: str, encoding: str) -> None:
    (sentence,) = SENTENCES[language]
    page = f'<html><body><div class="content"><p>{sentence}</p><p>Copyright 2020</p></div></body></html>'
    assert sentence in read_html(tmp_path, page.encode(encoding)).text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_unicode_encodings_need_no_declaration(tmp_path: Path, encoding: str) -> None:
    page = "<html><body><p>Größe and 数 in one line of text</p></body></html>"
    assert read_html(tmp_path, page.encode(encoding)).text == "Größe and 数 in one line of text"


def test_the_page_s_own_declaration_decides(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Żółw</p></body></html>'
    assert read_html(tmp_path, page.encode("iso-8859-2")).text == "Żółw"


def test_a_declaration_that_cannot_be_true_is_passed_over() -> None:
    sentence = SENTENCES["ja"][0] * 3
    assert decode(sentence.encode("shift_jis"), declared="utf-8") == sentence
    assert decode("naïve".encode(), declared="no-such-encoding") == "naïve"


def test_latin_1_means_windows_1252() -> None:
    assert decode(b"\x93quoted\x94 \x80 5", declared="iso-8859-1") == "“quoted” € 5"


def test_a_few_broken_bytes_do_not_spoil_utf_8() -> None:
    assert decode("Größe zählt überall. ".encode() * 20 + b"\xff") == "Größe zählt überall. " * 20 + "\ufffd"


@pytest.mark.parametrize(("label", "codec"), [("GB2312", "gb18030"), ("Shift_JIS", "cp932"), ("x-none", None)])
def test_labels_are_read_as_browsers_read_them(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec
