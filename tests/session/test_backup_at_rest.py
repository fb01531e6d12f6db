"""While a backup is made and restored, and afterwards, nothing of the store is in clear in any file."""

from __future__ import annotations

import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from escher.contract.estate import Resource
from escher.session.backups import Backups
from escher.session.wiring import assemble
from escher.settings import Settings

CANARIES = (b"tamarind-ibex", b"saffron-okapi", b"i-0decafbad")
VECTOR = bytes(range(256)) * 6


class Watch:
    """Looks at all files of the home, the temporary folder and this process whenever something is reported."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self.looks, self.found, self.written = 0, list[str](), set[str]()

    def __call__(self, event: Mapping[str, Any]) -> None:
        self.looks += 1
        for folder in self._folders:
            for path in folder.rglob("*"):
                content = path.read_bytes() if path.is_file() else b""
                wanted = (*CANARIES, VECTOR, b64encode(VECTOR)[:400], *map(_encoded, CANARIES))
                self.found += [f"{path}: {canary!r}" for canary in wanted if canary in content]
        for descriptor in Path("/proc/self/fd").iterdir():
            target = str(descriptor.readlink()) if descriptor.is_symlink() else ""
            if target.startswith("/") and any(Path(target).is_relative_to(folder) for folder in self._folders):
                self.written.add(Path(target).name)


def _encoded(canary: bytes) -> bytes:
    return b64encode(canary)[:-4]


def test_nothing_in_clear(
    settings: Settings, resource: Callable[..., Resource], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, tags, ids and vectors are in no file at any moment, and the only files are the store's and the draft."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    watch = Watch(settings.home, tmp_path / "tmp", tmp_path / "new")
    with assemble(settings) as parts:
        found = [
            resource(number, name=f"tamarind-ibex-{number}", tags={"team": "saffron-okapi"}, identifier=f"i-0decafbad{number}")
            for number in range(3_000)
        ]  # fmt: skip
        parts.estate.upsert(found)
        parts.estate.set_vectors({one.natural_key: ("model:hash", VECTOR) for one in found})
        made = Backups(settings, parts).create(progress=watch)
        new = replace(settings, home=tmp_path / "new")
        Backups(new).restore(str(made.path), progress=watch)
        Backups(settings, parts).restore(str(made.path), progress=watch)
        watch({})
    watch({})
    assert watch.found == []
    assert watch.looks > 8
    assert all(name.startswith((".escher_", "escher_", "escher.", ".escher.db")) for name in watch.written)
    assert any(name.startswith(".escher_") for name in watch.written)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_watch_sees_what_is_in_clear(tmp_path: Path) -> None:
    """A canary in a file is found, in clear and in base64."""
    (tmp_path / "file").write_bytes(b"x" + b64encode(CANARIES[0]) + CANARIES[1])
    watch = Watch(tmp_path)
    watch({})
    assert len(watch.found) == 2
