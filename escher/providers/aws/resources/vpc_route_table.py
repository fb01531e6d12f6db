"""Route tables. The one that is `main` also serves the subnets that no other table is tied to."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, Texts

TYPE = ResourceType(
    name="aws_vpc_route_table",
    native_type="AWS::EC2::RouteTable",
    kind="route_table",
    service="ec2",
    listing=ListCall("DescribeRouteTables", "RouteTables[]", permission="ec2:DescribeRouteTables", page_size=100),
    identifier="RouteTableId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:route-table/{identifier}",
    tags="Tags",
    fields={
        "vpc_id": "VpcId",
        "main": Holds("Associations[?Main]"),
        "subnets": Texts("Associations[].SubnetId"),
        "routes": Int("length(not_null(Routes, `[]`))"),
        "blackhole_routes": Int("length(not_null(Routes[?State == 'blackhole'], `[]`))"),
        # A way to an internet gateway makes the subnets public ones.
        "internet_route": Holds("Routes[?GatewayId && starts_with(GatewayId, 'igw-') && State == 'active']"),
        "owner_id": "OwnerId",
    },
    relations=(
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("attached_to", "Associations[].SubnetId", "aws_vpc_subnet"),
        Relation("routes_to", "Routes[].GatewayId | [?starts_with(@, 'igw-')]", "aws_vpc_internet_gateway"),
        Relation("routes_to", "Routes[].GatewayId | [?starts_with(@, 'vgw-')]", "aws_vpc_vpn_gateway"),
        Relation("routes_to", "Routes[].GatewayId | [?starts_with(@, 'vpce-')]", "aws_vpc_endpoint"),
        Relation("routes_to", "Routes[].NatGatewayId", "aws_vpc_nat_gateway"),
        Relation("routes_to", "Routes[].TransitGatewayId", "aws_ec2_transit_gateway"),
        Relation("routes_to", "Routes[].VpcPeeringConnectionId", "aws_vpc_peering_connection"),
        Relation("routes_to", "Routes[].EgressOnlyInternetGatewayId", "aws_vpc_egress_only_internet_gateway"),
        Relation("routes_to", "Routes[].NetworkInterfaceId", "aws_ec2_network_interface"),
        Relation("uses", "Routes[].DestinationPrefixListId", "aws_ec2_managed_prefix_list"),
    ),
    acts={
        "delete": ("ec2:DeleteRouteTable",),
        "update": ("ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute"),
        "attach": ("ec2:AssociateRouteTable",),
        "detach": ("ec2:DisassociateRouteTable",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
    extras=("main",),
)
