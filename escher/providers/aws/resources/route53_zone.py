"""Hosted zones of Route 53; not the records in them."""

from escher.providers.declarations import Bool, DetailCall, Holds, Int, ListCall, Relation, ResourceType, Texts

TYPE = ResourceType(
    name="aws_route53_zone",
    native_type="AWS::Route53::HostedZone",
    kind="dns_zone",
    service="route53",
    reach="global",
    listing=ListCall("ListHostedZones", "HostedZones[]", permission="route53:ListHostedZones"),
    identifier="tail(Id, '/')",
    resource_id="arn:{partition}:route53:::hostedzone/{identifier}",
    label="Name",
    tags="Tags",
    details=(
        DetailCall("GetHostedZone", {"Id": "tail(Id, '/')"}, into="Zone", permission="route53:GetHostedZone"),
        DetailCall(
            "ListTagsForResource",
            {"ResourceId": "tail(Id, '/')"},
            into="Tags",
            result="ResourceTagSet.Tags",
            parameters={"ResourceType": "hostedzone"},
            permission="route53:ListTagsForResource",
        ),
    ),
    gone=("NoSuchHostedZone",),
    fields={
        "domain": "Name",
        "private": Bool("Config.PrivateZone"),
        "public": Holds("!(Config.PrivateZone)"),
        "records": Int("ResourceRecordSetCount"),
        "description": "Config.Comment",
        "name_servers": Texts("Zone.DelegationSet.NameServers"),
        "vpcs": Texts("Zone.VPCs[].VPCId"),
        "owning_service": "LinkedService.ServicePrincipal",
    },
    relations=(Relation("attached_to", "Zone.VPCs[].VPCId", to="aws_vpc"),),
    acts={
        "delete": ("route53:DeleteHostedZone",),
        "update": ("route53:ChangeResourceRecordSets",),
        "attach": ("route53:AssociateVPCWithHostedZone",),
        "detach": ("route53:DisassociateVPCFromHostedZone",),
        "tag": ("route53:ChangeTagsForResource",),
        "untag": ("route53:ChangeTagsForResource",),
    },
)
