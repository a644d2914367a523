"""The engine's process: `python -m models.llama.worker`, spoken to in `models.llama.wire` records on stdin and stdout.

Its real stdout is kept for records; file descriptors 1 and 2 are the log, wherever llama.cpp writes.
"""

from __future__ import annotations

import os
import queue
import threading
from typing import BinaryIO, cast

from models.llama.unplugged import unplug
from models.llama.wire import Order, receive


def main() -> None:
    """Serve one model until the app goes away."""
    unplug()
    orders_in = os.fdopen(os.dup(0), "rb")
    events_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    inbox: queue.SimpleQueue[Order] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders_in, inbox), daemon=True).start()
    from models.llama.service import serve

    serve(inbox, events_out)


def _listen(stream: BinaryIO, inbox: queue.SimpleQueue[Order]) -> None:
    """Pass orders on; once the app is gone nobody needs this process, even in the middle of a step."""
    while (order := receive(stream)) is not None:
        inbox.put(cast("Order", order))
    os._exit(0)


if __name__ == "__main__":
    main()
