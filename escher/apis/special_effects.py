"""Operations whose effect their verb does not tell, by service and name as the CLI spells them. Data only.

Sources: the API references of the services named; each entry returns credentials or settings that commonly hold
them (environment variables, user data), destroys behind a harmless verb, or runs what the caller hands over.
"""

from __future__ import annotations

from collections.abc import Mapping

SECRETS: Mapping[str, tuple[str, ...]] = {
    "acm": ("export-certificate",),
    "amplify": ("get-app", "get-branch", "list-apps", "list-branches", "get-webhook", "list-webhooks"),
    "apigateway": ("get-api-key", "get-api-keys", "create-api-key", "get-stage", "get-stages"),
    "apprunner": ("describe-service",),
    "appsync": ("list-api-keys", "create-api-key"),
    "autoscaling": ("describe-launch-configurations",),
    "batch": ("describe-jobs", "describe-job-definitions"),
    "codebuild": ("batch-get-projects", "batch-get-builds", "batch-get-build-batches"),
    "codepipeline": ("get-pipeline", "get-job-details", "get-third-party-job-details"),
    "cognito-idp": (
        "describe-user-pool-client",
        "create-user-pool-client",
        "update-user-pool-client",
        "describe-identity-provider",
        "initiate-auth",
        "admin-initiate-auth",
        "respond-to-auth-challenge",
        "admin-respond-to-auth-challenge",
        "associate-software-token",
    ),
    "datapipeline": ("get-pipeline-definition", "describe-objects"),
    "dms": ("describe-endpoints",),
    "ec2": (
        "create-key-pair",
        "describe-instance-attribute",
        "describe-launch-template-versions",
        "describe-spot-fleet-requests",
        "describe-spot-instance-requests",
        "describe-vpn-connections",
        "create-vpn-connection",
        "get-console-output",
        "get-console-screenshot",
        "get-launch-template-data",
        "get-password-data",
        "get-vpn-connection-device-sample-configuration",
    ),
    "ecr": ("get-authorization-token", "get-login", "get-login-password"),
    "ecs": ("describe-task-definition", "describe-tasks"),
    "eks": ("get-token",),
    "elasticbeanstalk": ("describe-configuration-settings",),
    "emr": ("get-cluster-session-credentials",),
    "gamelift": (
        "create-build",
        "get-compute-access",
        "get-compute-auth-token",
        "get-instance-access",
        "request-upload-credentials",
    ),
    "glue": ("get-connection", "get-connections", "get-job", "get-jobs", "batch-get-jobs"),
    "iam": (
        "create-access-key",
        "create-login-profile",
        "create-virtual-mfa-device",
        "create-service-specific-credential",
        "reset-service-specific-credential",
        "get-credential-report",
    ),
    "iot": ("create-keys-and-certificate", "create-provisioning-claim"),
    "ivs": ("create-channel", "get-stream-key", "batch-get-stream-key", "create-stream-key"),
    "kms": (
        "decrypt",
        "re-encrypt",
        "derive-shared-secret",
        "decapsulate",
        "encapsulate",
        "generate-data-key",
        "generate-data-key-pair",
        "generate-random",
        "get-parameters-for-import",
    ),
    "lambda": (
        "get-function",
        "get-function-configuration",
        "list-functions",
        "list-versions-by-function",
    ),
    "lightsail": (
        "create-bucket-access-key",
        "create-key-pair",
        "download-default-key-pair",
        "get-container-services",
        "get-container-service-deployments",
        "get-instance-access-details",
        "get-relational-database-master-user-password",
    ),
    "mediapackage": ("create-channel", "describe-channel", "list-channels", "rotate-channel-credentials"),
    "quicksight": ("get-dashboard-embed-url", "get-session-embed-url"),
    "rds": ("generate-db-auth-token",),
    "s3": ("presign",),
    "sagemaker": (
        "create-presigned-domain-url",
        "create-presigned-notebook-instance-url",
        "create-presigned-mlflow-app-url",
        "describe-notebook-instance-lifecycle-config",
    ),
    "secretsmanager": ("get-secret-value", "batch-get-secret-value", "get-random-password"),
    "ssm": (
        "get-parameter",
        "get-parameters",
        "get-parameters-by-path",
        "get-parameter-history",
        "start-session",
        "resume-session",
        "create-activation",
        "get-command-invocation",
        "list-command-invocations",
    ),
    "sts": (
        "assume-role",
        "assume-role-with-saml",
        "assume-role-with-web-identity",
        "assume-root",
        "get-federation-token",
        "get-session-token",
        "get-web-identity-token",
    ),
    "transfer": ("describe-connector", "describe-host-key"),
}

DESTROYS: Mapping[str, tuple[str, ...]] = {
    "kms": ("schedule-key-deletion",),
    "transfer": ("start-remote-delete",),
    "personalize": ("create-data-deletion-job",),
    "medialive": ("start-delete-monitor-deployment",),
    "organizations": ("close-account", "leave-organization"),
    "elasticbeanstalk": ("rebuild-environment",),
    "workspaces": ("rebuild-workspaces",),
    "rds": ("backtrack-db-cluster",),
    "s3": ("mv",),
}

RUNS: Mapping[str, tuple[str, ...]] = {
    "athena": ("start-query-execution", "start-calculation-execution"),
    "emr": ("add-steps", "add-job-flow-steps"),
    "ssm": ("send-command", "start-automation-execution"),
    "timestream-query": ("query",),
    "neptunedata": ("execute-gremlin-query", "execute-open-cypher-query"),
}

WRITES: Mapping[str, tuple[str, ...]] = {
    "chime-sdk-voice": ("put-voice-connector-termination", "put-voice-connector-termination-credentials"),
    "cognito-identity": ("get-id",),
    "deploy": ("skip-wait-time-for-instance-termination",),
    "s3": ("cp", "sync", "mb", "website"),
    "servicecatalog": ("notify-terminate-provisioned-product-engine-workflow-result",),
}

READS: Mapping[str, tuple[str, ...]] = {
    "cloudfront": ("verify-dns-configuration",),
    "iot": ("test-authorization",),
    "pricing": ("get-price-list-file-url",),
    "sqs": ("get-queue-url",),
    "waf": ("get-change-token",),
    "waf-regional": ("get-change-token",),
}
