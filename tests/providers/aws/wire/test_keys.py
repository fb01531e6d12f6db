"""The keys that requests are signed with: renewed in time, by one at a time, and never shown."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.credentials import DeferredRefreshableCredentials, RefreshableCredentials

from escher.contract.estate import Account
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.aws.wire.keys import KeyRing
from escher.providers.pacing import Pacer

ACCOUNT = Account("aws", "111111111111", "shop")


class Lent(AwsAccess):
    """Access with botocore's renewable credentials, each good for some time; `renewals` are the threads that asked."""

    def __init__(self, good_for: timedelta, kind: Any = RefreshableCredentials) -> None:
        super().__init__()
        self._good_for = good_for
        self.renewals: list[str] = []
        if kind is DeferredRefreshableCredentials:
            self._credentials = DeferredRefreshableCredentials(self._renew, "test")
        else:
            self._credentials = RefreshableCredentials.create_from_metadata(self._renew(), self._renew, "test")

    def credentials(self, account: Account) -> Any:
        """The same for every account."""
        return self._credentials

    def _renew(self) -> dict[str, str]:
        self.renewals.append(threading.current_thread().name)
        expiry = datetime.now(UTC) + self._good_for
        key = f"AKIA{len(self.renewals)}"
        return {
            "access_key": key, "secret_key": "canary-secret", "token": "canary-token", "expiry_time": expiry.isoformat(),
        }  # fmt: skip


def used(access: Lent, times: int) -> list[str]:
    """The keys of as many calls at once."""

    async def asked() -> list[str]:
        ring = KeyRing(access)
        return [keys.access_key for keys in await asyncio.gather(*(ring.keys(ACCOUNT) for _ in range(times)))]

    return asyncio.run(asked())


def test_keys_that_are_good_are_kept() -> None:
    """Nobody is asked again."""
    access = Lent(timedelta(hours=1))
    assert used(access, 10) == ["AKIA1"] * 10
    assert len(access.renewals) == 1


def test_a_role_is_entered_once_and_not_in_the_event_loop() -> None:
    """Ten calls at once wait for the one that asks, in a thread of its own."""
    access = Lent(timedelta(hours=1), DeferredRefreshableCredentials)
    assert used(access, 10) == ["AKIA1"] * 10
    assert [name == "MainThread" for name in access.renewals] == [False]


def test_keys_that_are_about_to_expire_are_renewed() -> None:
    """In the last minutes there are new ones."""
    access = Lent(timedelta(minutes=5))
    assert used(access, 1) == ["AKIA2"]


@pytest.mark.parametrize("make", [repr, str, "{}".format, lambda held: repr(vars(held))])
def test_no_key_is_shown(make: Any) -> None:
    """What holds keys does not show them."""
    access = Lent(timedelta(hours=1))
    ring, calls = KeyRing(access), LeanCalls(access, Pacer())
    asyncio.run(ring.keys(ACCOUNT))
    assert "canary" not in make(ring) + make(calls)
