"""Everything that no other declaration covers, in a generic form: read by `escher.providers.aws.other`."""

from escher.providers.declarations import ListCall, ResourceType

TYPE = ResourceType(
    name="aws_other",
    kind="other",
    service="cloudcontrol",
    listing=ListCall("ListResources", "ResourceDescriptions[]", permission="cloudformation:ListResources"),
    identifier="Identifier",
    resource_id="Arn || join('/', [TypeName, Identifier])",
    native="TypeName",
    label="Name",
    tags="Tags",
    fields={"native_type": "TypeName"},
)
