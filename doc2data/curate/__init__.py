"""Curation of a finished dataset: duplicates, contamination, balance, diversity, and the measures of all of them."""

from doc2data.curate.contamination import Contamination, find_contaminated
from doc2data.curate.duplicates import Cluster, DuplicateFilter, Item, find_duplicates
from doc2data.curate.measures import Measures, Yield, measure
from doc2data.curate.precision import Interval, Threshold, fit_threshold, precision_interval, review_advice, review_size
from doc2data.curate.references import Reference, read_references
from doc2data.curate.subset import Candidate, Mix, diverse_subset, mix

__all__ = [
    "Candidate",
    "Cluster",
    "Contamination",
    "DuplicateFilter",
    "Interval",
    "Item",
    "Measures",
    "Mix",
    "Reference",
    "Threshold",
    "Yield",
    "diverse_subset",
    "find_contaminated",
    "find_duplicates",
    "fit_threshold",
    "measure",
    "mix",
    "precision_interval",
    "read_references",
    "review_advice",
    "review_size",
]
