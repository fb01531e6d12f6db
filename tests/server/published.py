"""Playbooks as tenants publish them: copies of one of the library, under names of their own."""

from __future__ import annotations

from typing import Any

from escher.contract.playbook import Metadata, Playbook, Script
from escher.contract.publication import Publication
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY

STOP = load(PACKAGED_LIBRARY).entries["escher-aws-ec2-stop", "1.0.0"].playbook


def own(version: str = "1.0.0", **values: Any) -> Playbook:
    """A user's own playbook that stops instances, to be published as trusted."""
    chosen = {"playbook_id": "user-stop", "author": "user_custom", "storage_strategy": "uploaded_trusted"}
    metadata = STOP.metadata.model_dump() | chosen | {"version": version} | values
    return STOP.model_copy(update={"metadata": Metadata.model_validate(metadata)})


def publication(version: str = "1.0.0", **values: Any) -> Publication:
    """The same on its way to the server."""
    return Publication(playbook=own(version, **values), why="for the team")


def with_script(playbook: Playbook, line: str, language: str = "bash") -> Playbook:
    """The playbook with one more line at the end of its first script."""
    key, script = next(iter(playbook.scripts.items()))
    code = {name: text + (f"{line}\n" if name == language else "") for name, text in script.code.items()}
    spoilt: Script = script.model_copy(update={"code": code})
    return playbook.model_copy(update={"scripts": playbook.scripts | {key: spoilt}})
