"""Parameter groups of database clusters; the defaults, which belong to AWS, are left out, and so are the parameters' values."""

from escher.providers.declarations import DetailCall, ListCall, ResourceType

TYPE = ResourceType(
    name="aws_rds_db_cluster_parameter_group",
    native_type="AWS::RDS::DBClusterParameterGroup",
    kind="template",
    service="rds",
    listing=ListCall(
        "DescribeDBClusterParameterGroups",
        "DBClusterParameterGroups[]",
        permission="rds:DescribeDBClusterParameterGroups",
        page_size=100,
    ),
    identifier="DBClusterParameterGroupName",
    resource_id="DBClusterParameterGroupArn",
    tags="Tags",
    only="!starts_with(DBClusterParameterGroupName, 'default.')",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceName": "DBClusterParameterGroupArn"},
            into="Tags",
            result="TagList",
            permission="rds:ListTagsForResource",
        ),
    ),
    gone=("DBParameterGroupNotFound",),
    fields={"family": "DBParameterGroupFamily", "description": "Description"},
    acts={
        "delete": ("rds:DeleteDBClusterParameterGroup",),
        "update": ("rds:ModifyDBClusterParameterGroup",),
        "tag": ("rds:AddTagsToResource",),
        "untag": ("rds:RemoveTagsFromResource",),
    },
)
