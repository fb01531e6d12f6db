"""Every declared resource type, found by walking the clouds' `resources` folders; there is no list to keep by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import MappingProxyType

import escher.providers
from escher.providers.declarations import ResourceType


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """All declarations by name, in the order of their names."""
    clouds = [module.name for module in iter_modules(escher.providers.__path__) if module.ispkg]
    found = [declared for cloud in clouds for declared in _declared_by(cloud)]
    return MappingProxyType({declared.name: declared for declared in sorted(found, key=lambda declared: declared.name)})


def _declared_by(cloud: str) -> list[ResourceType]:
    package = f"{escher.providers.__name__}.{cloud}.resources"
    if find_spec(package) is None:
        return []
    return [import_module(f"{package}.{module.name}").TYPE for module in iter_modules(import_module(package).__path__)]
