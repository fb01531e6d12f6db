"""ECR repositories of the account's private registry."""

from escher.providers.declarations import Bool, DetailCall, Holds, ListCall, Relation, ResourceType, Time

TYPE = ResourceType(
    name="aws_ecr_repository",
    native_type="AWS::ECR::Repository",
    kind="container_registry",
    service="ecr",
    listing=ListCall("DescribeRepositories", "repositories[]", permission="ecr:DescribeRepositories", page_size=1_000),
    identifier="repositoryName",
    resource_id="repositoryArn",
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"resourceArn": "repositoryArn"},
            into="Tags",
            result="tags",
            permission="ecr:ListTagsForResource",
        ),
    ),
    gone=("RepositoryNotFoundException",),
    fields={
        "endpoint": "repositoryUri",
        "tag_mutability": "imageTagMutability",
        "immutable": Holds("imageTagMutability == 'IMMUTABLE'"),
        "scan_on_push": Bool("imageScanningConfiguration.scanOnPush"),
        "encryption": "encryptionConfiguration.encryptionType",
        "kms_key": "encryptionConfiguration.kmsKey",
        "created_at": Time("createdAt"),
    },
    relations=(Relation("uses", "encryptionConfiguration.kmsKey"),),
    acts={
        "delete": ("ecr:DeleteRepository",),
        "update": ("ecr:PutImageTagMutability", "ecr:PutLifecyclePolicy"),
        "tag": ("ecr:TagResource",),
        "untag": ("ecr:UntagResource",),
    },
)
