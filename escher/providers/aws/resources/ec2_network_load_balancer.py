"""Network load balancers. All load balancers of this generation share one list; `only` takes these."""

from escher.providers.declarations import (
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

_ARN = {"LoadBalancerArn": "LoadBalancerArn"}

TYPE = ResourceType(
    name="aws_ec2_network_load_balancer",
    native_type="AWS::ElasticLoadBalancingV2::LoadBalancer",
    kind="load_balancer",
    service="elbv2",
    listing=ListCall(
        "DescribeLoadBalancers",
        "LoadBalancers[]",
        permission="elasticloadbalancing:DescribeLoadBalancers",
        page_size=400,
    ),
    only="Type == 'network'",
    identifier="LoadBalancerName",
    resource_id="LoadBalancerArn",
    tags="Tags",
    state=StateRule(
        "State.Code",
        {"active": "available", "provisioning": "pending", "active_impaired": "error", "failed": "error"},
    ),
    details=(
        DetailCall(
            "DescribeTags",
            {"ResourceArns": "[LoadBalancerArn]"},
            into="Tags",
            result="TagDescriptions[0].Tags",
            permission="elasticloadbalancing:DescribeTags",
        ),
        DetailCall(
            "DescribeLoadBalancerAttributes",
            _ARN,
            into="Attributes",
            result="Attributes",
            permission="elasticloadbalancing:DescribeLoadBalancerAttributes",
        ),
        DetailCall(
            "DescribeListeners",
            _ARN,
            into="Listeners",
            result="Listeners",
            permission="elasticloadbalancing:DescribeListeners",
        ),
    ),
    gone=("LoadBalancerNotFound",),
    fields={
        "endpoint": "DNSName",
        "scheme": "Scheme",
        "public": Holds("Scheme == 'internet-facing'"),
        "vpc_id": "VpcId",
        "subnets": Texts("AvailabilityZones[].SubnetId"),
        "zones": Texts("AvailabilityZones[].ZoneName"),
        "security_groups": Texts("SecurityGroups"),
        "ip_address_type": "IpAddressType",
        "listeners": Int("Listeners != `null` && length(Listeners)"),
        "protocols": Texts("Listeners[].Protocol"),
        "deletion_protection": Holds(
            "Attributes[?Key == 'deletion_protection.enabled' && Value == 'true']", needs=("Attributes",)
        ),
        "access_logs": Holds("Attributes[?Key == 'access_logs.s3.enabled' && Value == 'true']", needs=("Attributes",)),
        "created_at": Time("CreatedTime"),
    },
    relations=(
        Relation("routes_to", "Listeners[].DefaultActions[].TargetGroupArn"),
        Relation("routes_to", "Listeners[].DefaultActions[].ForwardConfig.TargetGroups[].TargetGroupArn"),
        Relation("member_of", "VpcId", "aws_vpc"),
        Relation("member_of", "AvailabilityZones[].SubnetId", "aws_vpc_subnet"),
        Relation("uses", "SecurityGroups", "aws_vpc_security_group"),
        Relation("uses", "Listeners[].Certificates[].CertificateArn"),
        Relation("uses", "AvailabilityZones[].LoadBalancerAddresses[].AllocationId", "aws_vpc_eip"),
    ),
    acts={
        "delete": ("elasticloadbalancing:DeleteLoadBalancer",),
        "update": ("elasticloadbalancing:ModifyLoadBalancerAttributes",),
        "tag": ("elasticloadbalancing:AddTags",),
        "untag": ("elasticloadbalancing:RemoveTags",),
    },
    extras=("deletion_protection",),
)
