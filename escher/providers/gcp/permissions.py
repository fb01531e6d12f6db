"""What the credentials may do: asked of the project for all at once, then of single things that may grant more.

What the project allows is allowed on all in it. What it does not, a thing's own policy may still allow: where its API can
tell, and few enough are in question, it is asked; elsewhere that is unknown. Where a thing cannot have a policy of its
own, the project's no is the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from escher.contract.estate import Account, Resource
from escher.providers.gcp.calls import GcpCalls
from escher.providers.gcp.failures import READ_FAILURES, ApiError
from escher.providers.registry import resource_types
from escher.providers.source import Verdicts

PERMISSION = "resourcemanager.projects.get"
AT_ONCE = 100
"""So many permissions Google checks in one call."""
MOST_SINGLE = 60
"""So many things of one type are asked one by one."""


@dataclass(frozen=True, slots=True)
class Policed:
    """Where an API tells what a thing's own policy allows. `path` is a template over its relative name and identifier."""

    service: str
    path: str
    method: Literal["GET", "POST"] = "POST"


_COMPUTE = Policed("compute", "compute/v1/{path}/testIamPermissions")
_BY_PATH = "{path}:testIamPermissions"
POLICED: Mapping[str, Policed] = {
    "gcp_compute_instance": _COMPUTE,
    "gcp_compute_disk": _COMPUTE,
    "gcp_compute_snapshot": _COMPUTE,
    "gcp_compute_image": _COMPUTE,
    "gcp_compute_instance_template": _COMPUTE,
    "gcp_compute_subnetwork": _COMPUTE,
    "gcp_storage_bucket": Policed("storage", "storage/v1/b/{identifier}/iam/testPermissions", "GET"),
    "gcp_pubsub_topic": Policed("pubsub", f"v1/{_BY_PATH}"),
    "gcp_pubsub_subscription": Policed("pubsub", f"v1/{_BY_PATH}"),
    "gcp_secret_manager_secret": Policed("secretmanager", f"v1/{_BY_PATH}"),
    "gcp_kms_key": Policed("cloudkms", f"v1/{_BY_PATH}"),
    "gcp_kms_key_ring": Policed("cloudkms", f"v1/{_BY_PATH}"),
    "gcp_cloud_run_service": Policed("run", f"v2/{_BY_PATH}"),
    "gcp_cloudfunctions_function": Policed("cloudfunctions", f"v2/{_BY_PATH}"),
    "gcp_artifact_registry_repository": Policed("artifactregistry", f"v1/{_BY_PATH}"),
    "gcp_cloud_tasks_queue": Policed("cloudtasks", f"v2/{_BY_PATH}"),
    "gcp_bigtable_instance": Policed("bigtableadmin", f"v2/{_BY_PATH}"),
    "gcp_spanner_instance": Policed("spanner", f"v1/{_BY_PATH}"),
}
_MAY_HAVE_MORE = frozenset(
    {"gcp_bigquery_dataset", "gcp_service_account", "gcp_dns_managed_zone", "gcp_dataproc_cluster"}
)
"""Types whose things have policies that are not asked one by one."""


class Permissions:
    """Asks Google what may be done."""

    def __init__(self, calls: GcpCalls) -> None:
        self._calls = calls

    async def verdicts(self, account: Account, resources: Sequence[Resource]) -> Verdicts:
        """What may be done with resources. Raises as `GcpCalls.post` does when the project does not tell."""
        wanted = {permission for resource in resources for permission in _acts(resource)}
        allowed, checked = await self._by_project(account, sorted(wanted))
        found = {one.resource_id: _by_project_alone(one, allowed, checked) for one in resources}
        asked = await asyncio.gather(*(self._single(account, one, allowed) for one in _few(resources, allowed)))
        for resource_id, verdicts in asked:
            found[resource_id] = {**found[resource_id], **verdicts}
        return found

    async def _by_project(self, account: Account, permissions: Sequence[str]) -> tuple[set[str], set[str]]:
        """Those that are allowed on the whole project, and those that could be asked about."""
        parts = [permissions[start : start + AT_ONCE] for start in range(0, len(permissions), AT_ONCE)]
        answers = await asyncio.gather(*(self._ask_project(account, part) for part in parts))
        return set[str]().union(*(answer[0] for answer in answers)), set[str]().union(
            *(answer[1] for answer in answers)
        )

    async def _ask_project(self, account: Account, permissions: Sequence[str]) -> tuple[set[str], set[str]]:
        path = f"v1/projects/{account.account_id}:testIamPermissions"
        try:
            answer = await self._calls.post(account, "cloudresourcemanager", path, {"permissions": list(permissions)})
        except ApiError as cause:
            if cause.status != 400:
                raise
            if len(permissions) == 1:
                return set(), set()
            # One permission that a project does not know spoils the question; the others are asked without it.
            middle = len(permissions) // 2
            halves = [await self._ask_project(account, part) for part in (permissions[:middle], permissions[middle:])]
            return halves[0][0] | halves[1][0], halves[0][1] | halves[1][1]
        return set(answer.get("permissions", ())), set(permissions)

    async def _single(self, account: Account, resource: Resource, allowed: set[str]) -> tuple[str, dict[str, bool]]:
        left = [permission for permission in _acts(resource) if permission not in allowed]
        policed = POLICED[resource.resource_type]
        relative = resource.resource_id.removeprefix("//").partition("/")[2]
        path = policed.path.format(path=relative, identifier=resource.identifier)
        try:
            if policed.method == "GET":
                answer = await self._calls.get(account, policed.service, path, {"permissions": left})
            else:
                answer = await self._calls.post(account, policed.service, path, {"permissions": left})
        except READ_FAILURES:
            # Unknown, as it was: it is gone, or the API will not say.
            return resource.resource_id, {}
        granted = set(answer.get("permissions", ()))
        return resource.resource_id, {permission: permission in granted for permission in left}


def _acts(resource: Resource) -> list[str]:
    declared = resource_types().get(resource.resource_type)
    acts = declared.acts.values() if declared else ()
    return list(dict.fromkeys(permission for permissions in acts for permission in permissions))


def _by_project_alone(resource: Resource, allowed: set[str], checked: set[str]) -> dict[str, bool]:
    decides = resource.resource_type not in POLICED and resource.resource_type not in _MAY_HAVE_MORE
    return {
        permission: permission in allowed
        for permission in _acts(resource)
        if permission in allowed or (decides and permission in checked)
    }


def _few(resources: Iterable[Resource], allowed: set[str]) -> list[Resource]:
    """The resources that are asked one by one: those of which something is open, of types with few such."""
    open_: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.resource_type in POLICED and set(_acts(resource)) - allowed:
            open_.setdefault(resource.resource_type, []).append(resource)
    return [one for found in open_.values() if len(found) <= MOST_SINGLE for one in found]
