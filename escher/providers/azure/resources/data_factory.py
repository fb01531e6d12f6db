"""Data factories."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, UNIQUE, arm_type
from escher.providers.declarations import Holds, Time

TYPE = arm_type(
    "azure_data_factory",
    "analytics",
    "Microsoft.DataFactory/factories",
    "2018-06-01",
    {
        "created_at": Time("properties.createTime"),
        "version_label": "properties.version",
        "public": PUBLIC,
        "versioned": Holds("properties.repoConfiguration.repositoryName"),
    },
    identifier=UNIQUE,
    relations=(IDENTITIES,),
)
