"""One AWS of the demo for all tests of this folder, and clients in its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import requests
from botocore.config import Config

from escher.demo import cloud
from escher.demo.blueprint.company import ACCOUNTS, role_arn

_ONCE = Config(retries={"total_max_attempts": 1})


@dataclass
class AwsDemo:
    """The demo's AWS at `url`."""

    url: str
    _keys: dict[str, dict[str, str]] = field(default_factory=dict)
    _clients: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    _session: Any = field(default_factory=botocore.session.Session)

    def client(self, service: str, account: str = "web-shop", region: str = "us-east-1") -> Any:
        """A client of botocore, as boto3 has it, in an account by the role of the demo; it tries once."""
        key = (service, account, region)
        if key not in self._clients:
            self._clients[key] = self._session.create_client(
                service, region, endpoint_url=self.url, config=_ONCE, **self._credentials(account)
            )
        return self._clients[key]

    def switch(self, method: str, what: str, document: Any = None) -> Any:
        """Set or read a switch of the demo."""
        answer = requests.request(method, f"{self.url}/_demo/{what}", json=document, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def _credentials(self, account: str) -> dict[str, str]:
        if account not in self._keys:
            nobody = {"aws_access_key_id": "demo", "aws_secret_access_key": "demo"}
            sts = self._session.create_client("sts", "us-east-1", endpoint_url=self.url, **nobody)
            keys = sts.assume_role(RoleArn=role_arn(account), RoleSessionName="ana")["Credentials"]
            self._keys[account] = {
                "aws_access_key_id": keys["AccessKeyId"],
                "aws_secret_access_key": keys["SecretAccessKey"],
                "aws_session_token": keys["SessionToken"],
            }
        return self._keys[account]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsDemo]:
    """AWS, seeded; what tests change stays for the others."""
    folder: Path = tmp_path_factory.mktemp("aws") / "demo"
    yield AwsDemo(cloud.up(folder, only=["aws"])["endpoint"])
    cloud.down(folder)


@pytest.fixture
def aws(served: AwsDemo) -> Iterator[AwsDemo]:
    """The same, with all switches off before and after."""
    _switches_off(served)
    yield served
    _switches_off(served)


def _switches_off(served: AwsDemo) -> None:
    served.switch("DELETE", "faults")
    served.switch("DELETE", "calls")
    served.switch("POST", "delay", {"ms": 0})


@pytest.fixture
def arn() -> Callable[[str, str], str]:
    """`arn(account, "iam::…:role/x")`: an ARN with the account's number where `…` stands."""
    return lambda account, rest: f"arn:aws:{rest.replace('…', ACCOUNTS[account])}"
