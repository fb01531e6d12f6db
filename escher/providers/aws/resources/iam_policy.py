"""Policies of the customer's own, with whom they grant to; those of AWS itself are left out."""

from escher.providers.declarations import Bool, DetailCall, Int, ListCall, Relation, ResourceType, Time

TYPE = ResourceType(
    name="aws_iam_policy",
    native_type="AWS::IAM::ManagedPolicy",
    kind="policy",
    service="iam",
    reach="global",
    listing=ListCall(
        "ListPolicies", "Policies[]", permission="iam:ListPolicies", parameters={"Scope": "Local"}, page_size=1_000
    ),
    identifier="PolicyName",
    resource_id="Arn",
    tags="Policy.Tags",
    details=(
        # The list answer leaves out the tags and the description.
        DetailCall("GetPolicy", {"PolicyArn": "Arn"}, into="Policy", result="Policy", permission="iam:GetPolicy"),
        DetailCall(
            "ListEntitiesForPolicy", {"PolicyArn": "Arn"}, into="Entities", permission="iam:ListEntitiesForPolicy"
        ),
    ),
    gone=("NoSuchEntity",),
    fields={
        "path": "Path",
        "description": "Policy.Description",
        "attachments": Int("AttachmentCount"),
        "boundary_of": Int("PermissionsBoundaryUsageCount"),
        "attachable": Bool("IsAttachable"),
        "policy_version": "DefaultVersionId",
        "created_at": Time("CreateDate"),
        "last_modified": Time("UpdateDate"),
    },
    relations=(
        Relation("grants", "Entities.PolicyRoles[].RoleName", "aws_iam_role"),
        Relation("grants", "Entities.PolicyUsers[].UserName", "aws_iam_user"),
        Relation("grants", "Entities.PolicyGroups[].GroupName", "aws_iam_group"),
    ),
    acts={
        "delete": ("iam:DeletePolicy",),
        "update": ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
        "tag": ("iam:TagPolicy",),
        "untag": ("iam:UntagPolicy",),
    },
    extras=("attachments",),
)
