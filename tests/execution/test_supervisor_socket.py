"""The supervisor's socket under attack: whatever is not signed for it, for this connection and in this place, starts nothing."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from escher.contract.plan import Plan
from escher.errors import ProtocolError
from escher.execution.supervisor.place import Place
from escher.execution.supervisor.speaking import LARGEST, PURPOSE, body, line
from tests.execution.supervised import Home, acting, home
from tests.execution.world import Cloud, served


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home with a supervisor that lives."""
    with home(tmp_path_factory.mktemp("attacked") / "home") as made:
        made.runs.warm_up()
        made.pid()
        yield made


@pytest.fixture(scope="module")
def granted(mine: Home) -> Iterator[tuple[Plan, Cloud]]:
    """A plan that could run, and the cloud that would see it."""
    cloud = Cloud()
    with served(cloud) as endpoint:
        yield mine.granted(acting(0, "never", endpoint=endpoint)), cloud


class Caller:
    """Somebody at the socket."""

    def __init__(self, mine: Home) -> None:
        path = Place.of(mine.parts.settings).socket
        assert path is not None
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        self.socket.connect(str(path))
        self._file = self.socket.makefile("rb")
        self.challenge = self._file.readline().decode().strip()

    def say(self, sent: bytes) -> bytes:
        """What is answered; nothing when the line is cut."""
        try:
            self.socket.sendall(sent)
            return self._file.readline()
        except (ConnectionResetError, BrokenPipeError):
            return b""


def _start(plan: Plan) -> dict[str, Any]:
    return {"op": "start", "plan_id": plan.plan_id}


FORGED = ("no key", "another key", "no mac", "mac of other words", "other direction", "other number", "other challenge")


def _forged(how: str, key: bytes, challenge: str, asked: dict[str, Any]) -> bytes:
    genuine = json.loads(line(key, challenge, "ask", 1, asked))
    return {
        "no key": json.dumps(asked).encode() + b"\n",
        "another key": line(bytes(32), challenge, "ask", 1, asked),
        "no mac": json.dumps(genuine | {"mac": ""}).encode() + b"\n",
        "mac of other words": json.dumps(genuine | {"body": json.dumps({**asked, "op": "cancel_all"})}).encode()
        + b"\n",
        "other direction": line(key, challenge, "answer", 1, asked),
        "other number": line(key, challenge, "ask", 2, asked),
        "other challenge": line(key, "0" * 64, "ask", 1, asked),
    }[how]


@pytest.mark.parametrize("how", FORGED)
def test_forged_frames_start_nothing(mine: Home, granted: tuple[Plan, Cloud], how: str) -> None:
    """The line is cut without a word, and the approval is not used up."""
    plan, cloud = granted
    caller = Caller(mine)
    sent = _forged(how, mine.parts.store.derive(PURPOSE), caller.challenge, _start(plan))
    assert caller.say(sent) == b""
    assert mine.parts.approvals.state(plan.plan_id) == "granted"
    assert not cloud.asked


def test_a_recorded_frame_is_worth_nothing_again(mine: Home, granted: tuple[Plan, Cloud]) -> None:
    """Neither on the connection that it was said on nor on another one."""
    caller, key = Caller(mine), mine.parts.store.derive(PURPOSE)
    hello = line(key, caller.challenge, "ask", 1, {"op": "hello"})
    assert "ok" in body(key, caller.challenge, "answer", 1, caller.say(hello))
    assert caller.say(hello) == b""
    assert Caller(mine).say(hello) == b""


GARBAGE = {
    "nothing": b"\n",
    "no JSON": b"{{{{\n",
    "nested": b"[" * 20_000 + b"\n",
    "bytes": os.urandom(512).replace(b"\n", b"") + b"\n",
    "pickle": b"\x80\x04cposix\nsystem\n",
    "too long": b"x" * (2 * LARGEST) + b"\n",
    "endless": b"x" * (2 * LARGEST),
    "numbers": b'{"n": 1e400, "body": 1, "mac": null}\n',
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_cut_off(mine: Home, what: str) -> None:
    """The supervisor lives on, and answers who has the key."""
    assert Caller(mine).say(GARBAGE[what]) == b""
    assert mine.pid()


def test_who_has_the_key_may_still_ask_for_nonsense(mine: Home) -> None:
    """It is told so, and the line stays."""
    caller, key = Caller(mine), mine.parts.store.derive(PURPOSE)
    for number, asked in enumerate(({"op": "format"}, {"op": "start"}, {"op": "start", "plan_id": ["x"]}), start=1):
        answer = body(
            key, caller.challenge, "answer", number, caller.say(line(key, caller.challenge, "ask", number, asked))
        )
        assert answer["error"]["code"] == "invalid_request"


def test_a_false_supervisor_is_not_believed(mine: Home) -> None:
    """An answer by who lacks the key is no answer."""
    sealed = line(bytes(32), "0" * 64, "answer", 1, {"ok": {"run_id": "run-1"}})
    with pytest.raises(ProtocolError):
        body(mine.parts.store.derive(PURPOSE), "0" * 64, "answer", 1, sealed)


AS_NOBODY = """
import os, socket, sys
os.setgid(65534); os.setuid(65534)
one = socket.socket(socket.AF_UNIX)
try:
    one.connect(sys.argv[1])
    print("read", len(one.makefile("rb").readline()))
except OSError as cause:
    print("refused", cause.strerror)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_hears_nothing(mine: Home) -> None:
    """Neither through the folder's rights nor, were they open, past the check of who is at the other end."""
    path = Place.of(mine.parts.settings).socket
    assert path is not None
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert _as_nobody(path) == "refused Permission denied"
    path.parent.chmod(0o711)
    path.chmod(0o666)
    try:
        assert _as_nobody(path) == "read 0"
    finally:
        path.chmod(0o600)
        path.parent.chmod(0o700)


def _as_nobody(path: Path) -> str:
    command = [sys.executable, "-I", "-c", AS_NOBODY, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
