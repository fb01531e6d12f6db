"""Directories of the Directory Service."""

from escher.providers.declarations import (
    Bool,
    DetailCall,
    Int,
    ListCall,
    Relation,
    ResourceType,
    StateRule,
    Texts,
    Time,
)

_NETWORK = "(VpcSettings || ConnectSettings)"

TYPE = ResourceType(
    name="aws_directory_service_directory",
    native_type="AWS::DirectoryService::MicrosoftAD",
    kind="identity",
    service="ds",
    listing=ListCall("DescribeDirectories", "DirectoryDescriptions[]", permission="ds:DescribeDirectories"),
    identifier="DirectoryId",
    resource_id="arn:{partition}:ds:{region}:{account_id}:directory/{identifier}",
    label="Name",
    tags="Tags",
    state=StateRule(
        "Stage",
        {
            "Requested": "pending",
            "Creating": "pending",
            "Created": "pending",
            "Active": "running",
            "Inoperable": "error",
            "Impaired": "error",
            "Restoring": "pending",
            "RestoreFailed": "error",
            "Deleting": "deleting",
            "Deleted": "deleted",
            "Failed": "error",
            "Updating": "running",
        },
    ),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceId": "DirectoryId"},
            into="Tags",
            result="Tags",
            permission="ds:ListTagsForResource",
        ),
    ),
    gone=("EntityDoesNotExistException",),
    fields={
        "engine": "Type",
        "edition": "Edition",
        "size_class": "Size",
        "short_name": "ShortName",
        "endpoint": "AccessUrl",
        "dns_addresses": Texts("DnsIpAddrs"),
        "vpc_id": f"{_NETWORK}.VpcId",
        "subnets": Texts(f"{_NETWORK}.SubnetIds"),
        "sso": Bool("SsoEnabled"),
        "controllers": Int("DesiredNumberOfDomainControllers"),
        "owner_id": "OwnerDirectoryDescription.AccountId",
        "created_at": Time("LaunchTime"),
    },
    relations=(
        Relation("member_of", f"{_NETWORK}.VpcId", to="aws_vpc"),
        Relation("member_of", f"{_NETWORK}.SubnetIds", to="aws_vpc_subnet"),
    ),
    acts={
        "delete": ("ds:DeleteDirectory",),
        "snapshot": ("ds:CreateSnapshot",),
        "restore": ("ds:RestoreFromSnapshot",),
        "scale": ("ds:UpdateNumberOfDomainControllers",),
        "tag": ("ds:AddTagsToResource",),
        "untag": ("ds:RemoveTagsFromResource",),
    },
)
