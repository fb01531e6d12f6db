"""The company's subscriptions of Azure and projects of GCP, as the demo's clouds have them.

Their modules are loaded only when asked: a cloud's packages need not be installed.
"""

from __future__ import annotations

from escher.demo.status import NamedAccount


def subscriptions() -> tuple[NamedAccount, ...]:
    """Azure's, the first one first."""
    from escher.demo.clouds.azure.subscriptions import SUBSCRIPTIONS

    return tuple(NamedAccount(account_id=identifier, name=name) for name, identifier in SUBSCRIPTIONS.items())


def tenant_id() -> str:
    """The tenant of the subscriptions."""
    from escher.demo.clouds.azure.subscriptions import TENANT_ID

    return TENANT_ID


def projects() -> tuple[NamedAccount, ...]:
    """GCP's, the first one first."""
    from escher.demo.clouds.gcp.seed.company import PROJECTS

    return tuple(NamedAccount(account_id=project.project_id, name=project.name) for project in PROJECTS)
