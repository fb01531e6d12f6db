"""The search index: where it lives, whether there is room, and whether memory can reach a disk."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from escher.session.doctor.check import Check, Fact, Look, Patient
from escher.vectors.edge import BYTES_PER_POINT, ROOM_FOR_EMPTY
from escher.vectors.private_folder import memory_root

_SWAPS = Path("/proc/swaps")


def _index(patient: Patient) -> Check:
    if patient.settings.qdrant_url:
        says = "A Qdrant cluster holds the index: its owner sees vectors and how often values occur."
        return Check("index", "warn", says, "Unset ESCHER_QDRANT_URL to keep the index in this machine's memory.")
    root = memory_root(2 * ROOM_FOR_EMPTY)
    if root is None:
        says = "There is no memory file system with room, so the index lives in each process and is slower."
        return Check("index", "warn", says, "Enlarge /dev/shm (docker run --shm-size=1g).", {"kind": "memory"})
    free = shutil.disk_usage(root).free
    facts: dict[str, Fact] = {
        "kind": "edge",
        "free_mb": free // 1_000_000,
        "room_for_points": (free - 2 * ROOM_FOR_EMPTY) // BYTES_PER_POINT,
    }
    says = "On a memory file system with {free_mb:,} MB free, enough for {room_for_points:,} points."
    return Check("index", "ok", says, facts=facts)


def _swap(_: Patient) -> Check | None:
    if not _SWAPS.exists():
        return None
    places = [line.split() for line in _SWAPS.read_text("utf-8").splitlines()[1:]]
    # A compressed disk in memory is memory, and a mapped device is the usual form of an encrypted one.
    plain = [place for place in places if not place[0].startswith(("/dev/zram", "/dev/dm-", "/dev/mapper/"))]
    facts: dict[str, Fact] = {
        "areas": len(places),
        "unencrypted": len(plain),
        "used_kib": sum(int(place[3]) for place in plain),
    }
    if plain:
        says = "{unencrypted} swap areas are in use: what is in memory, keys and names included, can reach a disk."
        return Check("swap", "warn", says, "Encrypt the swap, or turn it off: sudo swapoff -a", facts)
    return Check("swap", "ok", "No memory is swapped to a disk in clear.", facts=facts)


def _image(patient: Patient) -> Check | None:
    """The encrypted image from which the index opens fast; it is brought in step with the store when it is opened."""
    images = sorted((patient.settings.store_path.parent / "index").glob("*.image"))
    if not images:
        return None
    oldest = min(image.stat().st_mtime for image in images)
    facts: dict[str, Fact] = {
        "images": len(images),
        "megabytes": sum(image.stat().st_size for image in images) // 1_000_000,
        "hours": int((time.time() - oldest) // 3600),
    }
    return Check("index image", "ok", "{images} of {megabytes:,} MB; the oldest is {hours:,} h old.", facts=facts)


def _vectors(patient: Patient) -> Check:
    facts = {"waiting": len(patient.parts.estate.without_vectors())}
    if facts["waiting"]:
        says = "{waiting:,} resources have no vector yet, so that search finds them by words and filters only."
        return Check("vectors", "warn", says, "Leave a session open, or scan: they are made in the background.", facts)
    return Check("vectors", "ok", "Every resource has its vector.", facts=facts)


LOOKS = (
    Look("index", _index),
    Look("swap", _swap),
    Look("index image", _image),
    Look("vectors", _vectors, inside=True),
)
