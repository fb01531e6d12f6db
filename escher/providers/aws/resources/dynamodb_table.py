"""DynamoDB tables. All are encrypted at rest; `kms_encrypted` tells those with a key of the account's own."""

from escher.providers.declarations import Bool, DetailCall, Holds, Int, ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="aws_dynamodb_table",
    kind="nosql_table",
    service="dynamodb",
    listing=ListCall("ListTables", "TableNames[].{TableName: @}", permission="dynamodb:ListTables", page_size=100),
    identifier="TableName",
    resource_id="arn:{partition}:dynamodb:{region}:{account_id}:table/{identifier}",
    tags="Tags",
    state=StateRule(
        "Table.TableStatus",
        {
            "CREATING": "pending",
            "UPDATING": "available",
            "ACTIVE": "available",
            "DELETING": "deleting",
            "ARCHIVING": "pending",
            "ARCHIVED": "stopped",
            "INACCESSIBLE_ENCRYPTION_CREDENTIALS": "error",
            "REPLICATION_NOT_AUTHORIZED": "error",
        },
        missing="unknown",
    ),
    details=(
        DetailCall(
            "DescribeTable",
            {"TableName": "TableName"},
            into="Table",
            result="Table",
            permission="dynamodb:DescribeTable",
        ),
        DetailCall(
            "ListTagsOfResource",
            {"ResourceArn": "Table.TableArn"},
            into="Tags",
            result="Tags",
            permission="dynamodb:ListTagsOfResource",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "size_bytes": Int("Table.TableSizeBytes"),
        "items": Int("Table.ItemCount"),
        "billing_mode": "Table && (Table.BillingModeSummary.BillingMode || 'PROVISIONED')",
        "encrypted": Holds("Table", needs=("Table",)),
        "kms_encrypted": Holds("Table.SSEDescription.Status == 'ENABLED'", needs=("Table",)),
        "deletion_protection": Bool("Table.DeletionProtectionEnabled"),
        "created_at": Time("Table.CreationDateTime"),
    },
)
