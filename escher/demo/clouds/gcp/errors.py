"""Refusals in the forms that Google gives them."""

from __future__ import annotations

from typing import Any

_STATUS = {
    400: ("INVALID_ARGUMENT", "badRequest"),
    401: ("UNAUTHENTICATED", "required"),
    403: ("PERMISSION_DENIED", "forbidden"),
    404: ("NOT_FOUND", "notFound"),
    409: ("ALREADY_EXISTS", "alreadyExists"),
    412: ("FAILED_PRECONDITION", "conditionNotMet"),
    429: ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
    500: ("INTERNAL", "backendError"),
    501: ("UNIMPLEMENTED", "notImplemented"),
    503: ("UNAVAILABLE", "backendError"),
}
# These APIs list the causes one by one; the younger ones say a status instead.
_LISTING_CAUSES = frozenset({"compute", "storage", "sqladmin", "bigquery", "dns"})


class ApiError(Exception):
    """A call that is refused. `reason` is Google's word for it; `details` are those of the younger APIs."""

    def __init__(self, code: int, message: str, reason: str = "", details: list[dict[str, Any]] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.details = code, message, details or []
        self.status, usual = _STATUS.get(code, ("UNKNOWN", "unknown"))
        self.reason = reason or usual

    def body(self, api: str) -> dict[str, Any]:
        """The JSON that answers the call to an API."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if api in _LISTING_CAUSES:
            error["errors"] = [{"message": self.message, "domain": self._domain(), "reason": self.reason}]
        if api not in _LISTING_CAUSES or self.details or self.code == 401:
            error["status"] = self.status
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def _domain(self) -> str:
        return "usageLimits" if self.code == 429 or self.reason == "accessNotConfigured" else "global"


def not_found(api: str, path: str) -> ApiError:
    """There is no such resource."""
    if api == "storage":
        return ApiError(404, "The specified bucket does not exist.")
    if api == "compute":
        return ApiError(404, f"The resource '{path}' was not found")
    return ApiError(404, f"Resource '{path}' was not found")


def service_disabled(service: str, title: str, number: str) -> ApiError:
    """The API is off in the project of this number."""
    console = f"https://console.developers.google.com/apis/api/{service}/overview?project={number}"
    message = (
        f"{title} has not been used in project {number} before or it is disabled. Enable it by visiting {console} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry."
    )
    help_ = {"@type": "type.googleapis.com/google.rpc.Help"}
    link = {"description": "Google developers console API activation", "url": console}
    metadata = {"consumer": f"projects/{number}", "service": service, "serviceTitle": title, "containerInfo": number}
    return ApiError(
        403,
        message,
        "accessNotConfigured",
        [help_ | {"links": [link]}, _info("SERVICE_DISABLED", metadata)],
    )


def permission_denied(api: str, permission: str, path: str) -> ApiError:
    """The caller may not."""
    if api in ("compute", "storage", "sqladmin"):
        return ApiError(403, f"Required '{permission}' permission for '{path}'")
    message = f"Permission '{permission}' denied on resource '{path}' (or it may not exist)."
    return ApiError(
        403, message, details=[_info("IAM_PERMISSION_DENIED", {"permission": permission, "resource": path})]
    )


def _info(reason: str, metadata: dict[str, str]) -> dict[str, Any]:
    domain = "iam.googleapis.com" if reason.startswith("IAM") else "googleapis.com"
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": domain,
        "metadata": metadata,
    }
