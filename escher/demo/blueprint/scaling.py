"""What keeps the shop's machines many and reachable: images, templates, scaling groups and load balancers."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.blueprint.company import tags
from escher.demo.blueprint.instances import FLEETS
from escher.demo.blueprint.making import Making, Site, by_terraform, for_ec2, listed

# (account, region, application, role) of fleets that scale by themselves and stand behind a load balancer
_SCALED = (
    ("web-shop", "us-east-1", "checkout", "web"),
    ("web-shop", "us-east-1", "catalog", "web"),
    ("web-shop", "eu-west-1", "checkout", "web"),
    ("web-shop", "eu-west-1", "catalog", "web"),
    ("analytics", "us-east-1", "reports", "web"),
)
_CLASSIC = (
    ("web-shop", "us-east-1", "legacy-shop", "catalog"),
    ("web-shop", "eu-west-1", "legacy-shop", "catalog"),
    ("sandbox", "us-west-2", "try-out", "prototype"),
)
_KEYS = ("deploy", "operations", "old-office")


def scaling() -> Iterator[Making]:
    """Images first, as templates start from them."""
    for account, region in sorted({(account, region) for account, region, _, _ in _SCALED}):
        site = Site(account, region)
        for key in _KEYS:
            yield site.make(
                "ec2", "create_key_pair", KeyName=f"halden-{key}",
                TagSpecifications=for_ec2("key-pair", {"Name": f"halden-{key}", "owner": "platform"}),
            )  # fmt: skip
    for account, region, app, role in _SCALED:
        yield from _scaled(Site(account, region), app, f"{app}-{role}-prod")
    for account, region, name, app in _CLASSIC:
        site = Site(account, region)
        yield site.make(
            "elb", "create_load_balancer", LoadBalancerName=name, AvailabilityZones=[f"{region}a"],
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 8080}],
            Tags=listed(tags(name, app, "staging")),
        )  # fmt: skip


def _members(site: Site, stem: str) -> list[str]:
    """The fleet's instances here; names are numbered through the estate, in the order of the fleets."""
    number = 0
    for fleet in FLEETS:
        if f"{fleet.app}-{fleet.role}-{fleet.env}" == stem:
            here = range(number + 1, number + fleet.number + 1)
            number += fleet.number
            if (fleet.account, fleet.region) == (site.account, site.region):
                return [f"$(instance:{stem}-{one:02})" for one in here]
    return []


def _scaled(site: Site, app: str, stem: str) -> Iterator[Making]:
    members = _members(site, stem)
    named = by_terraform(stem, app, "prod", f"{app}-prod")
    for build in ("2024-02", "2024-09"):
        name = f"{stem}-{build}"
        yield site.make(
            "ec2", "create_image", {f"image:{stem}": "ImageId"}, InstanceId=members[0], Name=name,
            TagSpecifications=for_ec2("image", tags(name, app, "prod")),
        )  # fmt: skip
    yield site.make(
        "ec2", "create_launch_template", {f"template:{stem}": "LaunchTemplate.LaunchTemplateId"},
        LaunchTemplateName=stem, TagSpecifications=for_ec2("launch-template", named),
        LaunchTemplateData={"ImageId": f"$(image:{stem})", "InstanceType": "m6i.large", "KeyName": "halden-deploy"},
    )  # fmt: skip
    yield from _balanced(site, stem, named, members)
    yield site.make(
        "autoscaling", "create_auto_scaling_group", AutoScalingGroupName=stem, MinSize=0, MaxSize=len(members) + 4,
        DesiredCapacity=0, VPCZoneIdentifier="$(subnet:a),$(subnet:b)", TargetGroupARNs=[f"$(targets:{stem})"],
        LaunchTemplate={"LaunchTemplateId": f"$(template:{stem})", "Version": "$Latest"},
        Tags=[one | {"PropagateAtLaunch": False, "ResourceId": stem, "ResourceType": "auto-scaling-group"}
              for one in listed(named)],
    )  # fmt: skip
    yield site.make("autoscaling", "attach_instances", AutoScalingGroupName=stem, InstanceIds=members)


def _balanced(site: Site, stem: str, named: dict[str, str], members: list[str]) -> Iterator[Making]:
    yield site.make(
        "elbv2", "create_load_balancer", {f"balancer:{stem}": "LoadBalancers[0].LoadBalancerArn"}, Name=stem,
        Type="application", Scheme="internet-facing", Subnets=["$(public:a)", "$(public:b)"],
        SecurityGroups=["$(group:edge-lb)"], Tags=listed(named),
    )  # fmt: skip
    for colour in ("blue", "green"):
        yield site.make(
            "elbv2", "create_target_group", {f"targets:{stem}": "TargetGroups[0].TargetGroupArn"},
            Name=f"{stem}-{colour}", Protocol="HTTP", Port=8080, VpcId="$(vpc)", TargetType="instance",
            Tags=listed(named | {"Name": f"{stem}-{colour}"}),
        )  # fmt: skip
    yield site.make(
        "elbv2", "create_listener", LoadBalancerArn=f"$(balancer:{stem})", Protocol="HTTP", Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": f"$(targets:{stem})"}],
    )  # fmt: skip
    yield site.make(
        "elbv2", "register_targets", TargetGroupArn=f"$(targets:{stem})",
        Targets=[{"Id": member} for member in members],
    )  # fmt: skip
