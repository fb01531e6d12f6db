"""Networks: one virtual network a location with all that hangs on it, names in DNS, and the ways in."""

from __future__ import annotations

from collections.abc import Iterator

from escher.demo.clouds.azure.exchange import Json
from escher.demo.clouds.azure.seed.plan import Plan, Spot

_N = "Microsoft.Network/"
_Rule = tuple[str, int, str, str, str, str, str]
# subnet: third number of its range, its NSG, whether the NAT gateway and the route table serve it
_SUBNETS = (
    ("snet-web", 1, "web", True),
    ("snet-app", 2, "app", True),
    ("snet-data", 3, "data", False),
    ("snet-aks", 4, "", True),
    ("snet-endpoints", 5, "", False),
    ("snet-gateway", 6, "", False),
    ("AzureBastionSubnet", 7, "", False),
    ("GatewaySubnet", 8, "", False),
)
# NSG: its rules as (name, priority, direction, access, protocol, source, port)
_RULES: dict[str, tuple[_Rule, ...]] = {
    "web": (
        ("allow-https", 100, "Inbound", "Allow", "Tcp", "Internet", "443"),
        ("allow-http", 110, "Inbound", "Allow", "Tcp", "Internet", "80"),
    ),
    "app": (("allow-web", 100, "Inbound", "Allow", "Tcp", "10.0.0.0/8", "8080"),),
    "data": (
        ("allow-app", 100, "Inbound", "Allow", "Tcp", "10.0.0.0/8", "5432"),
        ("deny-internet", 4000, "Inbound", "Deny", "*", "Internet", "*"),
    ),
    "legacy": (
        ("allow-ssh-any", 100, "Inbound", "Allow", "Tcp", "*", "22"),
        ("allow-rdp-any", 110, "Inbound", "Allow", "Tcp", "*", "3389"),
    ),
}
_BACKENDS = {"web-shop": ("checkout", "catalog", "api"), "analytics": ("reports",)}
_PRIVATE_ZONES = (
    "privatelink.database.windows.net",
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
)


def resources(plan: Plan) -> Iterator[Json]:
    """All of a subscription's network."""
    for number, location in enumerate(plan.locations):
        spot = plan.network(location)
        yield from _security_groups(plan, spot)
        yield _virtual_network(plan, spot, 10 * (number + 1))
        yield _routes(plan, spot)
        yield from _outbound(plan, spot)
    yield from _balancers(plan)
    yield from _gateways(plan)
    yield from _names(plan)
    yield from _endpoints(plan)
    yield from _orphans(plan)


def _security_groups(plan: Plan, spot: Spot) -> Iterator[Json]:
    for tier, rules in _RULES.items():
        name = f"nsg-{tier}-{spot.location}"
        parent = plan.id(spot, f"{_N}networkSecurityGroups", name)
        listed = [_rule(parent, rule) for rule in rules]
        more: Json = {"resourceGuid": plan.guid(name), "securityRules": listed, "defaultSecurityRules": []}
        yield plan.body(spot, f"{_N}networkSecurityGroups", name, more, tagged=tier != "legacy")


def _rule(parent: str, rule: _Rule) -> Json:
    name, priority, direction, access, protocol, source, port = rule
    properties: Json = {
        "provisioningState": "Succeeded",
        "protocol": protocol,
        "sourcePortRange": "*",
        "destinationPortRange": port,
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": "*",
        "access": access,
        "priority": priority,
        "direction": direction,
    }
    kind = f"{_N}networkSecurityGroups/securityRules"
    return {"id": f"{parent}/securityRules/{name}", "name": name, "type": kind, "properties": properties}


def _virtual_network(plan: Plan, spot: Spot, second: int) -> Json:
    name = f"vnet-{spot.location}"
    subnets = [_subnet(plan, spot, second, one) for one in _SUBNETS]
    properties: Json = {
        "resourceGuid": plan.guid(name),
        "addressSpace": {"addressPrefixes": [f"10.{second}.0.0/16"]},
        "subnets": subnets,
        "virtualNetworkPeerings": [],
        "enableDdosProtection": False,
    }
    return plan.body(spot, f"{_N}virtualNetworks", name, properties)


def _subnet(plan: Plan, spot: Spot, second: int, subnet: tuple[str, int, str, bool]) -> Json:
    name, third, tier, outbound = subnet
    properties: Json = {
        "provisioningState": "Succeeded",
        "addressPrefix": f"10.{second}.{third}.0/24",
        "delegations": [],
        "privateEndpointNetworkPolicies": "Disabled",
        "privateLinkServiceNetworkPolicies": "Enabled",
    }
    if tier:
        nsg = plan.id(spot, f"{_N}networkSecurityGroups", f"nsg-{tier}-{spot.location}")
        properties["networkSecurityGroup"] = {"id": nsg}
    if outbound:
        properties["natGateway"] = {"id": plan.id(spot, f"{_N}natGateways", f"ng-{spot.location}")}
        properties["routeTable"] = {"id": plan.id(spot, f"{_N}routeTables", f"rt-{spot.location}")}
    reference = plan.subnet(spot.location, name)
    return reference | {"name": name, "type": f"{_N}virtualNetworks/subnets", "properties": properties}


def _routes(plan: Plan, spot: Spot) -> Json:
    name = f"rt-{spot.location}"
    hop: Json = {
        "provisioningState": "Succeeded",
        "addressPrefix": "192.168.0.0/16",
        "nextHopType": "VirtualNetworkGateway",
    }
    route = {
        "id": f"{plan.id(spot, f'{_N}routeTables', name)}/routes/to-office",
        "name": "to-office",
        "properties": hop,
    }
    return plan.body(spot, f"{_N}routeTables", name, {"disableBgpRoutePropagation": False, "routes": [route]})


def _outbound(plan: Plan, spot: Spot) -> Iterator[Json]:
    name = f"ng-{spot.location}"
    yield public_ip(plan, spot, f"pip-{name}")
    address = {"id": plan.id(spot, f"{_N}publicIPAddresses", f"pip-{name}")}
    more: Json = {"resourceGuid": plan.guid(name), "idleTimeoutInMinutes": 4, "publicIpAddresses": [address]}
    yield plan.body(spot, f"{_N}natGateways", name, more, sku={"name": "Standard"})


def public_ip(plan: Plan, spot: Spot, name: str, *, tagged: bool = True) -> Json:
    """A static public address, the same at every start."""
    last = int(plan.guid(name)[:6], 16)
    properties: Json = {
        "resourceGuid": plan.guid(name),
        "ipAddress": f"{(198, 203)[last % 2]}.{('51.100', '0.113')[last % 2]}.{last // 2 % 254 + 1}",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "idleTimeoutInMinutes": 4,
        "ipTags": [],
    }
    sku = {"name": "Standard", "tier": "Regional"}
    return plan.body(spot, f"{_N}publicIPAddresses", name, properties, tagged=tagged, sku=sku)


def _front(plan: Plan, spot: Spot, parent: str, name: str = "public") -> Json:
    address = {"id": plan.id(spot, f"{_N}publicIPAddresses", f"pip-{parent.rsplit('/', 1)[-1]}")}
    properties: Json = {
        "provisioningState": "Succeeded",
        "privateIPAllocationMethod": "Dynamic",
        "publicIPAddress": address,
    }
    return {"id": f"{parent}/frontendIPConfigurations/{name}", "name": name, "properties": properties}


def _balancers(plan: Plan) -> Iterator[Json]:
    for app in _BACKENDS[plan.account]:
        spot = plan.spot(app, "prod")
        name = f"lb-{app}-prod"
        parent = plan.id(spot, f"{_N}loadBalancers", name)
        yield public_ip(plan, spot, f"pip-{name}")
        pool = {
            "id": f"{parent}/backendAddressPools/{app}",
            "name": app,
            "properties": {"provisioningState": "Succeeded"},
        }
        front, probe = _front(plan, spot, parent), f"{parent}/probes/health"
        rule: Json = {
            "frontendIPConfiguration": {"id": front["id"]},
            "backendAddressPool": {"id": pool["id"]},
            "probe": {"id": probe},
            "protocol": "Tcp",
            "frontendPort": 443,
            "backendPort": 8443,
            "provisioningState": "Succeeded",
        }
        health: Json = {"protocol": "Tcp", "port": 8443, "intervalInSeconds": 5, "numberOfProbes": 2}
        more: Json = {
            "resourceGuid": plan.guid(name),
            "frontendIPConfigurations": [front],
            "backendAddressPools": [pool],
            "loadBalancingRules": [{"id": f"{parent}/loadBalancingRules/https", "name": "https", "properties": rule}],
            "probes": [{"id": probe, "name": "health", "properties": health | {"provisioningState": "Succeeded"}}],
            "inboundNatRules": [],
        }
        yield plan.body(spot, f"{_N}loadBalancers", name, more, sku={"name": "Standard", "tier": "Regional"})


def _gateways(plan: Plan) -> Iterator[Json]:
    spot = plan.network("westeurope")
    for prefix in ("agw", "bas", "vgw"):
        yield public_ip(plan, spot, f"pip-{prefix}-hub")
    yield _application_gateway(plan, spot)
    scale: Json = {"dnsName": f"bst-{plan.guid('bastion')}.bastion.azure.com", "scaleUnits": 2}
    more = scale | {"ipConfigurations": [_config(plan, spot, "bastionHosts", "bas-hub", "AzureBastionSubnet")]}
    yield plan.body(spot, f"{_N}bastionHosts", "bas-hub", more, sku={"name": "Standard"})
    yield plan.body(spot, f"{_N}virtualNetworkGateways", "vgw-hub", {
        "gatewayType": "Vpn", "vpnType": "RouteBased", "enableBgp": False, "activeActive": False,
        "sku": {"name": "VpnGw1", "tier": "VpnGw1", "capacity": 2}, "vpnGatewayGeneration": "Generation1",
        "ipConfigurations": [_config(plan, spot, "virtualNetworkGateways", "vgw-hub", "GatewaySubnet")],
    })  # fmt: skip
    office: Json = {
        "gatewayIpAddress": "198.51.100.250",
        "localNetworkAddressSpace": {"addressPrefixes": ["192.168.0.0/16"]},
    }
    yield plan.body(spot, f"{_N}localNetworkGateways", "lgw-office", office)
    ends = {
        "virtualNetworkGateway1": {"id": plan.id(spot, f"{_N}virtualNetworkGateways", "vgw-hub")},
        "localNetworkGateway2": {"id": plan.id(spot, f"{_N}localNetworkGateways", "lgw-office")},
    }
    yield plan.body(spot, f"{_N}connections", "cn-office", {"connectionType": "IPsec", "connectionStatus": "Connected", "routingWeight": 10, **ends})  # fmt: skip


def _config(plan: Plan, spot: Spot, kind: str, name: str, subnet: str) -> Json:
    properties: Json = {
        "provisioningState": "Succeeded",
        "privateIPAllocationMethod": "Dynamic",
        "publicIPAddress": {"id": plan.id(spot, f"{_N}publicIPAddresses", f"pip-{name}")},
        "subnet": plan.subnet(spot.location, subnet),
    }
    return {
        "id": f"{plan.id(spot, _N + kind, name)}/ipConfigurations/default",
        "name": "default",
        "properties": properties,
    }


def _application_gateway(plan: Plan, spot: Spot) -> Json:
    name = "agw-hub"
    parent = plan.id(spot, f"{_N}applicationGateways", name)
    inner: Json = {"subnet": plan.subnet(spot.location, "snet-gateway"), "provisioningState": "Succeeded"}
    backend: Json = {"backendAddresses": [{"fqdn": "api.halden.example"}], "provisioningState": "Succeeded"}
    more: Json = {
        "resourceGuid": plan.guid(name),
        "operationalState": "Running",
        "sku": {"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2},
        "enableHttp2": True,
        "gatewayIPConfigurations": [{"id": f"{parent}/gatewayIPConfigurations/default", "name": "default", "properties": inner}],
        "frontendIPConfigurations": [_front(plan, spot, parent)],
        "frontendPorts": [{"id": f"{parent}/frontendPorts/https", "name": "https", "properties": {"port": 443}}],
        "backendAddressPools": [{"id": f"{parent}/backendAddressPools/api", "name": "api", "properties": backend}],
        "backendHttpSettingsCollection": [],
        "httpListeners": [],
        "requestRoutingRules": [],
        "webApplicationFirewallConfiguration": {"enabled": True, "firewallMode": "Prevention", "ruleSetType": "OWASP", "ruleSetVersion": "3.2"},
    }  # fmt: skip
    return plan.body(spot, f"{_N}applicationGateways", name, more)


def _names(plan: Plan) -> Iterator[Json]:
    spot = plan.shared
    for zone in ("halden.example", "shop.halden.example") if plan.account == "web-shop" else ("data.halden.example",):
        servers = [f"ns{number}-0{number}.azure-dns.example." for number in range(1, 5)]
        more: Json = {
            "zoneType": "Public",
            "numberOfRecordSets": 4,
            "maxNumberOfRecordSets": 10000,
            "nameServers": servers,
        }
        yield plan.body(spot, f"{_N}dnsZones", zone, more) | {"location": "global"}
        for name in ("www", "api"):
            record: Json = {"TTL": 300, "fqdn": f"{name}.{zone}.", "ARecords": [{"ipv4Address": "203.0.113.10"}]}
            yield plan.child(spot, f"{_N}dnsZones/A", f"{zone}/{name}", record)
    for zone in _PRIVATE_ZONES:
        more = {"numberOfRecordSets": 2, "maxNumberOfRecordSets": 25000, "numberOfVirtualNetworkLinks": 1}
        yield plan.body(spot, f"{_N}privateDnsZones", zone, more) | {"location": "global"}
        network = {"id": plan.id(plan.network("westeurope"), f"{_N}virtualNetworks", "vnet-westeurope")}
        link: Json = {"registrationEnabled": False, "virtualNetwork": network, "virtualNetworkLinkState": "Completed"}
        yield plan.body(spot, f"{_N}privateDnsZones/virtualNetworkLinks", f"{zone}/hub", link) | {"location": "global"}


def _endpoints(plan: Plan) -> Iterator[Json]:
    """Private endpoints into SQL servers and vaults, each with its interface."""
    for app in list(plan.spots("prod"))[:2]:
        targets = (
            ("sql", plan.id(app, "Microsoft.Sql/servers", f"sql-{plan.account}-{app.app}-prod"), "sqlServer"),
            ("kv", plan.id(app, "Microsoft.KeyVault/vaults", f"kv-{plan.short(app.app)}-prod"[:24]), "vault"),
        )
        for word, target, member in targets:
            name = f"pe-{word}-{app.app}-prod"
            card = interface(plan, app, f"{name}.nic", "snet-endpoints")
            state = {"status": "Approved", "description": "Auto-approved", "actionsRequired": "None"}
            link: Json = {
                "privateLinkServiceId": target,
                "groupIds": [member],
                "privateLinkServiceConnectionState": state,
            }
            more: Json = {
                "subnet": plan.subnet(app.location, "snet-endpoints"),
                "networkInterfaces": [{"id": card["id"]}],
                "privateLinkServiceConnections": [
                    {"name": name, "properties": link | {"provisioningState": "Succeeded"}}
                ],
                "customDnsConfigs": [],
            }
            yield card
            yield plan.body(app, f"{_N}privateEndpoints", name, more)


def interface(
    plan: Plan, spot: Spot, name: str, subnet: str, *, nsg: str = "", pool: str = "", public: str = ""
) -> Json:
    """A network card in a subnet of its location; `nsg`, `pool` and `public` are ids."""
    seed = int(plan.guid(name)[:4], 16)
    third = next(number for one, number, _, _ in _SUBNETS if one == subnet)
    second = 10 * (plan.locations.index(spot.location) + 1)
    config: Json = {
        "provisioningState": "Succeeded",
        "privateIPAddress": f"10.{second}.{third}.4",
        "privateIPAllocationMethod": "Dynamic",
        "privateIPAddressVersion": "IPv4",
        "primary": True,
        "subnet": plan.subnet(spot.location, subnet),
    }
    if pool:
        config["loadBalancerBackendAddressPools"] = [{"id": pool}]
    if public:
        config["publicIPAddress"] = {"id": public}
    parent = plan.id(spot, f"{_N}networkInterfaces", name)
    more: Json = {
        "resourceGuid": plan.guid(name),
        "ipConfigurations": [{"id": f"{parent}/ipConfigurations/ipconfig1", "name": "ipconfig1", "properties": config}],
        "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
        "macAddress": f"00-0D-3A-{seed >> 8:02X}-{seed & 255:02X}-{len(name):02X}",
        "primary": True,
        "enableAcceleratedNetworking": False,
        "enableIPForwarding": False,
        "nicType": "Standard",
    }
    if nsg:
        more["networkSecurityGroup"] = {"id": nsg}
    return plan.body(spot, f"{_N}networkInterfaces", name, more)


def _orphans(plan: Plan) -> Iterator[Json]:
    """Addresses and a card that nothing uses any more."""
    spot = plan.network("westeurope")
    for number in range(1, 4):
        yield public_ip(plan, spot, f"pip-old-{number}", tagged=False)
    yield interface(plan, spot, "nic-left-over", "snet-app")
