"""Databases of the Glue catalog; not the tables in them. Their parameters are dropped."""

from escher.providers.declarations import DetailCall, Holds, ListCall, ResourceType, Time

_ARN = "arn:{partition}:glue:{region}:{account_id}:database/{identifier}"

TYPE = ResourceType(
    name="aws_glue_catalog_database",
    native_type="AWS::Glue::Database",
    kind="analytics",
    service="glue",
    listing=ListCall("GetDatabases", "DatabaseList[]", permission="glue:GetDatabases", page_size=100),
    identifier="Name",
    resource_id=_ARN,
    tags="Tags",
    details=(DetailCall("GetTags", {"ResourceArn": _ARN}, into="Tags", result="Tags", permission="glue:GetTags"),),
    gone=("EntityNotFoundException",),
    fields={
        "description": "Description",
        "path": "LocationUri",
        "shared": Holds("TargetDatabase"),
        "owner_id": "TargetDatabase.CatalogId || CatalogId",
        "created_at": Time("CreateTime"),
    },
    acts={
        "delete": ("glue:DeleteDatabase",),
        "update": ("glue:UpdateDatabase",),
        "tag": ("glue:TagResource",),
        "untag": ("glue:UntagResource",),
    },
)
