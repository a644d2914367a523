"""Curation of a finished dataset: duplicates, contamination, and the measures of variety and coverage."""

from doc2data.curate.contamination import Contamination, EvaluationTexts
from doc2data.curate.duplicates import DuplicateFilter
from doc2data.curate.measures import Measures, measure
from doc2data.curate.references import Reference, read_references

__all__ = [
    "Contamination",
    "DuplicateFilter",
    "EvaluationTexts",
    "Measures",
    "Reference",
    "measure",
    "read_references",
]
