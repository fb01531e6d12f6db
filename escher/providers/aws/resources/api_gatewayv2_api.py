"""HTTP and WebSocket APIs of API Gateway."""

from escher.providers.declarations import Bool, ListCall, ResourceType, Texts, Time

TYPE = ResourceType(
    name="aws_api_gatewayv2_api",
    native_type="AWS::ApiGatewayV2::Api",
    kind="api",
    service="apigatewayv2",
    listing=ListCall("GetApis", "Items[]", permission="apigateway:GET"),
    identifier="ApiId",
    resource_id="arn:{partition}:apigateway:{region}::/apis/{identifier}",
    label="Name",
    tags="Tags",
    fields={
        "description": "Description",
        "protocol": "ProtocolType",
        "endpoint": "ApiEndpoint",
        "default_endpoint_disabled": Bool("DisableExecuteApiEndpoint"),
        "made_by_gateway": Bool("ApiGatewayManaged"),
        "allowed_origins": Texts("CorsConfiguration.AllowOrigins"),
        "version_label": "Version",
        "created_at": Time("CreatedDate"),
    },
    acts={
        "delete": ("apigateway:DELETE",),
        "update": ("apigateway:PATCH",),
        "tag": ("apigateway:POST",),
        "untag": ("apigateway:DELETE",),
    },
)
