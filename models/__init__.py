"""Local language models behind two small protocols: `Engine` writes and scores, `Embedder` turns text into vectors.

Importing this loads no model library; `open_engine` and `open_embedder` load what they need.
"""

from models.cached import CachedEngine, ReplyCache, ReplyFile
from models.engine import (
    Condition,
    Embedder,
    Engine,
    Message,
    ModelInfo,
    PairScorer,
    Reply,
    Request,
    Role,
    Sampling,
    Scores,
    Vectors,
    canonical,
)
from models.errors import (
    EngineLost,
    ModelError,
    ModelNotFound,
    ModelUnusable,
    ReplyIncomplete,
    ReplyInvalid,
    ReplyMissing,
    RequestTooLong,
    SchemaUnsupported,
)
from models.opening import check_schema, check_writer, open_embedder, open_engine, open_pair_scorer
from models.options import EngineOptions
from models.scripted import ReplayEngine, ScriptedEngine

__all__ = [
    "CachedEngine",
    "Condition",
    "Embedder",
    "Engine",
    "EngineLost",
    "EngineOptions",
    "Message",
    "ModelError",
    "ModelInfo",
    "ModelNotFound",
    "ModelUnusable",
    "PairScorer",
    "ReplayEngine",
    "Reply",
    "ReplyCache",
    "ReplyFile",
    "ReplyIncomplete",
    "ReplyInvalid",
    "ReplyMissing",
    "Request",
    "RequestTooLong",
    "Role",
    "Sampling",
    "SchemaUnsupported",
    "Scores",
    "ScriptedEngine",
    "Vectors",
    "canonical",
    "check_schema",
    "check_writer",
    "open_embedder",
    "open_engine",
    "open_pair_scorer",
]
