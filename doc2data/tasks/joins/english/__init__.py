"""English wording of joined clues: what a thing is called, how to mean it without its name, and sums over cells."""

from doc2data.tasks.joins.english.describing import descriptions
from doc2data.tasks.joins.english.figures import tell
from doc2data.tasks.joins.english.naming import is_common_word, is_person, is_term, thing

__all__ = ["descriptions", "is_common_word", "is_person", "is_term", "tell", "thing"]
