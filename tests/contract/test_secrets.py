"""What must not leave inside a playbook is found wherever it stands, and nothing of the library is taken for it."""

from __future__ import annotations

import pytest

from escher.contract.playbook import Playbook
from escher.contract.secrets import leaks, what_leaks
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY

ENTRIES = load(PACKAGED_LIBRARY).entries
STOP = ENTRIES["escher-aws-ec2-stop", "1.0.0"].playbook
SECRETS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "ghp_" + "a1B2c3D4" * 5,
    "xoxb-" + "123456789012-abcdef",
    'password = "hunter2-hunter2"',
    "AccountKey=" + "abcDEF123456+/==",
    "https://ana:s3cret@db.example.org/x",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
    "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
    "123456789012",
    "arn:aws:iam::123456789012:role/deploy",
    "8f14e45f-ceea-467f-ab5e-0f3c2d1b9a77",
    "projects/shop-prod-17/zones",
    "i-0a41c8e2f6b7d9150",
    "10.1.2.3",
    "2001:db8:85a3:0:0:8a2e:370:7334",
    "ana@example.org",
    "http://intranet.corp/x",
]
HARMLESS = [
    "0.0.0.0/0", "127.0.0.1", "v1.2.3", "arn:aws:s3:::${1}", "20261124", "aws-ec2-stop@1.0.0", "db.r6g.large",
    "https://ec2.amazonaws.com", 'TOKEN="$1"', "projects/$PROJECT/zones", "443", "sha256", "at 12:30:45",
]  # fmt: skip


@pytest.mark.parametrize("text", SECRETS)
def test_credentials_account_ids_and_addresses_are_found(text: str) -> None:
    """In a line of a script and in a field, each with its place, and never repeated."""
    key = next(iter(STOP.scripts))
    script = STOP.scripts[key]
    spoilt = script.model_copy(update={"code": script.code | {"bash": f"#!/usr/bin/env bash\nX={text}\n"}})
    in_script = STOP.model_copy(update={"scripts": STOP.scripts | {key: spoilt}})
    [found] = {(one.place, one.line) for one in leaks(in_script)}
    assert found == (f"{key} (bash)", 2)
    in_field = STOP.model_copy(update={"metadata": STOP.metadata.model_copy(update={"purpose": f"Uses {text}. Now."})})
    assert {one.place for one in leaks(in_field)} == {"playbook.metadata.purpose"}
    assert text not in " ".join(map(str, (*leaks(in_script), *leaks(in_field))))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_everybody_writes_is_not_taken_for_one(text: str) -> None:
    """Open networks, versions, variables, the providers' own addresses."""
    assert what_leaks(text) == ()


@pytest.mark.parametrize("playbook", [pytest.param(one.playbook, id=id_) for (id_, _), one in ENTRIES.items()])
def test_nothing_of_the_library_is_taken_for_one(playbook: Playbook) -> None:
    """Every playbook of the library could be published."""
    assert leaks(playbook) == ()
