"""CloudFront distributions. Headers that they add for their origins come with the list and are dropped."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

TYPE = ResourceType(
    name="aws_cloudfront_distribution",
    native_type="AWS::CloudFront::Distribution",
    kind="cdn",
    service="cloudfront",
    reach="global",
    # Of an account without distributions, the answer has a list without items.
    listing=ListCall(
        "ListDistributions",
        "DistributionList && (DistributionList.Items || `[]`)",
        permission="cloudfront:ListDistributions",
    ),
    identifier="Id",
    resource_id="ARN",
    label="Aliases.Items[0] || DomainName",
    tags="Tags",
    state=StateRule(
        "(!Enabled && 'Disabled') || Status",
        {"Deployed": "available", "InProgress": "pending", "Disabled": "stopped"},
    ),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"Resource": "ARN"},
            into="Tags",
            result="Tags.Items",
            permission="cloudfront:ListTagsForResource",
        ),
    ),
    gone=("NoSuchResource", "NoSuchDistribution"),
    fields={
        "endpoint": "DomainName",
        "domains": Texts("Aliases.Items"),
        "enabled": Bool("Enabled"),
        "origins": Texts("Origins.Items[].DomainName"),
        "origin_count": Int("Origins.Quantity"),
        "price_class": "PriceClass",
        "http_version": "HttpVersion",
        "ipv6": Bool("IsIPV6Enabled"),
        "viewer_protocol": "DefaultCacheBehavior.ViewerProtocolPolicy",
        "minimum_tls": "ViewerCertificate.MinimumProtocolVersion",
        "web_acl": "WebACLId",
        "description": "Comment",
        "last_modified": Time("LastModifiedTime"),
    },
    relations=(
        Relation("uses", "ViewerCertificate.ACMCertificateArn"),
        Relation("uses", "[WebACLId][?@ && starts_with(@, 'arn:')]"),
    ),
    acts={
        "delete": ("cloudfront:DeleteDistribution",),
        "update": ("cloudfront:UpdateDistribution",),
        "enable": ("cloudfront:UpdateDistribution",),
        "disable": ("cloudfront:UpdateDistribution",),
        "tag": ("cloudfront:TagResource",),
        "untag": ("cloudfront:UntagResource",),
    },
)
