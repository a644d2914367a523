"""Retrieval over a project's passages: vectors in ChromaDB, words in a lexical index, fused by learnt weights.

Importing this loads neither chromadb nor an embedding model; an `Index` is given its embedder and its lexical side.
"""

from doc2data.index.fusion import FusionWeights, LanguageWeight
from doc2data.index.hybrid import Index, Lexical, stored_ids
from doc2data.index.passages import cut_passages, indexed_text
from doc2data.index.streams import apart, batches
from doc2data.index.vectors import IndexDamaged

__all__ = [
    "FusionWeights",
    "Index",
    "IndexDamaged",
    "LanguageWeight",
    "Lexical",
    "apart",
    "batches",
    "cut_passages",
    "indexed_text",
    "stored_ids",
]
