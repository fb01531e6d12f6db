"""Managed prefix lists of an account or shared with it; those of AWS itself are left out."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule

TYPE = ResourceType(
    name="aws_ec2_managed_prefix_list",
    native_type="AWS::EC2::PrefixList",
    kind="template",
    service="ec2",
    listing=ListCall(
        "DescribeManagedPrefixLists", "PrefixLists[]", permission="ec2:DescribeManagedPrefixLists", page_size=100
    ),
    identifier="PrefixListId",
    resource_id="PrefixListArn",
    label="PrefixListName",
    tags="Tags",
    only="OwnerId != 'AWS'",
    state=StateRule(
        "State",
        {
            "create-in-progress": "pending",
            "create-complete": "available",
            "create-failed": "error",
            "modify-in-progress": "pending",
            "modify-complete": "available",
            "modify-failed": "error",
            "restore-in-progress": "pending",
            "restore-complete": "available",
            "restore-failed": "error",
            "delete-in-progress": "deleting",
            "delete-complete": "deleted",
            "delete-failed": "error",
        },
    ),
    fields={
        "address_family": "AddressFamily",
        "max_entries": Int("MaxEntries"),
        "owner_id": "OwnerId",
        "failure": "StateMessage",
    },
    acts={
        "delete": ("ec2:DeleteManagedPrefixList",),
        "update": ("ec2:ModifyManagedPrefixList",),
        "tag": ("ec2:CreateTags",),
        "untag": ("ec2:DeleteTags",),
    },
)
