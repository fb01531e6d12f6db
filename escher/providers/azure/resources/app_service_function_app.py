"""Function apps."""

from escher.providers.azure.declaring import UNIQUE, arm_type
from escher.providers.azure.sites import ACTS, ARM, FIELDS, IS_FUNCTION, RELATIONS, STATE, VERSION
from escher.providers.declarations import Int

TYPE = arm_type(
    "azure_app_service_function_app",
    "function",
    ARM,
    VERSION,
    {
        **FIELDS,
        "memory_mib": Int(
            "properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB || properties.containerSize"
        ),
    },
    identifier=UNIQUE,
    only=IS_FUNCTION,
    state=STATE,
    relations=RELATIONS,
    acts=ACTS,
)
