"""Liveness, versions, and what this server can do."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, get_args

from fastapi import APIRouter

from escher.contract.context import LIMIT_BYTES, LIMIT_PROMPT
from escher.contract.events import Accepted
from escher.contract.ui import Layout, Slot
from escher.contract.wire import Wire
from escher_server.library.loader import Library
from escher_server.routes.access import router


class Health(Wire):
    """The server answers."""

    status: Literal["ok"] = "ok"


class Version(Wire):
    """Which server this is, and which protocol it speaks."""

    server: str
    protocol: str
    api: Literal["v1"] = "v1"


class Capabilities(Wire):
    """What can be asked of this server. `refused` counts playbooks that its library holds and cannot serve.

    `llm_seen_by` says whose language model is given what is asked; empty without one.
    """

    llm: bool
    llm_seen_by: str
    components: tuple[str, ...]
    templates: tuple[str, ...]
    limits: dict[str, int]
    playbooks: int
    refused: int


def status_router(library: Callable[[], Library], llm_seen_by: str = "") -> APIRouter:
    """The routes that need no question."""
    routes = router("status")

    @routes.get("/health")
    async def health() -> Health:
        """Needs no key."""
        return Health()

    @routes.get("/version")
    async def versions() -> Version:
        """Server, protocol and API version."""
        return Version(server=_installed(), protocol=Accepted.model_fields["protocol"].default)

    @routes.get("/capabilities")
    async def capabilities() -> Capabilities:
        """Whether a model is used, which components and templates may come, and the limits."""
        return Capabilities(
            llm=bool(llm_seen_by),
            llm_seen_by=llm_seen_by,
            components=_choices(Slot, "type"),
            templates=_choices(Layout, "template"),
            limits={"body_bytes": LIMIT_BYTES, "prompt_characters": LIMIT_PROMPT},
            playbooks=len(library().entries),
            refused=len(library().refused),
        )

    return routes


def _choices(model: type[Wire], field: str) -> tuple[str, ...]:
    return get_args(model.model_fields[field].annotation)


def _installed() -> str:
    try:
        return version("escher")
    except PackageNotFoundError:
        return "source"
