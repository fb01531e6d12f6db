"""After a store is closed its keys are in no page of the process's memory."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from escher.settings import Settings

# The process notes its keys as XOR with a mask, so that looking for them does not put them there.
SCRIPT = """
import ctypes, json, os, re, sys
from pathlib import Path
from escher.settings import Settings
from escher.store import keys, sources
from escher.store.records import Record
from escher.store.vault import Store

MASK = os.urandom(32)
noted = {}

def note(name, key):
    noted[name] = int.from_bytes(key, "big") ^ int.from_bytes(MASK, "big")

def watch(owner, name, called):
    real = getattr(owner, name)
    def watched(*arguments):
        key = real(*arguments)
        note(f"{called} {arguments[-1]}", key)
        return key
    setattr(owner, name, watched)

watch(keys.MasterKey, "unwrap", "key")
watch(keys, "_hkdf", "derived")
real = keys.MasterKey.__init__
def begin(self, key, store_id):
    note("master", key)
    real(self, key, store_id)
keys.MasterKey.__init__ = begin

def found():
    pages = {}
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if rights.startswith("rw"):
                start, end = (int(part, 16) for part in place.split("-"))
                memory.seek(start)
                try:
                    pages[start] = memory.read(end - start)
                except OSError:
                    continue
    left = []
    for name, masked in noted.items():
        wanted = bytearray((masked ^ int.from_bytes(MASK, "big")).to_bytes(32, "big"))
        first, second = bytes(wanted[:16]), bytes(wanted[16:])
        wanted[:] = bytes(32)
        if any(second == page[at + 16 : at + 32] for page in pages.values() for at in places(page, first)):
            left.append(name)
    return left

def places(page, part):
    at = page.find(part)
    while at >= 0:
        yield at
        at = page.find(part, at + 1)

store = Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2])))
with store.transaction() as within:
    for name in store._sealers:
        within.put(name, Record("r", {}))
store.rotate()
before = found()
store.close()
del store, within
print(json.dumps([len(noted), before, found()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_no_key_is_in_memory_after_closing(settings: Settings) -> None:
    """Master key, derivation key, data keys and all derived keys: found while it is open, none after it."""
    command = [sys.executable, "-c", SCRIPT, str(settings.home), str(settings.passphrase_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    noted, before, after = json.loads(done.stdout)
    assert noted >= 20 and "master" in before
    # The check of the master key stands in the file's header and is no secret.
    assert [name for name in after if not name.startswith("derived check of the master key")] == []
