"""A tree of folders to choose documents from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import DirectoryTree, Static

from doc2data.tui.screens.dialog import Dialog
from parsers import SUFFIXES


class Documents(DirectoryTree):
    """Folders, and the files in them that can be read."""

    HELP = "Enter opens a folder or takes a file; Space takes the whole folder under the cursor."

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Leave out hidden files and those of types that are not read."""
        return [
            path
            for path in paths
            if not path.name.startswith(".") and (path.is_dir() or path.suffix.lower() in SUFFIXES)
        ]


class Browse(Dialog[Path]):
    """Choose a file or folder."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Take this folder", id="browse.take", priority=True),
        Binding("backspace", "up", "Folder above", id="browse.up"),
    ]

    def __init__(self, start: Path) -> None:
        super().__init__("Choose documents")
        self._start = start

    def body(self) -> ComposeResult:
        """The tree."""
        yield Static("Enter opens a folder or takes a file. Space takes the folder under the cursor.")
        yield Documents(self._start)

    def on_directory_tree_file_selected(self, event: DirectoryTree.FileSelected) -> None:
        """A file was chosen."""
        self.dismiss(event.path)

    def action_take(self) -> None:
        """Take what is under the cursor."""
        node = self.query_one(Documents).cursor_node
        if node is not None and node.data is not None:
            self.dismiss(node.data.path)

    def action_up(self) -> None:
        """Show the folder above."""
        tree = self.query_one(Documents)
        tree.path = Path(tree.path).resolve().parent
