"""What is personal data and what only looks like it: valid numbers are found, everything a manual holds is not."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn
from stdnum.cn import ric
from stdnum.iso7064 import mod_97_10

from doc2data.privacy import KINDS, Finding, Scanner, read_names
from doc2data.settings import Settings

COUNTRIES = Settings().privacy.countries
PEOPLE = (("Anna Weber", "A. Weber", "Weber, Anna"), ("李明",), ("Jean-Luc O'Neill",))
SCANNER = Scanner(KINDS, COUNTRIES, PEOPLE)
SAMPLES = Path(__file__).parents[2] / "samples"


def found(text: str) -> list[tuple[str, str]]:
    """Kind and words of every finding."""
    return [(finding.kind, text[finding.start : finding.end]) for finding in SCANNER.find(text)]


def the(text: str) -> Finding:
    """The only finding."""
    (finding,) = SCANNER.find(text)
    return finding


@pytest.mark.parametrize(
    ("text", "kind", "words", "value"),
    [
        ("Write to Anna.Maier@example-works.co.uk, please.", "email", "Anna.Maier@example-works.co.uk", None),
        ("请发邮件至anna@example.com联系我们。", "email", "anna@example.com", None),
        ("Call +49 30 901820 today.", "phone", "+49 30 901820", "+4930901820"),
        ("(tel:+1-212-736-5000)", "phone", "+1-212-736-5000", "+12127365000"),
        ("Tel.: 030 901820", "phone", "030 901820", "+4930901820"),
        ("Phone (212) 736-5000 or come", "phone", "(212) 736-5000", "+12127365000"),
        ("| Name | Phone |\n| Smith | 212-736-5000 |", "phone", "212-736-5000", "+12127365000"),
        ("手机13800138000，周一至周五。", "phone", "13800138000", "+8613800138000"),
        ("请致电 139 1234 5678 联系工程师", "phone", None, None),
        ("身份证号11010519491231002X", "id", "11010519491231002X", None),
        ("SSN: 536-22-8726", "id", "536-22-8726", "536228726"),
        ("Codice fiscale RCCMNL83S18D969H.", "id", "RCCMNL83S18D969H", None),
        ("CPF 390.533.447-05", "id", "390.533.447-05", None),
        ("AHV 756.9217.0769.85", "id", "756.9217.0769.85", None),
        ("Card 4111 1111 1111 1111 expires", "card", "4111 1111 1111 1111", "4111111111111111"),
        ("paid by 378282246310005.", "card", "378282246310005", None),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX", "iban", "DE89 3704 0044 0532 0130 00", None),
        ("to GB82WEST12345698765432", "iban", "GB82WEST12345698765432", None),
        ("The server answers at 81.2.69.142.", "ip", "81.2.69.142", None),
        ("ping 2a00:1450:4001:82a::200e first", "ip", "2a00:1450:4001:82a::200e", None),
        ("export KEY=AKIAIOSFODNN7EXAMPLE", "secret", "AKIAIOSFODNN7EXAMPLE", None),
        ("token ghp_" + "a1B2" * 9, "secret", "ghp_" + "a1B2" * 9, None),
        ("ask Anna\nWeber about it", "name", "Anna\nWeber", "Anna Weber"),
        ("signed: WEBER, ANNA", "name", "WEBER, ANNA", "Anna Weber"),
        ("工程师李明负责维护。", "name", "李明", "李明"),
    ],
)
def test_what_is_personal_is_found(text: str, kind: str, words: str | None, value: str | None) -> None:
    finding = the(text)
    assert finding.kind == kind
    assert words is None or text[finding.start : finding.end] == words
    assert value is None or finding.value == value


@pytest.mark.parametrize(
    "text",
    [
        "Order the seal kit 7700-108 or 7700-205-11; part number 400-212-1840.",
        "Part 536-22-8726 replaces part 536-22-8725.",
        "| Part | Mass (g) | Part number |\n| NF-8 | 60 | 7700108205 |\n| KB-5 | 40 | 7700205112 |",
        "Serial number 4111 1111 1111 1112, lot 20240312-0045.",
        "Between -20 °C and +60 °C, at +24 V DC ±10 %, 1 013.25 hPa.",
        "Version 4.12.3.1 and firmware 10.200.3.44; see section 4.3.2.1 and 12.4.2.1 Adjusting.",
        "4.2.1.3 Cleaning the cell",
        "The default address is 192.168.1.10, mask 255.255.255.0, gateway 10.0.0.1.",
        "Measured on 2024-03-12 at 12:30:45, 12.03.2024 and 03/12/2024; next 2025-03-12T08:00:00+01:00.",
        "2,147,483,647 counts; 1 234 567.89 EUR; 0.000012345678; 299792458 m/s; 6.02214076e23",
        "ISBN 978-3-16-148410-0, ISO 9001:2015, IEC 60068-2-27, DIN EN 61010-1:2020-03, EAN 4006381333931",
        "MAC 00:1A:2B:3C:4D:5E, UUID 123e4567-e89b-12d3-a456-426614174000, 0x7fffffff",
        "See figure icon@2x.png and @property in style@3x.css; at 5 bar @ 20 °C.",
        "RM-400 OM-400-2024-11 IG-400 SP-117 KB-2043 E-07 M8x1.25 IP67 G1/2 RS-485 4-20 mA",
        "Phone the service with the order number 7700-108.",
        "Weberei Annahof; die Annahme, Liming Street, Weber-Fechner law",
        "额定电压220V，流量12升每小时，型号RM-400，零件号7700-304，日期2024年3月12日，订单编号202403120045123。",
        "| 1380013 | 8000138 | 0013800 |",
        "sk-short key, AKIA is a prefix, ghp_ too; -----BEGIN CERTIFICATE-----",
        "RESET 12345678901234567 and 123456789012345678 and GB12 ABCD 1234",
        "",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("source/*.md")) + sorted(SAMPLES.glob("documents/*.md")))
def test_nothing_is_found_in_the_sample_documents(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


DIGIT = st.sampled_from("0123456789")


@given(st.text(DIGIT, min_size=14, max_size=14), st.sampled_from([" ", "-", ""]))
@settings(max_examples=60, deadline=None)
def test_every_card_with_a_right_check_digit_is_found_and_none_with_a_wrong_one(middle: str, gap: str) -> None:
    bare = "4" + middle
    digits = bare + luhn.calc_check_digit(bare)
    written = gap.join(digits[i : i + 4] for i in range(0, 16, 4))
    expected = [("card", written)] if len(set(digits)) > 1 else []
    assert [item for item in found(f"Pay with {written} now") if item[0] == "card"] == expected
    wrong = written[:-1] + str((int(written[-1]) + 1) % 10)
    assert "card" not in dict(found(f"Pay with {wrong} now"))


@given(st.text(DIGIT, min_size=18, max_size=18), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_german_iban_is_found_and_none_with_a_wrong_check(account: str, spaced: bool) -> None:
    check = mod_97_10.calc_check_digits(account + "DE")
    number = f"DE{check}{account}"
    assert iban.is_valid(number)
    written = " ".join(number[i : i + 4] for i in range(0, 22, 4)) if spaced else number
    assert ("iban", written) in found(f"Konto {written}, danke.")
    wrong = number[:2] + f"{(int(check) + 1) % 97:02}" + number[4:]
    assert "iban" not in dict(found(f"Konto {wrong}, danke."))


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_every_chinese_resident_id_is_found_and_none_with_a_wrong_check(day: date, order: int) -> None:
    bare = f"110105{str(day).replace('-', '')}{order:03}"
    number = bare + ric.calc_check_digit(bare + "0")
    assert ("id", number) in found(f"证件号码：{number}。")
    wrong = bare + ("0" if number[-1] != "0" else "1")
    assert "id" not in dict(found(f"证件号码：{wrong}。"))


@pytest.mark.parametrize("country", ["US", "GB", "DE", "FR", "CN", "IN", "BR", "JP", "AU", "ZA"])
@pytest.mark.parametrize("form", [phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164])
def test_a_country_s_own_example_number_is_found_however_it_is_written(country: str, form: int) -> None:
    for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
        number = phonenumbers.example_number_for_type(country, kind)
        assert number is not None
        written = phonenumbers.format_number(number, form)
        finding = the(f"Reach us: {written} (weekdays)")
        assert finding.value == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_scanned_and_findings_lie_in_it_one_after_the_other(text: str) -> None:
    findings = SCANNER.find(text)
    assert all(0 <= f.start < f.end <= len(text) for f in findings)
    assert all(one.end <= other.start for one, other in pairwise(findings))


RUNS = (
    "a",
    "1",
    "1-",
    "a.",
    "+1 ",
    "DE89 ",
    "a@",
    "1.1.",
    "f:",
    "eyJa.",
    "| 1 |\n",
    "Tel ",
    "Tel 1",
    "| 7700108205 |\n",
    "Tel 030 901820\n",
)


@pytest.mark.parametrize("piece", RUNS)
def test_long_runs_of_anything_are_scanned_in_no_time(piece: str) -> None:
    text = piece * 10_000
    start = time.process_time()
    SCANNER.find(text)
    assert time.process_time() - start < 5


def test_only_what_is_asked_for_is_looked_for() -> None:
    text = "anna@example.com, +49 30 901820, Anna Weber"
    assert [f.kind for f in Scanner(["phone"], COUNTRIES, PEOPLE).find(text)] == ["phone"]
    assert Scanner((), (), PEOPLE).find(text) == []


def test_a_list_of_names_is_a_person_a_line(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("# staff\n\nAnna  Weber | A. Weber\n李明\n", encoding="utf-8")
    assert read_names(path) == (("Anna Weber", "A. Weber"), ("李明",))
