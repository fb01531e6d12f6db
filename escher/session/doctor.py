"""Is everything that Escher needs here and well? Each check is a name, a status and a sentence."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from escher.approval.grant import find_tool
from escher.errors import EscherError
from escher.session.wiring import Parts, assemble
from escher.settings import Settings, load_settings

LOW_DISK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and how it is."""

    name: str
    status: Literal["ok", "warn", "bad"]
    message: str


def examine() -> dict[str, Any]:
    """`{home, store, checks}`. Never raises for what it finds; a home that cannot be used is a bad check."""
    settings = load_settings()
    checks = [*_around(settings), *_inside(settings)]
    return {
        "home": str(settings.home),
        "store": str(settings.store_path),
        "checks": [asdict(check) for check in checks],
    }


def _around(settings: Settings) -> list[Check]:
    return [
        _disk(settings),
        _memory_files(),
        _tool("aws", "escher[cli]"),
        _tool("bwrap", "bubblewrap"),
        _model(),
        _server(settings),
    ]


def _inside(settings: Settings) -> list[Check]:
    if not settings.store_path.exists():
        return [Check("store", "bad", "There is no store yet. Run: escher init")]
    try:
        parts = assemble(settings)
    except EscherError as failure:
        return [Check("store", "bad", str(failure))]
    with parts:
        looks: tuple[tuple[str, Callable[[Parts], Check]], ...] = (
            ("store", _store),
            ("audit", _audit),
            ("accounts", _accounts),
            ("estate", _estate),
        )
        return [_looked(name, look, parts) for name, look in looks]


def _looked(name: str, look: Callable[[Parts], Check], parts: Parts) -> Check:
    try:
        return look(parts)
    except EscherError as failure:
        return Check(name, "bad", str(failure))


def _store(parts: Parts) -> Check:
    mode = parts.settings.store_path.stat().st_mode & 0o777
    if mode != 0o600:
        return Check("store", "bad", f"The file can be read by others (mode {mode:o}). chmod 600 it.")
    key = "passphrase file" if parts.settings.passphrase_file else "keychain"
    seen = "" if parts.store.anchored else " No keychain remembers it, so an older copy of the file would go unnoticed."
    return Check("store", "ok", f"Open, key from the {key}, {parts.settings.store_path.stat().st_size:,} bytes.{seen}")


def _audit(parts: Parts) -> Check:
    verification = parts.ledger.verify()
    return Check("audit", "ok" if verification.status in ("ok", "unverifiable") else "bad", verification.message)


def _accounts(parts: Parts) -> Check:
    number = len(parts.estate.accounts())
    return Check(
        "accounts", "ok" if number else "warn", f"{number} configured." if number else "None yet. Run: escher init"
    )


def _estate(parts: Parts) -> Check:
    scopes = parts.estate.scopes()
    partial = sum(scope.status != "complete" for scope in scopes)
    number = len(parts.estate.snapshot().resources)
    if not scopes:
        return Check("estate", "warn", "Never scanned. Run: escher scan")
    return Check(
        "estate", "warn" if partial else "ok", f"{number} resources; {partial} of {len(scopes)} scopes incomplete."
    )


def _disk(settings: Settings) -> Check:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Check("disk", "ok" if free > LOW_DISK else "warn", f"{free / 1e9:.1f} GB free.")


def _memory_files() -> Check:
    folder = Path("/dev/shm")  # noqa: S108 the memory file system itself, not a temporary file
    if not folder.is_dir():
        return Check(
            "index",
            "warn",
            f"No memory file system; the index lives in this process ({tempfile.gettempdir()} is not used).",
        )
    return Check("index", "ok", f"Memory file system with {shutil.disk_usage(folder).free / 1e6:.0f} MB free.")


def _tool(name: str, package: str) -> Check:
    path = find_tool(name)
    return Check(name, "ok" if path else "warn", path or f"Not installed ({package}); Escher works without it.")


def _model() -> Check:
    from escher.vectors.embedder import load_embedder

    embedder = load_embedder()
    fallback = "hash" in embedder.name.lower()
    return Check("model", "warn" if fallback else "ok", f"{embedder.name}, {embedder.dimension} numbers a text.")


def _server(settings: Settings) -> Check:
    if not settings.server:
        return Check("server", "ok", "Embedded in this process.")
    import httpx

    try:
        answer = httpx.get(f"{settings.server.rstrip('/')}/v1/health", timeout=5)
    except httpx.HTTPError as failure:
        return Check("server", "bad", f"{settings.server} does not answer ({type(failure).__name__}).")
    return Check("server", "ok" if answer.is_success else "bad", f"{settings.server} answers {answer.status_code}.")
