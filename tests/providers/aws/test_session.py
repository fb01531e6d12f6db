"""How accounts become sessions: chains, MFA, SSO, partitions, proxies, and a clear sentence for what goes wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from escher.contract.estate import Account
from escher.errors import ConfigurationError, CredentialError
from escher.providers.aws.session import AwsAccess
from tests.fixtures.moto_cloud import DATA, SHOP, MotoCloud, Refusal, failing, role_in

KEYS = "aws_access_key_id = testing\naws_secret_access_key = very-secret\n"
SERIAL = f"arn:aws:iam::{SHOP}:mfa/ana"


@pytest.fixture
def logged_in(aws_config: Path) -> Path:
    """A default profile with keys."""
    aws_config.write_text(f"[default]\n{KEYS}")
    return aws_config


@pytest.mark.usefixtures("logged_in")
def test_a_chain_of_roles_leads_into_its_last_account(cloud: MotoCloud) -> None:
    """Each role is assumed with the credentials of the one before."""
    account = cloud.account(DATA, "data", role_arns=(role_in(SHOP), role_in(DATA)))
    found = AwsAccess().describe(account)
    assert found.account_id == DATA
    assert found.principal == f"arn:aws:sts::{DATA}:assumed-role/escher/escher"
    assert [call.form["RoleArn"] for call in cloud.calls if call.operation == "AssumeRole"] == [
        role_in(SHOP),
        role_in(DATA),
    ]


@pytest.mark.usefixtures("logged_in")
def test_the_expiry_of_assumed_credentials_is_shown(cloud: MotoCloud) -> None:
    """An account's credentials say until when they are good, and where they come from."""
    found = AwsAccess().describe(cloud.account(SHOP, "shop"))
    assert datetime.now(UTC) < datetime.fromisoformat(found.expires_at) < datetime.now(UTC) + timedelta(hours=2)
    assert found.source == f"default credentials → {role_in(SHOP)}"


@pytest.mark.usefixtures("logged_in")
def test_identity_is_the_account_and_the_principal(cloud: MotoCloud) -> None:
    """The form that an approval compares is `account_id principal`."""
    assert AwsAccess().identity(cloud.account(SHOP, "shop")) == f"{SHOP} arn:aws:sts::{SHOP}:assumed-role/escher/escher"


@pytest.mark.usefixtures("logged_in")
def test_a_role_in_another_account_is_refused(cloud: MotoCloud) -> None:
    """Credentials that belong to another account than the one said are never used."""
    with pytest.raises(CredentialError, match=f"for account {SHOP} belong to account {DATA}"):
        AwsAccess().identity(cloud.account(SHOP, "shop", role_arns=(role_in(DATA),)))


@pytest.mark.usefixtures("logged_in")
def test_a_role_that_may_not_be_assumed_is_named(cloud: MotoCloud) -> None:
    """The sentence names the role and what to grant."""
    cloud.faults.append(failing("AssumeRole", Refusal("AccessDenied")))
    with pytest.raises(CredentialError, match=f"{role_in(SHOP)} could not be assumed.*Grant sts:AssumeRole"):
        AwsAccess().identity(cloud.account(SHOP, "shop"))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [("ExpiredToken", "have expired"), ("InvalidClientTokenId", "does not accept the credentials")],
)
@pytest.mark.usefixtures("logged_in")
def test_credentials_that_are_no_longer_good_are_told(cloud: MotoCloud, code: str, sentence: str) -> None:
    """Expired and unknown keys are told apart."""
    cloud.faults.append(failing("GetCallerIdentity", Refusal(code)))
    with pytest.raises(CredentialError, match=f"{sentence}.*Log in again"):
        AwsAccess().identity(cloud.account(SHOP, "shop"))


@pytest.mark.usefixtures("logged_in")
def test_an_endpoint_that_does_not_answer_is_told(unused_tcp_port: int, cloud: MotoCloud) -> None:
    """A wrong address is a sentence, not a stack of network errors."""
    with pytest.raises(CredentialError, match=r"cannot be reached \(EndpointConnectionError\).*proxy"):
        AwsAccess().identity(cloud.account(SHOP, "shop", endpoint_url=f"http://127.0.0.1:{unused_tcp_port}"))


@pytest.mark.usefixtures("aws_config")
def test_no_credentials_is_told(cloud: MotoCloud) -> None:
    """A machine without any log-in says so."""
    with pytest.raises(CredentialError, match="there are no AWS credentials for account shop"):
        AwsAccess().identity(cloud.account(SHOP, "shop"))


@pytest.mark.usefixtures("aws_config")
def test_an_unknown_profile_is_named(cloud: MotoCloud) -> None:
    """The profile that is missing is in the sentence."""
    with pytest.raises(CredentialError, match="no AWS profile 'nope', which account shop uses"):
        AwsAccess().identity(cloud.account(SHOP, "shop", profile="nope"))


def test_a_broken_configuration_file_is_told(cloud: MotoCloud, aws_config: Path) -> None:
    """A file that cannot be parsed is a sentence."""
    aws_config.write_text("[default\nx")
    with pytest.raises(CredentialError, match="cannot be used: Unable to parse config file"):
        AwsAccess().identity(cloud.account(SHOP, "shop"))


def test_a_credential_process_that_is_not_there_is_told(cloud: MotoCloud, aws_config: Path) -> None:
    """A profile may name a program that is not installed."""
    aws_config.write_text("[profile p]\ncredential_process = no-such-program-here\n")
    with pytest.raises(CredentialError, match="cannot be used"):
        AwsAccess().identity(cloud.account(SHOP, "shop", profile="p"))


@pytest.mark.parametrize("expired", [False, True])
def test_a_missing_or_expired_sso_log_in_names_the_command(cloud: MotoCloud, aws_config: Path, expired: bool) -> None:
    """The next move is the command that opens the browser."""
    aws_config.write_text(
        "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
        f"[profile work]\nsso_session = corp\nsso_account_id = {SHOP}\nsso_role_name = reader\n"
    )
    if expired:
        _write_token(aws_config.parent, expires=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(CredentialError, match=r"SSO log-in of account shop.*`aws sso login --profile work`"):
        AwsAccess().identity(cloud.account(SHOP, "shop", profile="work"))


def test_a_profile_may_name_its_own_role(cloud: MotoCloud, aws_config: Path) -> None:
    """Roles of the AWS configuration are assumed at the account's endpoint, too."""
    aws_config.write_text(f"[default]\n{KEYS}[profile data]\nrole_arn = {role_in(DATA)}\nsource_profile = default\n")
    account = cloud.account(DATA, "data", profile="data", role_arns=())
    found = AwsAccess().describe(account)
    assert (found.account_id, found.source) == (DATA, "profile data (assume-role)")


@pytest.mark.usefixtures("logged_in")
def test_the_mfa_code_goes_with_the_first_role_only(cloud: MotoCloud) -> None:
    """The account's device is asked for once, and its code is sent once."""
    questions: list[str] = []

    def prompt(question: str) -> str:
        questions.append(question)
        return "123456"

    account = cloud.account(DATA, "data", role_arns=(role_in(SHOP), role_in(DATA)), mfa_serial=SERIAL)
    access = AwsAccess(prompt)
    assert access.describe(account).account_id == DATA
    access.environment(account, "us-east-1")
    codes = [call.form.get("TokenCode") for call in cloud.calls if call.operation == "AssumeRole"]
    assert (len(questions), codes) == (1, ["123456", None])
    assert SERIAL in questions[0]


def test_a_profile_may_name_its_own_mfa_device(cloud: MotoCloud, aws_config: Path) -> None:
    """The device of the AWS configuration is asked for by the same prompt."""
    aws_config.write_text(
        f"[default]\n{KEYS}[profile p]\nrole_arn = {role_in(SHOP)}\nsource_profile = default\nmfa_serial = {SERIAL}\n"
    )
    asked: list[str] = []
    access = AwsAccess(lambda question: asked.append(question) or "654321")
    assert access.describe(cloud.account(SHOP, "shop", profile="p", role_arns=())).account_id == SHOP
    assert [SERIAL in question for question in asked] == [True]


@pytest.mark.usefixtures("logged_in")
def test_mfa_without_a_role_takes_a_session_of_its_own(cloud: MotoCloud) -> None:
    """Keys that need MFA are exchanged for a session that has it."""
    account = cloud.account("", "self", role_arns=(), mfa_serial=SERIAL)
    AwsAccess(lambda question: "123456").describe(account)
    asked = [call.form["TokenCode"] for call in cloud.calls if call.operation == "GetSessionToken"]
    assert asked == ["123456"]


@pytest.mark.usefixtures("logged_in")
def test_mfa_with_nobody_to_ask_is_told(cloud: MotoCloud) -> None:
    """A background process does not wait for a code that nobody types."""
    with pytest.raises(CredentialError, match="MFA device, and nobody can be asked"):
        AwsAccess().identity(cloud.account(SHOP, "shop", mfa_serial=SERIAL))


@pytest.mark.usefixtures("logged_in")
def test_a_child_gets_the_credentials_of_one_account_and_nothing_else(cloud: MotoCloud) -> None:
    """The environment names credentials, region and the way to AWS."""
    account = cloud.account(SHOP, "shop")
    values = AwsAccess().environment(account, "eu-west-1")
    assert values.keys() == {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "AWS_ENDPOINT_URL",
    }
    assert (values["AWS_REGION"], values["AWS_ENDPOINT_URL"]) == ("eu-west-1", cloud.url)
    assert "very-secret" not in values.values()


@pytest.mark.usefixtures("logged_in")
def test_credentials_of_another_account_are_not_handed_out(cloud: MotoCloud) -> None:
    """A child process that is to act in one account never gets the keys of another."""
    with pytest.raises(CredentialError, match=f"belong to account {DATA}"):
        AwsAccess().environment(cloud.account(SHOP, "shop", role_arns=(role_in(DATA),)), "us-east-1")


@pytest.mark.usefixtures("logged_in")
def test_proxy_and_authorities_go_to_the_child(cloud: MotoCloud) -> None:
    """A child process reaches AWS the same way."""
    account = cloud.account(SHOP, "shop", proxy=cloud.url, ca_bundle="/etc/ssl/corp.pem")
    values = AwsAccess().environment(account, "us-east-1")
    assert values["HTTPS_PROXY"] == cloud.url
    assert values["AWS_CA_BUNDLE"] == "/etc/ssl/corp.pem"


@pytest.mark.usefixtures("logged_in")
def test_calls_go_through_the_proxy_of_the_account(cloud: MotoCloud) -> None:
    """The proxy that an account names is used; moto, which answers for any host, is that proxy here."""
    account = cloud.account(SHOP, "shop", proxy=cloud.url, endpoint_url="http://sts.us-east-1.amazonaws.com")
    assert AwsAccess().describe(account).account_id == SHOP
    assert {call.service for call in cloud.calls} == {"sts"}


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-west-1", "sts.eu-west-1.amazonaws.com"),
        ("aws-us-gov", "us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
    ],
)
@pytest.mark.usefixtures("logged_in")
def test_each_partition_has_its_own_endpoints(partition: str, region: str, host: str) -> None:
    """GovCloud and China are reached at their own addresses."""
    account = Account("aws", SHOP, "shop", partition=partition)
    assert urlsplit(AwsAccess().client(account, region, "sts").meta.endpoint_url).hostname == host


@pytest.mark.usefixtures("logged_in")
def test_an_unknown_partition_is_refused() -> None:
    """A partition that AWS does not have is a mistake in the account."""
    with pytest.raises(ConfigurationError, match=r"no AWS partition 'aws-mars'.*aws-us-gov"):
        AwsAccess().identity(Account("aws", SHOP, "shop", partition="aws-mars"))


@pytest.mark.usefixtures("logged_in")
def test_an_endpoint_in_the_environment_does_not_answer_in_place_of_aws(
    cloud: MotoCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the account's own endpoint replaces the provider's."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", cloud.url)
    client = AwsAccess().client(Account("aws", SHOP, "shop"), "us-east-1", "sts")
    assert client.meta.endpoint_url == "https://sts.us-east-1.amazonaws.com"


@pytest.mark.usefixtures("logged_in")
def test_nothing_secret_is_shown(cloud: MotoCloud) -> None:
    """What holds credentials does not print them."""
    access = AwsAccess()
    account = cloud.account(SHOP, "shop")
    secrets = {value for name, value in access.environment(account, "us-east-1").items() if "KEY" in name}
    shown = f"{access!r} {access._session(account)!r} {access.describe(account)!r} {vars(access)}"
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.usefixtures("logged_in")
def test_an_account_that_changes_gets_a_new_session(cloud: MotoCloud) -> None:
    """A session is bound to all of an account's settings."""
    access = AwsAccess()
    account = cloud.account(SHOP, "shop")
    changed = replace(account, account_id=DATA, role_arns=(role_in(DATA),))
    assert (access.describe(account).account_id, access.describe(changed).account_id) == (SHOP, DATA)


def test_a_new_log_in_is_seen_without_starting_again(cloud: MotoCloud, aws_config: Path) -> None:
    """Keys that were missing, or have expired, and were renewed since, work at the next attempt."""
    access, account = AwsAccess(), cloud.account(SHOP, "shop")
    with pytest.raises(CredentialError, match="no AWS credentials"):
        access.describe(account)
    aws_config.write_text(f"[default]\n{KEYS}")
    assert access.describe(account).account_id == SHOP
    first = access.environment(account, "us-east-1")["AWS_ACCESS_KEY_ID"]
    expired = {first, "testing"}
    cloud.faults.append(lambda call: Refusal("ExpiredToken") if call.access_key in expired else None)
    aws_config.write_text(f"[default]\n{KEYS.replace('testing', 'renewed')}")
    assert access.describe(account).account_id == SHOP


def _write_token(home: Path, *, expires: datetime) -> None:
    cache = home / ".aws/sso/cache"
    cache.mkdir(parents=True)
    token = {"accessToken": "x", "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%SZ"), "region": "eu-west-1"}
    name = sha1(b"corp").hexdigest()
    (cache / f"{name}.json").write_text(json.dumps(token | {"startUrl": "https://corp.example/start"}))
