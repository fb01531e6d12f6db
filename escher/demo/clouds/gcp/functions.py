"""Cloud Functions: the first version of the API knows only functions of the first generation, and there are none."""

from __future__ import annotations

from escher.demo.clouds.gcp import reading
from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json


@serves("cloudfunctions.projects.locations.functions.list")
def list_functions(call: Call) -> Json:
    """The functions of the generation that the version is about."""
    return {} if call.document.version == "v1" else reading.listing(call)
