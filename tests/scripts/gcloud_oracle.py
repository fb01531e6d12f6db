"""What gcloud's own parser makes of command lines: a program that reads one a line and answers true or false.

It runs with gcloud's own Python, as `gcloud meta lint-gcloud-commands` does, which starts anew for each command; nothing
is called.
"""

# pyright: reportMissingImports=false, reportUnknownVariableType=false, reportUnknownMemberType=false
# gcloud is not in the project's environment.

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import sys
import tempfile
from typing import Any

sys.path.insert(0, f"{os.environ['CLOUDSDK']}/lib/third_party")
sys.path.insert(0, f"{os.environ['CLOUDSDK']}/lib")
os.environ |= {"CLOUDSDK_CONFIG": tempfile.mkdtemp(), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}


def main() -> None:
    """Answer every line of the standard input."""
    from googlecloudsdk import gcloud_main

    top: Any = gcloud_main.CreateCLI([])._TopElement()
    for line in sys.stdin:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            accepted = _accepted(top, shlex.split(line)[1:])
        sys.stdout.write(json.dumps(accepted) + "\n")


def _accepted(node: Any, words: list[str]) -> bool:
    # gcloud brings an argparse of its own.
    import argparse

    for number, word in enumerate(words):
        node = node.LoadSubElement(word)
        if node is None:
            return False
        if not node.is_group:
            try:
                node._parser.parse_args(words[number + 1 :], raise_error=True)
            except (argparse.ArgumentError, SystemExit):
                return False
            return True
    return False


if __name__ == "__main__":
    main()
