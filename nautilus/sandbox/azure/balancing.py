"""What Azure refuses of load balancers and of addresses of the Global tier.

Sources: Global Load Balancer (home and participating regions, limitations), load balancer probes and SKUs, ARM's own text on
load balancing rules and probes (Microsoft Learn; general knowledge where the page was not read). Not modelled: quotas, and
whether a global rule's backend port is a regional rule's frontend port, which Azure asks for and does not check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.azure import arm, network, refer
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

HOMES: Final = frozenset(
    {"centralus", "eastasia", "eastus2", "northeurope", "southeastasia", "uksouth", "westeurope", "westus"}
)
PARTICIPANTS: Final = HOMES | {
    "australiaeast",
    "australiasoutheast",
    "centralindia",
    "eastus",
    "japaneast",
    "northcentralus",
    "southcentralus",
    "westcentralus",
    "westus2",
}
_BALANCER: Final = "azure-native:network:LoadBalancer"
_PARTS: Final = {
    "frontendIPConfiguration": "frontendIPConfigurations",
    "backendAddressPool": "backendAddressPools",
    "probe": "probes",
}
_PROBE_S: Final = range(5, 2147483647)
_PROBE_COUNT: Final = range(1, 101)
_IDLE_MIN: Final = range(4, 31)
_PORTS: Final = range(1, 65536)


def address(request: Request) -> Iterator[Problem]:
    """A SKU that there is, a static address, and for the Global tier a home region and no zones."""
    yield from network.public_address(request)
    if _tier(request.inputs) == "Global":
        yield from _at_home(request)
        if request.inputs.get("zones"):
            yield Problem(path="zones", reason="GlobalPublicIPAddressZonesNotSupported: a global address lies in no zone")
        if refer.first(request.inputs, "sku.name") != "Standard":
            yield Problem(path="sku.name", reason="InvalidPublicIPAddressSku: the Global tier needs the Standard SKU")
    plan = refer.first(request.inputs, "ddosSettings.ddosProtectionPlan.id")
    if plan is not None and refer.first(request.inputs, "ddosSettings.protectionMode") != "Enabled":
        path = "ddosSettings.ddosProtectionPlan"
        yield Problem(path=path, reason="DdosProtectionPlanNotAllowed: a plan of its own needs the mode Enabled")


def balancer(request: Request) -> Iterator[Problem]:
    """A SKU, a frontend of its tier, probes and rules within their limits that name the balancer's own parts."""
    inputs = request.inputs
    if refer.first(inputs, "sku.name") in (None, "Basic"):
        reason = "BasicSkuRetired: Basic load balancers cannot be made any more; take Standard"
        yield Problem(path="sku.name", reason=reason)
    if not inputs.get("frontendIPConfigurations"):
        reason = "LoadBalancerFrontendIPConfigurationsMissing: a load balancer needs a frontend"
        yield Problem(path="frontendIPConfigurations", reason=reason)
    for collection in (*_PARTS.values(), "loadBalancingRules"):
        names = [str(value) for _, value in refer.at(inputs, f"{collection}[].name")]
        if len(names) != len({name.lower() for name in names}):
            yield Problem(path=collection, reason="InvalidRequestFormat: two of them have one name")
    yield from _frontends(request)
    yield from _probes(inputs)
    yield from _rules(request)
    if _tier(inputs) == "Global":
        yield from _at_home(request)
        yield from _global(request)
    yield from _pools(request)


def _tier(values: Mapping[str, Any]) -> str:
    return str(refer.first(values, "sku.tier") or "Regional")


def _at_home(request: Request) -> Iterator[Problem]:
    region = refer.place(request)
    if region is not None and region not in HOMES:
        reason = f"GlobalTierNotSupportedInRegion: {region}; home regions are {', '.join(sorted(HOMES))}"
        yield Problem(path="location", reason=reason)


def _frontends(request: Request) -> Iterator[Problem]:
    own = _own_id(request)
    taken = {
        str(value).lower(): str(other.get("id"))
        for other in request.among(_BALANCER)
        if str(other.get("id", "")).lower() != own
        for _, value in refer.at(other, "frontendIPConfigurations[].publicIPAddress.id")
    }
    for path, value in refer.at(request.inputs, "frontendIPConfigurations[].publicIPAddress.id"):
        found = request.find(str(value)) if value is not UNKNOWN else None
        if str(value).lower() in taken:
            yield Problem(path=path, reason=f"PublicIPAddressInUse: {taken[str(value).lower()]} has it")
        if found is None:
            continue
        if _tier(found) != _tier(request.inputs):
            reason = f"LoadBalancerTierMismatch: the address is {_tier(found)}, the balancer {_tier(request.inputs)}"
            yield Problem(path=path, reason=reason)
    for path, frontend in refer.at(request.inputs, "frontendIPConfigurations[]"):
        if not isinstance(frontend, Mapping):
            continue
        ways = [key for key in ("publicIPAddress", "publicIPPrefix", "subnet") if frontend.get(key) is not None]
        if len(ways) != 1:
            yield Problem(path=path, reason="InvalidRequestFormat: a frontend has a public address or a subnet")
        if frontend.get("subnet") is not None and _tier(request.inputs) == "Global":
            yield Problem(
                path=f"{path}.subnet", reason="GlobalLoadBalancerFrontendMustBePublic: it has no internal frontend"
            )


def _probes(inputs: Mapping[str, Any]) -> Iterator[Problem]:
    for path, probe in refer.at(inputs, "probes[]"):
        if not isinstance(probe, Mapping):
            continue
        interval, count = probe.get("intervalInSeconds"), probe.get("probeThreshold")
        if isinstance(interval, (int, float)) and interval not in _PROBE_S:
            reason = f"InvalidProbeInterval: {interval:g} s; the least is {_PROBE_S.start}"
            yield Problem(path=f"{path}.intervalInSeconds", reason=reason)
        if isinstance(count, (int, float)) and count not in _PROBE_COUNT:
            reason = f"InvalidProbeThreshold: {count:g}; it takes 1 to {_PROBE_COUNT.stop - 1}"
            yield Problem(path=f"{path}.probeThreshold", reason=reason)
        yield from _port(f"{path}.port", probe.get("port"))
        if (probe.get("protocol") == "Tcp") == (probe.get("requestPath") is not None):
            reason = "InvalidProbeRequestPath: an HTTP probe needs a path, a TCP probe has none"
            yield Problem(path=f"{path}.requestPath", reason=reason)


def _rules(request: Request) -> Iterator[Problem]:
    own = _own_id(request)
    seen: set[tuple[str, str, object]] = set()
    for path, rule in refer.at(request.inputs, "loadBalancingRules[]"):
        if not isinstance(rule, Mapping):
            continue
        for field, collection in _PARTS.items():
            held = [str(name).lower() for _, name in refer.at(request.inputs, f"{collection}[].name")]
            for inner, value in refer.at(rule, f"{field}.id"):
                if value is UNKNOWN or not own:
                    continue
                above, _, name = str(value).lower().rpartition("/")
                if above != f"{own}/{collection.lower()}" or name not in held:
                    reason = f"InvalidResourceReference: {value} is no part of this load balancer"
                    yield Problem(path=f"{path}.{inner}", reason=reason)
        if refer.first(rule, "frontendIPConfiguration.id") is None and "frontendIPConfiguration" not in rule:
            reason = "LoadBalancingRuleMustReferenceFrontend: a rule needs a frontend"
            yield Problem(path=f"{path}.frontendIPConfiguration", reason=reason)
        key = (str(refer.first(rule, "frontendIPConfiguration.id")), str(rule.get("protocol")), rule.get("frontendPort"))
        if key in seen:
            yield Problem(path=f"{path}.frontendPort", reason=f"RulesUseSameFrontendPort: {key[2]:g} is another rule's")
        seen.add(key)
        for field in ("frontendPort", "backendPort"):
            yield from _port(f"{path}.{field}", rule.get(field))
        minutes = rule.get("idleTimeoutInMinutes")
        if isinstance(minutes, (int, float)) and minutes not in _IDLE_MIN:
            reason = f"InvalidIdleTimeout: {minutes:g} minutes; it takes {_IDLE_MIN.start} to {_IDLE_MIN.stop - 1}"
            yield Problem(path=f"{path}.idleTimeoutInMinutes", reason=reason)


def _global(request: Request) -> Iterator[Problem]:
    """The global tier has no probe of its own and carries no UDP."""
    if request.inputs.get("probes"):
        yield Problem(path="probes", reason="GlobalLoadBalancerProbesNotSupported: Azure samples the health by itself")
    for path, protocol in refer.at(request.inputs, "loadBalancingRules[].protocol"):
        if protocol != "Tcp":
            yield Problem(path=path, reason=f"GlobalLoadBalancerProtocolNotSupported: {protocol}; it carries TCP only")
    if request.inputs.get("outboundRules"):
        yield Problem(path="outboundRules", reason="GlobalLoadBalancerOutboundRulesNotSupported: it is inbound only")


def _pools(request: Request) -> Iterator[Problem]:
    everywhere = _tier(request.inputs) == "Global"
    seen: set[str] = set()
    for path, member in refer.at(request.inputs, "backendAddressPools[].loadBalancerBackendAddresses[]"):
        for inner, value in refer.at(member, "loadBalancerFrontendIPConfiguration.id"):
            where = f"{path}.{inner}"
            if value is UNKNOWN:
                continue
            if not everywhere:
                yield Problem(path=where, reason="InvalidBackendAddress: only a global balancer leads to other balancers")
                continue
            if str(value).lower() in seen:
                yield Problem(path=where, reason=f"DuplicateBackendAddress: {value} is there twice")
            seen.add(str(value).lower())
            yield from _member(request, where, str(value))


def _member(request: Request, path: str, value: str) -> Iterator[Problem]:
    parsed = arm.parse(value)
    if parsed is None or parsed.type.lower() != "microsoft.network/loadbalancers/frontendipconfigurations":
        yield Problem(path=path, reason=f"InvalidBackendAddress: {value!r} is not the id of a balancer's frontend")
        return
    other = request.find(arm.parent(value))
    if other is None:
        if not request.preview:
            yield Problem(path=path, reason=f"ResourceNotFound: {arm.parent(value)} does not exist")
        return
    frontends = {refer.first(one, "name"): one for _, one in refer.at(other, "frontendIPConfigurations[]")}
    frontend = frontends.get(parsed.name)
    if frontend is None:
        yield Problem(path=path, reason=f"ResourceNotFound: {arm.parent(value)} has no frontend {parsed.name}")
    elif refer.first(frontend, "publicIPAddress.id") is None:
        yield Problem(path=path, reason="InternalLoadBalancerNotSupported: only a public balancer can stand behind it")
    if _tier(other) != "Regional":
        yield Problem(path=path, reason="InvalidBackendAddress: a global balancer cannot stand behind another")
    region = str(arm.location(other) or "")
    if region and region not in PARTICIPANTS:
        yield Problem(path=path, reason=f"RegionNotSupported: a balancer in {region} cannot stand behind a global one")


def _port(path: str, value: object) -> Iterator[Problem]:
    if isinstance(value, (int, float)) and value not in _PORTS:
        yield Problem(path=path, reason=f"InvalidPort: {value:g}; it takes {_PORTS.start} to {_PORTS.stop - 1}")


def _own_id(request: Request) -> str:
    """Give the balancer's id in lower case; empty where its name or group is not known."""
    group, name = request.inputs.get("resourceGroupName"), request.inputs.get("loadBalancerName")
    if not isinstance(group, str) or not isinstance(name, str):
        return ""
    base = f"/subscriptions/{request.target.account}/resourceGroups/{group}"
    return f"{base}/providers/Microsoft.Network/loadBalancers/{name}".lower()
