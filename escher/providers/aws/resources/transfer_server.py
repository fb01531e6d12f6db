"""Servers of the Transfer family. Host keys and log-in banners come with the details and are dropped."""

from escher.providers.declarations import (
    DetailCall,
    Holds,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
)

TYPE = ResourceType(
    name="aws_transfer_server",
    native_type="AWS::Transfer::Server",
    kind="file_system",
    service="transfer",
    listing=ListCall("ListServers", "Servers[]", permission="transfer:ListServers", page_size=1_000),
    identifier="ServerId",
    resource_id="Arn",
    tags="Server.Tags",
    state=StateRule(
        "State",
        {
            "OFFLINE": "stopped",
            "ONLINE": "running",
            "STARTING": "pending",
            "STOPPING": "pending",
            "START_FAILED": "error",
            "STOP_FAILED": "error",
        },
    ),
    details=(
        DetailCall(
            "DescribeServer",
            {"ServerId": "ServerId"},
            into="Server",
            result="Server",
            permission="transfer:DescribeServer",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "storage": "Domain",
        "protocols": Texts("Server.Protocols"),
        "endpoint_type": "EndpointType",
        "public": Holds("EndpointType == 'PUBLIC' || Server.EndpointDetails.AddressAllocationIds", needs=("Server",)),
        "vpc_id": "Server.EndpointDetails.VpcId",
        "subnets": Texts("Server.EndpointDetails.SubnetIds"),
        "identity_provider": "IdentityProviderType",
        "users": Int("UserCount"),
        "security_policy": "Server.SecurityPolicyName",
        "role": "LoggingRole",
    },
    relations=(
        Relation("member_of", "Server.EndpointDetails.VpcId", to="aws_vpc"),
        Relation("member_of", "Server.EndpointDetails.SubnetIds", to="aws_vpc_subnet"),
        Relation("uses", "Server.EndpointDetails.SecurityGroupIds", to="aws_vpc_security_group"),
        Relation("uses", "Server.Certificate"),
        Relation("uses", "LoggingRole"),
    ),
    acts={
        "start": ("transfer:StartServer",),
        "stop": ("transfer:StopServer",),
        "delete": ("transfer:DeleteServer",),
        "update": ("transfer:UpdateServer",),
        "tag": ("transfer:TagResource",),
        "untag": ("transfer:UntagResource",),
    },
)
