"""E-mail and IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from doc2data.privacy.finding import Finding, is_called

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}"
    r"(?![A-Za-z0-9-])"
)
_FILES = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "pdf",
        "html",
        "htm",
        "js",
        "css",
        "py",
        "json",
        "xml",
        "yaml",
        "yml",
        "txt",
        "md",
        "csv",
        "zip",
        "ts",
        "sh",
    ]
)
"""Endings of files, which stand behind an @ in names such as icon@2x.png."""
_IPV4 = re.compile(r"(?<![\w.:/-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])")
_CALLED_IP = re.compile(
    r"\bIP(?:v[46])?\b|\baddress|\bhost|\bserver|\bgateway|\bDNS\b|\bping\b|\blogin|地址|主机|服务器", re.IGNORECASE
)
_CALLED_VERSION = re.compile(
    r"\bv\.?\s*$|version|release|firmware|software|\brev|build|section|chapter|clause|figure|table|part|§|版本|固件|第"
    r"|章|节|条",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses, in small letters."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        local, _, domain = match.group().partition("@")
        if domain.rpartition(".")[2].lower() not in _FILES and ".." not in local and not local.endswith("."):
            yield Finding("email", match.start(), match.end(), match.group().lower())


def ip_addresses(text: str) -> Iterator[Finding]:
    """Public IP addresses: those of private networks, and of documentation, are the same for everybody."""
    for match in _IPV4.finditer(text):
        address = _public(match.group())
        if address and _is_address(text, match):
            yield Finding("ip", match.start(), match.end(), address)
    if text.count(":") > 2:
        for match in _IPV6.finditer(text):
            address = _public(match.group())
            if address and re.search("[0-9A-Fa-f]{3}", match.group()):
                yield Finding("ip", match.start(), match.end(), address)


def _is_address(text: str, match: re.Match[str]) -> bool:
    """Whether four numbers are an address and not a version or a section."""
    if is_called(text, match.start(), _CALLED_IP):
        return True
    return max(map(int, match.group().split("."))) > 99 and not is_called(text, match.start(), _CALLED_VERSION)


def _public(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ""
    return str(address) if address.is_global and not address.is_multicast else ""
