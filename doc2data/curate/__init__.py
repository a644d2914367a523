"""Curation of a finished dataset: duplicates, contamination, balance, diversity, and the measures of all of them."""

from doc2data.curate.duplicates import Cluster, DuplicateFilter, Item, find_duplicates

__all__ = ["Cluster", "DuplicateFilter", "Item", "find_duplicates"]
