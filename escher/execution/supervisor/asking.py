"""Ask the supervisor of a home, which is started when it is not there. For any thread."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from escher import errors
from escher.errors import EscherError, ProtocolError, SupervisorUnavailable
from escher.execution.supervisor.place import Place, surroundings
from escher.execution.supervisor.speaking import LARGEST, PURPOSE, body, line
from escher.settings import Settings
from escher.store.vault import Store

PROGRAM = "escher.execution.supervisor"
START_S = 30.0
ANSWER_S = 300.0
"""A person may have to answer the operating system before a run starts."""
TRIES = 3
END_S = 10.0


class SupervisorLine:
    """A line to the supervisor, kept open: while it is, the supervisor stays. `program` is what is started."""

    def __init__(
        self, settings: Settings, store: Store, own_scripts: Callable[[], frozenset[str]], program: str = PROGRAM
    ) -> None:
        self._settings, self._store, self._own_scripts, self._program = settings, store, own_scripts, program
        self._place = Place.of(settings)
        self._lock = threading.Lock()
        self._open: _Connection | None = None

    @property
    def is_there(self) -> bool:
        """Whether a supervisor owns the runs of this home."""
        return self._place.is_owned

    def ask(self, op: str, **given: str) -> dict[str, Any]:
        """Ask, having started the supervisor if need be. Raises what it answers, SupervisorUnavailable."""
        with self._lock:
            return self._asked(op, given, may_start=True)

    def start(self, plan_id: str) -> str:
        """Have an approved plan begin; its run's id. On a connection of its own: a person may have to answer first.

        Raises what the supervisor answers, SupervisorUnavailable.
        """
        with self._lock:
            self._connected(may_start=True)
            own = self._connect()
        if own is None:
            raise _unreachable()
        try:
            return _ok(own.ask({"op": "start", "plan_id": plan_id}))["run_id"]
        except (OSError, ProtocolError) as cause:  # it may have begun: asking again could find its approval used
            raise SupervisorUnavailable(
                "the supervisor did not answer; whether the run began is in: escher runs", hint="Look there first."
            ) from cause
        finally:
            own.close()

    def ask_if_there(self, op: str, **given: str) -> dict[str, Any] | None:
        """The same, but None when there is no supervisor."""
        with self._lock:
            return self._asked(op, given, may_start=False) if self.is_there else None

    def warm_up(self) -> None:
        """Have the supervisor there, connected. Raises SupervisorUnavailable."""
        self.ask("hello")

    def close(self) -> None:
        """Let it go; it ends by itself once nobody is there and nothing runs."""
        with self._lock:
            if self._open is not None:
                self._open.close()
            self._open = None

    def _asked(self, op: str, given: dict[str, str], *, may_start: bool) -> dict[str, Any]:
        connection = self._connected(may_start)
        try:
            answer = connection.ask({"op": op, **given})
        except (OSError, ProtocolError) as cause:
            connection.close()
            self._open = None
            raise SupervisorUnavailable("the supervisor did not answer.", hint="Try again.") from cause
        return _ok(answer)

    def end(self) -> None:
        """Have the supervisor end, if there is one, and wait for it. Raises ResourceBusy while runs are under way."""
        self.ask_if_there("end")
        self.close()
        self._wait_for_end()

    def _wait_for_end(self) -> None:
        deadline = time.monotonic() + END_S
        while self.is_there:
            if time.monotonic() > deadline:
                raise SupervisorUnavailable("the supervisor does not end.", hint="Try again in a moment.")
            time.sleep(0.02)

    def _connected(self, may_start: bool) -> _Connection:
        if self._open is not None and self._open.is_alive():
            return self._open
        for attempt in range(TRIES):
            self._open = self._connect()
            if self._open is not None and (not may_start or self._suits(self._open)):
                return self._open
            if may_start and attempt < TRIES - 1:
                self._start()
        raise _unreachable()

    def _suits(self, connection: _Connection) -> bool:
        """Whether this supervisor reaches clouds as this process does, or has to be taken as it is since it runs something."""
        try:
            if _ok(connection.ask({"op": "hello"}))["surroundings"] == surroundings(os.environ):
                return True
            answer = connection.ask({"op": "end"})
        except (OSError, ProtocolError):
            answer = {}
        if "error" in answer:
            return True
        connection.close()
        self._wait_for_end()
        return False

    def _connect(self) -> _Connection | None:
        path = self._place.socket
        if path is None or not self._place.is_owned:
            return None
        try:
            return _Connection(str(path), self._store.derive(PURPOSE))
        except (OSError, ProtocolError):
            return None

    def _start(self) -> None:
        """Start one, and wait until it listens or another one does. Raises SupervisorUnavailable, and what kept it."""
        handed = {
            "master_key": base64.b64encode(self._store.hand_over()).decode(),
            "own_scripts": sorted(self._own_scripts()),
        }
        process = subprocess.Popen(
            # -P: nothing is imported from the folder that the starter happens to be in.
            [sys.executable, "-P", "-m", self._program],
            env=os.environ | {"ESCHER_HOME": str(self._settings.home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        said = _first_line(process, json.dumps(handed).encode() + b"\n")
        if "error" in said:
            raise _failure(said["error"])
        if not said:
            raise SupervisorUnavailable("the supervisor did not start.", hint=f"See {self._place.data}/supervisor.log.")


class _Connection:
    """One connection, after the challenge."""

    def __init__(self, path: str, key: bytes) -> None:
        self._key, self._number = key, 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(START_S)
            self._socket.connect(path)
            self._file = self._socket.makefile("rb")
            self._challenge = self._file.readline(LARGEST).decode("ascii", "replace").strip()
            if not self._challenge:
                raise ProtocolError("the supervisor hung up.")
        except BaseException:
            self._socket.close()
            raise

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """One request and its answer. Raises OSError, ProtocolError."""
        self._number += 1
        self._socket.settimeout(ANSWER_S)
        self._socket.sendall(line(self._key, self._challenge, "ask", self._number, asked))
        received = self._file.readline(LARGEST)
        if not received:
            raise ProtocolError("the supervisor hung up.")
        return body(self._key, self._challenge, "answer", self._number, received)

    def is_alive(self) -> bool:
        """Whether the other end is still there: nothing can have come that was not asked for."""
        self._socket.setblocking(False)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self._socket.setblocking(True)

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def _first_line(process: subprocess.Popen[bytes], handed: bytes) -> dict[str, Any]:
    """What the new process says when it listens or gives up; nothing when it ends without a word."""
    assert process.stdin is not None and process.stdout is not None
    timer = threading.Timer(START_S, process.kill)
    timer.start()
    try:
        with process.stdout:
            with process.stdin:
                process.stdin.write(handed)
            said = process.stdout.readline()
        process.wait()
    except OSError as cause:
        raise SupervisorUnavailable(f"the supervisor did not start: {cause.strerror}.", hint="Try again.") from cause
    finally:
        timer.cancel()
    return json.loads(said) if said else {}


def _ok(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise _failure(answer["error"])
    return answer["ok"]


def _unreachable() -> SupervisorUnavailable:
    return SupervisorUnavailable("the supervisor of this home cannot be reached.", hint="See: escher doctor")


def _failure(document: dict[str, Any]) -> EscherError:
    """The error that the supervisor met, as the same type here."""
    kinds = {kind.code: kind for kind in _kinds(EscherError)}
    kind = kinds.get(str(document.get("code")), EscherError)
    if kind in (errors.AuditTampered, errors.PublicationRefused):
        kind = EscherError
    return kind(str(document.get("message", "")), hint=str(document.get("hint", "")))


def _kinds(kind: type[EscherError]) -> list[type[EscherError]]:
    return [kind, *(below for sub in kind.__subclasses__() for below in _kinds(sub))]
