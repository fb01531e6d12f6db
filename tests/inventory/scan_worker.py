"""A scan in a process of its own, to be killed: `python -m tests.inventory.scan_worker HOME PASSPHRASE_FILE [TYPE …]`.

The store with its accounts is there already. Events go to stdout, a JSON line each; the last line is the report.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.inventory.resources import only


def main(home: str, passphrase_file: str, *types: str) -> None:
    """Scan, and tell."""
    settings = Settings(home=Path(home), passphrase_file=Path(passphrase_file))
    with Store.open(settings) as store:
        scanner = Scanner(EstateStore(store), Clouds(), lock_file=settings.home / "scan.lock")
        report = scanner.scan(only(*types), progress=_tell)
    _tell({"type": "report", **report.document()})


def _tell(event: Mapping[str, Any]) -> None:
    print(json.dumps(event), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
