"""google-cloud-storage, unchanged, against the demo's buckets."""

from __future__ import annotations

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import storage

from tests.fixtures.gcp_cloud import GcpCloud


@pytest.fixture
def buckets(cloud: GcpCloud, client_of: Any) -> storage.Client:
    """Google's client of storage."""
    return client_of(storage.Client, project=cloud.owned)


def test_buckets_are_those_of_the_project(cloud: GcpCloud, buckets: storage.Client) -> None:
    """Each project lists its own."""
    for project in cloud.projects:
        names = [bucket.name for bucket in buckets.list_buckets(project=project)]
        assert names and all(name.startswith(project) for name in names)


def test_a_bucket_lives_and_dies(cloud: GcpCloud, buckets: storage.Client) -> None:
    """Made, labelled, read again, listed, deleted."""
    made = buckets.create_bucket("escher-tests-lives", location="eu")
    made.labels = {"why": "tests"}
    made.patch()
    again = buckets.get_bucket("escher-tests-lives")
    assert (again.labels, again.location, again.metageneration) == ({"why": "tests"}, "EU", 2)
    again.delete()
    assert buckets.lookup_bucket("escher-tests-lives") is None


def test_stale_changes_are_refused(cloud: GcpCloud, buckets: storage.Client) -> None:
    """A change of a generation that has passed fails and leaves no trace."""
    bucket = buckets.get_bucket(f"{cloud.owned}-old-logs")
    bucket.versioning_enabled = True
    with pytest.raises(exceptions.PreconditionFailed):
        bucket.patch(if_metageneration_match=77)
    assert not buckets.get_bucket(bucket.name).versioning_enabled


def test_names_are_taken_once(cloud: GcpCloud, buckets: storage.Client) -> None:
    """A bucket cannot be made twice."""
    with pytest.raises(exceptions.Conflict):
        buckets.create_bucket(f"{cloud.owned}-invoices")


def test_permissions_and_refusals(cloud: GcpCloud, buckets: storage.Client) -> None:
    """The owner may all; the viewer may look and is told what is missing."""
    asked = ["storage.buckets.get", "storage.buckets.delete"]
    assert buckets.bucket(f"{cloud.owned}-invoices").test_iam_permissions(asked) == asked
    viewed = buckets.bucket(f"{cloud.viewed}-curated")
    assert viewed.test_iam_permissions(asked) == asked[:1]
    with pytest.raises(exceptions.Forbidden, match=r"storage\.buckets\.delete"):
        viewed.delete()
