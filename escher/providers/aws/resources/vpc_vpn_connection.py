"""Site-to-site VPN connections. The list answer holds the tunnels' shared keys, which are dropped."""

from escher.providers.declarations import Bool, Int, ListCall, Relation, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_vpc_vpn_connection",
    native_type="AWS::EC2::VPNConnection",
    kind="vpn",
    service="ec2",
    listing=ListCall("DescribeVpnConnections", "VpnConnections[]", permission="ec2:DescribeVpnConnections"),
    identifier="VpnConnectionId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:vpn-connection/{identifier}",
    tags="Tags",
    state=StateRule(
        "State", {"pending": "pending", "available": "available", "deleting": "deleting", "deleted": "deleted"}
    ),
    fields={
        "tunnels": Int("length(not_null(VgwTelemetry, `[]`))"),
        "tunnels_up": Int("length(not_null(VgwTelemetry[?Status == 'UP'], `[]`))"),
        "public_ip": "VgwTelemetry[0].OutsideIpAddress",
        "static_routes_only": Bool("Options.StaticRoutesOnly"),
        "customer_gateway_id": "CustomerGatewayId",
        "category": "Category",
    },
    relations=(
        Relation("uses", "CustomerGatewayId", "aws_vpc_customer_gateway"),
        Relation("attached_to", "VpnGatewayId", "aws_vpc_vpn_gateway"),
        Relation("attached_to", "TransitGatewayId", "aws_ec2_transit_gateway"),
    ),
    acts={
        "delete": ("ec2:DeleteVpnConnection",),
        "update": ("ec2:ModifyVpnConnection",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
