"""The doctor: finds what is wrong, says the next move, and never fails or hangs for what it finds."""

from __future__ import annotations

import os
import signal
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escher.contract.audit import AuditEvent
from escher.contract.estate import Account, Resource
from escher.ledger.ledger import Ledger
from escher.session.doctor import examination
from escher.session.doctor.check import Check
from escher.session.doctor.examination import examine, looks
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.keychain import anchor_entry, master_entry, open_keychain
from escher.store.vault import Store
from tests.store.conftest import Desktop

MESSAGE = {"name", "status", "message", "next", "facts", "seconds"}


def found(settings: Settings, **options: Any) -> dict[str, Check]:
    """The checks by name."""
    return {check.name: check for check in examine(settings, **options).checks}


def message(check: Check) -> str:
    return check.document()["message"]


def test_a_home_without_a_store_is_a_finding(tmp_path: Path) -> None:
    """Without a store the doctor says so, with the next move, and looks at everything around it."""
    document = examine(Settings(home=tmp_path / "nowhere")).document()
    checks = {check["name"]: check for check in document["checks"]}
    assert document["home"] == str(tmp_path / "nowhere")
    assert document["store"].endswith("escher.db")
    assert checks["store"]["status"] == "bad" and "escher init" in checks["store"]["next"]
    assert {"disk", "model", "python", "server", "index"} <= checks.keys()
    assert all(check.keys() == MESSAGE and check["message"] for check in document["checks"])
    assert not (tmp_path / "nowhere").exists()


def test_what_is_not_well_has_a_next_move(settings: Settings) -> None:
    """Every check that is not ok says what to do next."""
    checks = examine(settings).document()["checks"]
    assert [check["name"] for check in checks if check["status"] != "ok" and not check["next"]] == []


def test_a_whole_store_is_well(settings: Settings) -> None:
    """A new store opens, is private and young, and its trail is in order."""
    checks = found(settings)
    statuses = {name: checks[name].status for name in ("store", "files", "size", "key", "key ages", "audit")}
    assert statuses == dict.fromkeys(statuses, "ok")


def test_every_record_is_read_only_when_asked_for(settings: Settings) -> None:
    """`--deep` decrypts every record; without it nothing is said of them."""
    with Store.open(settings) as store:
        EstateStore(store).put_account(Account("aws", "111111111111", "production"))
    assert "every record" not in found(settings)
    assert found(settings, deep=True)["every record"].facts["records"] == 1


def test_a_damaged_store_is_a_finding(settings: Settings) -> None:
    """A file that is no database any more is bad, and what needs the store is left out."""
    settings.store_path.write_bytes(b"\0" * 65_536)
    checks = found(settings)
    assert checks["store"].status == "bad" and "audit" not in checks


def test_a_wrong_passphrase_is_a_finding(settings: Settings) -> None:
    """A store whose key is not given does not open, and the doctor says which failure it was."""
    assert settings.passphrase_file is not None
    settings.passphrase_file.write_text("another one")
    assert found(settings)["store"].facts["code"] == "wrong_key"


def test_settings_that_cannot_be_read_are_a_finding(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken settings.toml is told as a check, and the rest is looked at all the same."""
    (settings.home / "settings.toml").write_text("chat_days = ")
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    checks = {check.name: check for check in examine().checks}
    assert (checks["settings"].status, checks["settings"].facts["code"]) == ("bad", "configuration")
    assert checks["disk"].status == "ok"


def test_a_home_that_others_can_read_is_bad(settings: Settings) -> None:
    """Modes are looked at, and the next move corrects them."""
    settings.store_path.chmod(0o644)
    check = found(settings)["files"]
    assert check.status == "bad" and check.document()["next"] == f"chmod go= {settings.store_path}"


def test_a_clock_that_was_set_back_is_bad(settings: Settings) -> None:
    """An audit entry from the future shows that the clock was set back."""
    later = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    with Store.open(settings) as store:
        Ledger(store).append(AuditEvent(type="scan_completed", at=later, actor="ana", subject="s"))
    check = found(settings)["clock of records"]
    assert check.status == "bad" and 7_000 < int(check.facts["behind_seconds"]) <= 7_200


def test_the_clock_of_a_server_is_compared(settings: Settings) -> None:
    """A remote server's version and its clock are asked for; a server that is off by an hour is bad."""
    with _server(hours=1) as url:
        checks = found(replace(settings, server=url))
    assert checks["server"].facts["version"] == "9.9.9"
    assert checks["clock of the server"].status == "bad"
    assert 3_500 < int(checks["clock of the server"].facts["skew_seconds"]) < 3_700


def test_the_clock_of_aws_is_asked_without_credentials(settings: Settings) -> None:
    """With an account configured, its endpoint's clock is compared; one that does not answer is a warning."""
    with _server(hours=0) as url:
        _keep_account(settings, url)
        assert found(settings)["clock of AWS"].status == "ok"
    assert found(settings)["clock of AWS"].status == "warn"


def _keep_account(settings: Settings, url: str) -> None:
    with Store.open(settings) as store:
        EstateStore(store).put_account(Account("aws", "111111111111", "production", endpoint_url=url))


def test_whose_language_model_sees_the_questions_is_told(settings: Settings) -> None:
    """Of this process's own server by its configuration, of a remote one by what it says; without one nothing is told."""
    with _server(hours=0) as url:
        remote = found(replace(settings, server=url))
    chosen = found(replace(settings, llm="openai:gpt-5-mini"))["language_model"].document()
    assert "language_model" not in remote and "openai" in chosen["message"] and "escher context" in chosen["next"]


def test_a_server_that_is_gone_is_bad(settings: Settings) -> None:
    """A server that does not answer is a finding, and so is its clock."""
    checks = found(replace(settings, server="http://127.0.0.1:9"))
    assert checks["server"].status == "bad" and "ESCHER_SERVER" in checks["server"].document()["next"]


def test_every_look_has_a_name_of_its_own() -> None:
    """The areas are found by walking their folder, and no two looks share a name."""
    names = [look.name for look in looks()]
    assert len(names) == len(set(names)) > 15


def test_what_is_private_is_not_shared(settings: Settings) -> None:
    """The shareable form of a check holds neither a path nor the words of a failure."""
    settings.store_path.chmod(0o644)
    shared = [check.shareable() for check in examine(settings).checks]
    assert str(settings.home) not in repr(shared)
    assert "<path>" in repr(shared)


@pytest.mark.keychain
def test_a_keychain_that_holds_the_key_is_well(keychain_settings: Settings) -> None:
    """The backend is named, the key is there, and the anchor is up to date."""
    Store.create(keychain_settings).close()
    checks = found(keychain_settings)
    assert (checks["keychain"].status, checks["keychain"].facts["backend"]) == ("ok", "SecretService")
    assert checks["anchor"].status == "ok" and checks["key"].facts["source"] == "keychain"


@pytest.mark.keychain
def test_a_forgotten_anchor_is_a_warning(keychain_settings: Settings) -> None:
    """A keychain that has forgotten the store can no longer recognise an older copy of it."""
    _forget(keychain_settings, anchor_entry)
    assert found(keychain_settings)["keychain"].status == "warn"


@pytest.mark.keychain
def test_a_missing_key_is_bad(keychain_settings: Settings) -> None:
    """A keychain without this store's key is bad, and the store does not open."""
    _forget(keychain_settings, master_entry)
    checks = found(keychain_settings)
    assert (checks["keychain"].status, checks["store"].status) == ("bad", "bad")
    assert checks["store"].facts["code"] == "key_unavailable"


def _forget(settings: Settings, entry: Any) -> None:
    with Store.create(settings) as store:
        store_id = bytes.fromhex(store.store_id)
    open_keychain().remove(entry(store_id))


@pytest.mark.keychain
def test_a_killed_keychain_is_a_finding(keychain_settings: Settings, desktop: Desktop) -> None:
    """A daemon that was killed comes back locked, or not at all: the doctor says so and ends."""
    Store.create(keychain_settings).close()
    desktop.kill_daemon()
    checks = found(keychain_settings)
    assert (checks["keychain"].status, checks["store"].status) == ("bad", "bad")


@pytest.mark.keychain
def test_a_hanging_keychain_does_not_hang_the_doctor(
    keychain_settings: Settings, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that is stopped answers nothing: each look ends in its time, and the rest is still told."""
    Store.create(keychain_settings).close()
    monkeypatch.setattr(examination, "OPENING_SECONDS", 2.0)
    daemon = desktop._processes[-1].pid
    os.kill(daemon, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        checks = found(keychain_settings)
    finally:
        os.kill(daemon, signal.SIGCONT)
    assert time.monotonic() - begun < 25
    assert (checks["keychain"].status, checks["store"].status) == ("bad", "bad")
    assert checks["model"].status == "ok"


@pytest.mark.keychain
def test_an_unneeded_keychain_is_no_finding(settings: Settings, desktop: Desktop) -> None:
    """With a passphrase no keychain is needed, and its absence is fine."""
    assert found(settings)["keychain"].status == "ok"
    assert desktop is not None


def test_a_key_in_the_environment_is_a_warning(settings: Settings) -> None:
    """A master key that every program can read is for tests and CI, and the doctor says so."""
    given = replace(settings, master_key=b64encode(os.urandom(32)).decode())
    assert found(given)["key"].status == "warn"


@contextmanager
def _server(hours: int) -> Iterator[str]:
    """A server that tells its version, and the time as it is some hours away."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"server": "9.9.9"}'
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.send_response(302)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() + hours * 3600)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_resources_kept_twice_are_a_finding(settings: Settings, resource: Callable[..., Resource]) -> None:
    """From a tenth too many on it is a warning, from a fifth on it is bad."""
    for copies, status in ((0, "ok"), (3, "warn"), (6, "bad")):
        with Store.open(settings) as store:
            estate = EstateStore(store)
            estate.upsert(resource(number) for number in range(20))
            estate.upsert(replace(resource(number), identifier=f"again-{number}") for number in range(copies))
        assert found(settings)["duplicates"].status == status
