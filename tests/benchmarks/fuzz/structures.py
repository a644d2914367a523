"""Ways to spoil an input that keep its outer form, so that the damage reaches the code behind the first check."""

from __future__ import annotations

import copy
import io
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from lxml import etree

from tests.benchmarks.fuzz.mutations import HURTFUL, spoilt

Spoil = Callable[[bytes, random.Random], bytes]
BOMB = 40 << 20
"""Bytes that one packed member grows to."""
MOST = 4 << 20
"""Bytes that an input may have."""


def hurtful(chance: random.Random) -> str:
    """Text that hurts elsewhere, lone surrogates among it."""
    return chance.choice(HURTFUL).decode("utf-8", "surrogatepass")


ODD: tuple[Any, ...] = (*(None, True, -1, 0, 10**30, 1e308, float("inf"), float("nan"), "", [], {}, [[]], {"": None}),)


def spoilt_value(value: Any, chance: random.Random) -> Any:
    """JSON of nearly the same shape: one place in it holds something else."""
    inward = chance.random() < 0.8
    if inward and isinstance(value, dict) and value:
        return _spoilt_dict(value, chance)
    if inward and isinstance(value, list) and value:
        return _spoilt_list(value, chance)
    if inward and isinstance(value, str):
        at = chance.randrange(len(value) + 1)
        return value[:at] + hurtful(chance) + value[at:]
    return chance.choice((*ODD, [value], {"role": value}, _deep(300)))


def _spoilt_dict(value: dict[str, Any], chance: random.Random) -> Any:
    key = chance.choice(list(value))
    match chance.randrange(12):
        case 0:
            return {k: v for k, v in value.items() if k != key}
        case 1:
            return {hurtful(chance) if k == key else k: v for k, v in value.items()}
        case 2:
            return {**value, key: value[chance.choice(list(value))]}
    return {**value, key: spoilt_value(value[key], chance)}


def _spoilt_list(value: list[Any], chance: random.Random) -> Any:
    at = chance.randrange(len(value))
    match chance.randrange(12):
        case 0:
            return value[:at] + value[at + 1 :]
        case 1:
            return value * chance.choice((2, 50))
    return [*value[:at], spoilt_value(value[at], chance), *value[at + 1 :]]


def _deep(levels: int) -> Any:
    found: Any = "x"
    for _ in range(levels):
        found = [found]
    return found


TOML_VALUES = (
    "nan", "-inf", "0", "-1", "1e300", "9223372036854775807", '""', "[]", "[[]]", "{}", "true", "1979-05-27", '[""]',
    '["qa", "qa", "nosuch"]', '"../../../etc"', '"\\u0000\\u001b[2J"', '"http://192.0.2.1/v1"', "0x7fffffff",
    "['\\d+(', '(a+)+$']",
)  # fmt: skip


def spoilt_toml(text: str, chance: random.Random) -> bytes:
    """Settings with some values that are TOML and not sensible."""
    lines = text.splitlines()
    for _ in range(chance.choice((1, 2, 8))):
        at = chance.randrange(len(lines))
        key, equals, _ = lines[at].partition(" = ")
        if equals:
            lines[at] = f"{key} = {chance.choice(TOML_VALUES)}"
        elif chance.random() < 0.2:
            lines.insert(at, lines[chance.randrange(len(lines))])
    return "\n".join(lines).encode()


def spoilt_xml(data: bytes, chance: random.Random) -> bytes:
    """Markup whose tree was moved about; or with entities that grow, which a parser must not follow."""
    if chance.random() < 0.15:
        return _with_entities(data, chance)
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return spoilt(data, data, chance)
    return etree.tostring(_moved(root, chance))[:MOST]


def spoilt_html(data: bytes, chance: random.Random) -> bytes:
    """A page whose tree was moved about, or whose tags no longer fit each other."""
    if chance.random() < 0.5:
        root = etree.fromstring(data, etree.HTMLParser(huge_tree=True))
        if root is not None:
            return etree.tostring(_moved(root, chance), method="html")[:MOST]
    tokens = re.split(rb"(<[^<>]*>)", data)
    for _ in range(chance.choice((1, 3, 12))):
        at = chance.randrange(len(tokens))
        match chance.randrange(4):
            case 0:
                tokens[at] = b""
            case 1:
                tokens[at] = tokens[at] * chance.choice((2, 30, 2000))
            case 2:
                tokens[at] = tokens[chance.randrange(len(tokens))]
            case _:
                tokens[at] = chance.choice(HURTFUL)
    return b"".join(tokens)[:MOST]


def _moved(root: etree._Element, chance: random.Random) -> etree._Element:
    for _ in range(chance.choice((1, 2, 6, 20))):
        every = [one for one in root.iter() if isinstance(one.tag, str)]
        one, other = chance.choice(every), chance.choice(every)
        parent = one.getparent()
        if parent is not None and chance.random() < 0.4:
            _move(one, other, parent, chance)
        else:
            _alter(one, other, chance)
    return root


def _move(one: etree._Element, other: etree._Element, parent: etree._Element, chance: random.Random) -> None:
    match chance.randrange(3):
        case 0:
            parent.remove(one)
        case 1 if one is not other and one not in list(other.iterancestors()):
            other.append(one)
        case _:
            for _ in range(chance.choice((1, 60))):
                parent.append(copy.copy(one) if len(one) < 3 else etree.Element(one.tag))


def _alter(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    match chance.randrange(5):
        case 0:
            one.tag = other.tag
        case 1:
            _nest(one, other, chance.choice((2, 40, 400)))
        case 2 if one.attrib:
            one.set(chance.choice(list(one.attrib)), _clean(chance))
        case 3 if other.attrib:
            name = chance.choice(list(other.attrib))
            one.set(name, str(other.get(name)))
        case _:
            one.text = _clean(chance)


def _nest(one: etree._Element, like: etree._Element, levels: int) -> None:
    for _ in range(levels):
        one = etree.SubElement(one, like.tag, {str(name): str(value) for name, value in like.attrib.items()})
    one.text = "nested"


def _clean(chance: random.Random) -> str:
    """Hurtful text that XML can carry."""
    text = chance.choice(
        (hurtful(chance), str(chance.choice((-1, 0, 10**12, 1e99))), "#ff", "rId1", "http://192.0.2.1/")
    )
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _with_entities(data: bytes, chance: random.Random) -> bytes:
    lines = ['<!ENTITY a "aaaaaaaaaa">']
    lines += [f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    outside = ('<!ENTITY x SYSTEM "file:///etc/hostname">', '<!ENTITY x SYSTEM "http://192.0.2.1/x">')
    lines.append(chance.choice(outside))
    head = f"<!DOCTYPE x [{''.join(lines)}]>".encode()
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)
    return head + body.replace(b">", b">" + chance.choice((b"&i;", b"&x;")), 3)


LINK = re.compile(rb'(Target|href|src)="[^"]*"')
TARGETS = (b"../../../../etc/passwd", b"file:///etc/passwd", b"http://192.0.2.1/x", b"document.xml", b"")


def spoilt_zip(data: bytes, chance: random.Random) -> bytes:
    """A package with spoilt parts, or parts that are missing, exchanged, too big or of odd names."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(parts))
        name, content = parts[at]
        markup = name.endswith((".xml", ".rels", ".xhtml", ".html", ".opf", ".ncx"))
        match chance.randrange(10):
            case 0:
                parts.pop(at)
                if not parts:
                    return data[: len(data) // 2]
            case 1:
                parts[at] = (name, parts[chance.randrange(len(parts))][1])
            case 2:
                odd = ("../../x.xml", "/etc/passwd", name, "a\nb", "con", "é" * 120, "word/document.xml", "C:\\x")
                parts.append((chance.choice(odd), content))
            case 3:
                parts[at] = (name, content[: len(content) // 2] + b" " * BOMB)
            case 4:
                parts[at] = (name, LINK.sub(rb'\1="' + chance.choice(TARGETS) + b'"', content))
            case 5:
                parts[at] = (name, spoilt(content, content, chance))
            case _:
                parts[at] = (name, spoilt_xml(content, chance) if markup else spoilt(content, content, chance))
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in parts:
            archive.writestr(name, content)
    return _lying(out.getvalue(), chance)


def _lying(data: bytes, chance: random.Random) -> bytes:
    """Sometimes a directory that says other sizes, sums, methods or flags than the members have."""
    if chance.random() < 0.75:
        return data
    found = bytearray(data)
    entries = [m.start() for m in re.finditer(rb"PK\x01\x02", data)]
    at = chance.choice(entries) + chance.choice((8, 10, 16, 20, 24, 28, 30, 42))
    found[at : at + 2] = chance.choice((b"\xff\xff", b"\x01\x00", b"\0\0", b"\x63\x00"))
    return bytes(found)


OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"(.*?)stream\r?\n(.*)endstream", re.DOTALL)
NUMBERS = (
    b"0", b"-1", b"1e9", b"99999999999999", b"0.0000001", b"-32768", b"null", b"true", b"(x)", b"[0 0]", b"<< >>",
)  # fmt: skip
OPERATORS = (
    b"q " * 5000, b"Q " * 50, b"BT ", b"ET ", b"1 0 0 0 0 0 cm ", b"1e9 0 0 1e9 0 0 cm ", b"/F1 0 Tf ", b"/Fx 1e6 Tf ",
    b"3 Tr ", b"[(a) -1e9 (b)] TJ ", b"0 0 1e9 1e9 re f ", b"/X0 Do ", b"/Im0 Do ", b"W n ", b"(\\377\\376) Tj ",
    b"BI /W 9999 /H 9999 /CS /G /BPC 8 ID x EI ", b"<feff202e0041> Tj ", b"/P <</MCID 0 /ActualText (x)>> BDC ",
    b"1 1 1 rg ", b"/F1 0.1 Tf ", b"0 0 600 400 re f ", b"7 Tr ", b"1 0 0 1 1e30 -1e30 Tm ",
)  # fmt: skip


def spoilt_pdf(data: bytes, chance: random.Random) -> bytes:
    """A PDF with spoilt objects and content streams; its table of objects is made anew, or left to be repaired."""
    objects = {int(m[1]): m[2] for m in OBJECT.finditer(data)}
    trailer = re.search(rb"trailer\s*<<(.*?)>>\s*startxref", data, re.DOTALL)
    if not objects or trailer is None:
        return spoilt(data, data, chance)
    for _ in range(chance.choice((1, 1, 2, 5))):
        number = chance.choice(list(objects))
        objects[number] = _spoilt_object(objects[number], list(objects), chance)
        if chance.random() < 0.05:
            objects.pop(chance.choice(list(objects)))
        if chance.random() < 0.05:
            objects[number] = objects[chance.choice(list(objects))] if objects.get(number) else b" null "
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj%bendobj\n" % (number, body)
    if chance.random() < 0.2:
        return bytes(out)
    start, size = len(out), max(objects, default=0) + 1
    out += b"xref\n0 %d\n" % size
    for number in range(size):
        out += b"%010d %05d %b \n" % ((places[number], 0, b"n") if number in places else (0, 65535, b"f"))
    return bytes(out + b"trailer\n<<" + trailer[1] + b">>\nstartxref\n%d\n%%%%EOF\n" % start)


def _spoilt_object(body: bytes, numbers: list[int], chance: random.Random) -> bytes:
    stream = STREAM.fullmatch(body.strip())
    if stream and chance.random() < 0.6:
        return _spoilt_stream(stream[1], stream[2], chance)
    head, middle, tail = body.partition(b"stream")
    tokens = re.split(rb"(\d+ 0 R|/[A-Za-z][\w]*|-?\d+\.?\d*|\(.*?\))", head)
    places = range(1, len(tokens), 2)
    for at in chance.sample(places, min(len(places), chance.choice((1, 1, 3)))):
        token = tokens[at]
        if token.endswith(b"R"):
            tokens[at] = chance.choice((b"%d 0 R" % chance.choice(numbers), b"99999 0 R", b"null"))
        elif token.startswith(b"/"):
            tokens[at] = chance.choice((tokens[chance.choice(places)], b"/" + b"A" * 300, b"/Type", b"/Identity-H"))
        elif token.startswith(b"("):
            tokens[at] = b"(" + re.sub(rb"[()\\]", b"", chance.choice(HURTFUL)) + b")"
        else:
            tokens[at] = chance.choice(NUMBERS)
    return b"".join(tokens) + middle + tail


def _spoilt_stream(head: bytes, content: bytes, chance: random.Random) -> bytes:
    try:
        plain, packed = zlib.decompress(content), True
    except zlib.error:
        plain, packed = content, False
    lines = plain.split(b"\n")
    for _ in range(chance.choice((1, 3, 10))):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                lines[at] = chance.choice(OPERATORS)
            case 1:
                lines[at] = b""
            case 2:
                lines[at] = lines[chance.randrange(len(lines))]
            case 3:
                lines.insert(at, lines[at] * chance.choice((2, 300)))
            case 4:
                lines[at] = re.sub(rb"-?\d+\.?\d*", lambda _: chance.choice(NUMBERS[:6]), lines[at], count=2)
            case _:
                lines[at] = spoilt(lines[at], plain, chance)[:5000]
    plain = b"\n".join(lines)[:MOST]
    if chance.random() < 0.05:
        plain += b" " * BOMB
    content = zlib.compress(plain) if packed else plain
    if chance.random() < 0.9:
        head = re.sub(rb"/Length \d+( 0 R)?", b"/Length %d" % len(content), head)
    return head + b"stream\n" + content + b"\nendstream\n"


BY_SUFFIX: dict[str, Spoil] = {
    **dict.fromkeys((".docx", ".pptx", ".xlsx", ".epub"), spoilt_zip),
    **dict.fromkeys((".html", ".htm", ".xhtml"), spoilt_html),
    ".pdf": spoilt_pdf,
}


def spoilt_document(name: str, data: bytes, other: bytes, chance: random.Random) -> bytes:
    """A variant of a document, along its own structure where it has one."""
    suffix = name[name.rfind(".") :].lower()
    if suffix in BY_SUFFIX and chance.random() < 0.8:
        return BY_SUFFIX[suffix](data, chance)
    return spoilt(data, other, chance)
