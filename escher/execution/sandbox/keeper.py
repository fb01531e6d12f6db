"""The first process of a step: it starts the approved program, holds all its descendants, and ends every one of them.

Run as `python -I -S keeper.py PLACE CONTROL HOME PORT PROGRAM …`, so it must not import anything of ours. PLACE is
`inside` a pid namespace, where this is process 1, or `outside`, where descendants that left their parents come back to
it. CONTROL is a Unix socket of Escher's: over it go the listening socket of PORT (0: none) to Escher, then the files to
write from Escher, and then the end: the byte `T` asks for it, the socket's own end means that Escher has died.
"""

# ruff: noqa: PTH103, PTH120, PTH123, PTH208 it starts with every step; to import pathlib takes as long as all the rest

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import struct
import sys
import time

GRACE_S = 4.5
"""How long descendants have after TERM; with the killing itself it stays below five seconds."""
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
_KEYCTL = {"x86_64": 250, "aarch64": 219}
_KILL_WITHIN_S = 30
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # prctl(2)
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001  # seccomp(2): go on; fail with EPERM
_FAMILIES = (1, 2, 10, 16)
"""The kinds of sockets a step may have: local, IPv4, IPv6, and netlink, by which addresses are looked up. A machine's
line to its hypervisor, for one, knows no namespaces."""
# By machine: its mark, the number of socket(2), and of what is refused: ptrace, add_key, request_key, keyctl,
# perf_event_open, bpf, userfaultfd, process_vm_readv, process_vm_writev, open_by_handle_at, io_uring_setup.
_CALLS = {
    "x86_64": (0xC000003E, 41, (101, 248, 249, 250, 298, 321, 323, 310, 311, 304, 425)),
    "aarch64": (0xC00000B7, 198, (117, 217, 218, 219, 241, 280, 282, 270, 271, 265, 425)),
}


def main(words: list[str]) -> int:
    """Start, hold, end. Returns the program's exit code, or 128 and the signal's number."""
    place, control_path, home, port, *program = words
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(control_path)
    _hand_over_listener(control, int(port))
    _write_files(control)
    _leave_keyring()
    if place == "outside":
        _become_subreaper()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, _noted)
    signal.signal(signal.SIGTERM, _noted)
    held = _Held(_start(program, home, place), place)
    status = held.watch(control, woken)
    held.end()
    return status


def _noted(number: int, frame: object) -> None:
    """Signals are read from the pipe; a handler must be there so that they arrive."""


def _hand_over_listener(control: socket.socket, port: int) -> None:
    """Listen on this network's own loopback, and give the socket to Escher, which answers on it from outside."""
    if not port:
        control.sendall(b"-")
        return
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        socket.send_fds(control, [b"L"], [listener.fileno()])


def _write_files(control: socket.socket) -> None:
    """Write what Escher sends: for each file its path and its content, each behind its length."""
    (count,) = struct.unpack("!I", _exactly(control, 4))
    for _ in range(count):
        path, content = _chunk(control).decode(), _chunk(control)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)


def _chunk(control: socket.socket) -> bytes:
    return _exactly(control, struct.unpack("!I", _exactly(control, 4))[0])


def _exactly(control: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = control.recv(size - len(found))
        if not part:
            raise SystemExit(137)  # Escher has gone; nothing has been started
        found += part
    return found


def _leave_keyring() -> None:
    """Have a session keyring of one's own, so that the kernel's keys of the user are not at hand."""
    number = _KEYCTL.get(os.uname().machine)
    if number and sys.platform == "linux":
        ctypes.CDLL(None).syscall(number, 1, None)  # KEYCTL_JOIN_SESSION_KEYRING


def _become_subreaper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _start(program: list[str], home: str, place: str) -> int:
    child = os.fork()
    if child:
        return child
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        os.chdir(home)
        if place == "inside":
            _restrict_calls()
        os.execv(program[0], program)  # noqa: S606 exactly what was approved, without a shell around it
    except OSError as cause:
        os.write(2, f"cannot start {program[0]}: {cause.strerror}\n".encode())
    os._exit(127)


def _restrict_calls() -> None:
    """Refuse this process and all it starts what no namespace separates. Raises OSError where that cannot be done."""
    known = _CALLS.get(os.uname().machine)
    if known is None:
        return
    lines = ctypes.create_string_buffer(_filter(*known))
    program = ctypes.create_string_buffer(struct.pack("HL", len(lines) // 8, ctypes.addressof(lines)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for asked in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SECCOMP, _FILTER, program, 0, 0)):
        if prctl(*asked) != 0:
            raise OSError(ctypes.get_errno(), "cannot restrict system calls")


def _filter(mark: int, socket_call: int, refused: tuple[int, ...]) -> bytes:
    """The filter as the kernel reads it: load or compare a word, and how far to go on when it is equal or not."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    tests = [(at_least, 0x40000000), *((equal, number) for number in refused)]
    lines = [(load, 0, 0, 4), (equal, 1, 0, mark), (answer, 0, 0, _REFUSE), (load, 0, 0, 0)]
    # Behind the tests come: is it socket(2), load its family, the families, refuse, allow.
    behind = 2 + len(_FAMILIES)
    lines += [(kind, len(tests) - at - 1 + behind, 0, value) for at, (kind, value) in enumerate(tests)]
    lines += [(equal, 0, len(_FAMILIES) + 2, socket_call), (load, 0, 0, 16)]
    lines += [(equal, len(_FAMILIES) - at, 0, family) for at, family in enumerate(_FAMILIES)]
    lines += [(answer, 0, 0, _REFUSE), (answer, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


class _Held:
    """The program and whatever came of it."""

    def __init__(self, child: int, place: str) -> None:
        self._child, self._place = child, place

    def watch(self, control: socket.socket, woken: int) -> int:
        """Wait for the program's end; on the way, do as Escher says. Returns the exit code."""
        deadline = None
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            ready, _, _ = select.select([woken, control], [], [], left)
            told = os.read(woken, 512) if woken in ready else b""
            asked = control.recv(1) if control in ready else b""
            ended = self._collect()
            if ended is not None:
                return ended
            if not ready or (control in ready and not asked):
                return 128 + signal.SIGKILL
            if deadline is None and (asked or signal.SIGTERM in told):
                self._signal(signal.SIGTERM)
                deadline = time.monotonic() + GRACE_S

    def end(self) -> None:
        """Kill until nobody is left: who dies last may have started another before."""
        give_up = time.monotonic() + _KILL_WITHIN_S
        while self._signal(signal.SIGKILL) and time.monotonic() < give_up:
            self._collect()
            time.sleep(0.005)

    def _collect(self) -> int | None:
        """Collect the dead; the program's exit code when it is among them."""
        code = None
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return code
            if not pid:
                return code
            if pid == self._child:
                ended = os.waitstatus_to_exitcode(status)
                code = ended if ended >= 0 else 128 - ended

    def _signal(self, number: int) -> bool:
        """Signal every descendant; whether there was one."""
        reached = False
        for pid in self._reach():
            try:
                os.kill(pid, number)
            except (ProcessLookupError, PermissionError):
                continue
            reached = True
        return reached

    def _reach(self) -> list[int]:
        """Whom signals go to: to process 1, -1 is everybody else; where /proc tells nothing, the program's group."""
        if self._place == "inside":
            return [-1]
        return _descendants() if sys.platform == "linux" else [-self._child]


def _descendants() -> list[int]:
    """All processes below this one that are not dead yet, by what /proc says of their parents."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                state, parent = file.read().rpartition(b")")[2].split()[:2]
        except OSError:
            continue
        if state != b"Z":
            children.setdefault(int(parent), []).append(int(name))
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
