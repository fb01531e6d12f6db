"""Recorders of AWS Config."""

from escher.providers.declarations import Bool, DetailCall, ListCall, Relation, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_config_configuration_recorder",
    native_type="AWS::Config::ConfigurationRecorder",
    kind="log_group",
    service="config",
    listing=ListCall(
        "DescribeConfigurationRecorders",
        "ConfigurationRecorders[]",
        permission="config:DescribeConfigurationRecorders",
    ),
    identifier="name",
    # The ARN that the list tells ends with an id that nothing else knows the recorder by, and is not always there.
    resource_id="arn:{partition}:config:{region}:{account_id}:config-recorder/{identifier}",
    state=StateRule(
        "(Status.recording && (starts_with(Status.lastStatus || '', 'F') && 'failing' || 'recording')) || (Status && 'stopped')",
        {"recording": "running", "failing": "error", "stopped": "stopped"},
        missing="unknown",
    ),
    details=(
        DetailCall(
            "DescribeConfigurationRecorderStatus",
            {"ConfigurationRecorderNames": "[name]"},
            into="Status",
            result="ConfigurationRecordersStatus[0]",
            permission="config:DescribeConfigurationRecorderStatus",
        ),
    ),
    gone=("NoSuchConfigurationRecorderException",),
    fields={
        "all_types": Bool("recordingGroup.allSupported"),
        "global_types": Bool("recordingGroup.includeGlobalResourceTypes"),
        "recorded_types": Texts("recordingGroup.resourceTypes"),
        "frequency": "recordingMode.recordingFrequency",
        "role": "roleARN",
        "started_at": Time("Status.lastStartTime"),
        "stopped_at": Time("Status.lastStopTime"),
    },
    relations=(Relation("uses", "roleARN"),),
    acts={
        "start": ("config:StartConfigurationRecorder",),
        "stop": ("config:StopConfigurationRecorder",),
        "delete": ("config:DeleteConfigurationRecorder",),
        "update": ("config:PutConfigurationRecorder",),
    },
)
