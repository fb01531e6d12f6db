"""Plans of AWS Backup: what is kept where, when and for how long."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_backup_plan",
    native_type="AWS::Backup::BackupPlan",
    kind="policy",
    service="backup",
    listing=ListCall("ListBackupPlans", "BackupPlansList[]", permission="backup:ListBackupPlans", page_size=1_000),
    identifier="BackupPlanId",
    resource_id="BackupPlanArn",
    label="BackupPlanName",
    tags="Tags",
    details=(
        DetailCall(
            "GetBackupPlan",
            {"BackupPlanId": "BackupPlanId"},
            into="Plan",
            result="BackupPlan",
            permission="backup:GetBackupPlan",
        ),
        DetailCall(
            "ListTags",
            {"ResourceArn": "BackupPlanArn"},
            into="Tags",
            result="Tags",
            parameters={"MaxResults": 1_000},
            permission="backup:ListTags",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "rules": Int("Plan && length(Plan.Rules)"),
        "vaults": Texts("Plan.Rules[].TargetBackupVaultName"),
        "schedules": Texts("Plan.Rules[].ScheduleExpression"),
        "backup_days": Int("max(Plan.Rules[].Lifecycle.DeleteAfterDays || `[]`)"),
        "version_label": "VersionId",
        "last_used_at": Time("LastExecutionDate", volatile=True),
        "created_at": Time("CreationDate"),
    },
    relations=(Relation("routes_to", "Plan.Rules[].TargetBackupVaultName", to="aws_backup_vault"),),
    acts={
        "delete": ("backup:DeleteBackupPlan",),
        "update": ("backup:UpdateBackupPlan",),
        "backup": ("backup:StartBackupJob",),
        "tag": ("backup:TagResource",),
        "untag": ("backup:UntagResource",),
    },
)
