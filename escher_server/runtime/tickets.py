"""The one way in without a key: the path of an upload, whose last part is a signed ticket."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import Scope

from escher_server.runtime.caller import Caller
from escher_server.settings import API

UPLOADS = "/playbooks/uploads"
# The tenant for whom a ticket is good now, or None.
TicketReader = Callable[[str], str | None]


def ticket_holder(scope: Scope, tenant_of: TicketReader) -> Caller | None:
    """Whoever uploads with a ticket: their tenant, and no right but the ticket's own."""
    prefix = f"{API}{UPLOADS}/"
    if scope.get("method") != "PUT" or not scope["path"].startswith(prefix):
        return None
    tenant = tenant_of(scope["path"].removeprefix(prefix))
    return Caller(tenant=tenant, opaque="", key_id="ticket", rights=frozenset()) if tenant else None
