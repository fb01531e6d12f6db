"""What exists in the demo's GCP, and what existed since it started. The only place where resources are kept."""

from __future__ import annotations

import copy
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from escher.demo.clouds.gcp.asset_types import AssetType, asset_name, type_at

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the company; `role` is what the demo's service account may there: `owner` or `viewer`."""

    project_id: str
    number: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a resource was from a moment on; without data it was gone."""

    since: datetime
    data: Json | None


@dataclass(slots=True)
class Resource:
    """A resource and its past. `path` names it within its API; those without a type are no assets."""

    api: str
    path: str
    project: str
    asset_type: AssetType | None
    editions: list[Edition] = field(default_factory=list)

    @property
    def data(self) -> Json | None:
        """What it is now. Not to be changed: put a changed copy."""
        return self.editions[-1].data

    def at(self, moment: datetime) -> Edition | None:
        """What it was at a moment, None before its first."""
        return next((edition for edition in reversed(self.editions) if edition.since <= moment), None)


@dataclass(slots=True)
class State:
    """All resources, by API and path. `projects` are keyed by id."""

    projects: dict[str, Project]
    started: datetime
    _resources: dict[tuple[str, str], Resource] = field(default_factory=dict)
    _collections: dict[tuple[str, str], dict[str, Resource]] = field(default_factory=lambda: defaultdict(dict))

    def find(self, api: str, path: str) -> Resource | None:
        """The resource at a path, None if there is none now."""
        found = self._resources.get((api, path))
        return found if found and found.data is not None else None

    def copy(self, api: str, path: str) -> Json | None:
        """A copy of a resource that may be changed and put back."""
        found = self.find(api, path)
        return copy.deepcopy(found.data) if found else None

    def put(self, api: str, path: str, data: Json, project: str, since: datetime | None = None) -> Resource:
        """Make a resource, or a new edition of it."""
        found = self._resources.get((api, path))
        if found is None:
            found = self._resources[api, path] = Resource(api, path, project, type_at(api, path))
            self._collections[api, path.rpartition("/")[0]][path] = found
        found.editions.append(Edition(since or datetime.now(UTC), data))
        return found

    def replace(self, api: str, path: str, data: Json) -> None:
        """Change the newest edition in place, for what leaves no history."""
        found = self._resources[api, path]
        found.editions[-1] = Edition(found.editions[-1].since, data)

    def remove(self, api: str, path: str) -> None:
        """End a resource and all that is below it."""
        for found in [found for found in self._resources.values() if found.api == api]:
            if (found.path == path or found.path.startswith(f"{path}/")) and found.data is not None:
                found.editions.append(Edition(datetime.now(UTC), None))

    def members(self, api: str, collection: str) -> list[Resource]:
        """What a collection holds now, by path; `-` in its path stands for anything."""
        if "-" not in collection.split("/"):
            return _living(self._collections.get((api, collection), {}))
        parts = collection.split("/")
        fitting = [
            members
            for (owner, path), members in self._collections.items()
            if owner == api and _fits(parts, path.split("/"))
        ]
        return _living({path: found for members in fitting for path, found in members.items()})

    def in_api(self, api: str, project: str) -> Iterator[Resource]:
        """Everything of an API in a project now."""
        return (found for found in self.all(project) if found.api == api and found.data is not None)

    def all(self, project: str) -> Iterator[Resource]:
        """Everything of a project, what is gone too."""
        return (found for found in list(self._resources.values()) if found.project == project)

    def named(self, found: Resource, data: Json) -> str:
        """The full resource name of an asset."""
        assert found.asset_type is not None
        return asset_name(found.asset_type, found.path, data, self.number)

    def number(self, project: str) -> str:
        """A project's number."""
        return self.projects[project].number if project in self.projects else project

    def canonical(self, path: str) -> str:
        """A path with the project's id where its number may have been given."""
        parts = path.split("/")
        if len(parts) > 1 and parts[0] == "projects":
            by_number = {project.number: project.project_id for project in self.projects.values()}
            parts[1] = by_number.get(parts[1], parts[1])
        return "/".join(parts)


def stamp(moment: datetime) -> str:
    """A moment as the APIs write it, to the millisecond, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def digits(text: str, count: int = 19) -> str:
    """A number of so many digits that is always the same for a text."""
    return str(int(hashlib.sha256(text.encode()).hexdigest(), 16))[1 : count + 1].replace("0", "7", 1)


def _living(members: dict[str, Resource]) -> list[Resource]:
    return [members[path] for path in sorted(members) if members[path].data is not None]


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(p in ("-", part) for p, part in zip(pattern, parts, strict=True))
