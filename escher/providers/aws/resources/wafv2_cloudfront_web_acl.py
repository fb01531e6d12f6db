"""Web access lists of WAF for CloudFront: they are kept for all regions, and listed where the partition has its home."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, ResourceType

TYPE = ResourceType(
    name="aws_wafv2_cloudfront_web_acl",
    native_type="AWS::WAFv2::WebACL",
    kind="firewall",
    service="wafv2",
    reach="global",
    listing=ListCall(
        "ListWebACLs",
        "WebACLs[]",
        permission="wafv2:ListWebACLs",
        parameters={"Scope": "CLOUDFRONT", "Limit": 100},
        next_page="NextMarker",
    ),
    identifier="Id",
    resource_id="ARN",
    label="Name",
    tags="Tags",
    details=(
        DetailCall(
            "GetWebACL",
            {"Name": "Name", "Id": "Id"},
            into="Acl",
            result="WebACL",
            parameters={"Scope": "CLOUDFRONT"},
            permission="wafv2:GetWebACL",
        ),
        DetailCall(
            "ListTagsForResource",
            {"ResourceARN": "ARN"},
            into="Tags",
            result="TagInfoForResource.TagList",
            parameters={"Limit": 100},
            permission="wafv2:ListTagsForResource",
        ),
    ),
    gone=("WAFNonexistentItemException",),
    fields={
        "description": "Description",
        "capacity": Int("Acl.Capacity"),
        "rules": Int("Acl && length(Acl.Rules || `[]`)"),
        "allows_by_default": Holds("Acl.DefaultAction.Allow != `null`", needs=("Acl",)),
        "managed_by_firewall_manager": Holds("Acl.ManagedByFirewallManager", needs=("Acl",)),
        "metric": "Acl.VisibilityConfig.MetricName",
    },
    acts={
        "delete": ("wafv2:DeleteWebACL",),
        "update": ("wafv2:UpdateWebACL",),
        "tag": ("wafv2:TagResource",),
        "untag": ("wafv2:UntagResource",),
    },
)
