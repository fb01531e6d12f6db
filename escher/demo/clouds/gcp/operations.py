"""What takes a while: operations go from PENDING over RUNNING to DONE, and only then is their effect seen."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from escher.demo.clouds.gcp.asset_types import type_at
from escher.demo.clouds.gcp.state import Json, State, digits, stamp

COMPUTE = "https://www.googleapis.com/compute/v1/"
# How the messages of the younger APIs are called in the results of their operations.
_PACKAGES = {
    "cloudfunctions": "google.cloud.functions.v2",
    "run": "google.cloud.run.v2",
    "file": "google.cloud.filestore.v1",
    "artifactregistry": "google.devtools.artifactregistry.v1",
    "spanner": "google.spanner.admin.instance.v1",
    "bigtableadmin": "google.bigtable.admin.v2",
    "firestore": "google.firestore.admin.v1",
}
Effect = Callable[[], Json | None]


@dataclass(slots=True)
class Operation:
    """One of them: where it is kept, when it is due and what it does then (its result, if it has one)."""

    api: str
    path: str
    project: str
    due: datetime
    effect: Effect
    data: Json


@dataclass(slots=True)
class Operations:
    """All of them. `lasting_ms` is how long each takes."""

    state: State
    user: str
    lasting_ms: int = 150
    _open: list[Operation] = field(default_factory=list)

    def settle(self) -> None:
        """Bring every operation to where it must be by now, in the order in which they began."""
        now = datetime.now(UTC)
        for operation in list(self._open):
            if operation.due <= now:
                self._open.remove(operation)
                result = operation.effect()
                _finish(operation, stamp(now), result)
            else:
                _run(operation, stamp(now))
            self.state.replace(operation.api, operation.path, operation.data)

    async def wait(self, path: str, longest_s: float = 110) -> None:
        """Until an operation of compute is done, or so long."""
        for operation in [operation for operation in self._open if operation.path == path]:
            left = (operation.due - datetime.now(UTC)).total_seconds()
            # A little more, since the two clocks need not agree to the millisecond.
            await asyncio.sleep(max(0.0, min(left, longest_s)) + 0.005)
        self.settle()

    def begin_compute(self, verb: str, target: str, target_id: str, project: str, effect: Effect) -> Json:
        """An operation on a resource of compute, as the call that began it answers."""
        scope = "/".join(target.split("/")[2:4]) if "/global/" not in target else "global"
        name = f"operation-{int(datetime.now(UTC).timestamp() * 1000)}-{uuid.uuid4().hex[:13]}"
        path = f"projects/{project}/{scope}/operations/{name}"
        data: Json = {
            "kind": "compute#operation",
            "id": digits(path),
            "name": name,
            "operationType": verb,
            "targetLink": COMPUTE + target,
            "targetId": target_id,
            "status": "PENDING",
            "user": self.user,
            "progress": 0,
            "insertTime": stamp(datetime.now(UTC)),
            "selfLink": COMPUTE + path,
        }
        if scope != "global":
            data[scope.split("/")[0].removesuffix("s")] = f"{COMPUTE}projects/{project}/{scope}"
        return self._begin("compute", path, project, effect, data)

    def begin_sql(self, verb: str, target: str, project: str, effect: Effect) -> Json:
        """An operation on an instance of Cloud SQL."""
        name, root = str(uuid.uuid4()), "https://sqladmin.googleapis.com/sql/v1beta4/"
        data: Json = {
            "kind": "sql#operation",
            "name": name,
            "operationType": verb,
            "targetId": target.rpartition("/")[2],
            "targetLink": root + target,
            "targetProject": project,
            "status": "PENDING",
            "user": self.user,
            "insertTime": stamp(datetime.now(UTC)),
            "selfLink": f"{root}projects/{project}/operations/{name}",
        }
        return self._begin("sqladmin", f"projects/{project}/operations/{name}", project, effect, data)

    def begin_container(self, verb: str, target: str, project: str, effect: Effect) -> Json:
        """An operation on a cluster or node pool of Kubernetes Engine."""
        name, place = f"operation-{uuid.uuid4().hex[:16]}", target.split("/")[3]
        path = f"projects/{project}/locations/{place}/operations/{name}"
        root = "https://container.googleapis.com/v1/"
        data: Json = {
            "name": name,
            "operationType": verb,
            "status": "PENDING",
            "zone": place,
            "startTime": stamp(datetime.now(UTC)),
            "targetLink": root + target,
            "selfLink": root + path,
        }
        return self._begin("container", path, project, effect, data)

    def begin(self, api: str, target: str, project: str, effect: Effect) -> Json:
        """A long-running operation of one of the younger APIs."""
        parts = target.split("/")
        scope = "/".join(parts[: 4 if len(parts) > 3 and parts[2] in ("locations", "regions") else 2])
        path = f"{scope}/operations/{uuid.uuid4()}"
        metadata = {"@type": _type(api, "OperationMetadata"), "target": target, "createTime": stamp(datetime.now(UTC))}
        return self._begin(api, path, project, effect, {"name": path, "metadata": metadata, "done": False})

    def _begin(self, api: str, path: str, project: str, effect: Effect, data: Json) -> Json:
        due = datetime.now(UTC) + timedelta(milliseconds=self.lasting_ms)
        self._open.append(Operation(api, path, project, due, effect, data))
        self.state.put(api, path, data, project)
        return data


def _run(operation: Operation, now: str) -> None:
    if operation.data.get("status") == "PENDING":
        operation.data = operation.data | {"status": "RUNNING", "startTime": now}


def _finish(operation: Operation, now: str, result: Json | None) -> None:
    if "status" not in operation.data:
        operation.data = operation.data | {"done": True, "response": _typed(operation, result)}
        return
    done: dict[str, Any] = {"status": "DONE", "endTime": now, "startTime": operation.data.get("startTime", now)}
    operation.data = operation.data | done | ({"progress": 100} if operation.api == "compute" else {})


def _typed(operation: Operation, result: Json | None) -> Json:
    if result is None:
        return {"@type": "type.googleapis.com/google.protobuf.Empty"}
    target = type_at(operation.api, operation.data["metadata"]["target"])
    return {"@type": _type(operation.api, target.name.partition("/")[2] if target else "Resource")} | result


def _type(api: str, message: str) -> str:
    return f"type.googleapis.com/{_PACKAGES.get(api, f'google.cloud.{api}.v1')}.{message}"
