"""From what a user names to an engine or an embedder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ModelNotFound, ModelUnusable
from models.options import EngineOptions

if TYPE_CHECKING:
    from models.engine import Embedder, Engine, PairScorer
    from models.gguf_header import Header

_DEFAULTS = EngineOptions()
_SPECS = {
    "ray": "A Ray cluster serves a model by the OpenAI interface (`serve run` with vLLM): give that as http://host:port/v1.",
    "*": "Give a .gguf file, a name that `doc2data models` lists, or a server as http://host:port/v1.",
}
"""What to do instead, by scheme."""


def check_writer(spec: str) -> None:
    """Refuse a model that cannot be opened to write, by what its file says; a server is asked when it is used.

    Raises:
        ModelNotFound, ModelUnusable: as `open_engine`.
    """
    if not spec.startswith(("http://", "https://")):
        _check_writes(header_of(spec))


def open_engine(spec: str, options: EngineOptions = _DEFAULTS) -> Engine:
    """Open a model; a GGUF starts to load in a process of its own and the first question waits for it.

    The hash of a GGUF is computed here when the file is new or has changed, about a second for each gigabyte.

    Args:
        spec: path of a .gguf file (of a split model, of its first), a name from the catalogue, or
            `http(s)://host:port/v1[#model]`.
        options: context, memory and so on; the defaults fit the machine.

    Raises:
        ModelNotFound: no such file or name.
        ModelUnusable: not a GGUF, damaged, an embedding model, without a chat template, or too big for the memory.
    """
    if spec.startswith(("http://", "https://")):
        from models.server import ServerEngine

        return ServerEngine(spec, options)
    from models.gguf_header import read_header
    from models.llama.engine import LlamaEngine

    header = read_header(_file(spec))
    _check_writes(header)
    return LlamaEngine(header, options)


def open_embedder(spec: str = "default") -> Embedder:
    """Open an embedding model; nothing is ever downloaded.

    Args:
        spec: `default` (all-MiniLM-L6-v2, installed with the product), a folder in the layout of
            sentence-transformers, or a GGUF embedding model by path or name.

    Raises:
        ModelNotFound: no such folder, file or name.
        ModelUnusable: the weights are not those that were published, or it is no embedding model.
    """
    folder = None if spec == "default" else Path(spec).expanduser()
    if folder is None or folder.is_dir():
        return _embedder_of_folder(folder)
    from models.embedding.gguf import GgufEmbedder
    from models.gguf_header import read_header

    return GgufEmbedder(read_header(_file(spec)), _DEFAULTS)


def open_pair_scorer(spec: str) -> PairScorer:
    """Open a cross-encoder; nothing is ever downloaded.

    Args:
        spec: its folder as Hugging Face lays it out, or a GGUF reranker by path or name.

    Raises:
        ModelNotFound: no such folder, file or name.
        ModelUnusable: it holds no model of that kind.
    """
    folder = Path(spec).expanduser()
    if folder.is_dir():
        from models.embedding.cross_encoder import CrossEncoderScorer

        return CrossEncoderScorer(folder)
    from models.embedding.gguf_reranker import GgufPairScorer
    from models.gguf_header import read_header

    return GgufPairScorer(read_header(_file(spec)), _DEFAULTS)


def check_schema(schema: str, spec: str) -> None:
    """Refuse a schema that a model cannot be held to while it writes, before anything is asked.

    Args:
        schema: a JSON schema as JSON text.
        spec: of the model, as for `open_engine`; what a server answers is only compared with the schema.

    Raises:
        SchemaUnsupported: it says something that cannot be guaranteed.
    """
    if not spec.startswith(("http://", "https://")):
        from models.structure.schema import compiled

        compiled(schema)


def _embedder_of_folder(folder: Path | None) -> Embedder:
    """The embedder of a folder, or of the one that is installed."""
    from models.embedding.bert import BertEmbedder, readable
    from models.embedding.folder import checked, installed
    from models.embedding.transformer import TransformerEmbedder

    path = checked(folder) if folder else installed()
    shape = readable(path)
    if shape is not None:
        return BertEmbedder(path, shape, path.name if folder else "all-MiniLM-L6-v2")
    return TransformerEmbedder(path)


def header_of(spec: str) -> Header:
    """What the GGUF that a user names says about itself.

    Raises:
        ModelNotFound: no such file or name.
        ModelUnusable: a server, whose files cannot be seen, or no whole GGUF.
    """
    from models.gguf_header import read_header

    if spec.startswith(("http://", "https://")):
        raise ModelUnusable("A server does not show its model's file.", "Name the GGUF itself.")
    return read_header(_file(spec))


def _file(spec: str) -> Path:
    scheme, found, _ = spec.partition("://")
    if found:
        raise ModelNotFound(f"Models are not reached by {scheme}://.", _SPECS.get(scheme, _SPECS["*"]))
    path = Path(spec).expanduser()
    if path.is_dir():
        raise ModelNotFound(f"{str(path)!r} is a folder.", _inside(path))
    if path.suffix == ".gguf" or path.exists():
        return path
    from models.catalogue import named

    entry = named(spec)
    if entry is None:
        raise ModelNotFound(f"No model on this machine is called {spec!r}.")
    return entry.path


def _inside(folder: Path) -> str:
    """What to name in place of a folder."""
    files = sorted(file.name for file in folder.glob("*.gguf") if file.is_file())
    if not files:
        return "Name a .gguf file, or a model that `doc2data models` lists."
    more = f" (or another of the {len(files)} there)" if len(files) > 1 else ""
    return f"Name the file in it: {str(folder / files[0])!r}{more}."


def _check_writes(header: Header) -> None:
    """Refuse models that cannot be used to write.

    Raises:
        ModelUnusable: an embedding model, or one without a chat template.
    """
    if header.ranks:
        raise ModelUnusable(
            f"{header.name!r} is a reranker: it scores pairs of texts and cannot write.",
            "Choose an instruct model; use this one with `--set checks.cross_encoder=FILE`.",
        )
    if header.embeds:
        raise ModelUnusable(
            f"{header.name!r} is an embedding model: it turns text into vectors and cannot write.",
            "Choose an instruct model; use this one with `--set index.embedder=FILE`.",
        )
    if not header.template:
        raise ModelUnusable(
            f"{header.name!r} has no chat template, so it was not trained to follow instructions.",
            "Choose the instruct version of the model.",
        )
