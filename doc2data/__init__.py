"""doc2data turns a folder of documents into a grounded fine-tuning dataset, offline.

The journey of a document is one reading of `doc2data.pipeline`.
"""

from __future__ import annotations

__version__ = "0.1.0"
