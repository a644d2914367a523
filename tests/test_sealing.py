"""The seal: what a command may not reach, in processes of their own, because it cannot be taken off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doc2data import sealing


def run(code: str) -> str:
    script = f"import socket\nfrom doc2data import sealing\nsealing.seal()\n{code}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=fresh())
    return result.stdout + result.stderr


def fresh() -> dict[str, str]:
    """The environment without the ledger of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name != sealing.LEDGER}
    return kept | {"PYTHONPATH": str(Path(__file__).parents[1])}


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "socket.getaddrinfo('example.org', 443)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "__import__('urllib.request').request.urlopen('http://192.0.2.1/', timeout=1)",
        "__import__('httpx').get('http://192.0.2.1/', timeout=1)",
    ],
)
def test_nothing_gets_out(attempt: str) -> None:
    output = run(f"try:\n    {attempt}\nexcept Exception as error:\n    print('refused', sealing.refused())")
    assert output.startswith("refused ['")


def test_the_error_says_that_nothing_was_sent() -> None:
    output = run("try:\n    socket.getaddrinfo('example.org', 443)\nexcept OSError as e:\n    print(e.message, e.hint)")
    assert "'example.org' was refused" in output
    assert "Nothing was sent" in output


def test_this_machine_is_not_outside() -> None:
    code = """
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
a, b = socket.socketpair()
print("open", sealing.refused())
"""
    assert run(code) == "open []\n"


def test_a_host_that_the_user_named_may_be_reached_and_no_other() -> None:
    code = """
sealing.allow("http://192.0.2.7:8000/v1")
for host in ("192.0.2.7", "192.0.2.8"):
    probe = socket.socket()
    probe.setblocking(False)
    try:
        probe.connect((host, 9))
    except BlockingIOError:
        pass
    except OSError as error:
        print(type(error).__name__ == "Sealed", host)
print(sealing.refused())
"""
    assert run(code).splitlines()[-1] == "['192.0.2.8']"


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.gethostbyname('example.org')",
        "socket.gethostbyaddr('192.0.2.1')",
        "socket.getnameinfo(('192.0.2.1', 80), 0)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('192.0.2.1', 53))",
    ],
)
def test_no_side_door_asks_a_name_server(attempt: str) -> None:
    output = run(f"try:\n    {attempt}\nexcept Exception as error:\n    print('refused', sealing.refused())")
    assert output.startswith("refused ['")


def test_what_calls_home_below_python_is_switched_off_before_it_is_loaded() -> None:
    assert run("import os\nprint(os.environ['ORT_DISABLE_TELEMETRY'])") == "1\n"


READER = """
import socket, sys
from pathlib import Path
import parsers.registry, parsers.sandbox
from doc2data import sealing

def phones_home(path, options):
    if path.name == "quiet.md":
        # Below Python, where no hook sees it: only a network without interfaces holds this back.
        import _socket
        import os
        switch = os.environ["ORT_DISABLE_TELEMETRY"]
        return f"{len(Path('/proc/net/dev').read_text().splitlines()) - 2} interface, switched off: {switch}"
    socket.create_connection(("192.0.2.1", 80), timeout=1)

parsers.sandbox.parse = phones_home  # the reader's process imports this file again

if __name__ == "__main__":
    sealing.seal()
    for path, result in parsers.parse_many([Path("evil.md"), Path("quiet.md")], workers=1):
        print(path, result)
    print(sealing.refused())
"""


def test_what_a_readers_process_tries_is_refused_and_counted_at_home(tmp_path: Path) -> None:
    script = tmp_path / "reader.py"
    script.write_text(READER)
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, env=fresh())
    lines = result.stdout.splitlines()
    assert lines[-1] == "['192.0.2.1']", result.stderr
    assert "crashed on 'evil.md'" in lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_a_readers_process_has_no_interface_but_loopback(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    script = tmp_path / "reader.py"
    script.write_text(READER)
    result = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, env=fresh())
    assert "quiet.md 1 interface, switched off: 1" in result.stdout, result.stdout + result.stderr


def test_what_the_engines_process_tries_is_refused_and_counted_at_home() -> None:
    child = (
        "import socket, models.llama.worker as worker, models.llama.service as service\n"
        "def serve(inbox, out):\n"
        "    socket.create_connection(('192.0.2.9', 80), timeout=1)\n"
        "service.serve = serve\n"
        "worker.main()\n"
    )
    code = f"""
import subprocess, sys
with subprocess.Popen([sys.executable, "-c", {child!r}], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
    worker.wait()
print(sealing.refused())
"""
    assert run(code).splitlines() == ["['192.0.2.9']"]


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_the_engines_process_is_in_a_network_of_its_own(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    seen = tmp_path / "network"
    child = (
        "import os, pathlib, models.llama.worker as worker, models.llama.service as service\n"
        "def serve(inbox, out):\n"
        f"    pathlib.Path({str(seen)!r}).write_text(os.readlink('/proc/self/ns/net'))\n"
        "service.serve = serve\n"
        "worker.main()\n"
    )
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, env=fresh()) as worker:
        worker.wait()  # its orders stay open, or it would go at once
    assert seen.read_text() != str(Path("/proc/self/ns/net").readlink())
