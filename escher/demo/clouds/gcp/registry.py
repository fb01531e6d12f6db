"""The functions that answer methods which need more than the usual."""

from __future__ import annotations

from collections.abc import Callable

from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.state import Json

HANDLERS: dict[str, Callable[[Call], Json]] = {}


def serves(*methods: str) -> Callable[[Callable[[Call], Json]], Callable[[Call], Json]]:
    """Mark the function that answers these methods: whole ids, or `api.*.lastWord`."""

    def mark(function: Callable[[Call], Json]) -> Callable[[Call], Json]:
        HANDLERS.update(dict.fromkeys(methods, function))
        return function

    return mark
