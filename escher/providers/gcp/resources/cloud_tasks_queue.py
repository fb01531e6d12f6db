"""Queues of Cloud Tasks."""

from escher.providers.declarations import Int, ListCall, ResourceType, StateRule, Time

TYPE = ResourceType(
    name="gcp_cloud_tasks_queue",
    kind="queue",
    service="cloudtasks",
    provider="gcp",
    reach="global",
    native_type="cloudtasks.googleapis.com/Queue",
    listing=ListCall(
        "v2/projects/{account_id}/locations/{location}/queues",
        "queues[]",
        permission="cloudtasks.queues.list",
        page_size=1000,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//cloudtasks.googleapis.com/', name])",
    home="_place",
    label="_short",
    state=StateRule("state", {"RUNNING": "running", "PAUSED": "stopped", "DISABLED": "stopped"}),
    fields={
        "dispatches_per_second": Int("rateLimits.maxDispatchesPerSecond"),
        "concurrency": Int("rateLimits.maxConcurrentDispatches"),
        "attempts": Int("retryConfig.maxAttempts"),
        "purged_at": Time("purgeTime"),
    },
    acts={
        "start": ("cloudtasks.queues.resume",),
        "stop": ("cloudtasks.queues.pause",),
        "update": ("cloudtasks.queues.update",),
        "delete": ("cloudtasks.queues.delete",),
    },
)
