"""E-mail (EML) and web archives (MHT): the message's fields and its text; attachments are named, not opened."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path

from parsers.document import Document, DocumentBuilder
from parsers.html.blocks import BlockWalk
from parsers.html.content import find_content
from parsers.html.hidden import conceal, held
from parsers.html.tree import page_text, parse_tree
from parsers.language import language_of
from parsers.options import ParseOptions

_FIELDS = ("From", "To", "Cc", "Date")
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a message; a block's path names its field, or its part and place in it."""
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    builder = DocumentBuilder()
    subject = " ".join(str(message["Subject"] or "").split())
    if message["From"]:
        builder.add("heading", subject, level=1, path="field[Subject]")
        for name in _FIELDS:
            value = " ".join(str(message[name] or "").split())
            builder.add("paragraph", f"{name}: {value}" if value else "", path=f"field[{name}]")
    _read_body(message, builder)
    for attachment in message.iter_attachments():
        builder.warnings.append(f"The attachment {attachment.get_filename() or 'without a name'!r} was not read.")
    document = builder.build(source=str(path), sha256=sha256, type="email", title=subject, language="", pages=None)
    return replace(document, language=language_of(document.text))


def _read_body(message: EmailMessage, builder: DocumentBuilder) -> None:
    """Plain text where a person wrote it, HTML where that is all there is or the file is a saved page."""
    order = ("plain", "html") if message["From"] else ("html", "plain")
    body = message.get_body(order)
    if body is None:
        return
    number = next(n for n, part in enumerate(message.walk(), 1) if part is body)
    if body.get_content_subtype() == "html":
        _read_html(body, f"part[{number}]#", builder, whole=bool(message["From"]))
        return
    text = str(body.get_content()).replace("\r\n", "\n")
    line, seen = 1, 0
    for match in _PARAGRAPH.finditer(text):
        line += text.count("\n", seen, match.start())
        seen = match.start()
        builder.add("paragraph", match.group(), path=f"part[{number}]/line[{line}]")


def _read_html(body: MIMEPart, prefix: str, builder: DocumentBuilder, *, whole: bool) -> None:
    data = body.get_payload(decode=True)
    charset = body.get_content_charset()
    source = data.decode(charset, errors="replace") if isinstance(data, bytes) and charset else None
    root = parse_tree(source if source is not None else page_text(bytes(data or b"")))
    top = root.find("body")
    hidden = conceal(root)
    selected = find_content(top if top is not None else root, set(hidden))
    walk = BlockWalk(builder, set() if whole else selected.left_out, prefix)
    kept = [root] if whole else selected.kept
    builder.hide(held(kept, hidden))
    for element in kept:
        walk.run(element)
