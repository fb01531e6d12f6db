"""Logical SQL servers, which hold databases."""

from escher.providers.azure.declaring import IDENTITIES, PUBLIC, UNIQUE, arm_type
from escher.providers.azure.states import provisioning
from escher.providers.declarations import Bool, Holds

TYPE = arm_type(
    "azure_sql_server",
    "database_instance",
    "Microsoft.Sql/servers",
    "2023-08-01-preview",
    {
        "engine_version": "properties.version",
        "endpoint": "properties.fullyQualifiedDomainName",
        "public": PUBLIC,
        "minimum_tls": "properties.minimalTlsVersion",
        "entra_only": Bool("properties.administrators.azureADOnlyAuthentication"),
        "private_endpoints": Holds("properties.privateEndpointConnections"),
    },
    identifier=UNIQUE,
    state=provisioning("properties.state", {"Ready": "available", "Disabled": "stopped"}),
    relations=(IDENTITIES,),
)
