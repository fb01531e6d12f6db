"""What operations do, told from their names: the table of verbs and its exceptions."""

from __future__ import annotations

import botocore.session
import pytest
from botocore import xform_name

from escher.apis import catalogue
from escher.apis.effect import effect_of
from escher.contract.vocabulary import Effect


@pytest.mark.parametrize(
    ("service", "operation", "effect"),
    [
        ("ec2", "describe-instances", "read"),
        ("s3api", "head-object", "read"),
        ("glue", "batch-get-crawlers", "read"),
        ("ec2", "wait instance-stopped", "read"),
        ("sqs", "get-queue-url", "read"),
        ("secretsmanager", "list-secrets", "read"),
        ("ec2", "stop-instances", "write"),
        ("ec2", "create-tags", "write"),
        ("ec2", "disassociate-address", "write"),
        ("rds", "restore-db-instance-from-db-snapshot", "write"),
        ("kms", "cancel-key-deletion", "write"),
        ("cloudformation", "update-termination-protection", "write"),
        ("cognito-identity", "get-id", "write"),
        ("sqs", "receive-message", "write"),
        ("ec2", "delete-volume", "destroy"),
        ("ec2", "terminate-instances", "destroy"),
        ("ec2", "release-address", "destroy"),
        ("chime", "batch-delete-phone-number", "destroy"),
        ("cognito-idp", "admin-delete-user", "destroy"),
        ("kms", "schedule-key-deletion", "destroy"),
        ("transfer", "start-remote-delete", "destroy"),
        ("personalize", "create-data-deletion-job", "destroy"),
        ("medialive", "start-delete-monitor-deployment", "destroy"),
        ("s3", "rm", "destroy"),
        ("s3", "mv", "destroy"),
        ("secretsmanager", "get-secret-value", "secret"),
        ("ssm", "get-parameters-by-path", "secret"),
        ("sts", "assume-role", "secret"),
        ("ecr", "get-authorization-token", "secret"),
        ("iam", "create-access-key", "secret"),
        ("lambda", "list-functions", "secret"),
        ("kms", "decrypt", "secret"),
        ("redshift", "get-cluster-credentials-with-iam", "secret"),
        ("ec2", "get-password-data", "secret"),
        ("s3", "presign", "secret"),
        ("lambda", "invoke", "unknown"),
        ("dynamodb", "execute-statement", "unknown"),
        ("ssm", "send-command", "unknown"),
        ("ec2", "frobnicate-instances", "write"),
    ],
)
def test_a_name_tells_its_effect(service: str, operation: str, effect: Effect) -> None:
    """Read, write, destroy, secret, or unknown."""
    assert effect_of(service, operation) == effect


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "effect"),
    [
        ("dynamodb", "batch-write-item", {"RequestItems": {"t": [{"PutRequest": {"Item": {}}}]}}, "write"),
        ("dynamodb", "batch-write-item", {"RequestItems": {"t": [{"DeleteRequest": {"Key": {}}}]}}, "destroy"),
        ("route53", "change-resource-record-sets", {"ChangeBatch": {"Changes": [{"Action": "DELETE"}]}}, "destroy"),
        ("s3", "sync", {"Paths": ["s3://a", "s3://b"], "Delete": True}, "destroy"),
    ],
)
def test_parameters_make_it_worse(service: str, operation: str, parameters: dict[str, object], effect: Effect) -> None:
    """A write that carries deletions destroys."""
    assert effect_of(service, operation, parameters) == effect


def test_no_operation_that_changes_by_its_http_method_is_a_read() -> None:
    """Of all operations that the APIs declare as PUT, PATCH or DELETE, none is taken for a read."""
    session = botocore.session.get_session()
    changing = [
        (client, api)
        for client in session.get_available_services()
        for model in [session.get_service_model(client)]
        for api in model.operation_names
        if model.operation_model(api).http.get("method") in ("PUT", "PATCH", "DELETE")
    ]
    specs = [catalogue.sdk_operation("aws", client, xform_name(api)) for client, api in changing]
    assert len(changing) > 2_000
    assert [spec.operation for spec in specs if spec is not None and spec.effect == "read"] == []
