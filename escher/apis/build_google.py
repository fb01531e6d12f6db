"""Write the methods of Google's APIs into `data/gcp.zip`: `python -m escher.apis.build_google`.

A tool for developers; nothing imports it. The methods come from the discovery documents inside google-api-python-client
and are spelt as that client spells them (`instances.stop`); what can be said of them is stored in the form of `catalogue`.
The part of `escher.apis.build_gcloud` is kept.
"""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from escher.apis.archive import replace
from escher.apis.shapes import Reference

# The APIs that manage a project's resources; of several versions the first has the plain name.
_APIS = """
accessapproval.v1 accesscontextmanager.v1 alloydb.v1 apigateway.v1 apikeys.v2 appengine.v1 artifactregistry.v1 backupdr.v1
batch.v1 bigquery.v2 bigqueryconnection.v1 bigquerydatatransfer.v1 bigqueryreservation.v1 bigtableadmin.v2
billingbudgets.v1 binaryauthorization.v1 certificatemanager.v1 cloudasset.v1 cloudbilling.v1 cloudbuild.v1 clouddeploy.v1
cloudfunctions.v2 cloudfunctions.v1 cloudkms.v1 cloudresourcemanager.v3 cloudresourcemanager.v1 cloudscheduler.v1
cloudtasks.v2 composer.v1 compute.v1 container.v1 dataflow.v1b3 datafusion.v1 dataplex.v1 dataproc.v1 datastream.v1
deploymentmanager.v2 dns.v1 domains.v1 essentialcontacts.v1 eventarc.v1 file.v1 firestore.v1 gkebackup.v1 gkehub.v1 iam.v1
iam.v2 iamcredentials.v1 iap.v1 logging.v2 looker.v1 managedidentities.v1 memcache.v1 metastore.v1 monitoring.v3 netapp.v1
networkconnectivity.v1 networkmanagement.v1 networksecurity.v1 networkservices.v1 notebooks.v2 orgpolicy.v2 osconfig.v1
privateca.v1 pubsub.v1 recommender.v1 redis.v1 run.v2 run.v1 secretmanager.v1 securitycenter.v1 servicedirectory.v1
servicenetworking.v1 serviceusage.v1 spanner.v1 sqladmin.v1 sqladmin.v1beta4 storage.v1 storagetransfer.v1 vmmigration.v1
vmwareengine.v1 vpcaccess.v1 workflowexecutions.v1 workflows.v1 workstations.v1
"""
_SCALARS = {"string": "s", "integer": "i", "number": "f", "boolean": "b", "any": "D"}
_UNFIT = re.compile(r"[^A-Za-z0-9_]")


def main() -> None:
    """Describe every API and write everything, the same bytes for the same package."""
    documents: dict[str, Any] = {}
    clients: dict[str, str] = {}
    for api in _APIS.split():
        name, _, release = api.partition(".")
        service = name if name not in documents else api
        documents[service] = describe(_discovered(api))
        clients[f"{name} {release}"] = service
    index = {
        "versions": {"google-api-python-client": version("google-api-python-client")},
        "services": sorted(documents),
        "clients": clients,
        "local": [],
    }
    replace("gcp", "", {"index": index, **documents})


def _discovered(api: str) -> Mapping[str, Any]:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    return json.loads((folder / f"{api}.json").read_text("utf-8"))


def describe(document: Mapping[str, Any]) -> dict[str, Any]:
    """One API as `catalogue` reads it."""
    shapes = _Shapes(document.get("schemas", {}))
    operations = dict(_methods(document, "", shapes))
    return {
        "operations": dict(sorted(operations.items())),
        "paged": [],
        "special": {name: {"cli": False} for name in sorted(operations)},
        "shapes": shapes.entries,
    }


def _methods(node: Mapping[str, Any], path: str, shapes: _Shapes) -> Iterator[tuple[str, list[Any]]]:
    """Every method under a resource, as the client spells it: a name that Python reserves ends with `_`."""
    for name, method in node.get("methods", {}).items():
        # Methods that only move files are not among these: their bodies are files of this machine.
        spelt = f"{path}{name}_" if keyword.iskeyword(name) else f"{path}{name}"
        yield spelt, [method["id"], shapes.parameters(method)]
    for name, resource in node.get("resources", {}).items():
        yield from _methods(resource, f"{path}{name}.", shapes)


class _Shapes:
    """Entries of `shapes.Shape` that grow as schemas are met; each schema is there once."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self.entries: list[Any] = []
        self._schemas = schemas
        self._seen: dict[str, int] = {}

    def parameters(self, method: Mapping[str, Any]) -> Reference:
        """A structure of a method's parameters, with its body among them."""
        members: dict[str, Reference] = {
            _UNFIT.sub("_", name) + "!" * bool(schema.get("required")): self._of(schema)
            for name, schema in method.get("parameters", {}).items()
        }
        if "request" in method:
            members["body"] = self._of(method["request"])
        return self._stored({**members, "fields": "s"})

    def _of(self, schema: Mapping[str, Any]) -> Reference:
        if schema.get("repeated"):
            return self._stored(["list", self._scalar(schema)])
        if "$ref" in schema:
            return self._named(schema["$ref"])
        if schema.get("type") == "array":
            return self._stored(["list", self._of(schema["items"])])
        if schema.get("type") == "object":
            return self._object(schema)
        return self._scalar(schema)

    def _named(self, name: str) -> Reference:
        schema = self._schemas[name]
        if schema.get("type") != "object" or "properties" not in schema:
            return self._of(schema)
        if name not in self._seen:
            self._seen[name] = len(self.entries)
            self.entries.append(None)
            self.entries[self._seen[name]] = self._members(schema)
        return self._seen[name]

    def _object(self, schema: Mapping[str, Any]) -> Reference:
        if "properties" in schema:
            return self._stored(self._members(schema))
        if "additionalProperties" in schema:
            return self._stored(["map", "s", self._of(schema["additionalProperties"])])
        return "D"

    def _members(self, schema: Mapping[str, Any]) -> dict[str, Reference]:
        return {name: self._of(member) for name, member in schema["properties"].items()}

    def _scalar(self, schema: Mapping[str, Any]) -> Reference:
        kind = schema.get("type", "any")
        if schema.get("format") in ("int64", "uint64"):
            # A text in the answers, but a number is taken as well.
            return "D"
        letter = _SCALARS[kind]
        return self._stored([letter, None, list(schema["enum"])]) if letter == "s" and schema.get("enum") else letter

    def _stored(self, entry: Any) -> int:
        key = json.dumps(entry)
        if key not in self._seen:
            self._seen[key] = len(self.entries)
            self.entries.append(entry)
        return self._seen[key]


if __name__ == "__main__":
    main()
