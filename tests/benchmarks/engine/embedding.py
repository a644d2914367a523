"""The default embedder against sentence-transformers: `python -m tests.benchmarks.engine.embedding`.

Passages of 40 to 200 words; CPU seconds of the process with one thread each, in turn.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable

import numpy as np

from models import open_embedder
from models.embedding.folder import installed
from models.embedding.transformer import TransformerEmbedder
from models.engine import Vectors

_WORDS = ("pump", "valve", "the", "of", "and", "pressure", "temperature", "before", "cover", "opened", "12", "bar")


def main() -> None:
    """Print seconds, ratio and the smallest cosine between the two."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--passages", type=int, default=512)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    chance = random.Random(0)
    texts = [" ".join(chance.choices(_WORDS, k=chance.randint(40, 200))) for _ in range(options.passages)]
    ours, theirs = open_embedder(), TransformerEmbedder(installed())
    for embedder in (ours, theirs):
        embedder.encode(texts[:2])
    import torch

    torch.set_num_threads(1)
    for _ in range(options.rounds):
        mine, own = _timed(ours.encode, texts)
        other, reference = _timed(theirs.encode, texts)
        cosine = float((own * reference).sum(1).min())
        spread = float(np.abs(own - reference).max())
        sys.stdout.write(
            f"ours {mine:.1f} s, sentence-transformers {other:.1f} s, ratio {other / mine:.2f}, "
            f"cosine {cosine:.5f} at least, difference {spread:.4f} at most\n"
        )


def _timed(encode: Callable[[list[str]], Vectors], texts: list[str]) -> tuple[float, Vectors]:
    start = time.process_time()
    vectors = encode(texts)
    return time.process_time() - start, vectors


if __name__ == "__main__":
    main()
