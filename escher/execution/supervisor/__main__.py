"""`python -m escher.execution.supervisor`: own the runs of a home until nobody needs it. Started by a session only.

The store's master key and what came with the client arrive on standard input, never as argument or variable. The
process leaves its starter's session, so that neither a kernel's end nor a terminal's takes it along.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from escher.approval.approvals import Approvals
from escher.approval.policies import Policies
from escher.approval.world import Look
from escher.contract.plan import Plan
from escher.contract.ports import CloudAccess
from escher.errors import EscherError, StoreError
from escher.execution.credentials import Credentials
from escher.execution.engine import Engine
from escher.execution.sandbox.level import level
from escher.execution.supervisor.keeping import Keeper, stopping
from escher.execution.supervisor.place import Place, private_folder
from escher.execution.supervisor.serving import IDLE_S, Service
from escher.execution.supervisor.settling import Settling
from escher.execution.supervisor.speaking import PURPOSE
from escher.inventory.looking import LiveLook
from escher.ledger.ledger import Ledger
from escher.providers.clouds import Clouds
from escher.scripts.reader import Reader
from escher.settings import Settings, load_settings
from escher.store.estate import EstateStore
from escher.store.lock import Lock
from escher.store.outdated import Outdated
from escher.store.vault import Store

LOOK_S = 0.3
OWN_TRIES = 20


class Parts:
    """What runs need, put together; the other place where that is done is session/wiring.py.

    `access` and `look` are of the real clouds, unless a test has others.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        own_scripts: frozenset[str],
        access: CloudAccess | None = None,
        look: Look | None = None,
    ) -> None:
        self.settings, self.store, self.place = settings, store, Place.of(settings)
        self.ledger, self.estate = Ledger(store, second_place=settings.audit_copy), EstateStore(store)
        clouds = Clouds()
        access, look = access or clouds, look or LiveLook(self.estate, clouds)
        policies = Policies(store, self.ledger)
        self.policy = policies.policy
        approvals = Approvals(
            store=store,
            ledger=self.ledger,
            access=access,
            reader=Reader(),
            estate=self._resources,
            accounts=self._accounts,
            look=look,
            policy=policies.policy,
            marks=self.estate.marks,
            own_scripts=lambda: own_scripts,
            sandbox=level,
            valid_for=timedelta(minutes=settings.approval_minutes),
        )
        credentials = Credentials(access, self._accounts)
        streams = settings.exec_stream_output
        engine = Engine(store, self.ledger, approvals, access, self._accounts, credentials=credentials, streams=streams)
        self.keeper = Keeper(
            store=store,
            engine=engine,
            approvals=approvals,
            credentials=credentials,
            journals=self.place.journals,
            most=settings.exec_max_concurrent,
            confirm=self._confirm,
        )
        self.settling = Settling(store, self.ledger, self.place.journals, self._resources, look)

    def _resources(self) -> Any:
        return self.estate.snapshot().by_id

    def _accounts(self) -> Any:
        return {account.account_id: account for account in self.estate.accounts()}

    def _confirm(self, plan: Plan) -> None:
        """Ask the person at the machine, where the policy says that a click is not enough."""
        if self.policy().presence == "os":
            from escher.approval.presence import confirm

            known = self._resources()
            ids = dict.fromkeys(target for step in plan.steps for target in step.targets)
            confirm(plan, [known[one] for one in ids if one in known])


def main(make: Callable[[Settings, Store, frozenset[str]], Parts] = Parts) -> int:
    """Own the runs of the home of this environment; 0 when it ended in good order or somebody else owns them."""
    handed = json.loads(sys.stdin.buffer.readline())
    if os.fork():  # the starter waits for the first process only
        os._exit(0)
    os.setsid()
    settings = replace(load_settings(), master_key=handed["master_key"])
    place = Place.of(settings)
    for _ in range(OWN_TRIES):
        with place.owned() as owned:
            if owned:
                return _own(settings, place, lambda store: make(settings, store, frozenset(handed["own_scripts"])))
        if not place.is_owned:  # somebody only looked whether it was owned
            time.sleep(0.01)
            continue
        break
    _say({"busy": True})
    return 0


def _own(settings: Settings, place: Place, make: Callable[[Store], Parts]) -> int:
    folder = private_folder()
    try:
        Lock(settings).require_open()
        with Store.open(settings) as store:
            parts = make(store)
            asyncio.run(_serve(parts, place, folder))
            with suppress(StoreError):
                parts.ledger.checkpoint()
    except EscherError as failure:
        _say({"error": failure.document()})
        return 1
    except Exception as cause:
        _note_crash(place, cause)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


async def _serve(parts: Parts, place: Place, folder: Path) -> None:
    """Settle what the last one left, then answer until there is nobody to answer."""
    left = await asyncio.to_thread(parts.settling.settle)
    service = Service(parts.keeper, parts.store.derive(PURPOSE))
    server = await service.listen(folder)
    _end_on_signals(service, parts)
    place.announce(folder / "s")
    _say({"ready": os.getpid()})
    reconciling = asyncio.create_task(asyncio.to_thread(parts.settling.reconcile, left))
    await _until_over(parts, service)
    parts.keeper.refuse(stopping())
    server.close()
    (folder / "s").unlink(missing_ok=True)
    await parts.keeper.drained()
    await reconciling


async def _until_over(parts: Parts, service: Service) -> None:
    """Until it is asked to end, nobody has been there for a while, or the store was locked or replaced."""
    lock, outdated = Lock(parts.settings), Outdated(parts.store)
    while service.idle_s < IDLE_S:
        with suppress(TimeoutError):
            await asyncio.wait_for(service.asked_to_end.wait(), LOOK_S)
            return
        if lock.marker.locked or outdated:
            return


def _end_on_signals(service: Service, parts: Parts) -> None:
    """SIGTERM stops all that runs, records it, and ends; what a terminal or a kernel sends is none of ours."""

    def stop() -> None:
        parts.keeper.cancel_all("the supervisor was told to end")
        service.asked_to_end.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop)
    for number in (signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, partial(int, 0))


def _say(what: dict[str, Any]) -> None:
    """One line to the starter, and then nothing more."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    with suppress(OSError):
        os.write(1, json.dumps(what).encode() + b"\n")
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _note_crash(place: Place, cause: Exception) -> None:
    """Where and of which type, never what: words of an error may hold what is nobody's business."""
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)]
    path = place.data / "supervisor.log"
    path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {type(cause).__name__}\n  "
            + "\n  ".join(where)
            + "\n"
        )


if __name__ == "__main__":
    sys.exit(main())
