"""Commands of az and gcloud made from their declarations, whole and spoilt, and what the real parsers make of them."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from escher.apis import commands
from escher.apis.commands import CommandSpec, Option
from escher.contract.vocabulary import Provider

_ROOT = Path(__file__).parents[2]
_AZ = _ROOT / ".venv-az" / "bin" / "python"


def as_the_cli_reads(provider: Provider, lines: Sequence[str]) -> list[bool]:
    """Whether the CLI's own parser takes each command; skips the test without the CLI."""
    program, environment = _azure() if provider == "azure" else _gcloud()
    done = subprocess.run(
        program,
        input="".join(f"{line}\n" for line in lines),
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line in ("true", "false")]


def _azure() -> tuple[list[str], dict[str, str]]:
    if not _AZ.is_file():
        message = "azure-cli is missing. Install it: make .venv-az/.ready"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return [str(_AZ), "-W", "ignore", str(_ROOT / "tests/scripts/azcli_oracle.py")], {}


def _gcloud() -> tuple[list[str], dict[str, str]]:
    found = shutil.which("gcloud")
    sdk = Path(found).resolve().parents[1] if found else Path()
    python = sdk / "platform" / "bundledpythonunix" / "bin" / "python3"
    if not python.is_file():
        pytest.skip("gcloud is missing. Install Google's Cloud SDK")
    return [str(python), str(_ROOT / "tests/scripts/gcloud_oracle.py")], {"CLOUDSDK": str(sdk)}


def samples(provider: Provider, count: int, seeded: random.Random) -> list[str]:
    """So many commands: half of them whole, the others spoilt in one way each."""
    specs = [spec for spec in commands.all_commands(provider) if _can_be_made(spec)]
    lines: list[str] = []
    while len(lines) < count:
        spec = seeded.choice(specs)
        words = _whole(spec, seeded)
        lines.append(shlex.join(words))
        lines.append(shlex.join(seeded.choice(_SPOILING)(spec, words, seeded)))
    return lines[:count]


def _can_be_made(spec: CommandSpec) -> bool:
    """Whether every option that must be there takes a value that can be made up."""
    needed = (*spec.required, *(option for option in spec.options if option.positional))
    return not any(option.file or option.values == "..." or _value(option) is None for option in needed)


def _value(option: Option) -> str | None:
    if option.choices:
        return option.choices[0]
    if option.type == "map":
        return None if option.keys else "a=b"
    return {"string": "name-1", "integer": "10", "float": "1.5", "boolean": "true", "list": "a1"}.get(option.type)


def _whole(spec: CommandSpec, seeded: random.Random) -> list[str]:
    """All that must be there, and a few other options that depend on nothing."""
    words = list(spec.words)
    for option in spec.options:
        extra = not option.required and not spec.groups and not option.by_id and seeded.random() < 0.15
        if option.required or option.positional or (extra and _may_be_added(option)):
            words += _with_value(option, seeded)
    return words


def _may_be_added(option: Option) -> bool:
    return not option.file and _value(option) is not None and option.name not in ("ids", "help")


def _with_value(option: Option, seeded: random.Random) -> list[str]:
    value = _value(option) or "x"
    if option.positional:
        return [value]
    name = seeded.choice(option.names)
    if option.switch:
        return [name]
    return [f"{name}={value}"] if name.startswith("--") and seeded.random() < 0.5 else [name, value]


def _without_one(spec: CommandSpec, words: list[str], seeded: random.Random) -> list[str]:
    flags = [place for place in range(len(spec.words), len(words)) if words[place].startswith("-")]
    places = flags or list(range(len(spec.words), len(words)))
    if not places:
        return [*words, "left-over-word"]
    start = seeded.choice(places)
    end = next((place for place in flags if place > start), start + 1)
    return words[:start] + words[end:]


def _invented(_spec: CommandSpec, words: list[str], seeded: random.Random) -> list[str]:
    return [*words, f"--no-such-{seeded.randrange(9)}", "x"]


def _renamed(spec: CommandSpec, words: list[str], seeded: random.Random) -> list[str]:
    flags = [place for place in range(len(spec.words), len(words)) if words[place].startswith("--")]
    if not flags:
        return _invented(spec, words, seeded)
    place = seeded.choice(flags)
    name, equals, value = words[place].partition("=")
    return [*words[:place], f"{name[:4]}q{name[4:]}{equals}{value}", *words[place + 1 :]]


def _misspelt(spec: CommandSpec, words: list[str], _seeded: random.Random) -> list[str]:
    place = len(spec.words) - 1
    return [*words[:place], f"{words[place]}q", *words[place + 1 :]]


def _wrong(spec: CommandSpec, words: list[str], seeded: random.Random) -> list[str]:
    """A value that is none of those allowed, or no number."""
    closed = [
        option
        for option in spec.options
        if (option.choices or option.type == "integer") and not option.positional and not option.switch
    ]
    if not closed:
        return _invented(spec, words, seeded)
    return [*words, f"{seeded.choice(closed).names[0]}=no-such-value"]


_SPOILING = (_without_one, _invented, _renamed, _misspelt, _wrong)
