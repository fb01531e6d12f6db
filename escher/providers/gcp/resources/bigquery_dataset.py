"""Datasets of BigQuery. `public`: everybody may read it."""

from escher.providers.declarations import Holds, Int, ListCall, Relation, ResourceType, Text, Time

TYPE = ResourceType(
    name="gcp_bigquery_dataset",
    kind="data_warehouse",
    service="bigquery",
    provider="gcp",
    reach="global",
    native_type="bigquery.googleapis.com/Dataset",
    listing=ListCall(
        "bigquery/v2/projects/{account_id}/datasets",
        "datasets[]",
        permission="bigquery.datasets.get",
        parameters={"all": "true"},
        page_size=1000,
        each="bigquery/v2/projects/{datasetReference.projectId}/datasets/{datasetReference.datasetId}",
    ),
    identifier="datasetReference.datasetId",
    resource_id="_name || join('', ['//bigquery.googleapis.com/projects/', datasetReference.projectId, '/datasets/', datasetReference.datasetId])",
    home="_place",
    label="friendlyName || datasetReference.datasetId",
    tags="labels",
    fields={
        "public": Holds("access[?specialGroup == 'allAuthenticatedUsers' || iamMember == 'allUsers']"),
        "grants": Int("length(access || `[]`)"),
        "table_expiration_ms": Int("defaultTableExpirationMs"),
        "time_travel_hours": Int("maxTimeTravelHours"),
        "storage_billing": "storageBillingModel",
        "kms_key": Text("defaultEncryptionConfiguration.kmsKeyName", last=True),
        "created_at": Time("creationTime"),
        "last_modified": Time("lastModifiedTime"),
        "description": "description",
    },
    relations=(Relation("uses", "defaultEncryptionConfiguration.kmsKeyName"),),
    acts={
        "update": ("bigquery.datasets.update",),
        "delete": ("bigquery.datasets.delete",),
        "tag": ("bigquery.datasets.update",),
        "untag": ("bigquery.datasets.update",),
    },
)
