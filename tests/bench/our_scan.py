"""A scan by Escher in a process of its own: `python -m tests.bench.our_scan < jobs.json` prints what it took.

It scans twice, each time into a new store, and measures the second time. `peak_mb` is the most memory this process had.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from escher.contract.estate import Account
from escher.inventory.plan import ScanRequest
from escher.inventory.report import ScanReport
from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.fixtures.moto_cloud import role_in


def scan(given: dict[str, Any]) -> ScanReport:
    """Scan into a new store."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        passphrase = home / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text("correct horse battery staple")
        with Store.create(Settings(home=home / "home", passphrase_file=passphrase)) as store:
            estate = EstateStore(store)
            for account_id in given["accounts"]:
                estate.put_account(
                    Account(
                        "aws", account_id, account_id, role_arns=(role_in(account_id),),
                        regions=tuple(given["regions"]), endpoint_url=given["endpoint"],
                    )
                )  # fmt: skip
            request = ScanRequest(types=tuple(given["types"]), permissions=False)
            return Scanner(estate, Clouds()).scan(request)


def main() -> None:
    """Scan twice; print what the second time took."""
    given = json.load(sys.stdin)
    for _ in range(given.get("warm", 1)):
        scan(given)
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    report = scan(given)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        json.dumps(
            {
                "wall": time.perf_counter() - wall,
                "cpu": cpu,
                "found": report.counts.found,
                "complete": report.complete,
                "errors": report.errors[:3],
                "calls": report.calls,
                "peak_mb": after.ru_maxrss / 1_024,
            }
        )
    )


if __name__ == "__main__":
    main()
