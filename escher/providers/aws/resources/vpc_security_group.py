"""Security groups. `public`: some rule lets the whole internet in; `open_to_world` lists those as `tcp 22-22`.

The rules that let everybody in at exactly the port of SSH or RDP are kept whole, so that closing them can be undone.
"""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, Texts

_OPEN_RULES = "IpPermissions[?IpRanges[?CidrIp == '0.0.0.0/0'] || Ipv6Ranges[?CidrIpv6 == '::/0']]"
_PORTS = "join('-', [to_string(not_null(FromPort, 'all')), to_string(not_null(ToPort, 'all'))])"
_TCP = "IpPermissions[?IpProtocol == 'tcp' && FromPort == `{0}` && ToPort == `{0}`]"
_SSH, _RDP = _TCP.format(22), _TCP.format(3389)
_IPV4 = "IpRanges[] | [?CidrIp == '0.0.0.0/0'] | [0]"
_IPV6 = "Ipv6Ranges[] | [?CidrIpv6 == '::/0'] | [0]"

TYPE = ResourceType(
    name="aws_vpc_security_group",
    native_type="AWS::EC2::SecurityGroup",
    kind="firewall",
    service="ec2",
    listing=ListCall(
        "DescribeSecurityGroups", "SecurityGroups[]", permission="ec2:DescribeSecurityGroups", page_size=1_000
    ),
    identifier="GroupId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:security-group/{identifier}",
    label="GroupName",
    tags="Tags",
    fields={
        "group_name": "GroupName",
        "description": "Description",
        "vpc_id": "VpcId",
        "ingress_rules": Int("length(not_null(IpPermissions, `[]`))"),
        "egress_rules": Int("length(not_null(IpPermissionsEgress, `[]`))"),
        "public": Holds(_OPEN_RULES),
        "open_to_world": Texts(f"{_OPEN_RULES}.join(' ', [IpProtocol, {_PORTS}])"),
        "ssh_ipv4": f"{_SSH}.{_IPV4}.CidrIp",
        "ssh_ipv4_description": f"{_SSH}.{_IPV4}.Description",
        "ssh_ipv6": f"{_SSH}.{_IPV6}.CidrIpv6",
        "ssh_ipv6_description": f"{_SSH}.{_IPV6}.Description",
        "rdp_ipv4": f"{_RDP}.{_IPV4}.CidrIp",
        "rdp_ipv4_description": f"{_RDP}.{_IPV4}.Description",
        "rdp_ipv6": f"{_RDP}.{_IPV6}.CidrIpv6",
        "rdp_ipv6_description": f"{_RDP}.{_IPV6}.Description",
    },
    relations=(
        Relation("member_of", "VpcId", "aws_vpc"),
        # A group that a rule names cannot be deleted; a group's rules may name itself.
        Relation("uses", "IpPermissions[].UserIdGroupPairs[].GroupId", "aws_vpc_security_group"),
        Relation("uses", "IpPermissionsEgress[].UserIdGroupPairs[].GroupId", "aws_vpc_security_group"),
        Relation("uses", "IpPermissions[].PrefixListIds[].PrefixListId", "aws_ec2_managed_prefix_list"),
    ),
    acts={
        "delete": ("ec2:DeleteSecurityGroup",),
        "update": ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
