"""Lambda functions. Their environment variables come with the list and are dropped: they often hold secrets."""

from escher.providers.declarations import DetailCall, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_lambda_function",
    kind="function",
    service="lambda",
    listing=ListCall("ListFunctions", "Functions[]", permission="lambda:ListFunctions", page_size=50),
    identifier="FunctionName",
    resource_id="FunctionArn",
    tags="Tags",
    state=StateRule(
        "State",
        {
            "Pending": "pending",
            "Active": "available",
            "ActiveNonInvocable": "available",
            "Inactive": "available",
            "Failed": "error",
            "Deactivating": "pending",
            "Deactivated": "stopped",
            "Deleting": "deleting",
        },
    ),
    details=(
        DetailCall("ListTags", {"Resource": "FunctionArn"}, into="Tags", result="Tags", permission="lambda:ListTags"),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "runtime": "Runtime",
        "handler": "Handler",
        "memory_mib": Int("MemorySize"),
        "timeout_s": Int("Timeout"),
        "code_size_bytes": Int("CodeSize"),
        "last_modified": Time("LastModified"),
        "role": "Role",
        "package_type": "PackageType",
        "architectures": Texts("Architectures"),
        "vpc_id": "VpcConfig.VpcId",
    },
    timeout_s=60,
)
