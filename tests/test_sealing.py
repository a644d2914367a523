"""The seal: what a command may not reach, in processes of their own, because it cannot be taken off."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> str:
    script = f"import socket\nfrom doc2data import sealing\nsealing.seal()\n{code}"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    return result.stdout + result.stderr


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
