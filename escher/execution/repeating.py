"""Whether a call may be made twice without more coming of it than of one. Pure; what is not known to be safe is not.

A write is safe to repeat when it sets something to a value whatever it was before (stop, put, modify, tag, delete …),
or when it carries a token by which the provider itself knows it again, or a name that only one thing can bear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from escher.contract.plan import Call, Operation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNKNOWN = "<unknown>"
"""What a script's reader puts for a value that only the run will tell."""
_PREFIXES = _words("batch admin bulk begin")
_ABSOLUTE = _words(
    "set put modify update patch tag untag enable disable delete remove terminate deregister detach attach associate "
    "disassociate revoke authorize release stop deallocate pause resume suspend label unlabel replace resize protect "
    "unprotect lock unlock cancel add-labels remove-labels add-tags remove-tags"
)
_STARTING = frozenset({
    "ec2 start-instances", "rds start-db-instance", "rds start-db-cluster", "cloudtrail start-logging",
    "config start-configuration-recorder", "redshift resume-cluster", "sagemaker start-notebook-instance",
    "vm start", "aks start", "webapp start", "functionapp start", "vmss start", "compute instances start",
    "compute instances.start", "virtual_machines start", "managed_clusters start",
})  # fmt: skip
_TAGGING = frozenset({"ec2 create-tags", "ec2 delete-tags", "autoscaling create-or-update-tags"})
# Creations under a name of one's own, by the parameter that holds it: the provider refuses a second of that name.
_NAMED = {
    "rds create-db-snapshot": "DBSnapshotIdentifier",
    "rds create-db-cluster-snapshot": "DBClusterSnapshotIdentifier",
    "redshift create-cluster-snapshot": "SnapshotIdentifier",
    "elasticache create-snapshot": "SnapshotName",
    "snapshot create": "name",
    "compute disks snapshot": "snapshot-names",
}
# Writes that add, count or set off something each time, behind a verb that promises otherwise.
_ADDING = re.compile(
    r"^dynamodb (?:update|batch-write|transact)|^(?:kinesis|firehose|timestream-write) |^logs put-log-events"
    r"|^cloudwatch put-metric-data|put-(?:events|records?|items?)$|put-object$|^s3 |^route53 |^sqs |^iot-data "
    r"|^lambda put-.*invoke|rotate|reboot|restart|reset|failover|refresh|rollback|publish|-version(?:s)?$|update-function-code"
)
_FORCING = re.compile(r"^(?:force|rotate|apply-?method|increment|publish$|delta)", re.IGNORECASE)
_TOKENS = re.compile(
    r"^(?:client-?(?:request-?)?token(?:-?id)?|idempotency-?(?:token|key)|creation-?token|creator-?request-?id"
    r"|caller-?reference)$",
    re.IGNORECASE,
)


def repeatable(call: Call) -> bool:
    """Whether every operation of a call may be repeated. A call of which nothing was read may not."""
    return bool(call.operations) and all(map(_repeatable, call.operations))


def writes(call: Call) -> int:
    """How many changes a call makes, at least."""
    return sum(operation.effect != "read" for operation in call.operations)


def _repeatable(operation: Operation) -> bool:
    if operation.effect == "read" or _carries_token(operation.parameters):
        return True
    name = _NAMED.get(f"{operation.service} {operation.operation}", "")
    if _is_told(operation.parameters.get(name)):
        return True
    if operation.effect not in ("write", "destroy"):
        return False
    return _sets(operation) and not any(_FORCING.search(str(name)) for name in operation.parameters)


def _sets(operation: Operation) -> bool:
    called = f"{operation.service} {operation.operation}"
    if called in _STARTING or called in _TAGGING:
        return True
    if _ADDING.search(called):
        return False
    last = re.split(r"[ .]", operation.operation)[-1]
    if last in _ABSOLUTE:
        return True
    words = re.sub(r"([a-z])([A-Z])", r"\1-\2", last).lower().replace("_", "-").split("-")
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    if " ".join(words[:3]) == "create or update":
        return True
    return words[0] in _ABSOLUTE and not (operation.provider != "aws" and words[0] == "add")


def _carries_token(parameters: Mapping[str, Any]) -> bool:
    """A token with a value; the SDK's own, made anew for each call, is not among the parameters."""
    return any(_TOKENS.match(str(name)) and _is_told(value) for name, value in parameters.items())


def _is_told(value: Any) -> bool:
    """Whether a value is there and known: one that the script makes up as it runs is another each time."""
    return bool(value) and UNKNOWN not in str(value)
