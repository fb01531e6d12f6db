"""Subnet groups of caches."""

from escher.providers.declarations import DetailCall, ListCall, Relation, ResourceType, Texts

TYPE = ResourceType(
    name="aws_elasticache_subnet_group",
    native_type="AWS::ElastiCache::SubnetGroup",
    kind="template",
    service="elasticache",
    listing=ListCall(
        "DescribeCacheSubnetGroups",
        "CacheSubnetGroups[]",
        permission="elasticache:DescribeCacheSubnetGroups",
        page_size=100,
    ),
    identifier="CacheSubnetGroupName",
    resource_id="ARN",
    tags="Tags",
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceName": "ARN"},
            into="Tags",
            result="TagList",
            permission="elasticache:ListTagsForResource",
        ),
    ),
    gone=("CacheSubnetGroupNotFoundFault",),
    fields={
        "description": "CacheSubnetGroupDescription",
        "vpc_id": "VpcId",
        "subnets": Texts("Subnets[].SubnetIdentifier"),
        "zones": Texts("Subnets[].SubnetAvailabilityZone.Name"),
    },
    relations=(
        Relation("uses", "Subnets[].SubnetIdentifier", "aws_vpc_subnet"),
        Relation("member_of", "VpcId", "aws_vpc"),
    ),
    acts={
        "delete": ("elasticache:DeleteCacheSubnetGroup",),
        "update": ("elasticache:ModifyCacheSubnetGroup",),
        "tag": ("elasticache:AddTagsToResource",),
        "untag": ("elasticache:RemoveTagsFromResource",),
    },
)
