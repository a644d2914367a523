"""English wording of joined clues: what a thing is called, and how to mean it without its name."""

from doc2data.tasks.joins.english.describing import descriptions
from doc2data.tasks.joins.english.naming import is_common_word, thing

__all__ = ["descriptions", "is_common_word", "thing"]
