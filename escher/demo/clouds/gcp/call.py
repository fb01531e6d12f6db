"""A call on its way through the demo's GCP, and everything that answers it may need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from escher.demo.clouds.gcp.access import Access
from escher.demo.clouds.gcp.discovery import Document, Method
from escher.demo.clouds.gcp.errors import ApiError, not_found
from escher.demo.clouds.gcp.faults import Faults
from escher.demo.clouds.gcp.operations import Operations
from escher.demo.clouds.gcp.state import Json, Resource, State


@dataclass(slots=True)
class Cloud:
    """The whole demo cloud. `audit` are the entries of its audit log, oldest first."""

    state: State
    access: Access
    operations: Operations
    faults: Faults = field(default_factory=Faults)
    audit: list[Json] = field(default_factory=list)

    def enabled(self, project: str, service: str) -> bool:
        """Whether an API is on in a project."""
        found = self.state.find("serviceusage", f"projects/{project}/services/{service}")
        return found is not None and (found.data or {}).get("state") == "ENABLED"

    def switch(self, project: str, service: str, on: bool) -> None:
        """Turn an API of a project on or off. Raises ApiError if the project has never heard of it."""
        path = f"projects/{project}/services/{service}"
        data = self.state.copy("serviceusage", path)
        if data is None:
            raise not_found("serviceusage", path)
        self.state.put("serviceusage", path, data | {"state": "ENABLED" if on else "DISABLED"}, project)


@dataclass(slots=True)
class Call:
    """A call. `path` names what it is about within the API, with the project's id; `project` is empty if it has none."""

    cloud: Cloud
    document: Document
    method: Method
    path: str
    query: dict[str, list[str]]
    body: Json
    project: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def api(self) -> str:
        """The API by its name."""
        return self.document.api

    @property
    def state(self) -> State:
        """All resources."""
        return self.cloud.state

    def option(self, name: str, usual: str = "") -> str:
        """A parameter of the query that is given once."""
        return self.query.get(name, [usual])[0]

    def resource(self, path: str = "") -> Resource:
        """The resource that the call is about, or another of the API. Raises ApiError 404."""
        found = self.state.find(self.api, path or self.path)
        if found is None:
            raise not_found(self.api, path or self.path)
        return found

    def copy(self, path: str = "") -> Json:
        """A copy of it that may be changed and put back."""
        self.resource(path)
        return self.state.copy(self.api, path or self.path) or {}

    def put(self, data: Json, path: str = "") -> Resource:
        """Put it back."""
        return self.state.put(self.api, path or self.path, data, self.project)


def invalid(message: str, reason: str = "invalid") -> ApiError:
    """The call says something that cannot be."""
    return ApiError(400, message, reason)
