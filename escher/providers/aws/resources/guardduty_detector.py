"""Detectors of GuardDuty: one in each region where it is on."""

from escher.providers.declarations import DetailCall, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_guardduty_detector",
    native_type="AWS::GuardDuty::Detector",
    kind="policy",
    service="guardduty",
    listing=ListCall(
        "ListDetectors", "DetectorIds[].{DetectorId: @}", permission="guardduty:ListDetectors", page_size=50
    ),
    identifier="DetectorId",
    resource_id="arn:{partition}:guardduty:{region}:{account_id}:detector/{identifier}",
    tags="Detector.Tags",
    state=StateRule("Detector.Status", {"ENABLED": "running", "DISABLED": "stopped"}, missing="unknown"),
    details=(
        DetailCall("GetDetector", {"DetectorId": "DetectorId"}, into="Detector", permission="guardduty:GetDetector"),
    ),
    fields={
        "frequency": "Detector.FindingPublishingFrequency",
        "features": Texts("Detector.Features[?Status == 'ENABLED'].Name"),
        "features_off": Texts("Detector.Features[?Status == 'DISABLED'].Name"),
        "role": "Detector.ServiceRole",
        "created_at": Time("Detector.CreatedAt"),
        "last_modified": Time("Detector.UpdatedAt"),
    },
    acts={
        "enable": ("guardduty:UpdateDetector",),
        "disable": ("guardduty:UpdateDetector",),
        "delete": ("guardduty:DeleteDetector",),
        "update": ("guardduty:UpdateDetector",),
        "tag": ("guardduty:TagResource",),
        "untag": ("guardduty:UntagResource",),
    },
)
