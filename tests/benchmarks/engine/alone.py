"""One contender in a process of its own: an order in JSON on stdin, a measurement in JSON on stdout."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.engine import workload
from tests.benchmarks.engine.contenders import CONTENDERS


def main() -> None:
    """Run it."""
    order = json.load(sys.stdin)
    requests = list(workload.requests(workload.Workload(**order["work"]), structured=order["structured"]))
    measurement = CONTENDERS[order["name"]](Path(order["model"]), requests)
    sys.stdout.write(json.dumps(asdict(measurement)) + "\n")


if __name__ == "__main__":
    main()
