"""Layers of Lambda, each with its latest version."""

from escher.providers.declarations import Int, ListCall, ResourceType, Texts, Time

_LATEST = "LatestMatchingVersion"

TYPE = ResourceType(
    name="aws_lambda_layer",
    native_type="AWS::Lambda::LayerVersion",
    kind="image",
    service="lambda",
    listing=ListCall("ListLayers", "Layers[]", permission="lambda:ListLayers", page_size=50),
    identifier="LayerName",
    resource_id="LayerArn",
    fields={
        "revision": Int(f"{_LATEST}.Version"),
        "description": f"{_LATEST}.Description",
        "runtimes": Texts(f"{_LATEST}.CompatibleRuntimes"),
        "architectures": Texts(f"{_LATEST}.CompatibleArchitectures"),
        "license": f"{_LATEST}.LicenseInfo",
        "last_modified": Time(f"{_LATEST}.CreatedDate"),
    },
    acts={
        "delete": ("lambda:DeleteLayerVersion",),
        "update": ("lambda:PublishLayerVersion",),
    },
)
