"""Who is there, by which credentials, and that no token shows anywhere."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.gcp.access import GcpAccess, must_be_active
from escher.providers.gcp.credentials import Login, way_of
from tests.fixtures.gcp_answers import LoggedIn
from tests.fixtures.gcp_cloud import GcpCloud
from tests.providers.gcp.scans import account_in, scanned

WITHOUT_GOOGLE = """
import sys
sys.modules["google.auth"] = None
from escher.contract.estate import Account
from escher.errors import CredentialError
from escher.providers.gcp.access import GcpAccess
try:
    GcpAccess().describe(Account("gcp", "p", "p"))
except CredentialError as cause:
    print(cause)
"""


def test_the_key_of_a_service_account_leads_into_the_project(cloud: GcpCloud) -> None:
    """Google is asked who the project is; the principal is the key's own."""
    found = GcpAccess().describe(account_in(cloud))
    assert (found.account_id, found.number.isdecimal()) == (cloud.owned, True)
    assert found.principal == json.loads(Path(cloud.credentials).read_text("utf-8"))["client_email"]
    assert found.expires_at.endswith("+00:00")


def test_identity_is_the_project_and_the_principal(cloud: GcpCloud) -> None:
    """`identity` names both in one line."""
    found = GcpAccess().describe(account_in(cloud))
    assert GcpAccess().identity(account_in(cloud)) == f"{cloud.owned} {found.principal}"


def test_application_default_credentials_are_found(cloud: GcpCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file of its own an account uses those of the environment; one without an id is their project."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", cloud.credentials)
    found = GcpAccess().describe(Account("gcp", "", "", endpoint_url=cloud.url))
    assert found.account_id == json.loads(Path(cloud.credentials).read_text("utf-8"))["project_id"]
    assert found.source == "application default credentials"


def test_without_a_log_in_the_next_move_is_told() -> None:
    """Nobody is logged in: the command that mends it is named."""
    with pytest.raises(CredentialError, match="gcloud auth application-default login"):
        GcpAccess().describe(Account("gcp", "shop-111111", "shop"))


def test_without_google_auth_the_extra_is_named() -> None:
    """The library is optional; who lacks it is told what to install."""
    run = subprocess.run([sys.executable, "-c", WITHOUT_GOOGLE], capture_output=True, text=True, check=True)
    assert "pip install 'escher[gcp]'" in run.stdout


@pytest.mark.filterwarnings("ignore:The load_credentials_from_file method")
@pytest.mark.parametrize("content", ["", "{}", "[]", '{"type": "service_account"}', '{"type": "nothing"}'])
def test_a_file_that_holds_no_credentials_is_refused(tmp_path: Path, content: str) -> None:
    """The file is named, what is in it is not."""
    path = tmp_path / "key.json"
    path.write_text(content)
    with pytest.raises(CredentialError, match=r"key\.json cannot be used"):
        GcpAccess().describe(Account("gcp", "p", "p", profile=str(path)))


def test_a_project_that_is_not_there_is_refused(cloud: GcpCloud) -> None:
    """The hint says what to grant or to correct."""
    with pytest.raises(CredentialError, match="roles/viewer"):
        GcpAccess().describe(account_in(cloud, "nowhere-999"))


def test_a_project_that_is_being_deleted_is_refused() -> None:
    """A project that only waits for its end is not read."""
    with pytest.raises(CredentialError, match="DELETE_REQUESTED"):
        must_be_active({"projectId": "p", "state": "DELETE_REQUESTED", "name": "projects/1"}, "p")


def test_transient_faults_are_overcome(cloud: GcpCloud) -> None:
    """A server's fault or too many calls do not make a project unknown."""
    cloud.faults([{"match": "/v3/projects/", "status": 503, "times": 1}, {"match": "/v3/", "status": 429, "times": 1}])
    waits: list[float] = []
    assert GcpAccess(pause=waits.append).describe(account_in(cloud)).account_id == cloud.owned
    assert len(waits) == 2


def test_a_token_that_is_refused_is_renewed(cloud: GcpCloud) -> None:
    """A 401 is answered with a new token, once."""
    access = GcpAccess(pause=lambda _: None)
    before = access.login(account_in(cloud)).token()
    cloud.faults([{"match": "/v3/projects/", "status": 401, "times": 1}])
    access.describe(account_in(cloud))
    assert access.login(account_in(cloud)).token() != before


def test_credentials_that_are_always_refused_are_told(cloud: GcpCloud) -> None:
    """A second 401 is the end."""
    cloud.faults([{"match": "/v3/projects/", "status": 401}])
    with pytest.raises(CredentialError, match="does not accept the credentials"):
        GcpAccess(pause=lambda _: None).describe(account_in(cloud))


def test_a_cloud_that_is_not_there_is_told() -> None:
    """No network is another failure than no log-in."""
    account = Account("gcp", "p", "p", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(CredentialError, match="cannot be reached"):
        _LoggedIn(pause=lambda _: None).describe(account)


def test_projects_share_a_log_in(cloud: GcpCloud) -> None:
    """One set of credentials serves all projects that are reached the same way."""
    access = GcpAccess()
    logins = {id(access.login(account_in(cloud, project))) for project in cloud.projects}
    assert len(logins) == 1


def test_a_child_process_gets_a_token_that_works(cloud: GcpCloud) -> None:
    """What gcloud is given is a token of this project and no key."""
    values = GcpAccess().environment(account_in(cloud), "us-central1")
    headers = {"authorization": f"Bearer {values['CLOUDSDK_AUTH_ACCESS_TOKEN']}"}
    answer = httpx.get(f"{cloud.url}/cloudresourcemanager/v3/projects/{cloud.owned}", headers=headers)
    assert (answer.status_code, values["CLOUDSDK_CORE_PROJECT"]) == (200, cloud.owned)
    assert values["CLOUDSDK_COMPUTE_REGION"] == "us-central1"
    assert cloud.credentials not in values.values()


def test_impersonation_asks_for_each_account_in_turn(cloud: GcpCloud) -> None:
    """A chain of service accounts is Google's own: the last is entered, those before it vouch for it."""
    account = Account("gcp", cloud.owned, "", cloud.credentials, ("first@p.iam", "last@p.iam"), endpoint_url=cloud.url)
    login = GcpAccess().login(account)
    assert login.principal() == "last@p.iam"
    assert login.source().endswith("→ first@p.iam → last@p.iam")
    with pytest.raises(CredentialError, match=r"serviceAccountTokenCreator"):
        login.token()


async def test_no_token_shows_anywhere(cloud: GcpCloud, caplog: pytest.LogCaptureFixture) -> None:
    """Neither reprs nor errors nor logs, not even those of the libraries below, hold a token or the key."""
    caplog.set_level(logging.DEBUG)
    access = GcpAccess(pause=lambda _: None)
    cloud.faults([{"match": "/cloudasset/", "status": 403}, {"match": "/pubsub/", "status": 500}])
    seen = await scanned(account_in(cloud), access=access)
    cloud.faults([{"match": "/v3/", "status": 401}])
    with pytest.raises(CredentialError) as caught:
        access.describe(account_in(cloud))
    token = access.login(account_in(cloud)).token()
    shown = [repr(access), repr(access.login(account_in(cloud))), repr(seen), repr(caught.value), caplog.text]
    shown += [str(caught.value), repr(caught.value.__cause__), repr(caught.value.__context__)]
    key = json.loads(Path(cloud.credentials).read_text("utf-8"))["private_key"]
    assert [text for text in shown if token in text or "Bearer demo." in text or key[40:80] in text] == []
    assert seen.failures


class _LoggedIn(GcpAccess):
    """Access with a token at hand."""

    def login(self, account: Account) -> Login:
        return LoggedIn(way_of(account))
