"""How a page was turned and straightened for reading, and the way back to the page as displayed."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, sin

from parsers.document import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """A page as it stands for reading."""

    width: float
    """Of the turned page, in points."""
    height: float
    turn: int = 0
    """Degrees clockwise by which the displayed page was turned."""
    slope: float = 0.0
    """Fall of the lines of a scan from left to right, over their width; taken out of all boxes."""

    def straight(self, box: Box) -> Box:
        """A box on the turned page as it would be had the page been scanned straight."""
        if not self.slope:
            return box
        x, y = self._spun(box, -atan(self.slope))
        width = box[2] - box[0]
        height = max((box[3] - box[1]) / 2, box[3] - box[1] - width * abs(self.slope))
        return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def displayed(self, box: Box) -> Box:
        """A straight box as a box on the page as displayed, large enough to hold lines that slope."""
        if self.slope:
            x, y = self._spun(box, atan(self.slope))
            width, height = box[2] - box[0], box[3] - box[1]
            width, height = width + height * abs(self.slope), height + width * abs(self.slope)
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return self._turned_back(box)

    def _turned_back(self, box: Box) -> Box:
        x0, y0, x1, y1 = box
        if self.turn == 90:
            return (y0, self.width - x1, y1, self.width - x0)
        if self.turn == 180:
            return (self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        if self.turn == 270:
            return (self.height - y1, x0, self.height - y0, x1)
        return box

    def _spun(self, box: Box, angle: float) -> tuple[float, float]:
        """The centre of a box, spun about the centre of the page."""
        x, y = (box[0] + box[2] - self.width) / 2, (box[1] + box[3] - self.height) / 2
        return (
            self.width / 2 + x * cos(angle) - y * sin(angle),
            self.height / 2 + x * sin(angle) + y * cos(angle),
        )
