"""The argument list of bubblewrap for one step. It shows installations read-only, and nothing that is a person's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from escher.execution.sandbox.programs import ETC, SYSTEM

HOME = "/home/escher"
"""The step's home in the sandbox: in memory, its own, gone with it. The folder for temporary files is /tmp, likewise."""
CONTROL = "/run/escher"
USER = 1000
FILES = {
    "/etc/passwd": f"escher:x:{USER}:{USER}::{HOME}:/bin/false\nnobody:x:65534:65534::/:/bin/false\n",
    "/etc/group": f"escher:x:{USER}:\nnogroup:x:65534:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
"""What is generated in the sandbox besides the home: no name service can be asked there."""


@dataclass(frozen=True, slots=True)
class Box:
    """What a sandbox shows: folders and files read-only at their own places, `control` at CONTROL."""

    bwrap: str
    shown: tuple[str, ...]
    control: str
    extra: tuple[str, ...] = ()


def arguments(box: Box, program: Iterable[str]) -> list[str]:
    """The command that runs `program` in the sandbox, as its process 1. Values of the environment are not in it."""
    return [box.bwrap, *_namespaces(), *box.extra, *_system(), *_own(), *_shown(box), "--chdir", HOME, "--", *program]


def _namespaces() -> Iterator[str]:
    yield from ("--unshare-all", "--unshare-user", "--uid", str(USER), "--gid", str(USER), "--cap-drop", "ALL")
    yield from ("--hostname", "escher", "--die-with-parent", "--new-session", "--as-pid-1")


def _system() -> Iterator[str]:
    for path in SYSTEM:
        if Path(path).is_symlink():
            yield from ("--symlink", str(Path(path).readlink()), path)
        elif Path(path).is_dir():
            yield from ("--ro-bind", path, path)
    for path in ETC:
        yield from ("--ro-bind-try", path, path)


def _own() -> Iterator[str]:
    # A user who is root outside owns the kernel's settings inside as well, and one of them names a program to run.
    yield from ("--proc", "/proc", "--remount-ro", "/proc")
    yield from ("--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 a new one, in the sandbox
    yield from ("--dir", "/etc", "--perms", "0700", "--tmpfs", HOME)


def _shown(box: Box) -> Iterator[str]:
    for path in box.shown:
        if Path(path).exists():
            yield from ("--ro-bind", path, path)
    yield from ("--ro-bind", box.control, CONTROL)
