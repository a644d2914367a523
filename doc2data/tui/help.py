"""What F1 says: the words of the focused thing and of its screen, and the keys that work there."""

from __future__ import annotations

from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget


def describe(screen: Screen[object], focused: Widget | None) -> tuple[str, str, list[tuple[str, str]]]:
    """Title, text and (key, meaning) pairs for the help panel."""
    nodes: list[DOMNode] = [node for node in (focused or screen).ancestors_with_self if isinstance(node, DOMNode)]
    texts = [text for node in nodes if (text := getattr(node, "help_text", None) or node.HELP)]
    title = screen.__class__.__name__
    return title, "\n\n".join(dict.fromkeys(texts)), _keys(screen)


def _keys(screen: Screen[object]) -> list[tuple[str, str]]:
    keys: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.description and active.enabled and not binding.system:
            keys.setdefault(binding.description, []).append(screen.app.get_key_display(binding))
    return [(" ".join(dict.fromkeys(names)), meaning) for meaning, names in keys.items()]
