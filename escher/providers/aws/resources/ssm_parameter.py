"""Parameters of the Parameter Store: what they are called and how they are kept. Their values are never asked for."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, Time

TYPE = ResourceType(
    name="aws_ssm_parameter",
    native_type="AWS::SSM::Parameter",
    kind="secret_store",
    service="ssm",
    listing=ListCall("DescribeParameters", "Parameters[]", permission="ssm:DescribeParameters", page_size=50),
    identifier="Name",
    resource_id="arn:{partition}:ssm:{region}:{account_id}:parameter/{identifier}",
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceId": "Name"},
            into="Tags",
            result="TagList",
            parameters={"ResourceType": "Parameter"},
            permission="ssm:ListTagsForResource",
        ),
    ),
    gone=("InvalidResourceId",),
    fields={
        "parameter_type": "Type",
        "tier": "Tier",
        "encrypted": Holds("Type == 'SecureString'"),
        "kms_key": "KeyId",
        "data_type": "DataType",
        "revision": Int("Version"),
        "description": "Description",
        "last_modified": Time("LastModifiedDate"),
        "last_modified_by": "LastModifiedUser",
    },
    relations=(Relation("uses", "[KeyId][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "delete": ("ssm:DeleteParameter",),
        "update": ("ssm:PutParameter",),
        "tag": ("ssm:AddTagsToResource",),
        "untag": ("ssm:RemoveTagsFromResource",),
    },
)
