"""The reader of scripts: what a script would do with these arguments, told without running it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from escher.contract.ports import Reading
from escher.contract.vocabulary import Language
from escher.scripts.findings import Findings
from escher.scripts.python_script import PythonReader
from escher.scripts.shell import ShellReader


class Reader:
    """Implements `contract.ports.ScriptReader`."""

    def read(
        self,
        script: str,
        language: Language,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Reading:
        """What this script would call. `environment` None = not known; then the script may name any region."""
        findings = Findings()
        kind = ShellReader if language == "bash" else PythonReader
        try:
            kind(script, arguments, environment, findings).read()
        except RecursionError:
            findings.refuse(1, "it is nested too deep to read")
        return findings.reading()
