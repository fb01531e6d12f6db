"""Endpoints of SageMaker."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_sagemaker_endpoint",
    native_type="AWS::SageMaker::Endpoint",
    kind="machine_learning",
    service="sagemaker",
    listing=ListCall("ListEndpoints", "Endpoints[]", permission="sagemaker:ListEndpoints", page_size=100),
    identifier="EndpointName",
    resource_id="EndpointArn",
    tags="Tags",
    state=StateRule(
        "EndpointStatus",
        {
            "OutOfService": "stopped",
            "Creating": "pending",
            "Updating": "running",
            "SystemUpdating": "running",
            "RollingBack": "pending",
            "InService": "running",
            "Deleting": "deleting",
            "Failed": "error",
            "UpdateRollbackFailed": "error",
        },
    ),
    details=(
        DetailCall(
            "DescribeEndpoint",
            {"EndpointName": "EndpointName"},
            into="Endpoint",
            permission="sagemaker:DescribeEndpoint",
        ),
        DetailCall(
            "ListTags", {"ResourceArn": "EndpointArn"}, into="Tags", result="Tags", permission="sagemaker:ListTags"
        ),
    ),
    # Of an endpoint that is gone SageMaker only says that the request is not valid.
    fields={
        "configuration": "Endpoint.EndpointConfigName",
        "variants": Texts("Endpoint.ProductionVariants[].VariantName"),
        "instances": Int("Endpoint && sum(Endpoint.ProductionVariants[].CurrentInstanceCount || `[]`)"),
        "data_capture": Holds("Endpoint.DataCaptureConfig.EnableCapture", needs=("Endpoint",)),
        "status_reason": "Endpoint.FailureReason",
        "created_at": Time("CreationTime"),
        "last_modified": Time("LastModifiedTime"),
    },
    acts={
        "scale": ("sagemaker:UpdateEndpointWeightsAndCapacities",),
        "delete": ("sagemaker:DeleteEndpoint",),
        "update": ("sagemaker:UpdateEndpoint",),
        "tag": ("sagemaker:AddTags",),
        "untag": ("sagemaker:DeleteTags",),
    },
)
