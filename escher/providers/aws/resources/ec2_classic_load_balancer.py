"""Classic load balancers."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_ec2_classic_load_balancer",
    native_type="AWS::ElasticLoadBalancing::LoadBalancer",
    kind="load_balancer",
    service="elb",
    listing=ListCall(
        "DescribeLoadBalancers",
        "LoadBalancerDescriptions[]",
        permission="elasticloadbalancing:DescribeLoadBalancers",
        page_size=400,
    ),
    identifier="LoadBalancerName",
    resource_id="arn:{partition}:elasticloadbalancing:{region}:{account_id}:loadbalancer/{identifier}",
    tags="Tags",
    details=(
        DetailCall(
            "DescribeTags",
            {"LoadBalancerNames": "[LoadBalancerName]"},
            into="Tags",
            result="TagDescriptions[0].Tags",
            permission="elasticloadbalancing:DescribeTags",
        ),
    ),
    gone=("LoadBalancerNotFound",),
    fields={
        "endpoint": "DNSName",
        "scheme": "Scheme",
        "public": Holds("Scheme == 'internet-facing'"),
        "vpc_id": "VPCId",
        "subnets": Texts("Subnets"),
        "zones": Texts("AvailabilityZones"),
        "security_groups": Texts("SecurityGroups"),
        "listeners": Int("length(not_null(ListenerDescriptions, `[]`))"),
        "protocols": Texts("ListenerDescriptions[].Listener.Protocol"),
        "targets": Int("length(not_null(Instances, `[]`))"),
        "created_at": Time("CreatedTime"),
    },
    relations=(
        Relation("routes_to", "Instances[].InstanceId", "aws_ec2_instance"),
        Relation("member_of", "VPCId", "aws_vpc"),
        Relation("member_of", "Subnets", "aws_vpc_subnet"),
        Relation("uses", "SecurityGroups", "aws_vpc_security_group"),
        Relation("uses", "ListenerDescriptions[].Listener.SSLCertificateId"),
    ),
    acts={
        "delete": ("elasticloadbalancing:DeleteLoadBalancer",),
        "update": ("elasticloadbalancing:ModifyLoadBalancerAttributes",),
        "attach": ("elasticloadbalancing:RegisterInstancesWithLoadBalancer",),
        "detach": ("elasticloadbalancing:DeregisterInstancesFromLoadBalancer",),
        "tag": ("elasticloadbalancing:AddTags",),
        "untag": ("elasticloadbalancing:RemoveTags",),
    },
    extras=("targets",),
)
