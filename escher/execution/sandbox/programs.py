"""Which folders of this machine a program needs so that it can run: its own installation and its interpreter's.

Only installations are named here, never a home: a folder that also holds what is the user's own is taken apart.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""Part of every sandbox, wherever they lead."""
ETC = (
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    "/etc/ca-certificates/extracted",
    "/etc/crypto-policies",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/mime.types",
)
"""What programs read of /etc; the rest is generated."""
_SHEBANG = 512
# Installations whose command in /usr/bin only calls what is elsewhere.
_APART = {"az": "/opt/az"}


def folders(programs: Collection[str]) -> tuple[str, ...]:
    """The folders and files to show besides SYSTEM, each real and none within another, in order."""
    found = {str(path) for program in programs for path in _installation(program)}
    found |= {apart for program in programs if (apart := _APART.get(Path(program).name)) and Path(apart).is_dir()}
    found |= {str(path) for path in _interpreter(sys.executable)}
    outermost = [path for path in sorted(found) if not any(path.startswith(f"{other}/") for other in found)]
    return tuple(path for path in outermost if not f"{path}/".startswith(tuple(f"{root}/" for root in SYSTEM)))


@cache
def _installation(program: str) -> tuple[Path, ...]:
    """The program's file, where it leads, the prefix around it, and the interpreter that its first line names."""
    real = Path(os.path.realpath(program))
    return (Path(program), *_prefix(real), *_interpreter(_named_interpreter(real)))


def _prefix(real: Path) -> Iterator[Path]:
    """`/opt/tool` for `/opt/tool/bin/tool`; of a prefix that holds more than installations, only what Python put there."""
    prefix = real.parent.parent
    if real.parent.name != "bin" or prefix == Path("/"):
        yield real
    elif _is_shared(prefix):
        yield real
        yield from prefix.glob("lib/python3*")
    else:
        yield prefix


def _is_shared(prefix: Path) -> bool:
    """Whether a prefix is a home or lies above one, or is `~/.local`, where keyrings are as well."""
    home = Path.home()
    return prefix in (home, home / ".local") or home.is_relative_to(prefix)


def _named_interpreter(real: Path) -> str:
    """What a script's first line names, or nothing."""
    try:
        with real.open("rb") as file:
            first = file.read(_SHEBANG).partition(b"\n")[0]
    except OSError:
        return ""
    words = first.removeprefix(b"#!").decode("utf-8", "replace").split() if first.startswith(b"#!") else []
    return words[0] if words and Path(words[0]).name != "env" else ""


@cache
def _interpreter(program: str) -> tuple[Path, ...]:
    """A Python's prefix and, when that is a virtual environment, the prefix it was made from."""
    if not program:
        return ()
    own = Path(program).parent.parent
    if own in (Path("/"), Path("/usr")) or Path(program).parent.name != "bin":
        return ()
    found = [Path(program)] if _is_shared(own) else [own]
    configured = own / "pyvenv.cfg"
    if configured.exists():
        pairs = (line.partition("=") for line in configured.read_text("utf-8").splitlines())
        home = next((value.strip() for name, _, value in pairs if name.strip() == "home"), "")
        found += _prefix(Path(os.path.realpath(Path(home) / Path(program).name))) if home else ()
    return (*found, *_prefix(Path(os.path.realpath(program))))
