"""Lambda functions. Their environment variables come with the list and are dropped: they often hold secrets."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_lambda_function",
    native_type="AWS::Lambda::Function",
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
        "description": "Description",
        "kms_key": "KMSKeyArn",
        "vpc_id": "VpcConfig.VpcId",
    },
    relations=(
        Relation("uses", "Role"),
        Relation("uses", "Layers[].Arn"),
        Relation("uses", "KMSKeyArn"),
        Relation("uses", "FileSystemConfigs[].Arn"),
        Relation("uses", "VpcConfig.SecurityGroupIds", "aws_vpc_security_group"),
        Relation("member_of", "VpcConfig.SubnetIds", "aws_vpc_subnet"),
        Relation("member_of", "[VpcConfig.VpcId][?@]", "aws_vpc"),
        Relation("routes_to", "[DeadLetterConfig.TargetArn][?@]"),
    ),
    acts={
        "resize": ("lambda:UpdateFunctionConfiguration",),
        "update": ("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
        "scale": ("lambda:PutFunctionConcurrency",),
        "delete": ("lambda:DeleteFunction",),
        "tag": ("lambda:TagResource",),
        "untag": ("lambda:UntagResource",),
    },
    timeout_s=60,
)
