"""Key pairs: their names and kinds. AWS keeps no private keys, and the public ones are not asked for."""

from escher.providers.declarations import ListCall, ResourceType, Time

TYPE = ResourceType(
    name="aws_ec2_key_pair",
    native_type="AWS::EC2::KeyPair",
    kind="key_pair",
    service="ec2",
    listing=ListCall("DescribeKeyPairs", "KeyPairs[]", permission="ec2:DescribeKeyPairs"),
    identifier="KeyName",
    resource_id="arn:{partition}:ec2:{region}:{account_id}:key-pair/{identifier}",
    tags="Tags",
    fields={"key_pair_id": "KeyPairId", "key_type": "KeyType", "created_at": Time("CreateTime")},
    acts={"delete": ("ec2:DeleteKeyPair",), "tag": ("ec2:CreateTags",), "untag": ("ec2:DeleteTags",)},
)
