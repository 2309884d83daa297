"""Network Connectivity Center's hubs and spokes, and flow logs of tunnels and VLAN attachments.

Guarantees that a spoke is refused whose network is another hub's already, or whose subnetworks another spoke of the hub lets
others know as well, and that flow logs name something that is there. Figures: Network Connectivity Center documentation,
"VPC spokes overview" (one hub for a VPC), and the services' API descriptions.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.compute import SUBNETWORK
from nautilus.sandbox.gcp.links import address, bare, items, known, number
from nautilus.sandbox.gcp.places import REGIONS
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import Problem, Request, Value

HUB: Final = "gcp:networkconnectivity/hub:Hub"
SPOKE: Final = "gcp:networkconnectivity/spoke:Spoke"

_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")
_LINKED: Final = (
    "linkedVpcNetwork",
    "linkedProducerVpcNetwork",
    "linkedVpnTunnels",
    "linkedInterconnectAttachments",
    "linkedRouterApplianceInstances",
    "gateway",
)
_MAX_RANGES: Final = 16
"""Export filters of a spoke (Network Connectivity Center documentation, quotas; general knowledge)."""
_PLACEHOLDERS: Final = frozenset({"ALL_PRIVATE_IPV4_RANGES", "ALL_IPV6_RANGES", "ALL_PUBLIC_IPV4_RANGES"})


def _named(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and not _NAME.fullmatch(name.rpartition("/")[2]):
        yield Problem(path="name", reason=f"{name} is not 1 to 63 lower-case letters, digits and hyphens, a letter first")


def _hub(request: Request) -> Iterator[Problem]:
    if known(request, "policyMode") == "CUSTOM" and known(request, "presetTopology") is not None:
        yield Problem(path="presetTopology", reason="only policy mode PRESET has a preset topology")


def _spoke(request: Request) -> Iterator[Problem]:
    linked = [name for name in _LINKED if request.inputs.get(name)]
    if len(linked) != 1:
        yield Problem(path="linkedVpcNetwork", reason=f"a spoke is exactly one thing, found {len(linked)}")
    place, network = known(request, "location"), known(request, "linkedVpcNetwork")
    if isinstance(place, str) and isinstance(network, Mapping) and place != "global":
        yield Problem(path="location", reason=f"a VPC spoke is global, not in {place}")
    elif isinstance(place, str) and place != "global" and place not in REGIONS:
        yield Problem(path="location", reason=f"region {place} does not exist")
    if isinstance(network, Mapping):
        for name in ("includeExportRanges", "excludeExportRanges"):
            yield from _ranges(f"linkedVpcNetwork.{name}", network.get(name))
    if not request.preview:
        yield from _bound(request, network if isinstance(network, Mapping) else {})


def _ranges(path: str, found: Value) -> Iterator[Problem]:
    if len(items(found)) > _MAX_RANGES:
        yield Problem(path=path, reason=f"{len(items(found))} ranges: at most {_MAX_RANGES} are allowed")
    for index, text in enumerate(items(found)):
        if isinstance(text, str) and text not in _PLACEHOLDERS and _cidr(text) is None:
            yield Problem(path=f"{path}[{index}]", reason=f"{text} is not a network address in CIDR notation")


def _cidr(text: Value) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _bound(request: Request, network: Mapping[str, Any]) -> Iterator[Problem]:
    hub = bare(str(request.inputs["hub"]))
    yield from rules.exists(request, "hub", hub, "hub")
    if not network:
        return
    yield from rules.exists(request, "linkedVpcNetwork.uri", network.get("uri"), "network")
    mine = dict(_exported(request, network))
    for other in request.among(SPOKE):
        theirs = other.get("linkedVpcNetwork") or {}
        if other.get("name") == address(request)["name"] or not theirs:
            continue
        if bare(str(theirs.get("uri"))) == bare(str(network.get("uri"))):
            yield Problem(
                path="linkedVpcNetwork.uri",
                reason=f"the network is spoke {other['name']} of {bare(str(other.get('hub')))}: a VPC has one hub",
            )
        elif bare(str(other.get("hub"))) == hub:
            for name, cidr in mine.items():
                for problem in rules.overlap("linkedVpcNetwork", cidr, _exported(request, theirs)):
                    yield Problem(path=problem.path, reason=f"{name}: {problem.reason}, which the hub knows already")


def _exported(request: Request, network: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the ranges that a VPC spoke lets others know: those within what it includes, less what it excludes."""
    include = [_cidr(text) for text in items(network.get("includeExportRanges")) if _cidr(text) is not None]
    exclude = [_cidr(text) for text in items(network.get("excludeExportRanges"))]
    for subnet in request.among(SUBNETWORK):
        if bare(str(subnet.get("network"))) != bare(str(network.get("uri"))):
            continue
        primary = [(str(subnet["name"]), str(subnet.get("ipCidrRange")))]
        second = [(str(item["rangeName"]), str(item["ipCidrRange"])) for item in subnet.get("secondaryIpRanges") or ()]
        for name, text in primary + second:
            cidr = _cidr(text)
            if cidr is None or any(part is not None and cidr.subnet_of(part) for part in exclude):
                continue
            if not include or any(part is not None and cidr.subnet_of(part) for part in include):
                yield name, text


def _flows(request: Request) -> Iterator[Problem]:
    watched = ("vpnTunnel", "interconnectAttachment", "network", "subnet")
    targets = [name for name in watched if request.inputs.get(name)]
    if len(targets) != 1:
        yield Problem(path="vpnTunnel", reason=f"flow logs are of exactly one thing, found {len(targets)}")
    name, place = known(request, "vpcFlowLogsConfigId"), known(request, "location")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="vpcFlowLogsConfigId", reason=f"{name} is not 1 to 63 lower-case letters, digits and hyphens")
    if isinstance(place, str) and place != "global":
        yield Problem(path="location", reason=f"a flow logs configuration is global, not in {place}")
    rate = known(request, "flowSampling")
    if isinstance(rate, (int, float)) and not 0 < rate <= 1:
        yield Problem(path="flowSampling", reason=f"{rate} is not above 0 and at most 1")
    for target in targets:
        link = known(request, target)
        if isinstance(link, str) and not re.fullmatch(r"projects/[^/]+/(regions/[^/]+|global)/[A-Za-z]+/[^/]+", link):
            yield Problem(path=target, reason=f"{link} is not named projects/…")
        else:
            yield from rules.exists(request, target, link, "the watched resource")


def _hub_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    out: dict[str, Any] = {"createTime": CREATED, "state": "ACTIVE", "uniqueId": number(request.seed), "updateTime": CREATED}
    for name, value in (("policyMode", "PRESET"), ("presetTopology", "MESH")):
        if not request.inputs.get(name):
            out[name] = value
    return out


def _spoke_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"createTime": CREATED, "state": "ACTIVE", "uniqueId": number(request.seed), "updateTime": CREATED}


def _flows_outputs(_request: Request, made: str) -> Mapping[str, Any]:
    return {"createTime": CREATED, "name": made, "targetResourceState": "TARGET_RESOURCE_EXISTS", "updateTime": CREATED}


def _hub_held(request: Request) -> Iterator[str]:
    for other in request.among(SPOKE):
        if bare(str(other.get("hub"))) == request.id:
            yield f"the hub is in use by {other.get('name')}"


ROWS: Final = (
    Row(
        type=HUB,
        schema="networkconnectivity.v1:Hub",
        id="projects/{project}/locations/global/hubs/{name}",
        replace_on="name project policyMode presetTopology",
        rules=(_named, _hub),
        outputs=_hub_outputs,
        labels="labels",
        holds=_hub_held,
    ),
    Row(
        type=SPOKE,
        schema="networkconnectivity.v1:Spoke",
        id="projects/{project}/locations/{location}/spokes/{name}",
        replace_on="name project location hub linkedVpnTunnels linkedInterconnectAttachments linkedRouterApplianceInstances",
        rules=(_named, _spoke),
        outputs=_spoke_outputs,
        labels="labels",
    ),
    Row(
        type="gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig",
        schema="networkmanagement.v1:VpcFlowLogsConfig",
        id="projects/{project}/locations/{location}/vpcFlowLogsConfigs/{vpcFlowLogsConfigId}",
        replace_on="project location vpcFlowLogsConfigId",
        rules=(_flows,),
        outputs=_flows_outputs,
        labels="labels",
        defaults="project",
    ),
)
