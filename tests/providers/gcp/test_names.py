"""Links become full names, and names tell places."""

from __future__ import annotations

import pytest

from escher.providers.gcp.names import Project, place_of, record_of, tidy
from escher.providers.registry import resource_types

PROJECT = Project("shop-111111", "111111111111")


@pytest.mark.parametrize(
    ("link", "name"),
    [
        (
            "https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i",
            "//compute.googleapis.com/projects/p/zones/z/instances/i",
        ),
        (
            "https://compute.googleapis.com/compute/beta/projects/p/global/networks/n",
            "//compute.googleapis.com/projects/p/global/networks/n",
        ),
        (
            "https://container.googleapis.com/v1/projects/p/locations/us-central1-a/clusters/c",
            "//container.googleapis.com/projects/p/zones/us-central1-a/clusters/c",
        ),
        (
            "projects/111111111111/zones/us-central1-a/instanceGroupManagers/web",
            "//compute.googleapis.com/projects/shop-111111/zones/us-central1-a/instanceGroupManagers/web",
        ),
        ("projects/p/global/networks/n", "//compute.googleapis.com/projects/p/global/networks/n"),
        (
            "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/3",
            "//cloudkms.googleapis.com/projects/p/locations/l/keyRings/r/cryptoKeys/k",
        ),
    ],
)
def test_a_link_becomes_a_full_name(link: str, name: str) -> None:
    """Whichever of its forms Google uses, a thing has one name."""
    assert tidy(link, PROJECT) == name


@pytest.mark.parametrize("text", ["https://shop.example.com/a", "projects/p/topics/t", "a/b", "gs://b/o", ""])
def test_other_strings_stay(text: str) -> None:
    """What is no link to a thing of Google's is left as it is."""
    assert tidy(text, PROJECT) == text


def test_whole_numbers_are_integers() -> None:
    """The inventory may write 50 as 50.0; a fraction and a boolean stay what they are."""
    assert tidy({"a": [50.0, 0.5, True]}, PROJECT) == {"a": [50, 0.5, True]}
    assert type(tidy(50.0, PROJECT)) is int


@pytest.mark.parametrize(
    ("name", "record", "place"),
    [
        ("//compute.googleapis.com/projects/p/zones/us-central1-a/disks/d", {}, "us-central1-a"),
        ("//redis.googleapis.com/projects/p/locations/us-central1/instances/i", {}, "us-central1"),
        ("//storage.googleapis.com/shop", {"location": "EU"}, "EU"),
        ("//cloudsql.googleapis.com/projects/p/instances/i", {"region": "us-central1"}, "us-central1"),
        ("//firestore.googleapis.com/projects/p/databases/d", {"locationId": "eur3"}, "eur3"),
        (
            "//spanner.googleapis.com/projects/p/instances/i",
            {"config": "projects/p/instanceConfigs/regional-us-east1"},
            "us-east1",
        ),
        ("//spanner.googleapis.com/projects/p/instances/i", {"config": "projects/p/instanceConfigs/nam3"}, "global"),
        ("//pubsub.googleapis.com/projects/p/topics/t", {}, "global"),
    ],
)
def test_a_thing_knows_its_place(name: str, record: dict[str, str], place: str) -> None:
    """From its name, else from a field of its own."""
    assert place_of(name, record) == place


def test_a_record_knows_its_parent_and_its_short_name() -> None:
    """A key is in a key ring; gcloud takes its relative name."""
    path = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
    record = record_of({"name": path}, resource_types()["gcp_kms_key"], PROJECT)
    assert record["_name"] == f"//cloudkms.googleapis.com/{path}"
    assert (record["_path"], record["_short"]) == (path, "k")
    assert record["_parent"] == "//cloudkms.googleapis.com/projects/p/locations/l/keyRings/r"
