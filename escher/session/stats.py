"""How much there is of everything: records, bytes, keys, scans, the index and the backups. Numbers only, and accounts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from escher.contract.estate import Scope
from escher.session.doctor.areas.store import file_facts
from escher.store.chat import ChatStore
from escher.vectors.edge import ROOM_FOR_EMPTY
from escher.vectors.private_folder import memory_root

if TYPE_CHECKING:
    from escher.session.wiring import Parts


def gather(parts: Parts) -> dict[str, Any]:
    """The document of `escher stats`; sizes in bytes, times in UTC. Raises StoreTampered."""
    return {
        "store": str(parts.store.path),
        "file": file_facts(parts.store.path),
        "commits": parts.store.sequence,
        "collections": collections(parts),
        "estate": estate(parts) | {"by_account": _accounts(parts)},
        "scans": scans(parts.estate.scopes()),
        "index": index(parts),
        "backups": folder(parts.settings.snapshots),
        "conversations": len(ChatStore(parts.store).contexts()),
    }


def collections(parts: Parts) -> list[dict[str, Any]]:
    """A row for each of the six: records, those deleted, vectors, bytes, and the age and use of its key."""
    now = time.time()
    return [
        {
            "name": one.name,
            "records": one.records,
            "deleted": one.deleted,
            "vectors": one.vectors,
            "bytes": one.bytes,
            "key_id": one.key_id,
            # A key of the store's first version has no date.
            "key_age_days": int((now - one.key_made_at) // 86_400) if one.key_made_at else None,
            "writes": one.writes,
        }
        for one in parts.store.stats()
    ]


def estate(parts: Parts) -> dict[str, Any]:
    """Resources by provider and by kind, the most first."""
    resources = parts.estate.snapshot().resources.values()
    return {
        "resources": len(resources),
        "by_provider": _counted(one.provider for one in resources),
        "by_kind": _counted(one.kind for one in resources),
    }


def _accounts(parts: Parts) -> list[dict[str, Any]]:
    names = {account.account_id: account.name for account in parts.estate.accounts()}
    counts = Counter((one.provider, one.account_id) for one in parts.estate.snapshot().resources.values())
    return [
        {"provider": provider, "account_id": id_, "name": names.get(id_, ""), "resources": count}
        for (provider, id_), count in counts.most_common()
    ]


def scans(scopes: Sequence[Scope]) -> dict[str, Any]:
    """How many scopes there are, how many were seen whole, and when the first and last of them were scanned."""
    times = [scope.scanned_at for scope in scopes if scope.scanned_at]
    return {
        "scopes": len(scopes),
        "complete": sum(scope.status == "complete" for scope in scopes),
        "oldest": _utc(min(times)) if times else None,
        "newest": _utc(max(times)) if times else None,
    }


def index(parts: Parts) -> dict[str, Any]:
    """Which index a search uses here, and the size of its image."""
    if parts.settings.qdrant_url:
        return {"kind": "remote", "images": folder(parts.store.path.parent / "index")}
    kind = "memory" if memory_root(2 * ROOM_FOR_EMPTY) is None else "edge"
    return {"kind": kind, "images": folder(parts.store.path.parent / "index")}


def folder(path: Path) -> dict[str, Any]:
    """How many files lie in a folder and below it, how large they are, and when the newest was written."""
    found = [file.stat() for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
    newest = max((status.st_mtime for status in found), default=0)
    return {
        "count": len(found),
        "bytes": sum(status.st_size for status in found),
        "newest": _utc(newest) if newest else None,
    }


def _counted(values: Any) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
