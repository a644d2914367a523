"""Secrets that open something: keys and tokens whose issuers gave them a beginning of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.privacy.finding import Finding

_SECRET = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"  # Amazon Web Services
    r"|AIza[0-9A-Za-z_-]{35}"  # Google
    r"|gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{60,90}"
    r"|glpat-[0-9A-Za-z_-]{20}"  # GitLab
    r"|xox[abposr]-[0-9A-Za-z-]{10,72}"  # Slack
    r"|(?:sk|rk)_live_[0-9A-Za-z]{16,99}"  # Stripe
    r"|sk-(?:ant-|proj-)?[0-9A-Za-z_-]{32,180}"  # OpenAI, Anthropic
    r"|hf_[0-9A-Za-z]{34}"  # Hugging Face
    r"|eyJ[0-9A-Za-z_-]{10,400}\.eyJ[0-9A-Za-z_-]{10,1600}\.[0-9A-Za-z_-]{20,700}"  # JSON Web Token
    r")(?![A-Za-z0-9_-])"
    r"|-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----(?:(?!-----)[\s\S]){0,8000}(?:-----END [A-Z ]{0,20}KEY-----)?"
)


def secrets(text: str) -> Iterator[Finding]:
    """Keys and tokens of well-known services, and private keys."""
    for match in _SECRET.finditer(text):
        yield Finding("secret", match.start(), match.end(), match.group())
