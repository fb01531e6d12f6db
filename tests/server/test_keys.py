"""API keys: made, shown once, kept as salted hashes, rotated, revoked; and which door each opens."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import httpx
import pytest

from escher.client.embedded import EmbeddedTransport
from escher.errors import ConfigurationError, InvalidInput, NotFound
from escher_server.app import create_app
from escher_server.runtime.key_file import AcceptedKeys, KeyFile
from escher_server.settings import ServerSettings
from tests.server.conftest import context


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """The keys of a new home."""
    return KeyFile(tmp_path / "home")


def test_a_key_is_kept_as_a_salted_hash(keys: KeyFile, tmp_path: Path) -> None:
    """The file is private and holds neither the key nor the same hash twice; the key finds its tenant."""
    key, record = keys.create("acme", ("user",))
    twin, _ = keys.create("acme", ("user",))
    path = tmp_path / "home" / "keys.json"
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent)] == [0o600, 0o700]
    assert key.split("_", 2)[2] not in path.read_text() and twin not in path.read_text()
    found = AcceptedKeys(keys, ()).find(key)
    assert found is not None and (found.tenant, found.key_id) == ("acme", record.key_id)


def test_two_keys_with_the_same_scopes_are_active_at_most(keys: KeyFile) -> None:
    """The third is refused; rotating makes a third and takes the oldest out of use."""
    first, _ = keys.create("acme", ("user",))
    second, _ = keys.create("acme", ("user",))
    with pytest.raises(InvalidInput, match="2 active keys"):
        keys.create("acme", ("user",))
    third, _ = keys.rotate("acme", ("user",))
    accepted = AcceptedKeys(keys, ())
    assert [accepted.find(key) is not None for key in (first, second, third)] == [False, True, True]


def test_rotating_one_key_leaves_it_until_it_is_revoked(keys: KeyFile) -> None:
    """So that everybody can change over in between."""
    old, record = keys.create("acme", ("user",))
    new, _ = keys.rotate("acme", ("user",))
    accepted = AcceptedKeys(keys, ())
    assert accepted.find(old) and accepted.find(new)
    keys.revoke(record.key_id)
    accepted = AcceptedKeys(keys, ())
    assert accepted.find(old) is None and accepted.find(new)


def test_a_running_server_sees_a_change_within_a_second(keys: KeyFile) -> None:
    """A key that is revoked, a first key where none was asked for, and a file that is gone or damaged: no door opens."""
    now = 0.0
    accepted = AcceptedKeys(keys, (), clock=lambda: now)
    assert accepted.find("") is not None
    key, record = keys.create("acme", ("user",))
    now = 1.0
    assert accepted.find("") is None and accepted.find(key)
    keys.revoke(record.key_id)
    now = 2.0
    assert accepted.find(key) is None
    key, _ = keys.create("acme", ("user",))
    path = keys._path
    for damage in (lambda: path.write_text("{"), path.unlink):
        damage()
        now += 1.0
        assert accepted.find(key) is None and accepted.find("") is None


def test_a_key_file_that_cannot_be_trusted_stops_the_start(keys: KeyFile) -> None:
    """Damaged, or open to others for writing."""
    keys.create("acme", ("user",))
    keys._path.chmod(0o666)
    with pytest.raises(ConfigurationError, match="others may write"):
        AcceptedKeys(keys, ())
    keys._path.chmod(0o600)
    keys._path.write_text(json.dumps({"format": 1, "keys": [{}]}))
    with pytest.raises(ConfigurationError, match="damaged"):
        AcceptedKeys(keys, ())


@pytest.mark.parametrize("tenant", ["", "Acme", "a b", "../x", "-a", "a" * 65])
def test_a_tenant_has_a_plain_name(keys: KeyFile, tenant: str) -> None:
    """Nothing is written for any other."""
    with pytest.raises(InvalidInput, match="tenant's name"):
        keys.create(tenant, ("user",))
    assert keys.records() == ()


def test_unknown_keys_are_not_found(keys: KeyFile) -> None:
    """To revoke or rotate what is not there is an error."""
    with pytest.raises(NotFound):
        keys.revoke("nope")
    with pytest.raises(NotFound):
        keys.rotate("acme", ("user",))


def test_tenants_are_told_apart_in_logs_without_their_names(keys: KeyFile) -> None:
    """One opaque word a tenant, the same for all its keys."""
    records = [keys.create(tenant, (scope,))[1] for tenant in ("acme", "globex") for scope in ("user", "admin")]
    opaque = [record.opaque for record in records]
    assert opaque[0] == opaque[1] != opaque[2] == opaque[3]
    assert not {"acme", "globex"} & set(opaque)


async def test_each_key_asks_with_its_own_rights(tmp_path: Path) -> None:
    """A key of any scope asks; the tenant of the key is the one that is logged."""
    keys = KeyFile(tmp_path)
    app = create_app(ServerSettings(home=tmp_path, api_keys=("from-the-environment",)))
    made = [keys.create("acme", (scope,))[0] for scope in ("user", "publisher", "reviewer", "admin")]
    fresh = create_app(ServerSettings(home=tmp_path, api_keys=("from-the-environment",)))
    body = context("list all buckets").model_dump(mode="json")
    async with httpx.AsyncClient(transport=EmbeddedTransport(fresh), base_url="http://x") as client:
        for key in (*made, "from-the-environment"):
            response = await client.post("/v1/intent", json=body, headers={"authorization": f"Bearer {key}"})
            assert response.status_code == 200
        wrong = made[0][:-1] + ("a" if made[0][-1] != "a" else "b")
        for key in (wrong, made[0].upper(), made[0] + " x", "esk_", "esk_00000000_x"):
            response = await client.post("/v1/intent", json=body, headers={"authorization": f"Bearer {key}"})
            assert response.status_code == 401
        twice = [("authorization", f"Bearer {made[0]}"), ("authorization", "Bearer wrong")]
        assert (await client.post("/v1/intent", json=body, headers=twice)).status_code == 401
    assert app is not fresh
