"""Jobs of Glue. Their arguments come with the list and are dropped: they may hold secrets."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

_ARN = "arn:{partition}:glue:{region}:{account_id}:job/{identifier}"

TYPE = ResourceType(
    name="aws_glue_job",
    native_type="AWS::Glue::Job",
    kind="analytics",
    service="glue",
    listing=ListCall("GetJobs", "Jobs[]", permission="glue:GetJobs", page_size=1_000),
    identifier="Name",
    resource_id=_ARN,
    tags="Tags",
    details=(DetailCall("GetTags", {"ResourceArn": _ARN}, into="Tags", result="Tags", permission="glue:GetTags"),),
    gone=("EntityNotFoundException",),
    fields={
        "description": "Description",
        "job_type": "Command.Name",
        "script": "Command.ScriptLocation",
        "engine_version": "GlueVersion",
        "runtime": "Command.PythonVersion",
        "instance_type": "WorkerType",
        "workers": Int("NumberOfWorkers"),
        "timeout_minutes": Int("Timeout"),
        "retries": Int("MaxRetries"),
        "execution_class": "ExecutionClass",
        "connections": Texts("Connections.Connections"),
        "role": "Role",
        "created_at": Time("CreatedOn"),
        "last_modified": Time("LastModifiedOn"),
    },
    relations=(Relation("uses", "[Role][?@ && starts_with(@, 'arn:')]"),),
    acts={
        "start": ("glue:StartJobRun",),
        "stop": ("glue:BatchStopJobRun",),
        "delete": ("glue:DeleteJob",),
        "update": ("glue:UpdateJob",),
        "tag": ("glue:TagResource",),
        "untag": ("glue:UntagResource",),
    },
)
