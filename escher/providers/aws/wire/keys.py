"""The keys that an account's requests are signed with: botocore's credentials, asked anew only when they grow old.

botocore renews them with calls of its own, so that happens in a thread. Nothing here shows a key in its repr.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from escher.contract.estate import Account
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.signing import Keys

_PATIENCE_S = 30
"""How long to leave credentials that are still good but could not be renewed."""


class KeyRing:
    """The keys of all accounts."""

    def __init__(self, access: AwsAccess) -> None:
        self._access = access
        self._held: dict[Account, _Held] = {}
        self._locks: dict[Account, asyncio.Lock] = {}

    async def keys(self, account: Account) -> Keys:
        """The keys of an account. Raises CredentialError and what botocore raises when it renews them."""
        held = self._held.get(account)
        if held is None or held.is_old():
            async with self._locks.setdefault(account, asyncio.Lock()):
                held = self._held.get(account)
                if held is None or held.is_old():
                    held = self._held[account] = await asyncio.to_thread(self._load, account)
        return held.keys

    async def renewed(self, account: Account, refused: Keys) -> bool:
        """Whether there are other keys now than those that AWS called expired."""
        async with self._locks.setdefault(account, asyncio.Lock()):
            held = self._held.get(account)
            if held is None or held.keys is refused:
                held = self._held[account] = await asyncio.to_thread(self._renew, account)
        return (held.keys.access_key, held.keys.token) != (refused.access_key, refused.token)

    def _load(self, account: Account) -> _Held:
        return _Held(self._access.credentials(account))

    def _renew(self, account: Account) -> _Held:
        return _Held(self._access.renewed(account))

    def __repr__(self) -> str:
        return f"KeyRing({len(self._held)} accounts)"


class _Held:
    """Credentials and the keys that they were frozen to."""

    def __init__(self, credentials: Any) -> None:
        self.keys: Keys = credentials.get_frozen_credentials()
        # Only credentials that expire can be asked whether they do.
        self._needs_renewal = getattr(credentials, "refresh_needed", None)
        self._patient_until = time.monotonic() + _PATIENCE_S
        self._expiry_s: float = getattr(credentials, "_mandatory_refresh_timeout", 0)

    def is_old(self) -> bool:
        """Whether the keys must be frozen anew."""
        if self._needs_renewal is None:
            return False
        if self._needs_renewal(refresh_in=self._expiry_s):
            return True
        return time.monotonic() > self._patient_until and bool(self._needs_renewal())

    def __repr__(self) -> str:
        return "_Held()"
