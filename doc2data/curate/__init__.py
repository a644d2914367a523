"""Curation of a finished dataset: duplicates, contamination, and the measures of variety and coverage."""

from doc2data.curate.balance import LengthBalance, LengthBias, length_bias
from doc2data.curate.contamination import Contamination, EvaluationTexts
from doc2data.curate.duplicates import DuplicateFilter
from doc2data.curate.measures import Measures, measure
from doc2data.curate.novelty import Pool
from doc2data.curate.references import Reference, read_references
from doc2data.curate.selection import KEYS, check_keys, choose, read_quota

__all__ = [
    "KEYS",
    "Contamination",
    "DuplicateFilter",
    "EvaluationTexts",
    "LengthBalance",
    "LengthBias",
    "Measures",
    "Pool",
    "Reference",
    "check_keys",
    "choose",
    "length_bias",
    "measure",
    "read_quota",
    "read_references",
]
