"""botocore's own data (service models, endpoints, partitions), read once and shared by the sessions of all accounts.

A session that loads it anew costs 0.3 s and 25 MB; there is one for each account.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from botocore.loaders import create_loader
from botocore.session import Session

from escher.errors import ConfigurationError

# It reports a refused log-in with a traceback that names accounts and roles, on top of raising it.
logging.getLogger("botocore.credentials").setLevel(logging.CRITICAL)
# At the level DEBUG these write down tokens, signatures and the answers of log-ins.
for _name in ("botocore.auth", "botocore.endpoint", "botocore.parsers"):
    logging.getLogger(_name).setLevel(logging.INFO)


def new_session(profile: str = "") -> Any:
    """A botocore session for a profile of the user's configuration; empty = the default chain."""
    session = Session(profile=profile or None)
    session.register_component("data_loader", _loader())
    return session


def default_region(partition: str) -> str:
    """The region where a partition keeps its global services. Raises ConfigurationError for an unknown partition."""
    regions = _default_regions()
    if partition not in regions:
        raise ConfigurationError(
            f"there is no AWS partition {partition!r}.", hint=f"Choose one of {', '.join(regions)}."
        )
    return regions[partition]


@cache
def _loader() -> Any:
    return create_loader(Session().get_config_variable("data_path"))


@cache
def _default_regions() -> dict[str, str]:
    partitions = _loader().load_data("partitions")["partitions"]
    return {partition["id"]: partition["outputs"]["implicitGlobalRegion"] for partition in partitions}


@cache
def regions_of(service: str, partition: str) -> frozenset[str]:
    """Where botocore's data says that a service is; empty when it does not say."""
    return frozenset(new_session().get_available_regions(service, partition))
