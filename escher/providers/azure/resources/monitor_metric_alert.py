"""Alerts on metrics."""

from escher.providers.azure.declaring import arm_type
from escher.providers.declarations import Bool, Int, Relation, StateRule, Time

TYPE = arm_type(
    "azure_monitor_metric_alert",
    "alarm",
    "Microsoft.Insights/metricAlerts",
    "2018-03-01",
    {
        "description": "properties.description",
        "severity": Int("properties.severity"),
        "enabled": Bool("properties.enabled"),
        "frequency": "properties.evaluationFrequency",
        "window": "properties.windowSize",
        "metric": "properties.criteria.allOf[0].metricName",
        "targets": Int("length(properties.scopes || `[]`)"),
        "target_type": "properties.targetResourceType",
        "last_modified": Time("properties.lastUpdatedTime"),
    },
    state=StateRule(),
    relations=(
        Relation("uses", "properties.scopes"),
        Relation("uses", "properties.actions[].actionGroupId"),
    ),
    acts={"enable": "write", "disable": "write"},
)
