"""GraphQL APIs of AppSync."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType

TYPE = ResourceType(
    name="aws_appsync_graphql_api",
    native_type="AWS::AppSync::GraphQLApi",
    kind="api",
    service="appsync",
    listing=ListCall("ListGraphqlApis", "graphqlApis[]", permission="appsync:ListGraphqlApis", page_size=25),
    identifier="apiId",
    resource_id="arn",
    label="name",
    tags="tags",
    fields={
        "api_type": "apiType",
        "authentication": "authenticationType",
        "endpoint": "uris.GRAPHQL",
        "public": Holds("visibility != 'PRIVATE'"),
        "tracing": Bool("xrayEnabled"),
        "log_level": "logConfig.fieldLogLevel",
        "web_acl": "wafWebAclArn",
        "introspection": "introspectionConfig",
        "query_depth": Int("queryDepthLimit"),
        "owner_id": "owner",
    },
    relations=(
        Relation("uses", "wafWebAclArn"),
        Relation("uses", "logConfig.cloudWatchLogsRoleArn"),
        Relation("uses", "userPoolConfig.userPoolId", to="aws_cognito_user_pool"),
    ),
    acts={
        "delete": ("appsync:DeleteGraphqlApi",),
        "update": ("appsync:UpdateGraphqlApi",),
        "tag": ("appsync:TagResource",),
        "untag": ("appsync:UntagResource",),
    },
)
