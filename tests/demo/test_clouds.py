"""Three clouds by one command: started side by side, told of, met by each provider's own programs, and stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import certifi
import pytest

from escher.contract.estate import Account
from escher.demo import cloud, processes
from escher.demo.folder import CLOUDS, demo_folder
from escher.errors import MissingDependency

pytestmark = pytest.mark.demo
_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of all three clouds, up."""
    folder = tmp_path_factory.mktemp("clouds") / "demo"
    cloud.up(folder)
    yield folder
    cloud.down(folder)


@pytest.fixture(scope="module")
def status(home: Path) -> dict[str, Any]:
    """What is told of them."""
    return cloud.status(home)


def _shell(home: Path, tmp_path: Path, script: str) -> str:
    """What a script prints in a shell that has nothing but the exported lines."""
    lines = "\n".join(cloud.export_lines(home))
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "EXPORTS": lines}
    done = subprocess.run(
        ["bash", "-c", f'eval "$EXPORTS"; {script}'],
        env=plain,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _program(name: str, folder: Path, why: str) -> str:
    """A program in this folder or on the path. Without it the test is skipped; CI has it."""
    found = shutil.which(name, path=f"{folder}:{os.environ['PATH']}")
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" and name != "gcloud" else pytest.skip)(
            f"{name} is missing. {why}"
        )
    return found


def test_all_three_are_up(status: dict[str, Any], home: Path) -> None:
    """Nothing is left out; each has an address and the accounts that it says it has."""
    assert status["left_out"] == {}
    assert set(demo_folder(home).running() or ()) == set(CLOUDS)
    assert status["endpoint"].startswith("http://127.0.0.1:")
    assert status["azure"]["endpoint"].startswith("https://127.0.0.1:")
    assert Path(status["azure"]["certificate"]).is_file()
    assert Path(status["gcp"]["credentials"]).is_file()
    numbers = [
        len(status["aws"]["accounts"]),
        len(status["azure"]["subscriptions"]),
        len(status["gcp"]["projects"]),
    ]
    assert numbers == [3, 2, 2]


def test_accounts_are_as_the_store_keeps_them(status: dict[str, Any], home: Path) -> None:
    """Of all three providers, with endpoint and certificate and without any secret."""
    accounts = cloud.demo_accounts(home)
    assert [account.provider for account in accounts] == ["aws"] * 3 + ["azure"] * 2 + ["gcp"] * 2
    first = status["azure"]["subscriptions"][0]
    assert accounts[3] == Account(
        "azure",
        first["account_id"],
        first["name"],
        endpoint_url=status["azure"]["endpoint"],
        ca_bundle=status["azure"]["certificate"],
    )
    assert accounts[5].endpoint_url == status["gcp"]["endpoint"]


def test_az_lists_the_subscriptions_without_a_login(status: dict[str, Any], home: Path, tmp_path: Path) -> None:
    """The exported shell is logged in as the machine's identity; machines are listed."""
    az = _program("az", _ROOT / ".venv-az/bin", "Run: make test")
    listed = json.loads(_shell(home, tmp_path, f"{az} account list"))
    assert {one["id"]: one["name"] for one in listed} == {
        one["account_id"]: one["name"] for one in status["azure"]["subscriptions"]
    }
    assert len(json.loads(_shell(home, tmp_path, f"{az} vm list"))) > 3


def test_gcloud_lists_machines(home: Path, tmp_path: Path) -> None:
    """In the first project, with the demo's token."""
    gcloud = _program("gcloud", Path("/usr/bin"), "Install the Google Cloud CLI.")
    listed = json.loads(_shell(home, tmp_path, f"{gcloud} compute instances list --format=json"))
    assert len(listed) > 3


def test_sdks_find_their_credentials(status: dict[str, Any], home: Path, tmp_path: Path) -> None:
    """azure-identity and google-auth need no more than the exported lines."""
    pytest.importorskip("google.auth")
    pytest.importorskip("azure.identity")
    script = (
        "import os, google.auth; from azure.identity import DefaultAzureCredential as Azure; "
        "print(google.auth.default()[1]); "
        "print(len(Azure().get_token(os.environ['IDENTITY_ENDPOINT'].replace('/msi', '/.default')).token) > 100)"
    )
    printed = _shell(home, tmp_path, f'{sys.executable} -c "{script}"').split()
    assert printed == [status["gcp"]["projects"][0]["account_id"], "True"]


def test_other_programs_of_the_shell_still_trust_the_world(home: Path, tmp_path: Path) -> None:
    """The exported certificates are the usual ones with the demo's added, so pip works on."""
    bundle = Path(_shell(home, tmp_path, 'printf %s "$REQUESTS_CA_BUNDLE"')).read_text("utf-8")
    usual = Path(os.environ.get("REQUESTS_CA_BUNDLE") or certifi.where()).read_text("utf-8")
    assert bundle.startswith(usual)
    assert bundle.count("BEGIN CERTIFICATE") == usual.count("BEGIN CERTIFICATE") + 1


def test_one_dead_cloud_makes_the_demo_down_and_up_starts_all_anew(tmp_path: Path) -> None:
    """A store would tell of things of the dead one; so `up` ends what is left and starts over."""
    folder = demo_folder(tmp_path / "demo")
    cloud.up(folder.root, only=["azure", "gcp"])
    states = folder.running()
    assert states is not None
    os.kill(states["gcp"].pid, 9)
    os.waitpid(states["gcp"].pid, 0)
    assert cloud.status(folder.root)["running"] is False
    again = cloud.up(folder.root, only=["azure", "gcp"])
    anew = folder.running()
    assert anew is not None
    assert again["running"] is True
    assert {states["azure"].pid, states["gcp"].pid}.isdisjoint({anew["azure"].pid, anew["gcp"].pid})
    assert cloud.down(folder.root)["running"] is False
    assert not folder.root.exists()


def test_one_cloud_alone(tmp_path: Path) -> None:
    """`only` starts no other, and tells of no other."""
    status = cloud.up(tmp_path / "demo", only=["gcp"])
    assert (status["running"], status["endpoint"], status["aws"]["accounts"]) == (True, "", [])
    assert len(status["gcp"]["projects"]) == 2
    cloud.down(tmp_path / "demo")


def test_a_cloud_without_its_packages_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by name it is an error that says what to install; nothing is left behind."""
    monkeypatch.setitem(sys.modules, "googleapiclient", None)
    assert processes.obstacle("gcp") == "GCP needs googleapiclient: pip install 'escher[demo,cli]'"
    assert processes.obstacle("aws") == ""
    with pytest.raises(MissingDependency, match="googleapiclient"):
        cloud.up(tmp_path / "demo", only=["gcp"])
    assert not (tmp_path / "demo").exists()
