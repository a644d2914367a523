"""Whole commands where there is no network, with the system calls of all their processes watched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny_gguf
from tests.pipeline.corpus import ENGLISH, write

ROOT = Path(__file__).parents[1]
HOME = re.compile(r'sa_family=AF_(?:UNIX|LOCAL|NETLINK)|inet_addr\("127\.|"::1"|sin_addr=inet_addr\("0\.0\.0\.0"\)')
"""Addresses that stay on the machine."""
CALL = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\((.*)")


def netless() -> list[str]:
    """The command that runs another in a network namespace without interfaces; none where nobody may make one."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        if (
            shutil.which("unshare")
            and not subprocess.run([*command, "true"], capture_output=True, check=False).returncode
        ):
            return command
    return []


def outgoing(trace: str) -> list[str]:
    """Calls in strace's notes that name an address outside of the machine."""
    calls = [found.group(0) for line in trace.splitlines() if (found := CALL.search(line))]
    return [call for call in calls if "sa_family=" in call and not HOME.search(call)]


def build(tmp_path: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """`doc2data build` without a network, watched where strace is there; the run and the notes."""
    away = netless()
    if not away:
        pytest.skip("this machine lets nobody make a network namespace (unshare -n)")
    notes = tmp_path / "notes"
    watched = shutil.which("strace") and ["strace", "-f", "-qq", "-e", "trace=%network", "-o", str(notes)]
    command = [*away, *(watched or []), sys.executable, "-m", "doc2data", "build", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "DOC2DATA_REFUSED"}
    environment["PYTHONPATH"] = str(ROOT)
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    return result, notes.read_text(encoding="utf-8", errors="replace") if watched else ""


def test_the_watch_sees_what_goes_out() -> None:
    trace = (
        'connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENETUNREACH\n'
        '7 sendto(4, "x", 1, 0, {sa_family=AF_INET6, sin6_port=htons(53), '
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = 1\n'
        'connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0\n'
        'connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0\n'
    )
    assert len(outgoing(trace)) == 2


@pytest.mark.heavy
def test_the_demo_is_built_without_a_network_and_tries_to_reach_none(tmp_path: Path) -> None:
    result, notes = build(tmp_path, str(ROOT / "samples" / "documents"), "--out", "out", "--attest", "-q")
    assert result.returncode == 0, result.stderr
    assert "Outgoing connections tried and refused: 0" in result.stderr
    assert outgoing(notes) == []
    assert (tmp_path / "out" / "export" / "samples.jsonl").stat().st_size > 0


@pytest.mark.heavy
def test_with_a_model_the_engines_process_tries_to_reach_none_either(tmp_path: Path) -> None:
    model = tiny_gguf.build(tmp_path / "tiny.gguf", tiny_gguf.Shape(context=16384))
    docs = write(tmp_path / "docs", ENGLISH)
    options = ["--model", str(model), "--limit", "2", "--per-chunk", "1", "--set", "model.context=12000", "-q"]
    result, notes = build(tmp_path, str(docs), "--out", "out", *options)
    assert result.returncode in (0, 1), result.stderr
    assert "Outgoing connections tried and refused: 0" in result.stderr
    assert outgoing(notes) == []
