"""Rules of AWS Config. Their parameters come with the list and are dropped."""

from escher.providers.declarations import DetailCall, ListCall, Relation, ResourceType, StateRule, Texts

TYPE = ResourceType(
    name="aws_config_rule",
    native_type="AWS::Config::ConfigRule",
    kind="policy",
    service="config",
    listing=ListCall("DescribeConfigRules", "ConfigRules[]", permission="config:DescribeConfigRules"),
    identifier="ConfigRuleId",
    resource_id="ConfigRuleArn",
    label="ConfigRuleName",
    tags="Tags",
    state=StateRule(
        "ConfigRuleState",
        {"ACTIVE": "running", "EVALUATING": "running", "DELETING": "deleting", "DELETING_RESULTS": "deleting"},
    ),
    details=(
        DetailCall(
            "ListTagsForResource",
            {"ResourceArn": "ConfigRuleArn"},
            into="Tags",
            result="Tags",
            permission="config:ListTagsForResource",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "description": "Description",
        "rule_source": "Source.Owner",
        "rule": "Source.SourceIdentifier",
        "frequency": "MaximumExecutionFrequency",
        "checked_types": Texts("Scope.ComplianceResourceTypes"),
        "modes": Texts("EvaluationModes[].Mode"),
        "owning_service": "CreatedBy",
    },
    relations=(Relation("uses", "[Source.SourceIdentifier][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "delete": ("config:DeleteConfigRule",),
        "update": ("config:PutConfigRule",),
        "tag": ("config:TagResource",),
        "untag": ("config:UntagResource",),
    },
)
