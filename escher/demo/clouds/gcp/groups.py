"""Managed groups of instances: their size. The number is kept; no instance is made or deleted for it."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call, invalid
from escher.demo.clouds.gcp.instances import target
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json
from escher.demo.clouds.gcp.writing import begin


@serves("compute.instanceGroupManagers.resize")
def resize(call: Call) -> Json:
    """The target size, from 0 on."""
    path, size = target(call), int(call.option("size"))
    if size < 0:
        raise invalid(f"Invalid value for field 'size': '{size}'. Must be greater than or equal to 0.")

    def effect() -> None:
        call.put(call.copy(path) | {"targetSize": size}, path)

    return begin(call, "compute.instanceGroupManagers.resize", effect, path)
