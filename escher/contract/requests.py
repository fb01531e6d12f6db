"""What a person wants to run in their own words: commands, scripts and calls, alone or as a plan. Pure.

They become plans as the library's playbooks do, so they are read, checked, shown, approved and recorded alike. Nothing
here carries a secret or chooses an account: where a command acts is where its targets are.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from escher.contract.plan import Strategy
from escher.contract.playbook import RetryConfig
from escher.contract.vocabulary import Language
from escher.contract.wire import Wire

MOST_REQUESTS = 100
LONGEST_SCRIPT = 100_000
Word = Annotated[str, Field(min_length=1, max_length=1_000)]


class ScriptCommand(Wire):
    """A script from a file or as it stands. Its first line names the interpreter, unless `language` does; else bash.

    `sha256` is what the bytes must have, when it is given.
    """

    type: Literal["script"] = "script"
    path: str = ""
    content: str = Field(default="", max_length=LONGEST_SCRIPT)
    language: Language | None = None
    arguments: tuple[str, ...] = ()
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.path) == bool(self.content):
            raise ValueError("a script has either a path or a content")
        return self


class ExecCommand(Wire):
    """A program with its arguments; no shell reads them."""

    type: Literal["exec"] = "exec"
    program: Word
    args: tuple[str, ...] = ()


class ShellCommand(Wire):
    """A line for bash."""

    type: Literal["shell"] = "shell"
    command: str = Field(min_length=1, max_length=LONGEST_SCRIPT)
    shell: Literal["bash"] = "bash"


class AwsCommand(Wire):
    """A call by `aws`: `service` and `operation` as it spells them, its other arguments in `args`."""

    type: Literal["aws_cli"] = "aws_cli"
    service: Word
    operation: Word
    args: tuple[str, ...] = ()
    region: str = ""


class AzCommand(Wire):
    """A call by `az`: its words before the first option in `group`."""

    type: Literal["az_cli"] = "az_cli"
    group: tuple[Word, ...] = Field(min_length=1)
    args: tuple[str, ...] = ()


class GcloudCommand(Wire):
    """A call by `gcloud`: its words before the first option in `group`."""

    type: Literal["gcloud_cli"] = "gcloud_cli"
    group: tuple[Word, ...] = Field(min_length=1)
    args: tuple[str, ...] = ()


class PythonCommand(Wire):
    """Python code, run by itself in a process of its own with these arguments."""

    type: Literal["python"] = "python"
    content: str = Field(min_length=1, max_length=LONGEST_SCRIPT)
    arguments: tuple[str, ...] = ()


class SdkCommand(Wire):
    """One call by AWS's SDK: `service` and `operation` as botocore spells them, parameters as the API takes them."""

    type: Literal["sdk"] = "sdk"
    provider: Literal["aws"] = "aws"
    service: str = Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")
    operation: str = Field(pattern=r"^[a-z][a-z0-9_]{0,100}$")
    params: dict[str, Any] = {}


OwnCommand = Annotated[
    ScriptCommand | ExecCommand | ShellCommand | AwsCommand | AzCommand | GcloudCommand | PythonCommand | SdkCommand,
    Field(discriminator="type"),
]


class Request(Wire):
    """One command, for how long it may run, and where.

    `account` (id or name) and `region` are needed only where the targets do not tell; `targets` are names or ids that
    the command does not name itself.
    """

    command: OwnCommand
    title: str = Field(default="", max_length=100)
    account: str = ""
    region: str = ""
    targets: tuple[Word, ...] = ()
    timeout_seconds: int | None = Field(default=None, ge=1, description="Without it, what the settings say")
    retry: RetryConfig = RetryConfig(max_attempts=1)
    stop_on_error: bool = True


class PlanRequest(Wire):
    """Several commands and how they follow each other; `needs` maps a command's place (from 0) to those it waits for."""

    description: str = Field(min_length=5, max_length=500)
    strategy: Strategy = "serial"
    max_concurrency: int = Field(default=10, ge=1, le=50)
    commands: tuple[Request, ...] = Field(min_length=1, max_length=MOST_REQUESTS)
    needs: dict[int, tuple[int, ...]] = {}

    @model_validator(mode="after")
    def _known_places(self) -> Self:
        places = range(len(self.commands))
        named = {*self.needs, *(place for needed in self.needs.values() for place in needed)}
        if unknown := sorted(named - set(places)):
            raise ValueError(f"there is no command {unknown[0]}: they count from 0")
        if self.needs and self.strategy != "dependency":
            raise ValueError('needs are for the strategy "dependency"')
        return self
