"""What a Python script may hold besides plain values: modules, log-ins, clients, prepared calls. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from escher.apis.catalogue import OperationSpec


class Special:
    """Something that is no plain value. `nameable` says that a name may be given to it."""

    nameable: ClassVar[bool] = False


class Nameable(Special):
    """Something that may be kept under a name, or handed to what makes a client."""

    nameable = True


@dataclass(frozen=True)
class Module(Special):
    """An imported module."""

    name: str


@dataclass(frozen=True)
class Factory(Special):
    """A class or function that was imported by name: `from module import name`."""

    module: str
    name: str


@dataclass(frozen=True)
class Environment(Special):
    """`os.environ`."""


@dataclass(frozen=True)
class Stream(Special):
    """`sys.stdout` or `sys.stderr`, to print to."""


@dataclass(frozen=True)
class Login(Nameable):
    """The log-in that the script was given, of Azure or of Google."""

    provider: str


@dataclass(frozen=True)
class Token(Nameable):
    """A token out of the environment; only a log-in may be made of it."""


@dataclass(frozen=True)
class Client(Nameable):
    """`boto3.client(name)`."""

    name: str


@dataclass(frozen=True)
class Prepared(Nameable):
    """A paginator or a waiter: one method, one operation."""

    method: str
    ignored: str
    spec: OperationSpec


@dataclass(frozen=True)
class CloudClient(Nameable):
    """A client of azure-mgmt or of a Google API, and the path within it: `virtual_machines`; `projects.locations`."""

    provider: str
    name: str
    path: str = ""


@dataclass(frozen=True)
class Request(Nameable):
    """A call of a Google API, made ready; it counts as made."""


@dataclass(frozen=True)
class Method:
    """A method that is about to be called."""

    owner: Any
    name: str
