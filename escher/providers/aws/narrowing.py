"""The session policy of a step: its operations as IAM's actions, on its targets where the action takes just those.

A policy can only take away from what the role may do. It has at most 2 048 characters; what is longer names no
resources, then whole services. Pure but for botocore's data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError

from escher.contract.plan import Operation
from escher.providers.aws.models import new_session

LIMIT = 2_048
_SDK_NAMES = {"s3api": "s3", "configservice": "config", "deploy": "codedeploy"}
# Services whose actions bear another prefix than the name they sign requests with.
_PREFIXES = {"resourcegroupstaggingapi": "tag", "stepfunctions": "states", "cloudwatch": "cloudwatch"}
# Operations whose permission is not called as they are; several: all are needed.
_ACTIONS: dict[str, tuple[str, ...]] = {
    "lambda:Invoke": ("lambda:InvokeFunction",),
    "s3:HeadObject": ("s3:GetObject",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:ListBuckets": ("s3:ListAllMyBuckets",),
    "s3:ListObjects": ("s3:ListBucket",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:DeleteObjects": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:CopyObject": ("s3:GetObject", "s3:PutObject"),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:DeleteBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"),
    "s3:DeletePublicAccessBlock": ("s3:PutBucketPublicAccessBlock", "s3:PutAccountPublicAccessBlock"),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:DeleteBucketLifecycle": ("s3:PutLifecycleConfiguration",),
    "s3:GetBucketReplication": ("s3:GetReplicationConfiguration",),
    "s3:PutBucketReplication": ("s3:PutReplicationConfiguration",),
    "s3:GetBucketNotificationConfiguration": ("s3:GetBucketNotification",),
    "s3:PutBucketNotificationConfiguration": ("s3:PutBucketNotification",),
    "s3:DeleteBucketTagging": ("s3:PutBucketTagging",),
    "s3:DeleteBucketCors": ("s3:PutBucketCORS",),
    "s3:DeleteBucketReplication": ("s3:PutReplicationConfiguration",),
    "s3:GetBucketAccelerateConfiguration": ("s3:GetAccelerateConfiguration",),
    "s3:PutBucketAccelerateConfiguration": ("s3:PutAccelerateConfiguration",),
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:UploadPart": ("s3:PutObject",),
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:ListMultipartUploads": ("s3:ListBucketMultipartUploads",),
    "s3:ListParts": ("s3:ListMultipartUploadParts",),
}
# Services whose permissions are not called as their operations are at all.
_WHOLE = frozenset({"apigateway", "budgets"})
# Who sets tags on what it makes also needs this.
_TAGGING = {
    "ec2": "CreateTags",
    "rds": "AddTagsToResource",
    "elasticloadbalancing": "AddTags",
    "s3": "PutBucketTagging",
    "iam": "Tag*",
}
# Acts on a thing that is there and on nothing else.
_ON_TARGETS = re.compile(r"(Stop|Start|Reboot|Terminate)[A-Z]|Delete(Volume|Snapshot|Alarms|LogGroup|SecurityGroup)$")
# What other services do for the caller, with the caller's rights, when a thing is encrypted.
_ENCRYPTED = ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:ReEncrypt*")
_ANY = ("*",)


def session_policy(operations: Sequence[Operation], targets: Sequence[str]) -> str:
    """The narrowest policy that fits; empty when an operation cannot be told, so that nothing can be narrowed."""
    actions = [(operation, _actions(operation)) for operation in operations]
    if not operations or not all(found for _, found in actions):
        return ""
    arns = tuple(target for target in targets if target.startswith("arn:"))
    named = list(_statements(actions, arns, targets))
    plain = sorted({action for statement in named for action in statement["Action"]})
    services = sorted({f"{action.partition(':')[0]}:*" for action in plain})
    changing = any(operation.effect != "read" for operation in operations)
    ways = (named, [_allow(plain, _ANY)], [_allow(services, _ANY)])
    written = (_written([*way, *_helping(operations)] if changing else way) for way in ways)
    return next((policy for policy in written if len(policy) <= LIMIT), "")


def _statements(
    actions: Iterable[tuple[Operation, tuple[str, ...]]], arns: tuple[str, ...], targets: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """One statement for what is on any resource, and one for what is on the targets alone."""
    anywhere: set[str] = set()
    there: set[str] = set()
    for operation, found in actions:
        bound = arns and len(arns) == len(targets) and operation.effect != "read"
        for action in found:
            (there if bound and _ON_TARGETS.match(action.partition(":")[2]) else anywhere).add(action)
        if operation.service == "resourcegroupstaggingapi" and operation.effect != "read":
            anywhere.update(f"{arn.split(':')[2]}:*Tag*" for arn in arns)
    if anywhere:
        yield _allow(sorted(anywhere), _ANY)
    if there:
        yield _allow(sorted(there), tuple(sorted(set(arns))))


def _allow(actions: Sequence[str], resources: Sequence[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def _helping(operations: Sequence[Operation]) -> Iterator[dict[str, Any]]:
    """What a change needs besides: keys, by way of the services only, and the roles that it names."""
    via = {"StringLike": {"kms:ViaService": "*.amazonaws.com*"}}
    yield _allow(_ENCRYPTED, _ANY) | {"Condition": via}
    roles = sorted({role for operation in operations for role in _roles(operation.parameters)})
    if any("instanceprofile" in str(operation.parameters).lower() for operation in operations):
        roles = ["*"]  # the role within a profile is not named
    if roles:
        yield _allow(("iam:PassRole",), roles)


def _roles(value: Any) -> Iterator[str]:
    if isinstance(value, str) and re.fullmatch(r"arn:[^:]+:iam::\d{12}:role/[\w+=,.@/-]+", value):
        yield value
    for part in _parts(value):
        yield from _roles(part)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # JSON
    return value if isinstance(value, list | tuple) else ()  # pyright: ignore[reportUnknownVariableType]  # JSON


def _actions(operation: Operation) -> tuple[str, ...]:
    """What IAM calls an operation, or a waiter's; with the permission to tag when it sets tags. None: not known."""
    service = _SDK_NAMES.get(operation.service, operation.service)
    prefix, names = _names(service)
    name = names.get(operation.operation.replace("-", "").lower(), "")
    action = f"{prefix}:{name}"
    if not name:
        return ()
    if prefix in _WHOLE:
        return (f"{prefix}:*",)
    tagging = (f"{prefix}:{_TAGGING.get(prefix, 'TagResource')}",) if _sets_tags(operation) else ()
    return (*_ACTIONS.get(action, (action,)), *tagging)


def _sets_tags(operation: Operation) -> bool:
    given = {name.lower().replace("-", "") for name in operation.parameters}
    return operation.operation.startswith(("create", "copy", "run")) and bool(given & {"tags", "tagspecifications"})


@cache
def _names(service: str) -> tuple[str, dict[str, str]]:
    """A service's prefix in IAM, and its operations' names by how they sound."""
    try:
        model = new_session().get_component("data_loader").load_service_model(service, "service-2")
    except (DataNotFoundError, UnknownServiceError):
        return "", {}
    metadata = model["metadata"]
    prefix = _PREFIXES.get(service) or metadata.get("signingName") or metadata["endpointPrefix"]
    return prefix, {name.lower(): name for name in model["operations"]} | _waiters(service)


def _waiters(service: str) -> dict[str, str]:
    """The operation that each waiter asks, by `wait` and the waiter's name."""
    try:
        model = new_session().get_component("data_loader").load_service_model(service, "waiters-2")
    except DataNotFoundError:
        return {}
    return {f"wait {name.lower()}": waiter["operation"] for name, waiter in model["waiters"].items()}


def _written(statements: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))
