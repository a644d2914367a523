"""Keys of a person's own choice: `keys.toml` in the user's configuration folder names a binding and its keys.

[keys]
"review.accept" = "y,enter"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from textual.binding import ActiveBinding, Keymap


def path() -> Path:
    """Where the choice is written."""
    from platformdirs import user_config_path

    return user_config_path("doc2data") / "keys.toml"


def chosen() -> Keymap:
    """Keys by the name of their binding; none where the file is missing or cannot be read."""
    try:
        raw = tomllib.loads(path().read_text(encoding="utf-8")).get("keys", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    return {str(name): str(keys) for name, keys in raw.items()} if isinstance(raw, dict) else {}


def explained() -> str:
    """How to change keys, in a few lines."""
    return (
        f"Write into {path()}:\n\n"
        '[keys]\n"review.accept" = "y"\n\n'
        "and start again. Several keys are parted by commas. The names of what works here now:"
    )


def listed(bindings: Iterable[ActiveBinding]) -> list[tuple[str, str]]:
    """Key and name of every binding that can be changed."""
    found = {active.binding.id: active.binding.key for active in bindings if active.binding.id}
    return [(key, str(name)) for name, key in found.items()]
