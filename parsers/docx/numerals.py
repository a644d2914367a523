"""Numbers in the formats that Word knows (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_HAN_DIGITS = "〇一二三四五六七八九"
_CIRCLED_FIRST = 0x2460
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"
_ARABIC = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_GANADA = "가나다라마바사아자차카타파하"
_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_UNITS = _UNIT_WORDS.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def numeral(number: int, kind: str) -> str:
    """`number` in one of Word's formats; decimal where the format is unknown."""
    if kind == "none":
        return ""
    write = _FORMATS.get(kind)
    return write(number) if write is not None and number >= 0 else _padded(number, kind)


def _padded(number: int, kind: str) -> str:
    """Decimal; "01, 02, 03, ..." is how Word writes formats with leading zeros."""
    first = kind.split(",", 1)[0].strip()
    return str(number).zfill(len(first)) if first.isdecimal() else str(number)


def roman(number: int) -> str:
    """Lower-case Roman numerals; decimal outside 1 to 3999."""
    if not 0 < number < 4000:
        return str(number)
    digits = []
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        digits.append(letters * times)
    return "".join(digits)


def letters(number: int) -> str:
    """A to z, then aa, bb, ... as Word counts."""
    if number < 1:
        return ""
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, ..."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def cardinal_words(number: int) -> str:
    """Numbers below 1000 in English words."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return _TENS[tens - 2] + (f"-{_UNITS[units]}" if units else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_UNITS[hundreds]} hundred" + (f" {cardinal_words(rest)}" if rest else "")
    return str(number)


def ordinal_words(number: int) -> str:
    """First, second, third in English words."""
    words = cardinal_words(number)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last.endswith("y"):
        return words[:cut] + last[:-1] + "ieth"
    return words[:cut] + _ORDINALS.get(last, last + "th")


def han(number: int) -> str:
    """Chinese counting numbers up to 99, digit by digit beyond."""
    if number < 10:
        return _HAN_DIGITS[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return (_HAN_DIGITS[tens] if tens > 1 else "") + "十" + (_HAN_DIGITS[units] if units else "")
    return han_digits(number)


def han_digits(number: int) -> str:
    """Each decimal digit as its Chinese sign."""
    return "".join(_HAN_DIGITS[int(digit)] for digit in str(number))


def circled(number: int) -> str:
    """① to ⑳; decimal beyond."""
    return chr(_CIRCLED_FIRST + number - 1) if 1 <= number <= 20 else str(number)


def _from_alphabet(alphabet: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        if number < 1:
            return str(number)
        times, index = divmod(number - 1, len(alphabet))
        return alphabet[index] * (times + 1)

    return write


def _full_width(number: int) -> str:
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "ordinal": ordinal,
    "cardinalText": lambda number: cardinal_words(number).capitalize(),
    "ordinalText": lambda number: ordinal_words(number).capitalize(),
    "numberInDash": lambda number: f"- {number} -",
    "hex": lambda number: f"{number:X}",
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "chineseCounting": han,
    "chineseCountingThousand": han,
    "taiwaneseCounting": han,
    "taiwaneseCountingThousand": han,
    "japaneseCounting": han,
    "koreanCounting": han,
    "ideographDigital": han_digits,
    "japaneseDigitalTenThousand": han_digits,
    "taiwaneseDigital": han_digits,
    "ideographTraditional": _from_alphabet(_STEMS),
    "ideographZodiac": _from_alphabet(_BRANCHES),
    "aiueo": _from_alphabet(_AIUEO),
    "aiueoFullWidth": _from_alphabet(_AIUEO),
    "iroha": _from_alphabet(_IROHA),
    "irohaFullWidth": _from_alphabet(_IROHA),
    "ganada": _from_alphabet(_GANADA),
    "hebrew1": _from_alphabet(_HEBREW),
    "hebrew2": _from_alphabet(_HEBREW),
    "arabicAlpha": _from_alphabet(_ARABIC),
    "arabicAbjad": _from_alphabet(_ARABIC),
    "russianLower": _from_alphabet(_CYRILLIC),
    "russianUpper": _from_alphabet(_CYRILLIC.upper()),
}
