"""Which addresses a step may reach: a host and a port each. Pure; a name admitted is not yet an address admitted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}
_METADATA = frozenset({"169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd20:ce::254"})


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A host and a port. `pinned` is an endpoint of the account's own, which may be in a private network."""

    host: str
    port: int
    pinned: bool = False

    def __str__(self) -> str:
        return self.host if self.port == 443 else f"{self.host}:{self.port}"


def of_url(url: str, *, pinned: bool = True) -> Address | None:
    """The address that a URL leads to, or None when it is no URL of a host."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return Address(parts.hostname.lower(), parts.port or _PORTS[parts.scheme], pinned)


def admitted(host: str, port: int, allowed: Iterable[Address]) -> Address | None:
    """The allowed address that a host and port are, exactly; None for every other."""
    plain = host.lower().rstrip(".").strip("[]")
    return next((one for one in allowed if (one.host, one.port) == (plain, port)), None)


def may_connect(address: Address, numeric: str) -> bool:
    """Whether a name may lead to this numeric address: in public networks only, unless the endpoint is pinned.

    Link-local addresses are never reached, not even by a pinned name: credentials of the machine are served there.
    """
    found = ipaddress.ip_address(numeric.partition("%")[0])
    if found.is_link_local or found.is_multicast or found.is_unspecified or str(found) in _METADATA:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return may_connect(address, str(mapped))
    return address.pinned or found.is_global
