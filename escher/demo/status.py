"""What `escher demo status --json` prints."""

from __future__ import annotations

from escher.contract.wire import Wire


class DemoAccount(Wire):
    """An AWS account of the demo; `profile` is its profile for CLIs and SDKs."""

    account_id: str
    name: str
    profile: str
    role_arn: str


class NamedAccount(Wire):
    """An Azure subscription or a GCP project of the demo."""

    account_id: str
    name: str


class AwsDemo(Wire):
    """The demo's AWS."""

    accounts: tuple[DemoAccount, ...] = ()


class AzureDemo(Wire):
    """The demo's Azure; `certificate` is the file of the certificate that it answers with."""

    subscriptions: tuple[NamedAccount, ...] = ()
    endpoint: str = ""
    certificate: str = ""


class GcpDemo(Wire):
    """The demo's GCP; `credentials` is the file of a service account that it knows."""

    projects: tuple[NamedAccount, ...] = ()
    endpoint: str = ""
    credentials: str = ""


class DemoStatus(Wire):
    """Which clouds are up, and where. `endpoint` is AWS's; endpoints are empty and there are no accounts while down.

    `left_out` says why a cloud was not started, a sentence each.
    """

    running: bool
    endpoint: str
    home: str
    passphrase_file: str
    aws: AwsDemo = AwsDemo()
    azure: AzureDemo = AzureDemo()
    gcp: GcpDemo = GcpDemo()
    left_out: dict[str, str] = {}
