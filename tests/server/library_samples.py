"""Values with which the library's scripts are read: a parameter, an identifier and an attribute of each sort."""

from __future__ import annotations

PLACE = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
SAMPLES = {
    "instance_type": "t3.large",
    "tag_key": "owner",
    "tag_value": 'ana; $(true) "x"',
    "kms_key": "alias/main",
    "days": 14,
    "count": 3,
    "size_gib": 100,
    "memory_mib": 512,
}
IDENTIFIERS = {
    "aws_ec2_instance": "i-0a41c8e2f6b7d9150",
    "aws_ec2_ami": "ami-0a41c8e2f6b7d9150",
    "aws_ebs_volume": "vol-0a41c8e2f6b7d9150",
    "aws_ebs_snapshot": "snap-0a41c8e2f6b7d9150",
    "aws_vpc_security_group": "sg-0a41c8e2f6b7d9150",
    "aws_vpc_subnet": "subnet-0a41c8e2f6b7d9150",
    "aws_vpc_eip": "eipalloc-0a41c8e2f6b7d9150",
    "aws_rds_db_instance": "orders-db",
    "aws_rds_db_snapshot": "orders-before-upgrade",
    "aws_kms_key": "0a41c8e2-f6b7-4d91-9150-0a41c8e2f6b7",
    "aws_cloudwatch_log_group": "/shop/web; $(true)",
}
ATTRIBUTES = {
    "instance_type": "t3.micro",
    "architecture": "x86_64",
    "encryption": "aws:kms",
    "kms_key": "alias/former",
    "bucket_key_enabled": True,
    "block_public_acls": True,
    "ignore_public_acls": False,
    "block_public_policy": True,
    "restrict_public_buckets": False,
    "backup_days": 7,
    "retention_days": 30,
    "volume_type": "gp2",
    "desired_capacity": 2,
    "cluster": "shop",
    "rule_name": "nightly",
    "bus": "default",
    "metadata_tokens": "optional",
    "memory_mib": 128,
    "ssh_ipv4": "0.0.0.0/0",
    "ssh_ipv6": "::/0",
    "ssh_ipv4_description": "everybody; $(true)",
    "rdp_ipv4": "0.0.0.0/0",
    "rdp_ipv6": "::/0",
    "rdp_ipv6_description": "everybody; $(true)",
}
# Where IAM calls a service otherwise than the CLI.
SERVICES = {"resourcegroupstaggingapi": "tag", "s3api": "s3", "elbv2": "elasticloadbalancing"}
# Where AWS calls the permission otherwise than the operation.
PERMISSIONS = {
    "s3api head-bucket": "s3:ListBucket",
    "s3api get-public-access-block": "s3:GetBucketPublicAccessBlock",
    "s3api put-public-access-block": "s3:PutBucketPublicAccessBlock",
    "s3api get-bucket-encryption": "s3:GetEncryptionConfiguration",
    "s3api put-bucket-encryption": "s3:PutEncryptionConfiguration",
    "ec2 wait image-available": "ec2:DescribeImages",
    "ec2 wait instance-running": "ec2:DescribeInstances",
    "ec2 wait instance-stopped": "ec2:DescribeInstances",
    "ec2 wait instance-status-ok": "ec2:DescribeInstanceStatus",
    "ec2 wait snapshot-completed": "ec2:DescribeSnapshots",
    "ec2 wait volume-deleted": "ec2:DescribeVolumes",
    "ecs wait services-stable": "ecs:DescribeServices",
    "lambda wait function-active": "lambda:GetFunctionConfiguration",
    "lambda wait function-updated": "lambda:GetFunctionConfiguration",
    "rds wait db-instance-available": "rds:DescribeDBInstances",
    "rds wait db-snapshot-available": "rds:DescribeDBSnapshots",
    "rds wait db-snapshot-deleted": "rds:DescribeDBSnapshots",
}
