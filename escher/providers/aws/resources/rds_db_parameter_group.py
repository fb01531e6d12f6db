"""Parameter groups of database instances; the defaults, which belong to AWS, are left out, and so are the parameters' values."""

from escher.providers.declarations import DetailCall, ListCall, ResourceType

TYPE = ResourceType(
    name="aws_rds_db_parameter_group",
    native_type="AWS::RDS::DBParameterGroup",
    kind="template",
    service="rds",
    listing=ListCall(
        "DescribeDBParameterGroups", "DBParameterGroups[]", permission="rds:DescribeDBParameterGroups", page_size=100
    ),
    identifier="DBParameterGroupName",
    resource_id="DBParameterGroupArn",
    tags="Tags",
    only="!starts_with(DBParameterGroupName, 'default.')",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceName": "DBParameterGroupArn"},
            into="Tags",
            result="TagList",
            permission="rds:ListTagsForResource",
        ),
    ),
    gone=("DBParameterGroupNotFound",),
    fields={"family": "DBParameterGroupFamily", "description": "Description"},
    acts={
        "delete": ("rds:DeleteDBParameterGroup",),
        "update": ("rds:ModifyDBParameterGroup",),
        "tag": ("rds:AddTagsToResource",),
        "untag": ("rds:RemoveTagsFromResource",),
    },
)
