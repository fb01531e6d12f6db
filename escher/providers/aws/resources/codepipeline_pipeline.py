"""Pipelines of CodePipeline. What their actions are configured with is dropped: it may hold tokens."""

from escher.providers.declarations import DetailCall, Int, ListCall, Relation, ResourceType, Texts, Time

_ARN = "arn:{partition}:codepipeline:{region}:{account_id}:{identifier}"

TYPE = ResourceType(
    name="aws_codepipeline_pipeline",
    native_type="AWS::CodePipeline::Pipeline",
    kind="workflow",
    service="codepipeline",
    listing=ListCall("ListPipelines", "pipelines[]", permission="codepipeline:ListPipelines", page_size=1_000),
    identifier="name",
    resource_id=_ARN,
    tags="Tags",
    details=(
        DetailCall(
            "GetPipeline",
            {"name": "name"},
            into="Pipeline",
            result="pipeline",
            permission="codepipeline:GetPipeline",
        ),
        DetailCall(
            "ListTagsForResource",
            {"resourceArn": _ARN},
            into="Tags",
            result="tags",
            permission="codepipeline:ListTagsForResource",
        ),
    ),
    gone=("PipelineNotFoundException", "ResourceNotFoundException"),
    fields={
        "pipeline_type": "pipelineType",
        "execution_mode": "executionMode",
        "revision": Int("version"),
        "stages": Texts("Pipeline.stages[].name"),
        "sources": Texts("Pipeline.stages[].actions[?actionTypeId.category == 'Source'].actionTypeId.provider[]"),
        "bucket": "Pipeline.artifactStore.location",
        "role": "Pipeline.roleArn",
        "created_at": Time("created"),
        "last_modified": Time("updated"),
    },
    relations=(
        Relation("uses", "Pipeline.roleArn"),
        Relation("uses", "Pipeline.artifactStore.location", to="aws_s3_bucket"),
    ),
    acts={
        "start": ("codepipeline:StartPipelineExecution",),
        "stop": ("codepipeline:StopPipelineExecution",),
        "delete": ("codepipeline:DeletePipeline",),
        "update": ("codepipeline:UpdatePipeline",),
        "tag": ("codepipeline:TagResource",),
        "untag": ("codepipeline:UntagResource",),
    },
)
