"""Certificates of ACM, of every key type. Neither their bodies nor their keys are asked for."""

from escher.providers.declarations import DetailCall, Holds, Int, ListCall, ResourceType, StateRule, Texts, Time

# Without these, only those with RSA keys of up to 2048 bits are listed.
_KEY_TYPES = (
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
)

TYPE = ResourceType(
    name="aws_acm_certificate",
    native_type="AWS::CertificateManager::Certificate",
    kind="certificate",
    service="acm",
    listing=ListCall(
        "ListCertificates",
        "CertificateSummaryList[]",
        permission="acm:ListCertificates",
        parameters={"Includes": {"keyTypes": list(_KEY_TYPES)}},
        page_size=1_000,
    ),
    identifier="tail(CertificateArn, '/')",
    resource_id="CertificateArn",
    label="DomainName",
    tags="Tags",
    state=StateRule(
        "Status",
        {
            "PENDING_VALIDATION": "pending",
            "ISSUED": "available",
            "INACTIVE": "stopped",
            "EXPIRED": "error",
            "VALIDATION_TIMED_OUT": "error",
            "REVOKED": "error",
            "FAILED": "error",
        },
    ),
    details=(
        DetailCall(
            "DescribeCertificate",
            {"CertificateArn": "CertificateArn"},
            into="Certificate",
            result="Certificate",
            permission="acm:DescribeCertificate",
        ),
        DetailCall(
            "ListTagsForCertificate",
            {"CertificateArn": "CertificateArn"},
            into="Tags",
            result="Tags",
            permission="acm:ListTagsForCertificate",
        ),
    ),
    gone=("ResourceNotFoundException",),
    fields={
        "domain": "DomainName",
        "domains": Texts("Certificate.SubjectAlternativeNames"),
        "certificate_type": "Certificate.Type",
        "key_type": "Certificate.KeyAlgorithm",
        "issuer": "Certificate.Issuer",
        "validation": "Certificate.DomainValidationOptions[0].ValidationMethod",
        "renewal": "Certificate.RenewalSummary.RenewalStatus",
        "renewable": Holds("Certificate.RenewalEligibility == 'ELIGIBLE'", needs=("Certificate",)),
        "attached": Holds("Certificate.InUseBy", needs=("Certificate",)),
        "attached_to": Texts("Certificate.InUseBy"),
        "attachments": Int("Certificate && length(Certificate.InUseBy || `[]`)"),
        "created_at": Time("Certificate.CreatedAt || Certificate.ImportedAt"),
        "issued_at": Time("Certificate.IssuedAt || Certificate.ImportedAt"),
        "expires_at": Time("Certificate.NotAfter"),
    },
    acts={
        "delete": ("acm:DeleteCertificate",),
        "update": ("acm:UpdateCertificateOptions",),
        "tag": ("acm:AddTagsToCertificate",),
        "untag": ("acm:RemoveTagsFromCertificate",),
    },
)
