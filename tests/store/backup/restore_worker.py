"""A process that makes or restores a backup and kills itself on the way.

`python -m tests.store.backup.restore_worker create|in-place|rebuild HOME PASSPHRASE_FILE ARCHIVE MOMENT`: it ends
with SIGKILL just before the file operation of that number, counted from 1, or at its end prints how many there were.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from escher.settings import Settings
from escher.store.backup.archive import Archive
from escher.store.backup.rebuilding import rebuild
from escher.store.backup.restoring import restore_in_place
from escher.store.backup.writing import write_archive
from escher.store.vault import Store
from tests.store.backup.conftest import MADE_AT, note

# What Python tells its audit hooks of: every change of a name, and every opening of a file or a store.
MOMENTS = frozenset({"os.link", "os.rename", "os.remove", "fcntl.flock", "sqlite3.connect", "open"})


def main(what: str, home: str, passphrase_file: str, archive: str, moment: str) -> None:
    """Do one thing to the store of a home, as far as the moment."""
    settings, path = Settings(home=Path(home), passphrase_file=Path(passphrase_file)), Path(archive)
    opened = None if what == "create" else Archive.open(path)
    passed = 0

    def pass_by(event: str, arguments: Any) -> None:
        nonlocal passed
        if event in MOMENTS:
            passed += 1
            if passed == int(moment):
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(pass_by)
    if what == "rebuild":
        assert opened is not None
        rebuild(settings, opened, note=note)
    else:
        with Store.open(settings) as store:
            if opened is None:
                write_archive(store, path, MADE_AT)
            else:
                restore_in_place(store, opened, opened.unlock(settings).master, note=note)
    print(passed, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
