"""Customer gateways: the far side of VPN connections, as it was told to AWS."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_vpc_customer_gateway",
    native_type="AWS::EC2::CustomerGateway",
    kind="gateway",
    service="ec2",
    listing=ListCall("DescribeCustomerGateways", "CustomerGateways[]", permission="ec2:DescribeCustomerGateways"),
    identifier="CustomerGatewayId",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:customer-gateway/{identifier}",
    label="DeviceName",
    tags="Tags",
    state=StateRule(
        "State", {"pending": "pending", "available": "available", "deleting": "deleting", "deleted": "deleted"}
    ),
    fields={
        "public_ip": "IpAddress",
        "asn": Int("BgpAsnExtended || BgpAsn"),
        "gateway_type": "Type",
        "device_name": "DeviceName",
        "certificate": "CertificateArn",
    },
    relations=(),
    acts={"delete": ("ec2:DeleteCustomerGateway",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
