"""A process that makes or restores backups until it is killed: `backup_worker.py backup|restore` on ESCHER_HOME."""

from __future__ import annotations

import sys

from escher.errors import EscherError
from escher.session.backups import Backups, is_in_order
from escher.session.wiring import assemble
from escher.settings import load_settings


def main() -> None:
    """Say `ready`, do it, and say `done`, or what went wrong."""
    settings = load_settings()
    print("ready", flush=True)
    try:
        if is_in_order(settings):
            with assemble(settings) as parts:
                backups = Backups(settings, parts)
                if sys.argv[1] == "backup":
                    backups.create()
                else:
                    backups.restore(sys.argv[2])
        else:
            Backups(settings).restore(sys.argv[2])
    except EscherError as failure:
        print(failure, flush=True)
        raise
    print("done", flush=True)


if __name__ == "__main__":
    main()
