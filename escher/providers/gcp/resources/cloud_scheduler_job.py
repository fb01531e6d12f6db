"""Jobs of Cloud Scheduler. What they send is left behind."""

from escher.providers.declarations import ListCall, Relation, ResourceType, StateRule, Text, Time

TYPE = ResourceType(
    name="gcp_cloud_scheduler_job",
    kind="event_rule",
    service="cloudscheduler",
    provider="gcp",
    reach="global",
    native_type="cloudscheduler.googleapis.com/Job",
    listing=ListCall(
        "v1/projects/{account_id}/locations/{location}/jobs",
        "jobs[]",
        permission="cloudscheduler.jobs.list",
        page_size=500,
    ),
    identifier="_short",
    resource_id="_name || join('', ['//cloudscheduler.googleapis.com/', name])",
    home="_place",
    label="_short",
    state=StateRule(
        "state", {"ENABLED": "available", "PAUSED": "stopped", "DISABLED": "stopped", "UPDATE_FAILED": "error"}
    ),
    fields={
        "schedule": "schedule",
        "time_zone": "timeZone",
        "target_type": "httpTarget && 'http' || pubsubTarget && 'pubsub' || appEngineHttpTarget && 'app-engine' || null",
        "topic": Text("pubsubTarget.topicName", last=True),
        "role": "httpTarget.oidcToken.serviceAccountEmail || httpTarget.oauthToken.serviceAccountEmail",
        "last_run_at": Time("lastAttemptTime", volatile=True),
        "next_run_at": Time("scheduleTime", volatile=True),
        "description": "description",
    },
    relations=(
        Relation(
            "routes_to", "pubsubTarget.topicName && join('', ['//pubsub.googleapis.com/', pubsubTarget.topicName])"
        ),
        Relation(
            "uses",
            "httpTarget.oidcToken.serviceAccountEmail || httpTarget.oauthToken.serviceAccountEmail",
            to="gcp_service_account",
        ),
    ),
    acts={
        "start": ("cloudscheduler.jobs.enable",),
        "stop": ("cloudscheduler.jobs.pause",),
        "enable": ("cloudscheduler.jobs.enable",),
        "disable": ("cloudscheduler.jobs.pause",),
        "update": ("cloudscheduler.jobs.update",),
        "delete": ("cloudscheduler.jobs.delete",),
    },
)
