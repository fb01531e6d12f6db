"""Sets of DHCP options."""

from escher.providers.declarations import ListCall, ResourceType, Texts

_VALUES = "DhcpConfigurations[?Key == '{}'].Values[].Value"

TYPE = ResourceType(
    name="aws_vpc_dhcp_options",
    native_type="AWS::EC2::DHCPOptions",
    kind="template",
    service="ec2",
    listing=ListCall("DescribeDhcpOptions", "DhcpOptions[]", permission="ec2:DescribeDhcpOptions", page_size=1_000),
    identifier="DhcpOptionsId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:dhcp-options/{identifier}",
    tags="Tags",
    fields={
        "domain_name": f"{_VALUES.format('domain-name')} | [0]",
        "dns_servers": Texts(_VALUES.format("domain-name-servers")),
        "ntp_servers": Texts(_VALUES.format("ntp-servers")),
        "owner_id": "OwnerId",
    },
    acts={
        "delete": ("ec2:DeleteDhcpOptions",),
        "attach": ("ec2:AssociateDhcpOptions",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
