"""Many processes that want one approval at the same moment: a program of its own for test_single_use.

It is told a home, the store's key and a number on its command line and stdin, and prints what each process got.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from escher.errors import EscherError
from escher.settings import Settings
from escher.store.vault import Store
from tests.approval.conftest import built, instance


def consume(settings: Settings, number: int) -> str:
    """What one process gets: `run` or the code of the refusal."""
    with Store.open(settings) as store:
        house = built(store)
        house.estate[instance(1).resource_id] = instance(1)
        try:
            return house.approvals.consume("plan-1", f"run-{number}").run_id.partition("-")[0]
        except EscherError as refusal:
            return refusal.code


def main(home: str, processes: int, key: str) -> None:
    """Fork them all, let them go at once, and wait for each."""
    settings = Settings(home=Path(home), master_key=key)
    held, go = os.pipe()
    children: list[int] = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            os.close(go)
            os.read(held, 1)
            os.write(1, f"{consume(settings, number)}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(go)
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.stdin.readline().strip())
