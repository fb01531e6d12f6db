"""What a Python script may do with its modules: clients, waiters, paginators, JSON, arguments, exit. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from escher.apis import catalogue
from escher.apis.validate import UNKNOWN, Unknown, has_unknown
from escher.scripts import places, sdk_clouds
from escher.scripts.aws_values import ValueRefused, load_json
from escher.scripts.findings import Findings
from escher.scripts.places import region_of
from escher.scripts.python_errors import NotOffered, NotUnderstood
from escher.scripts.special import (
    Client,
    CloudClient,
    Environment,
    Factory,
    Method,
    Module,
    Prepared,
    Request,
    Special,
    Stream,
    Token,
)

MODULES = frozenset({"boto3", "google.auth", "json", "sys", "os", "time"})
# Methods of clients that are no operations: they move files, mint addresses that need no credentials, or more.
_NO_OPERATIONS = frozenset(
    {"upload_file", "download_file", "upload_fileobj", "download_fileobj", "copy", "meta", "exceptions"}
    | {"generate_presigned_url", "generate_presigned_post", "generate_db_auth_token"}
)


class Sdk:
    """The modules, with what the script was given."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str] | None, findings: Findings) -> None:
        self._arguments = [UNKNOWN, *arguments]
        self._environment = environment
        self._findings = findings
        self._clouds = sdk_clouds.CloudSdk(environment, findings)
        self._functions: Mapping[tuple[str, str], Callable[..., Any]] = {
            **sdk_clouds.FUNCTIONS,
            ("json", "loads"): _loads,
            ("json", "dumps"): _dumps,
            ("sys", "exit"): _exit,
            ("time", "sleep"): _sleep,
        }

    def attribute(self, owner: Special, name: str) -> Any:
        """`sys.argv`, `os.environ`, or a method."""
        if owner == Module("sys") and name == "argv":
            return list(self._arguments)
        if owner == Module("sys") and name in ("stdout", "stderr"):
            return Stream()
        if owner == Module("os") and name == "environ":
            return Environment()
        if isinstance(owner, Module) and f"{owner.name}.{name}" in MODULES:
            return Module(f"{owner.name}.{name}")
        if isinstance(owner, CloudClient) and (group := self._clouds.attribute(owner, name)) is not None:
            return group
        if isinstance(owner, Client) and name in _NO_OPERATIONS:
            raise NotUnderstood(f"{name} is no operation of the provider")
        return Method(owner, name)

    def item(self, owner: Special, key: Any) -> Any:
        """`os.environ["AWS_REGION"]`: only what says where the script runs."""
        if key == sdk_clouds.TOKEN_VARIABLE:
            return Token()
        value = self._variable(owner, key, UNKNOWN)
        if value is UNKNOWN:
            raise NotUnderstood(f"the environment has no {key}")
        return value

    def _variable(self, owner: Special, key: Any, default: Any) -> Any:
        known = key in places.NAMES or key == sdk_clouds.ARM_VARIABLE or bool(sdk_clouds.OVERRIDE.match(str(key)))
        if not isinstance(owner, Environment) or not known:
            raise NotUnderstood("only the place where it runs can be read from the environment")
        if self._environment is None:
            return Unknown(f"${key}")
        return self._environment.get(key, default)

    def make(self, factory: Factory, arguments: list[Any], named: Mapping[str, Any], line: int) -> Any:
        """Call a class or function that was imported by name."""
        return self._clouds.make(factory, arguments, named, line)

    def call(self, method: Method, arguments: list[Any], named: Mapping[str, Any], *, line: int, literal: bool) -> Any:
        """Call a function of a module, or a method of a client, paginator or waiter."""
        owner = method.owner
        if owner == Module("boto3") and method.name == "client":
            return self._client(arguments, named, line, literal=literal)
        if isinstance(owner, Client):
            return self._of_client(owner, method.name, arguments, named, line, literal=literal)
        if isinstance(owner, Prepared) and method.name == owner.method and not arguments:
            parameters = {name: value for name, value in named.items() if name != owner.ignored}
            self._findings.call(line, owner.spec, parameters)
            return UNKNOWN
        if isinstance(owner, CloudClient):
            return self._clouds.call(owner, method.name, arguments, named, line)
        if isinstance(owner, Request) and method.name == "execute" and not arguments and set(named) <= {"num_retries"}:
            return UNKNOWN
        if isinstance(owner, Environment) and method.name == "get" and len(arguments) in (1, 2) and not named:
            return self._variable(owner, arguments[0], arguments[1] if len(arguments) == 2 else None)
        function = self._functions.get((owner.name, method.name)) if isinstance(owner, Module) else None
        if function is None:
            raise NotUnderstood(f"{method.name} is not understood here")
        return function(*arguments, **named)

    def _client(self, arguments: list[Any], named: Mapping[str, Any], line: int, *, literal: bool) -> Any:
        if len(arguments) != 1 or not literal or not isinstance(arguments[0], str):
            raise NotUnderstood("the service of a client must be a text in the script")
        if set(named) - {"region_name"}:
            raise NotUnderstood("a client takes no other setting than region_name")
        here = region_of(self._environment) or ""
        region = named.get("region_name", here)
        if self._environment is not None and region != here:
            self._findings.refuse(line, f"the region {region!r} is not the one that this runs in")
        if arguments[0] not in catalogue.clients("aws"):
            raise NotOffered(f"there is no service {arguments[0]!r}")
        return Client(arguments[0])

    def _of_client(
        self, client: Client, name: str, arguments: list[Any], named: Mapping[str, Any], line: int, *, literal: bool
    ) -> Any:
        if name in ("get_paginator", "get_waiter"):
            if len(arguments) != 1 or named or not literal:
                raise NotUnderstood(f"{name} takes one text that is in the script")
            return _prepared(client, name, str(arguments[0]))
        spec = catalogue.sdk_operation("aws", client.name, name)
        if spec is None or arguments:
            raise NotOffered(
                f"{client.name}.{name} takes named parameters only" if spec else f"{client.name} has no {name}"
            )
        self._findings.call(line, spec, named)
        return UNKNOWN


def _prepared(client: Client, kind: str, name: str) -> Prepared:
    if kind == "get_waiter":
        spec = catalogue.sdk_waiter("aws", client.name, name)
    else:
        spec = catalogue.sdk_operation("aws", client.name, name)
        spec = spec if spec is not None and spec.paged else None
    if spec is None:
        raise NotOffered(f"{client.name} has no {kind.removeprefix('get_')} {name!r}")
    if kind == "get_waiter":
        return Prepared("wait", "WaiterConfig", spec)
    return Prepared("paginate", "PaginationConfig", spec)


def _loads(text: Any) -> Any:
    if isinstance(text, Unknown):
        return UNKNOWN
    try:
        return load_json(text)
    except ValueRefused as problem:
        raise NotUnderstood(str(problem)) from problem


def _dumps(value: Any, **options: Any) -> Any:
    if set(options) - {"indent", "default", "sort_keys", "ensure_ascii"}:
        raise NotUnderstood("json.dumps is used in a way that is not understood")
    return UNKNOWN if has_unknown(value) or options else json.dumps(value)


def _exit(_status: Any = 0) -> None:
    """The rest of the script is read all the same."""


def _sleep(seconds: Any) -> None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 <= seconds <= 3_600:
        raise NotUnderstood("how long it sleeps is not known")
