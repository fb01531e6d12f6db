"""Write `data/aws.zip` from botocore's models and the AWS CLI's own customisations: `python -m escher.apis.build`.

A tool for developers; nothing imports it. botocore is imported before awscli, which would else put its own older copy
in its place. What the CLI changes is stored as the difference to what `flags.default_flags` makes of the API's names.
"""

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

from escher.apis.build_shapes import ShapeTable
from escher.apis.flags import default_flags
from escher.apis.shapes import Shape

os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

import awscli  # noqa: E402 after botocore, see above
from awscli import arguments, clidriver  # noqa: E402

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
    ("ZipFileArgument", "zip-file"): ("Code", "ZipFile"),
}
_EVERYWHERE = {"CliInputJSONArgument", "GenerateCliSkeletonArgument", "PageArgument"}


def main() -> None:
    """Build everything and write it, the same bytes for the same packages."""
    commands: Mapping[str, Any] = clidriver.create_clidriver()._get_command_table()  # noqa: SLF001
    documents = {name: describe(command) for name, command in sorted(commands.items()) if _is_service(name, command)}
    clients = {document.pop("client"): name for name, document in documents.items() if document["client"]}
    index = {
        "versions": {"botocore": botocore.__version__, "awscli": awscli.__version__},
        "services": list(documents),
        "clients": clients,
        "local": sorted(name for name in commands if name not in documents),
    }
    with ZipFile(TARGET, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, document in {"index": index, **documents}.items():
            text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
            archive.writestr(ZipInfo(f"{name}.json", EPOCH), text, ZIP_DEFLATED, 9)


def _is_service(name: str, command: Any) -> bool:
    return isinstance(command, clidriver.ServiceCommand) or name in REMOTE_COMMANDS
