"""The store: whether it opens, who can read its files, how large it is, and whether all of it can be read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from escher.errors import EscherError, NotInitialised, StoreLocked
from escher.session.doctor.check import Check, Fact, Look, Patient, failed
from escher.settings import Settings
from escher.store.collections import COLLECTIONS
from escher.store.database import connect, translated

LARGE_LOG = 256 << 20
# Below this, a rewrite of the file gives too little back.
FREE_SHARE = 0.25
_FACTS = {"schema": "user_version", "pages": "page_count", "free_pages": "freelist_count", "page_bytes": "page_size"}
DEEP_SECONDS = 900.0


def _store(patient: Patient) -> Check:
    try:
        store = patient.parts.store
    except NotInitialised as failure:
        return Check("store", "bad", "There is no store yet.", "{move}", {"code": failure.code}, {"move": failure.hint})
    except StoreLocked as failure:
        return failed("store", failure, "warn")
    except EscherError as failure:
        return failed("store", failure)
    if store.refusal is not None:
        return failed("store", store.refusal)
    return Check("store", "ok", "Opens; {commits:,} commits.", facts={"commits": store.sequence})


def _files(patient: Patient) -> Check | None:
    settings = patient.settings
    open_to_others = [path for path in own_paths(settings) if path.exists() and path.stat().st_mode & 0o077]
    if not settings.home.exists():
        return None
    if open_to_others:
        first = open_to_others[0]
        facts: dict[str, Fact] = {"paths": len(open_to_others), "mode": f"{first.stat().st_mode & 0o777:04o}"}
        says, move = "Others can read {paths} of Escher's files or folders: {path} has mode {mode}.", "chmod go= {path}"
        return Check("files", "bad", says, move, facts, {"path": first})
    return Check("files", "ok", "Only you can read the home and the store.")


def own_paths(settings: Settings) -> list[Path]:
    """The home, the folder of the store, the store's file, and what SQLite keeps beside it."""
    store = settings.store_path
    beside = [store.with_name(store.name + suffix) for suffix in ("", "-wal", "-shm")]
    return [settings.home, store.parent, *beside, settings.snapshots]


def _size(patient: Patient) -> Check | None:
    path = patient.settings.store_path
    if not path.exists():
        return None
    facts = file_facts(path)
    says = "Schema version {schema}, {file_bytes:,} bytes, {log_bytes:,} in the write-ahead log, {free_pages:,} of {pages:,} pages free."
    if int(facts["log_bytes"]) > LARGE_LOG:
        move = "Close the notebooks that read for a long time; the log is then written back."
        return Check("size", "warn", says, move, facts)
    if int(facts["free_pages"]) * int(facts["page_bytes"]) > FREE_SHARE * int(facts["file_bytes"]) > LARGE_LOG:
        return Check("size", "warn", says, "escher keys rotate, which writes the file anew", facts)
    return Check("size", "ok", says, facts=facts)


def file_facts(path: Path) -> dict[str, Fact]:
    """Sizes of a store's file and of its log, without its key. Raises StoreTampered for a file that is no database."""
    log = path.with_name(path.name + "-wal")
    with translated(path), closing(connect(path)) as connection:
        numbers = {name: int(connection.execute(f"PRAGMA {pragma}").fetchone()[0]) for name, pragma in _FACTS.items()}
    log_bytes = log.stat().st_size if log.exists() else 0
    return {"file_bytes": path.stat().st_size, "log_bytes": log_bytes, **numbers}


def _audit(patient: Patient) -> Check:
    found = patient.parts.ledger.verify()
    facts: dict[str, Fact] = {"entries": found.entries, "result": found.status}
    if found.status == "ok":
        return Check("audit", "ok", "{entries:,} entries, none altered or missing.", facts=facts)
    status = "warn" if found.status == "unverifiable" else "bad"
    return Check("audit", status, "{found}", "escher audit verify", facts, {"found": found.message})


def _deep(patient: Patient) -> Check | None:
    """Decrypt every record of every collection."""
    if not patient.deep:
        return None
    store = patient.parts.store
    read = sum(1 for name in COLLECTIONS for _ in store.records(name))
    return Check("every record", "ok", "{records:,} records decrypted; none altered.", facts={"records": read})


LOOKS = (
    Look("store", _store),
    Look("files", _files),
    Look("size", _size),
    Look("audit", _audit, seconds=60, inside=True),
    Look("every record", _deep, DEEP_SECONDS, inside=True),
)
