"""GCP's control plane on one port, from Google's own discovery documents.

`https://X.googleapis.com/REST` is `{endpoint}/X/REST`, for every API. Where Google's own path begins with the name of
the API (compute/v1, storage/v1, dns/v1, bigquery/v2) that path works below `{endpoint}/` as well, which is where the
SDKs and gcloud look: api_endpoint `{endpoint}`, override `{endpoint}/compute/v1/`. Links in resources are Google's.
"""
