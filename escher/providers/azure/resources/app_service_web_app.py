"""Web apps of App Service: all sites that are no function apps."""

from escher.providers.azure.declaring import UNIQUE, arm_type
from escher.providers.azure.sites import ACTS, ARM, FIELDS, IS_FUNCTION, RELATIONS, STATE, VERSION

TYPE = arm_type(
    "azure_app_service_web_app",
    "app",
    ARM,
    VERSION,
    FIELDS,
    identifier=UNIQUE,
    only=f"!({IS_FUNCTION})",
    state=STATE,
    relations=RELATIONS,
    acts=ACTS,
)
