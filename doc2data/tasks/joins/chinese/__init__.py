"""Chinese wording of joined clues: what a thing is called, how to mean it without its name, and sums over cells."""

from doc2data.tasks.joins.chinese.describing import descriptions, of_cell, replaced, thing
from doc2data.tasks.joins.chinese.figures import tell

__all__ = ["descriptions", "of_cell", "replaced", "tell", "thing"]
