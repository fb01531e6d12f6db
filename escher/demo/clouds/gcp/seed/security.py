"""Identities, secrets (what they are called, never what they say), keys, and names in the DNS."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.gcp.seed.company import APPS, PROJECTS, SHOP, Row, in_project, labels, row
from escher.demo.clouds.gcp.state import Project, digits

DEMO_ACCOUNT = "escher-demo"


def email_of(name: str, project: Project) -> str:
    """The address of a service account."""
    return f"{name}@{project.project_id}.iam.gserviceaccount.com"


def rows() -> Iterator[Row]:
    """All of them in both projects."""
    for project in PROJECTS:
        yield from _accounts(project)
        yield from _secrets(project)
        yield from _keys(project)
        yield from _names(project)


def _accounts(project: Project) -> Iterator[Row]:
    names = [f"{app}-runtime" for app in APPS[project]] + ["ci-deploy", "legacy-runtime", "old-intern"]
    for name in names + ([DEMO_ACCOUNT] if project == SHOP else []):
        email = email_of(name, project)
        yield row(
            "iam",
            project,
            f"serviceAccounts/{email}",
            500,
            projectId=project.project_id,
            email=email,
            uniqueId=digits(email, 21),
            displayName=name.replace("-", " "),
            oauth2ClientId=digits(email, 21),
            **({"disabled": True} if name == "old-intern" else {}),
        )


def _secrets(project: Project) -> Iterator[Row]:
    for number, app in enumerate(APPS[project]):
        for what in ("db-password", "api-key"):
            rotation = {"rotation": {"rotationPeriod": "7776000s", "nextRotationTime": "2027-02-01T00:00:00Z"}}
            yield row(
                "secretmanager",
                project,
                f"secrets/{app}-{what}",
                340 - number * 30,
                replication={"automatic": {}},
                labels=labels(app, "prod"),
                **(rotation if what == "db-password" and number % 2 == 0 else {}),
            )
    yield row("secretmanager", project, "secrets/test-token", 800, replication={"automatic": {}})


def _keys(project: Project) -> Iterator[Row]:
    for location in ("us-central1", "global"):
        ring = f"locations/{location}/keyRings/{project.name}"
        yield row("cloudkms", project, ring, 600)
        for app in APPS[project][:2]:
            key = f"{ring}/cryptoKeys/{app}"
            primary = {
                "name": f"projects/{project.project_id}/{key}/cryptoKeyVersions/1",
                "state": "ENABLED",
                "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION",
                "protectionLevel": "SOFTWARE",
            }
            yield row(
                "cloudkms",
                project,
                key,
                600,
                purpose="ENCRYPT_DECRYPT",
                primary=primary,
                labels=labels(app, "prod"),
                versionTemplate={"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"},
                destroyScheduledDuration="2592000s",
                **(
                    {"rotationPeriod": "7776000s", "nextRotationTime": "2027-01-10T00:00:00Z"}
                    if location == "global"
                    else {}
                ),
            )


def _names(project: Project) -> Iterator[Row]:
    yield row(
        "dns",
        project,
        f"managedZones/{project.name}-public",
        700,
        dnsName=f"{project.name}.escher-demo.example.",
        visibility="public",
        nameServers=["ns-cloud-a1.googledomains.com."],
        dnssecConfig={"kind": "dns#managedZoneDnsSecConfig", "state": "on"},
        labels=labels("api", "prod"),
    )
    yield row(
        "dns",
        project,
        f"managedZones/{project.name}-internal",
        700,
        dnsName=f"{project.name}.internal.",
        visibility="private",
        privateVisibilityConfig={
            "kind": "dns#managedZonePrivateVisibilityConfig",
            "networks": [
                {
                    "kind": "dns#managedZonePrivateVisibilityConfigNetwork",
                    "networkUrl": in_project(project, "global/networks/main"),
                }
            ],
        },
        labels={},
    )
    yield row(
        "domains",
        project,
        f"locations/global/registrations/{project.name}-demo.example",
        900,
        domainName=f"{project.name}-demo.example",
        state="ACTIVE",
        expireTime="2027-06-01T00:00:00Z",
        labels=labels("api", "prod"),
    )
