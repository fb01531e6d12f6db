"""What awscli itself makes of command lines: a program that reads one a line and answers a line of JSON.

`[service, operation, parameters]` of the call that it would make, or null when it refuses. It is a process of its own
because importing awscli puts another botocore in the place of the real one.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
from typing import Any

os.environ |= {
    "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}  # fmt: skip


def main() -> None:
    """Answer every line of the standard input."""
    from awscli import clidriver

    calls: list[Any] = []

    def invoke(_caller: object, service: str, operation: str, parameters: dict[str, Any], _globals: object) -> int:
        calls.append([service, operation, parameters])
        return 0

    clidriver.CLIOperationCaller.invoke = invoke
    for line in sys.stdin:
        calls.clear()
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            code = _run(clidriver, shlex.split(line)[1:])
        sys.stdout.write(json.dumps(calls[0] if code == 0 and calls else None, default=str) + "\n")


def _run(clidriver: Any, words: list[str]) -> int:
    try:
        return clidriver.create_clidriver().main(words)
    except SystemExit as end:
        return int(end.code or 0)


if __name__ == "__main__":
    main()
