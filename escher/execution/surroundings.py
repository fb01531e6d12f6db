"""What a step's process gets to see: a fixed PATH, a HOME of its own, one account's credentials, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from escher.approval.grant import Tool
from escher.contract.plan import Call

_BASE = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
    "AWS_CLI_AUTO_PROMPT": "off",
    "AWS_RETRY_MODE": "standard",
    "PYTHONUTF8": "1",
}


def environment(call: Call, credentials: Mapping[str, str], home: Path, tools: Sequence[Tool]) -> dict[str, str]:
    """The whole environment of a call. What the plan says cannot be changed by what the credentials bring."""
    folders = dict.fromkeys([*(str(Path(tool.path).parent) for tool in tools), "/usr/bin", "/bin"])
    private = {
        "PATH": ":".join(folders),
        "HOME": str(home),
        "TMPDIR": str(home),
        "AWS_CONFIG_FILE": str(home / "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "aws-credentials"),
    }
    return {**_BASE, **credentials, **call.environment, **private}


def command(call: Call, tools: Sequence[Tool]) -> list[str]:
    """The argument list that runs the approved bytes themselves, never a file that could change."""
    if call.language == "python":
        return [sys.executable, "-I", "-c", call.script, *call.arguments]
    bash = next(tool.path for tool in tools if tool.name == "bash")
    return [bash, "--norc", "--noprofile", "-c", call.script, "escher", *call.arguments]
