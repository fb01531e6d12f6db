"""TLS certificates of load balancers. The certificate itself is left behind."""

from escher.providers.declarations import ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="gcp_compute_ssl_certificate",
    kind="certificate",
    service="compute",
    provider="gcp",
    reach="global",
    native_type="compute.googleapis.com/SslCertificate",
    listing=ListCall(
        "compute/v1/projects/{account_id}/aggregated/sslCertificates",
        "items.*.sslCertificates[]",
        permission="compute.sslCertificates.list",
        parameters={"returnPartialSuccess": "true"},
        page_size=500,
    ),
    identifier="name",
    resource_id="_name || selfLink",
    home="_place",
    label="name",
    state=StateRule(
        "managed.status",
        {
            "ACTIVE": "available",
            "PROVISIONING": "pending",
            "PROVISIONING_FAILED": "error",
            "PROVISIONING_FAILED_PERMANENTLY": "error",
            "RENEWAL_FAILED": "error",
        },
    ),
    fields={
        "domain": "managed.domains[0] || subjectAlternativeNames[0]",
        "domains": Texts("managed.domains || subjectAlternativeNames"),
        "certificate_type": "type",
        "expires_at": Time("expireTime"),
        "created_at": Time("creationTimestamp"),
        "description": "description",
    },
    acts={
        "delete": ("compute.sslCertificates.delete",),
    },
)
