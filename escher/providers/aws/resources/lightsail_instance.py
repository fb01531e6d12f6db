"""Instances of Lightsail."""

from escher.providers.declarations import Bool, Holds, Int, ListCall, ResourceType, StateRule, Texts, Time

TYPE = ResourceType(
    name="aws_lightsail_instance",
    native_type="AWS::Lightsail::Instance",
    kind="compute_instance",
    service="lightsail",
    listing=ListCall("GetInstances", "instances[]", permission="lightsail:GetInstances"),
    # The ARN ends with an id that only the ARN holds; everywhere else the name is used.
    identifier="tail(arn, '/')",
    resource_id="arn",
    label="name",
    zone="location.availabilityZone",
    tags="tags",
    state=StateRule(
        "state.name",
        {
            "pending": "pending",
            "running": "running",
            "starting": "pending",
            "stopping": "pending",
            "stopped": "stopped",
            "rebooting": "pending",
            "shutting-down": "deleting",
            "terminated": "deleted",
        },
    ),
    fields={
        "instance_type": "bundleId",
        "image_id": "blueprintId",
        "cpus": Int("hardware.cpuCount"),
        "size_gib": Int("hardware && sum(hardware.disks[].sizeInGb || `[]`)"),
        "private_ip": "privateIpAddress",
        "public_ip": "publicIpAddress",
        "public": Holds("publicIpAddress"),
        "static_ip": Bool("isStaticIp"),
        "open_to_world": Texts(
            "networking.ports[?accessDirection == 'inbound' && (accessType == 'public' || accessType == 'Public')]"
            ".join(' ', [protocol, join('-', [to_string(fromPort), to_string(toPort)])])"
        ),
        "key_name": "sshKeyName",
        "created_at": Time("createdAt"),
    },
    acts={
        "start": ("lightsail:StartInstance",),
        "stop": ("lightsail:StopInstance",),
        "reboot": ("lightsail:RebootInstance",),
        "snapshot": ("lightsail:CreateInstanceSnapshot",),
        "delete": ("lightsail:DeleteInstance",),
        "tag": ("lightsail:TagResource",),
        "untag": ("lightsail:UntagResource",),
    },
    backups="addOns[?name == 'AutoSnapshot' && status == 'Enabled']",
)
