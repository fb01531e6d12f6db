"""REST APIs of API Gateway. Their policies come with the list and are dropped."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, Relation, ResourceType, Time

TYPE = ResourceType(
    name="aws_api_gateway_rest_api",
    native_type="AWS::ApiGateway::RestApi",
    kind="api",
    service="apigateway",
    # An account without any gets an answer without a list.
    listing=ListCall("GetRestApis", "items || `[]`", permission="apigateway:GET", page_size=500),
    identifier="id",
    resource_id="arn:{partition}:apigateway:{region}::/restapis/{identifier}",
    label="name",
    tags="tags",
    fields={
        "description": "description",
        "endpoint_type": "endpointConfiguration.types[0]",
        "public": Holds("!(endpointConfiguration.types) || !contains(endpointConfiguration.types, 'PRIVATE')"),
        "default_endpoint_disabled": Bool("disableExecuteApiEndpoint"),
        "key_source": "apiKeySource",
        "minimum_compression_bytes": Int("minimumCompressionSize"),
        "version_label": "version",
        "created_at": Time("createdDate"),
    },
    relations=(Relation("uses", "endpointConfiguration.vpcEndpointIds", to="aws_vpc_endpoint"),),
    acts={
        "delete": ("apigateway:DELETE",),
        "update": ("apigateway:PATCH",),
        "tag": ("apigateway:PUT",),
        "untag": ("apigateway:DELETE",),
    },
)
