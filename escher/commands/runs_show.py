"""`escher runs show`: the whole record of a run, as text, as one page, or as a notebook that only reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from escher.commands.command import Invocation, Outcome
from escher.errors import InvalidInput


def configure(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:  # pyright: ignore[reportPrivateUsage] argparse has no public name for it
    """Add `show` to the actions of `escher runs`."""
    parser = subparsers.add_parser("show", help="the whole record of a run")
    parser.add_argument("run", help="the id of a run")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write it as one page into a new file")
    parser.add_argument("--notebook", type=Path, metavar="FILE", help="write it as a notebook that only reads")


def show(call: Invocation) -> Outcome:
    """Show a run's record, and write the files that were asked for. Raises NotFound, InvalidInput."""
    record = call.session.run_record(call.options.run)
    written = {
        str(file): make()
        for file, make in ((call.options.html, record.html), (call.options.notebook, record.notebook))
        if file is not None
    }
    for file, content in written.items():
        _write(Path(file), content)
    result = record.evidence.result
    document = result.model_dump(mode="json") | {"written": list(written)}
    return Outcome(document, "\n".join(f"Written: {file}" for file in written) or record.text())


def _write(file: Path, content: str) -> None:
    """Write a new file for its owner alone: it names what somebody owns. Raises InvalidInput."""
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(content, "utf-8")
    except OSError as cause:
        raise InvalidInput(f"cannot write {str(file)!r}: {cause.strerror}.", hint="Name a file that is new.") from cause
