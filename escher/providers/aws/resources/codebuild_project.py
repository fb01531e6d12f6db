"""Projects of CodeBuild. Environment variables and build files come with them and are dropped."""

from escher.providers.declarations import BatchCall, Bool, Int, ListCall, Relation, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_codebuild_project",
    native_type="AWS::CodeBuild::Project",
    kind="workflow",
    service="codebuild",
    listing=ListCall(
        "ListProjects",
        "projects[]",
        permission="codebuild:ListProjects",
        batch=BatchCall(
            "BatchGetProjects",
            ids="names",
            result="projects[]",
            permission="codebuild:BatchGetProjects",
            size=100,
        ),
    ),
    identifier="name",
    resource_id="arn",
    tags="tags",
    fields={
        "description": "description",
        "source_type": "source.type",
        "instance_type": "environment.computeType",
        "environment_type": "environment.type",
        "image_id": "environment.image",
        "privileged": Bool("environment.privilegedMode"),
        "artifacts": "artifacts.type",
        "timeout_minutes": Int("timeoutInMinutes"),
        "visibility": "projectVisibility",
        "vpc_id": "vpcConfig.vpcId",
        "subnets": Texts("vpcConfig.subnets"),
        "kms_key": "encryptionKey",
        "role": "serviceRole",
        "created_at": Time("created"),
        "last_modified": Time("lastModified"),
    },
    relations=(
        Relation("member_of", "vpcConfig.subnets", to="aws_vpc_subnet"),
        Relation("uses", "vpcConfig.securityGroupIds", to="aws_vpc_security_group"),
        Relation("uses", "serviceRole"),
        Relation("uses", "[encryptionKey][?@ && contains(@, ':key/')]"),
    ),
    acts={
        "start": ("codebuild:StartBuild",),
        "delete": ("codebuild:DeleteProject",),
        "update": ("codebuild:UpdateProject",),
        "tag": ("codebuild:UpdateProject",),
        "untag": ("codebuild:UpdateProject",),
    },
)
