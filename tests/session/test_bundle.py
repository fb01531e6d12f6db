"""A support case holds nothing of the user's: canaries in the estate, the environment, paths and names are not in it."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from escher.contract.audit import AuditEvent
from escher.contract.estate import Account, Resource
from escher.errors import InvalidInput
from escher.ledger.ledger import Ledger
from escher.session.bundle import describe, gather, write
from escher.session.bundle_nets import Nets
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.store.conftest import passphrase_settings

CANARIES = {
    "name": "zephyrine-quartz", "identifier": "i-0feedfacecafe0001", "account": "918273645546", "tag": "peregrine-otter",
    "attribute": "ip-10-77-66-55.internal.example", "variable": "s3cr3t-Walrus-77", "user": "mirabel", "home": "Oleander-Grove",
    "account_name": "payroll-emea", "host": "kestrel-laptop", "profile": "tangerine-sso",
}  # fmt: skip


@pytest.fixture
def planted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resource: Callable[..., Resource], empty_home: Path
) -> Settings:
    """A store under a home with a canary in its path, with canaries in its estate, its trail and the environment."""
    import shutil

    folder = tmp_path / CANARIES["home"]
    shutil.copytree(empty_home, folder)
    settings = replace(
        passphrase_settings(folder), server=f"http://{CANARIES['host']}.example:9", api_key="k-" + CANARIES["variable"]
    )
    account = Account("aws", CANARIES["account"], CANARIES["account_name"], profile=CANARIES["profile"])
    with Store.open(settings) as store:
        estate = EstateStore(store)
        estate.put_account(account)
        estate.upsert(
            resource(
                number, account_id=CANARIES["account"], name=f"{CANARIES['name']}-{number}",
                identifier=f"{CANARIES['identifier']}{number}", tags={"squad": CANARIES["tag"]},
                attributes={"dns": CANARIES["attribute"]},
            )
            for number in range(20)
        )  # fmt: skip
        ledger = Ledger(store)
        for _ in range(250):
            event = AuditEvent(
                type="account_added", at="2026-01-01T00:00:00+00:00", actor="mirabel", subject=CANARIES["account"]
            )
            ledger.append(event)
    monkeypatch.setenv("LOGNAME", CANARIES["user"])
    monkeypatch.setenv("SOME_TOKEN", CANARIES["variable"])
    monkeypatch.chdir(folder)
    return settings


def test_no_canary_is_in_a_support_case(planted: Settings, tmp_path: Path) -> None:
    """Names, ids, tags, accounts, hosts, the user's name, paths and credentials: none of them is in any file of it."""
    written = write(gather(planted, deep=True), tmp_path / "case.zip")
    with zipfile.ZipFile(written) as archive:
        whole = "\n".join(archive.read(name).decode() for name in archive.namelist()) + repr(archive.infolist())
    words = [*CANARIES.values(), str(tmp_path), "correct horse"]
    assert [word for word in words if word.casefold() in whole.casefold()] == []


def test_a_support_case_says_what_helps(planted: Settings) -> None:
    """It has every check, versions, settings, counts, and of the last 200 audit entries the type and the time."""
    contents = gather(planted).contents()
    checks = {check["name"]: check for check in contents["doctor.json"]["checks"]}
    assert checks["store"]["status"] == "ok" and checks["server"]["message"] == "<problem>"
    assert contents["versions.json"]["packages"]["cryptography"]
    assert contents["settings.json"]["api_key"] == "set" and contents["settings.json"]["backup_keep_days"] == 30
    estate = next(one for one in contents["store.json"]["collections"] if one["name"] == "cloud_estate")
    assert estate["records"] == 20
    assert contents["store.json"]["estate"]["by_kind"] == {"compute_instance": 20}
    assert contents["audit.json"] == [{"type": "account_added", "at": "2026-01-01T00:00:00+00:00"}] * 200


def test_a_store_that_does_not_open_makes_a_case_too(planted: Settings) -> None:
    """Of a store without its key only the code of the failure is told."""
    assert planted.passphrase_file is not None
    planted.passphrase_file.write_text("another one")
    contents = gather(planted).contents()
    assert contents["store.json"] == {"code": "wrong_key"}
    assert CANARIES["home"] not in json.dumps(contents)


def test_a_case_is_private_and_overwrites_nothing(planted: Settings, tmp_path: Path) -> None:
    """The zip has mode 0600; a file that is there stays as it is."""
    case = gather(planted)
    written = write(case, tmp_path / "case.zip")
    before = written.read_bytes()
    assert written.stat().st_mode & 0o777 == 0o600
    with pytest.raises(InvalidInput, match="already"):
        write(case, written)
    assert written.read_bytes() == before


def test_its_description_names_every_file(planted: Settings) -> None:
    """What is in it is told before it is written."""
    case = gather(planted)
    assert all(name in describe(case) for name in case.files)


def test_nets_catch_what_the_allow_list_would_let_through() -> None:
    """Known words go whatever their case and wherever they stand; short ones only alone; shapes of ids and secrets go."""
    nets = Nets(["Peregrine-Otter", "ana"])
    assert nets.clean("pre-PEREGRINE-otter-7 of ana, analysis") == "pre-<redacted>-7 of <redacted>, analysis"
    shapes = ["arn:aws:s3:::bucket", "918273645546", "10.1.2.3", "password=hunter22", "db.corp.internal"]
    cleaned = str(nets.clean(shapes))
    assert [text for text in shapes if text in cleaned] == []
    assert nets.caught == 6


def test_words_of_ours_stay(planted: Settings) -> None:
    """Redaction leaves the statuses, the collections and the versions readable."""
    contents = gather(planted).contents()
    assert {check["status"] for check in contents["doctor.json"]["checks"]} <= {"ok", "warn", "bad"}
    assert contents["versions.json"]["python"].count(".") == 2
    assert os.cpu_count() == contents["versions.json"]["processors"]
