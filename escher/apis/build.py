"""Write `data/aws.zip` from botocore's models and the AWS CLI's own customisations: `python -m escher.apis.build`.

A tool for developers; nothing imports it. botocore is imported before awscli, which would else put its own older copy
in its place. What the CLI changes is stored as the difference to what `flags.default_flags` makes of the API's names.
"""

# pyright: reportPrivateUsage=false, reportUnknownLambdaType=false
# The CLI keeps what a flag sets in protected attributes; there is no public way to ask it.

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import botocore
import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from escher.apis.build_shapes import ShapeTable
from escher.apis.flags import default_flags
from escher.apis.shapes import Shape

os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

import awscli
from awscli import arguments, clidriver

TARGET = Path(__file__).parent / "data" / "aws.zip"
EPOCH = (1980, 1, 1, 0, 0, 0)

# Commands of the CLI that only call APIs although no model declares them; the others work on this machine.
REMOTE_COMMANDS = {
    "s3": {"ls", "cp", "mv", "rm", "sync", "mb", "rb", "website", "presign"},
    "configservice": {"subscribe", "get-status"},
    "datapipeline": {"list-runs", "create-default-roles"},
    "dlm": {"create-default-role"},
    "ecr": {"get-login", "get-login-password"},
    "ecr-public": {"get-login-password"},
    "eks": {"get-token"},
    "emr": {
        "add-instance-groups",
        "add-steps",
        "create-cluster",
        "create-default-roles",
        "create-hbase-backup",
        "describe-cluster",
        "disable-hbase-backups",
        "install-applications",
        "modify-cluster-attributes",
        "restore-from-hbase-backup",
        "schedule-hbase-backup",
        "terminate-clusters",
    },
    "rds": {"generate-db-auth-token"},
}
# Flags of the CLI that set one thing inside a parameter, by the class that adds them.
_PATHS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("BodyArgument", "subject"): ("Message", "Subject", "Data"),
    ("BodyArgument", "text"): ("Message", "Body", "Text", "Data"),
    ("BodyArgument", "html"): ("Message", "Body", "Html", "Data"),
    ("AddressesArgument", "to"): ("Destination", "ToAddresses"),
    ("AddressesArgument", "cc"): ("Destination", "CcAddresses"),
    ("AddressesArgument", "bcc"): ("Destination", "BccAddresses"),
    ("PutMetricArgument", "metric-name"): ("MetricData", "0", "MetricName"),
    ("PutMetricArgument", "timestamp"): ("MetricData", "0", "Timestamp"),
    ("PutMetricArgument", "unit"): ("MetricData", "0", "Unit"),
    ("PutMetricArgument", "value"): ("MetricData", "0", "Value"),
    ("PutMetricArgument", "statistic-values"): ("MetricData", "0", "StatisticValues"),
    ("PutMetricArgument", "storage-resolution"): ("MetricData", "0", "StorageResolution"),
    ("ConfigurationRecorderArgument", "configuration-recorder"): ("ConfigurationRecorder",),
    ("RecordingGroupArgument", "recording-group"): ("ConfigurationRecorder", "recordingGroup"),
    ("CreatedAfter", "created-after"): ("CreatedAfter",),
    ("CreatedBefore", "created-before"): ("CreatedBefore",),
    ("ClusterStatesArgument", "cluster-states"): ("ClusterStates",),
}
_EVERYWHERE = {"CliInputJSONArgument", "GenerateCliSkeletonArgument", "PageArgument"}


def main(target: Path = TARGET) -> None:
    """Build everything and write it, the same bytes for the same packages."""
    commands: Mapping[str, Any] = clidriver.create_clidriver()._get_command_table()
    documents = {name: describe(command) for name, command in sorted(commands.items()) if _is_service(name, command)}
    clients = {document.pop("client"): name for name, document in documents.items() if document["client"]}
    index = {
        "versions": {"botocore": botocore.__version__, "awscli": awscli.__version__},
        "services": list(documents),
        "clients": clients,
        "local": sorted(name for name in commands if name not in documents),
    }
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, document in {"index": index, **documents}.items():
            text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
            archive.writestr(ZipInfo(f"{name}.json", EPOCH), text, ZIP_DEFLATED, 9)


def _is_service(name: str, command: Any) -> bool:
    return isinstance(command, clidriver.ServiceCommand) or name in REMOTE_COMMANDS


def describe(command: Any) -> dict[str, Any]:
    """One service as `catalogue` reads it; `client` is the SDK's name for it, empty when only the CLI has it."""
    modelled = isinstance(command, clidriver.ServiceCommand)
    model = command._get_service_model() if modelled else None
    commands: Mapping[str, Any] = command._get_command_table() if modelled else command.subcommand_table
    shapes = ShapeTable()
    operations = {
        name: _describe_command(part, shapes) for name, part in commands.items() if _is_remote(command, name, part)
    }
    if model:
        _add_missing(model, operations, shapes)
    return {
        "client": model.service_name if model else "",
        "operations": {name: part["call"] for name, part in sorted(operations.items())},
        "paged": sorted(name for name, part in operations.items() if part["paged"]),
        "special": {name: part["special"] for name, part in sorted(operations.items()) if part["special"]},
        "waiters": _waiters(model.service_name) if model else {},
        "local": sorted(name for name in commands if name not in operations and name != "wait"),
        "shapes": shapes.entries,
    }


def _is_remote(command: Any, name: str, part: Any) -> bool:
    return isinstance(part, clidriver.ServiceOperation) or name in REMOTE_COMMANDS.get(command.name, ())


def _describe_command(part: Any, shapes: ShapeTable) -> dict[str, Any]:
    if not isinstance(part, clidriver.ServiceOperation):
        return _describe_custom(part, shapes)
    model = part._operation_model
    reference = shapes.add(model.input_shape) if model.input_shape else None
    actual = dict(_flags(part.arg_table))
    special: dict[str, Any] = {"flags": _difference(reference, shapes, actual)}
    special["custom"] = sorted(name for name, argument in part.arg_table.items() if _is_custom(name, argument, actual))
    special["outfile"] = "outfile" in part.arg_table and not part.arg_table["outfile"].cli_name.startswith("--")
    method = xform_name(model.name)
    special["method"] = method if method != part.name.replace("-", "_") else ""
    special["split"] = (
        part.name.startswith(("add-option-to", "remove-option-from")) and model.name == "ModifyOptionGroup"
    )
    paged = type(part.arg_table.get("starting-token")).__name__ == "PageArgument"
    return {"call": [model.name, reference], "paged": paged, "special": _given(special)}


def _describe_custom(part: Any, shapes: ShapeTable) -> dict[str, Any]:
    """A command that no model declares: its flags make up a structure of their own."""
    members: dict[str, Any] = {}
    flags: dict[str, list[Any]] = {}
    positional = ""
    for name, argument in part.arg_table.items():
        if name.startswith("no-") and name[3:] in part.arg_table:
            flags[name] = [_camel(name[3:]), False]
            continue
        boolean = getattr(argument, "_action", None) in ("store_true", "store_false")
        required = argument.required or (argument.positional_arg and argument.nargs != "?")
        members[_camel(name) + "!" * bool(required)] = "b" if boolean else shapes.of_argument(argument)
        if argument.positional_arg:
            positional = _camel(name)
        else:
            flags[name] = [_camel(name), True] if boolean else [_camel(name)]
    reference = shapes.append(members)
    special = {"flags": _difference(reference, shapes, flags), "positional": positional}
    return {"call": ["", reference], "paged": False, "special": _given(special)}


def _camel(flag: str) -> str:
    return "".join(word.capitalize() for word in flag.split("-"))


def _add_missing(model: Any, operations: dict[str, dict[str, Any]], shapes: ShapeTable) -> None:
    """The operations that the SDK has and the CLI has not, or has under the same name with flags of its own."""
    known = {part["call"][0] for part in operations.values() if not part["special"].get("split")}
    for api in model.operation_names:
        if api in known:
            continue
        name, method, shape = xform_name(api, "-"), xform_name(api), model.operation_model(api).input_shape
        reference = shapes.add(shape) if shape else None
        if name in operations:
            operations[name]["special"]["sdk"] = [api, reference]
        else:
            special = {"cli": False} | _given({"method": method if "-" in method else ""})
            operations[name] = {"call": [api, reference], "paged": False, "special": special}


def _given(special: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in special.items() if value}


def _flags(arg_table: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each flag with what it sets, as the arguments of `flags.Flag`."""
    for name, argument in arg_table.items():
        kind = type(argument).__name__
        if path := _inside(kind, name, argument):
            yield name, [path[0], None, list(path[1:])] if path[1:] else [path[0]]
        elif kind in ("PositiveBooleanArgument", "NegativeBooleanParameter"):
            yield name, [argument._serialized_name, kind.startswith("Positive"), ["Value"]]
        elif isinstance(argument, arguments.BooleanArgument):
            yield name, [argument._serialized_name, argument._action == "store_true"]
        elif isinstance(argument, arguments.CLIArgument):
            yield name, [argument._serialized_name]


def _inside(kind: str, name: str, argument: Any) -> tuple[str, ...]:
    if kind == "_NestedBlobArgumentParamOverwrite":
        return (argument._param_to_overwrite, argument._source_arg_blob_member)
    if kind == "ZipFileArgument":
        return (argument._param_to_replace, "ZipFile")
    if kind == "FlattenedArgument" and not argument._hydrate:
        return (argument._container.argument_model.name, argument._property)
    return _PATHS.get((kind, name), ())


def _is_custom(name: str, argument: Any, flags: Mapping[str, Any]) -> bool:
    return name not in flags and type(argument).__name__ not in _EVERYWHERE and argument.cli_name.startswith("--")


def _difference(reference: Any, shapes: ShapeTable, actual: Mapping[str, list[Any]]) -> dict[str, Any]:
    """What of the CLI's flags is not as `default_flags` would have it; None for a flag that is not there."""
    members = Shape(shapes.entries, reference).members if reference is not None else {}
    default = {
        name: [flag.parameter] if flag.value is None else [flag.parameter, flag.value]
        for name, flag in default_flags(members).items()
    }
    return {name: actual.get(name) for name in (*default, *actual) if default.get(name) != actual.get(name)}


def _waiters(client: str) -> dict[str, str]:
    session = botocore.session.get_session()
    try:
        model = session.get_waiter_model(client)
    except UnknownServiceError:
        return {}
    names = ((name, model.get_waiter(name).operation) for name in model.waiter_names)
    return {xform_name(name, "-"): xform_name(operation, "-") for name, operation in names}


if __name__ == "__main__":
    main()
