"""Questions and notices that stand over a screen: each returns an answer and does nothing itself."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A box in the middle; Escape closes it without an answer."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Close", id="dialog.close")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """The box with its body."""
        with Vertical(classes="dialog") as box:
            box.border_title = self._title
            yield from self.body()
        yield Footer(show_command_palette=False)

    def body(self) -> ComposeResult:
        """What stands in the box."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class ErrorPanel(Dialog[None]):
    """What happened, what to do, and the cause to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", "Close", show=False, id="error.close"),
        Binding("c", "copy", "Copy the cause", id="error.copy"),
    ]

    def __init__(self, message: str, hint: str, cause: str = "") -> None:
        super().__init__("✗ That did not work")
        self.message = message
        self.hint = hint
        self.cause = cause
        self.add_class("-error")

    def body(self) -> ComposeResult:
        """Message, remedy, cause."""
        yield Static(Content.assemble((self.message, "bold")), id="message")
        yield Static(Content.assemble(("What to do: ", "$text-success bold"), self.hint), id="hint")
        if self.cause:
            with VerticalScroll(id="cause"):
                yield Static(self.cause, markup=False)

    def action_copy(self) -> None:
        """Put everything on the clipboard."""
        self.app.copy_to_clipboard(f"{self.message}\n{self.hint}\n{self.cause}".rstrip())
        self.notify("Copied.")


class Choice(Dialog[str]):
    """A question with a few answers; the first one is under the cursor."""

    def __init__(self, title: str, text: str, answers: dict[str, str]) -> None:
        """`answers` are names with what they say."""
        super().__init__(title)
        self._text = text
        self._answers = answers

    def body(self) -> ComposeResult:
        """The question and its answers."""
        if self._text:
            yield Static(self._text, markup=False)
        yield OptionList(*(Option(Content(text), id=name) for name, text in self._answers.items()))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)


class Question(Dialog[str]):
    """A question that is answered in words."""

    def __init__(self, title: str, text: str = "", value: str = "", *, paths: bool = False) -> None:
        """`paths` completes the answer as a path."""
        super().__init__(title)
        self._text = text
        self._value = value
        self._paths = paths

    def body(self) -> ComposeResult:
        """The question and a field."""
        from doc2data.tui.widgets.path_input import PathInput

        if self._text:
            yield Static(self._text, markup=False)
        yield PathInput(self._value) if self._paths else Input(self._value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        self.dismiss(event.value)


class HelpPanel(Dialog[None]):
    """What the focused thing is for and which keys it takes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "cancel", "Close", show=False, id="help.close")]

    def __init__(self, title: str, text: str, keys: list[tuple[str, str]]) -> None:
        super().__init__(f"Help: {title}")
        self._text = text
        self._keys = keys

    def body(self) -> ComposeResult:
        """The text, then the keys."""
        with VerticalScroll():
            yield Static(self._text, markup=False, id="help-text")
            width = max((len(key) for key, _ in self._keys), default=0)
            lines = [
                Content.assemble((f"{key:>{width}}", "bold $text-accent"), f"  {what}") for key, what in self._keys
            ]
            yield Static(Content("\n").join(lines))
