"""Put the parts together: the only place that knows every room, and the only one that starts the server's app."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from escher.approval.approvals import Approvals
from escher.approval.grant import find_tool
from escher.contract.estate import Account, Resource
from escher.contract.ports import Brain
from escher.contract.vocabulary import Language
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store

if TYPE_CHECKING:
    from escher.context.build import ContextBuilder
    from escher.execution.engine import Engine
    from escher.inventory.scan import Scanner
    from escher.providers.aws.session import AwsAccess
    from escher.retrieval.index import EstateIndex
    from escher.retrieval.targets import EstateTargets
    from escher.scripts.reader import Reader


def server_app() -> Any:
    """The server's ASGI app: the same for this process and for a port."""
    from escher_server.app import create_app

    return create_app()
