"""Key rings of Cloud KMS."""

from escher.providers.declarations import ListCall, ResourceType, Time

TYPE = ResourceType(
    name="gcp_kms_key_ring",
    kind="resource_group",
    service="cloudkms",
    provider="gcp",
    reach="global",
    native_type="cloudkms.googleapis.com/KeyRing",
    listing=ListCall(
        "v1/projects/{account_id}/locations/{location}/keyRings",
        "keyRings[]",
        permission="cloudkms.keyRings.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//cloudkms.googleapis.com/', name])",
    home="_place",
    label="_short",
    fields={
        "created_at": Time("createTime"),
    },
)
