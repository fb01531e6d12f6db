"""Print what the clouds' own packages say of every operation, one JSON document a line, for `escher.vectors.reference`.

A tool for developers; nothing imports it, and nothing of Escher's comes along where another Python runs it:

    .venv/bin/python -m escher.apis.build_sentences aws > aws.jsonl
    .venv-az/bin/python -m escher.apis.build_sentences azure > azure.jsonl
    GCLOUD_LIB=<google-cloud-sdk>/lib python3 -m escher.apis.build_sentences gcp > gcp.jsonl

A line has `provider, service, operation` as the catalogue spells them, `titles` (what the service is called, the best
name first), `text` (plain, as long as it matters), `parameters` and `deprecated`. The first line has the versions.
Sentences are read here and left out of what ships.
"""

# pyright: reportMissingImports=false, reportMissingTypeArgument=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportPrivateUsage=false
# pyright: reportUnknownLambdaType=false, reportUntypedBaseClass=false
# botocore, azure-cli and gcloud are untyped, the last two are in other environments, and tables of commands are protected.

from __future__ import annotations

import html
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

_BOXES = re.compile(r"<(note|important|caution|warning|fullname)>.*?</\1>", re.DOTALL)
_BLOCK_ENDS = re.compile(r"</(p|li|dt|dd)>")
_LONGEST = 2_000


def plain(markup: str) -> str:
    """The text of HTML or of a CLI's help, boxes left out, in one line."""
    text = html.unescape(re.sub(r"<[^>]+>", "", _BLOCK_ENDS.sub(". ", _BOXES.sub(" ", markup))))
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s*\.(\s*\.)+", ".", text)[:_LONGEST]


def aws() -> Iterator[dict[str, Any]]:
    """Every operation of `data/aws.zip`."""
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    import botocore.session
    from awscli import clidriver

    from escher.apis import catalogue

    session, commands = botocore.session.get_session(), clidriver.create_clidriver()._get_command_table()
    yield {"versions": dict(catalogue.versions("aws"))}
    for service in catalogue.services("aws"):
        command = commands[service]
        modelled = isinstance(command, clidriver.ServiceCommand)
        client = command._get_service_model().service_name if modelled else ""
        model = session.get_service_model(client) if client else None
        titles = _aws_titles(model.metadata) if model else []
        for name in catalogue.operations("aws", service):
            spec = catalogue.operation("aws", service, name)
            declared = model.operation_model(spec.api) if model and spec and spec.api else None
            yield {
                "provider": "aws", "service": service, "operation": name, "titles": titles,
                "text": plain(str(declared.documentation)) if declared else _aws_description(command, modelled, name),
                "parameters": list(spec.parameters) if spec else [],
                "deprecated": bool(declared and declared.deprecated),
            }  # fmt: skip


def _aws_titles(metadata: dict[str, str]) -> list[str]:
    names = (metadata.get(key, "") for key in ("serviceFullName", "serviceAbbreviation", "serviceId"))
    return [name for name in names if name]


def _aws_description(command: Any, modelled: bool, name: str) -> str:
    part = (command._get_command_table() if modelled else command.subcommand_table).get(name)
    description = getattr(part, "DESCRIPTION", "")
    return plain(description) if isinstance(description, str) else ""


def azure() -> Iterator[dict[str, Any]]:
    """Every command of azure-cli with its help."""
    os.environ |= {"AZURE_CONFIG_DIR": tempfile.mkdtemp(), "AZURE_CORE_COLLECT_TELEMETRY": "no"}
    from azure.cli.core import __version__, get_default_cli
    from azure.cli.core.file_util import create_invoker_and_load_cmds_and_args, get_all_help

    cli = get_default_cli()
    create_invoker_and_load_cmds_and_args(cli)
    entries = sorted(get_all_help(cli), key=lambda entry: entry.command)
    groups = {entry.command: plain(entry.short_summary or "") for entry in entries if entry.type == "group"}
    yield {"versions": {"azure-cli": __version__}}
    for entry in entries:
        if entry.type == "command":
            service, _, operation = entry.command.partition(" ")
            flags = [parameter.name.split()[0].lstrip("-") for parameter in entry.parameters]
            yield {
                "provider": "azure", "service": service, "operation": operation, "titles": _given(groups.get(service)),
                "text": plain(f"{entry.short_summary or ''} {entry.long_summary or ''}"),
                "parameters": [flag for flag in flags if flag not in _EVERYWHERE],
                "deprecated": bool(entry.deprecate_info),
            }  # fmt: skip


def gcp() -> Iterator[dict[str, Any]]:
    """Every command of gcloud with its help; of one in several tracks the most stable."""
    os.environ |= {"CLOUDSDK_CONFIG": tempfile.mkdtemp(), "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true"}
    library = os.environ["GCLOUD_LIB"]
    sys.path[:0] = [library, f"{library}/third_party"]
    from googlecloudsdk import gcloud_main
    from googlecloudsdk.calliope import walker
    from googlecloudsdk.core import config

    found: dict[str, Any] = {}

    class Walker(walker.Walker):
        def Visit(self, node: Any, parent: Any, is_group: bool) -> Any:  # noqa: N802, the name is theirs
            found[" ".join(node.GetPath()[1:])] = None if is_group else _gcp_command(node)
            if is_group:
                groups[" ".join(node.GetPath()[1:])] = plain(node.short_help or "")
            return node

    groups: dict[str, str] = {}
    Walker(gcloud_main.CreateCLI([]), ignore_load_errors=True).Walk(hidden=False)
    yield {"versions": {"gcloud": config.CLOUD_SDK_VERSION}}
    seen: set[str] = set()
    for path, command in sorted(found.items(), key=lambda item: (_stability(item[0]), item[0])):
        words = path.split()
        track = words.pop(0) if _stability(path) else ""
        if command and " ".join(words) not in seen:
            seen.add(" ".join(words))
            operation = " ".join([*([track] if track else []), *words[1:]])
            titles = _given(groups.get(words[0]) or groups.get(f"{track} {words[0]}"))
            yield {"provider": "gcp", "service": words[0], "operation": operation, "titles": titles, **command}


def _gcp_command(node: Any) -> dict[str, Any]:
    try:
        detail = (node.detailed_help or {}).get("DESCRIPTION", "")
    except (AttributeError, KeyError, TypeError):
        detail = ""
    text = re.sub(r"\*\((BETA|ALPHA|PREVIEW)\)\*|\{command\}|\{description\}", "", f"{node.short_help or ''} {detail}")
    flags = [option for argument in node.ai.flag_args for option in argument.option_strings[:1]]
    names = [*flags, *(argument.dest for argument in node.ai.positional_args)]
    parameters = [name.lstrip("-").replace("_", "-") for name in names]
    parameters = [name for name in parameters if name not in _EVERYWHERE]
    return {"text": plain(text), "parameters": parameters, "deprecated": node.IsHidden()}


_TRACKS = ("", "beta", "alpha", "preview")
_EVERYWHERE = {
    "h",
    "help",
    "document",
    "verbose",
    "debug",
    "only-show-errors",
    "output",
    "o",
    "query",
    "subscription",
    "format",
}


def _stability(path: str) -> int:
    first = path.partition(" ")[0]
    return _TRACKS.index(first) if first in _TRACKS else 0


def _given(title: str | None) -> list[str]:
    return [title] if title else []


if __name__ == "__main__":
    for document in {"aws": aws, "azure": azure, "gcp": gcp}[sys.argv[1]]():
        print(json.dumps(document, ensure_ascii=False))
