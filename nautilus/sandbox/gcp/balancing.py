"""Global proxy load balancers: network endpoint groups, health checks, backend services, TCP proxies, forwarding rules.

Rules without a source beside them are from the Compute Engine API's own description (compute v1), read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import probes, rules
from nautilus.sandbox.gcp.links import COMPUTE, address, bare, items, known, number
from nautilus.sandbox.gcp.places import region_of
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

GROUP: Final = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
SERVICE: Final = "gcp:compute/backendService:BackendService"
PROXY: Final = "gcp:compute/targetTCPProxy:TargetTCPProxy"
RECORD: Final = "gcp:dns/recordSet:RecordSet"
RULE: Final = "gcp:compute/globalForwardingRule:GlobalForwardingRule"

_ZONAL: Final = frozenset({"GCE_VM_IP", "GCE_VM_IP_PORT", "NON_GCP_PRIVATE_IP_PORT"})
_PORTS: Final = (1, 65535)
_TCP_AFFINITIES: Final = frozenset({"NONE", "CLIENT_IP"})
"""What a TCP proxy can tell clients by (Cloud Load Balancing documentation, "Session affinity", 2026-11)."""
_CONSISTENT: Final = frozenset({"MAGLEV", "WEIGHTED_MAGLEV", "RING_HASH"})
_LEAST_SCALE: Final = 0.1
_MOST_BACKENDS: Final = 50
"""Backends of one backend service (Cloud Load Balancing, quotas and limits; unchecked)."""
_SCHEMES: Final = frozenset({"EXTERNAL", "EXTERNAL_MANAGED"})
_DRAINING_S: Final = (0, 3600)


def _group(request: Request) -> Iterator[Problem]:
    zone, kind = known(request, "zone"), known(request, "networkEndpointType")
    if isinstance(zone, str):
        yield from rules.zone("zone", zone, None)
    if isinstance(kind, str) and kind not in _ZONAL:
        yield Problem(
            path="networkEndpointType", reason=f"{kind} is not a type of a zonal group: {', '.join(sorted(_ZONAL))}"
        )
    if kind == "GCE_VM_IP" and request.inputs.get("defaultPort") is not None:
        yield Problem(path="defaultPort", reason="a GCE_VM_IP group has no port")
    yield from rules.within("defaultPort", known(request, "defaultPort"), *_PORTS)
    network, subnet = known(request, "network"), known(request, "subnetwork")
    yield from rules.exists(request, "network", network, "network")
    yield from rules.exists(request, "subnetwork", subnet, "subnetwork")
    found = None if request.preview else rules.found(request, subnet)
    if found is None:
        return
    if isinstance(network, str) and bare(str(found.get("network"))) != bare(network):
        yield Problem(path="subnetwork", reason="the subnetwork is in another network")
    if isinstance(zone, str) and region_of(zone) not in {None, bare(subnet).split("/")[3]}:
        yield Problem(path="subnetwork", reason=f"the subnetwork is in another region than zone {zone}")


def _service(request: Request) -> Iterator[Problem]:
    backends = items(known(request, "backends"))
    protocol, affinity = known(request, "protocol"), known(request, "sessionAffinity")
    yield from rules.within("timeoutSec", known(request, "timeoutSec"), 1, 2**31 - 1)
    yield from rules.within("connectionDrainingTimeoutSec", known(request, "connectionDrainingTimeoutSec"), *_DRAINING_S)
    log = known(request, "logConfig")
    if isinstance(log, Mapping):
        yield from rules.within("logConfig.sampleRate", log.get("sampleRate"), 0, 1)
        if log.get("enable") is False and log.get("sampleRate") is not None:
            yield Problem(path="logConfig.sampleRate", reason="only where logging is enabled")
    if protocol in {"TCP", "SSL"} and isinstance(affinity, str) and affinity not in _TCP_AFFINITIES:
        yield Problem(path="sessionAffinity", reason=f"{protocol} knows a client by its address only: NONE or CLIENT_IP")
    policy = known(request, "localityLbPolicy")
    if affinity not in {None, "NONE"} and isinstance(policy, str) and policy not in _CONSISTENT:
        yield Problem(
            path="localityLbPolicy", reason=f"session affinity has no effect with {policy}: use MAGLEV or RING_HASH"
        )
    if len(backends) > _MOST_BACKENDS:
        yield Problem(path="backends", reason=f"{len(backends)} backends: at most {_MOST_BACKENDS}")
    yield from _health_of(request, bool(backends))
    groups: list[Value] = []
    for index, backend in enumerate(backends):
        if isinstance(backend, Mapping):
            yield from _backend(request, f"backends[{index}]", backend, alone=len(backends) == 1)
            if isinstance(backend.get("group"), str) and backend["group"] in groups:
                yield Problem(path=f"backends[{index}].group", reason="the group is a backend already")
            groups.append(backend.get("group"))


def _health_of(request: Request, backed: bool) -> Iterator[Problem]:
    given = request.inputs.get("healthChecks")
    if given is UNKNOWN:
        return
    links = [given] if isinstance(given, str) else items(given)
    if backed and not links:
        yield Problem(path="healthChecks", reason="a backend service with zonal groups needs a health check")
    if len(links) > 1:
        yield Problem(path="healthChecks", reason="a backend service has one health check")
    for link in links:
        yield from rules.exists(request, "healthChecks", link, "health check")
        if not request.preview and (rules.found(request, link) or {}).get("sourceRegions"):
            yield Problem(path="healthChecks", reason="a health check with source regions is for names, not for balancers")


def _backend(request: Request, path: str, backend: Mapping[str, Any], *, alone: bool) -> Iterator[Problem]:
    scale, mode, group = backend.get("capacityScaler"), backend.get("balancingMode"), backend.get("group")
    if isinstance(scale, (int, float)):
        if scale != 0 and not _LEAST_SCALE <= scale <= 1:
            yield Problem(path=f"{path}.capacityScaler", reason=f"{scale} is neither 0 nor {_LEAST_SCALE} to 1")
        if scale == 0 and alone:
            yield Problem(path=f"{path}.capacityScaler", reason="the only backend cannot be drained")
    if known(request, "protocol") in {"TCP", "SSL"} and isinstance(mode, str) and mode not in {"CONNECTION", "UTILIZATION"}:
        yield Problem(path=f"{path}.balancingMode", reason=f"{mode} is not for connections: use CONNECTION")
    if mode == "CONNECTION" and not any(backend.get(name) for name in ("maxConnections", "maxConnectionsPerEndpoint")):
        yield Problem(
            path=f"{path}.maxConnectionsPerEndpoint", reason="CONNECTION needs a target of connections for a group"
        )
    if mode == "CONNECTION" and backend.get("maxRate") is not None:
        yield Problem(path=f"{path}.maxRate", reason="CONNECTION has no rate")
    if not isinstance(group, str):
        return
    if not group.startswith("https://www.googleapis.com/"):
        yield Problem(path=f"{path}.group", reason=f"{group} is not a full link: partial ones are not supported")
    yield from rules.exists(request, f"{path}.group", group, "group")
    if not request.preview and bare(group).split("/")[1] != address(request)["project"]:
        yield Problem(path=f"{path}.group", reason=f"{bare(group)} is in another project")


def _proxy(request: Request) -> Iterator[Problem]:
    link = known(request, "backendService")
    yield from rules.exists(request, "backendService", link, "backend service")
    found = None if request.preview else rules.found(request, link)
    if found is not None and found.get("protocol") not in {"TCP", None}:
        yield Problem(path="backendService", reason=f"a TCP proxy needs a backend service for TCP, not {found['protocol']}")


def _rule(request: Request) -> Iterator[Problem]:
    scheme, ports, tier = (known(request, name) for name in ("loadBalancingScheme", "portRange", "networkTier"))
    if isinstance(tier, str) and tier != "PREMIUM":
        yield Problem(path="networkTier", reason="a global forwarding rule is in the premium tier")
    if isinstance(ports, str):
        low, _, high = ports.partition("-")
        if not low.isdigit() or not _PORTS[0] <= int(low) <= _PORTS[1]:
            yield Problem(path="portRange", reason=f"{ports} is not a port from {_PORTS[0]} to {_PORTS[1]}")
        elif scheme in _SCHEMES and high not in {"", low}:
            yield Problem(path="portRange", reason=f"{ports}: an external proxy listens on one port a rule")
    elif request.inputs.get("portRange") is None:
        yield Problem(path="portRange", reason="a rule for a TCP proxy needs its port")
    target, place = known(request, "target"), known(request, "ipAddress")
    yield from rules.exists(request, "target", target, "target proxy")
    if request.preview:
        return
    backend = rules.found(request, (rules.found(request, target) or {}).get("backendService"))
    if backend is not None and backend.get("loadBalancingScheme", "EXTERNAL") != (scheme or "EXTERNAL"):
        yield Problem(path="loadBalancingScheme", reason=f"the backend service has {backend.get('loadBalancingScheme')}")
    if isinstance(place, str) and "/" in place:
        yield from rules.exists(request, "ipAddress", place, "address")
        if (rules.found(request, place) or {}).get("addressType") == "INTERNAL":
            yield Problem(path="ipAddress", reason=f"{bare(place)} is an internal address")
    for other in request.among(RULE):
        same = place is not None and bare(str(other.get("ipAddress"))) == bare(str(place))
        if same and other.get("portRange") == ports and other.get("name") != address(request)["name"]:
            yield Problem(path="portRange", reason=f"port {ports} of the address is taken by {other['name']}")


def _held(kind: str, *names: str) -> Any:  # noqa: ANN401 - a function of a row
    """Give the reasons not to delete what resources of a type refer to by these inputs."""

    def holds(request: Request) -> Iterator[str]:
        for other in request.among(kind):
            given = [other.get(name) for name in names]
            for backend in items(other.get("backends")):
                given.append(backend.get("group"))
            if request.id in {bare(str(link)) for link in given}:
                yield f"the resource is in use by {other.get('name')}"

    return holds


def _checking(request: Request) -> Iterator[str]:
    """A health check is held by balancers, and by the records that answer with what it checks."""
    yield from _held(SERVICE, "healthChecks")(request)
    for record in request.among(RECORD):
        routing = record.get("routingPolicy")
        if isinstance(routing, Mapping) and bare(str(routing.get("healthCheck"))) == request.id:
            yield f"the resource is in use by {record.get('name')}"


def _timed(request: Request, _made: str) -> Mapping[str, Any]:
    return {"creationTimestamp": CREATED, "generatedId": int(number(request.seed)[:9])}


def _group_outputs(_request: Request, _made: str) -> Mapping[str, Any]:
    return {"size": 0}


def _health_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"creationTimestamp": CREATED, "type": probes.protocol(request)}


ROWS: Final = (
    Row(
        type=GROUP,
        schema="compute.v1:NetworkEndpointGroup",
        id="projects/{project}/zones/{zone}/networkEndpointGroups/{name}",
        link=COMPUTE,
        replace_on="name project zone network subnetwork networkEndpointType defaultPort description",
        rules=(_group,),
        outputs=_group_outputs,
        holds=_held(SERVICE),
    ),
    Row(
        type=probes.HEALTH,
        schema="compute.v1:HealthCheck",
        id="projects/{project}/global/healthChecks/{name}",
        link=COMPUTE,
        replace_on="name project",
        rules=(probes.check,),
        outputs=_health_outputs,
        holds=_checking,
    ),
    Row(
        type=SERVICE,
        schema="compute.v1:BackendService",
        id="projects/{project}/global/backendServices/{name}",
        link=COMPUTE,
        replace_on="name project loadBalancingScheme",
        rules=(_service,),
        outputs=_timed,
        holds=_held(PROXY, "backendService"),
    ),
    Row(
        type=PROXY,
        schema="compute.v1:TargetTcpProxy",
        id="projects/{project}/global/targetTcpProxies/{name}",
        link=COMPUTE,
        replace_on="name project description proxyBind",
        rules=(_proxy,),
        outputs=_timed,
        holds=_held(RULE, "target"),
    ),
    Row(
        type=RULE,
        schema="compute.v1:ForwardingRule",
        id="projects/{project}/global/forwardingRules/{name}",
        link=COMPUTE,
        replace_on="name project ipAddress ipProtocol ipVersion portRange loadBalancingScheme networkTier network "
        "description",
        rules=(_rule,),
        outputs=lambda request, _made: {"forwardingRuleId": int(number(request.seed)[:9])},
        labels="labels",
    ),
)
