"""project.db: everything a run has found and made, in one SQLite file.

One transaction per fact that must be whole: a document with its chunks, clues and passages; a job with its samples,
verdicts and its done mark; a reply. A process may be killed between any two statements and lose nothing finished.
"""

from __future__ import annotations

from doc2data.store.database import Store, copy_database
from doc2data.store.documents import DocumentRow
from doc2data.store.plan import PlannedRow
from doc2data.store.remarks import Remark
from doc2data.store.retired import RetiredSample
from doc2data.store.samples import JobRow
from doc2data.store.selection import Brief, Query

__all__ = ["Brief", "DocumentRow", "JobRow", "PlannedRow", "Query", "Remark", "RetiredSample", "Store", "copy_database"]
