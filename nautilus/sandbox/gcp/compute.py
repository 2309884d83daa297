"""Compute Engine's network types: VPC, subnetworks, routes, NAT, addresses, firewalls; and disks."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import paths, rules
from nautilus.sandbox.gcp.links import COMPUTE, address, bare, digest, items, known, number
from nautilus.sandbox.gcp.places import region_of
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request

SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
RANGE: Final = "gcp:compute/globalAddress:GlobalAddress"
CLUSTER: Final = "gcp:container/cluster:Cluster"

_PROXY: Final = frozenset({"REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"})
_PUBLIC: Final = ("192.0.2.", "198.51.100.", "203.0.113.")
"""Ranges kept for documentation (RFC 5737): an address made here can never be anyone's."""


def in_network(request: Request, network: str) -> Iterator[tuple[str, str]]:
    """Give every range in use in a network, with what it belongs to: subnetworks, services' ranges, control planes."""
    for subnet in request.among(SUBNETWORK):
        if bare(str(subnet.get("network"))) == network:
            yield str(subnet["name"]), str(subnet.get("ipCidrRange"))
            for second in subnet.get("secondaryIpRanges") or ():
                yield f"{subnet['name']}'s {second['rangeName']}", str(second["ipCidrRange"])
    for reserved in request.among(RANGE):
        if bare(str(reserved.get("network"))) == network and reserved.get("prefixLength"):
            yield str(reserved["name"]), f"{reserved.get('address')}/{reserved['prefixLength']}"
    for cluster in request.among(CLUSTER):
        if bare(str(cluster.get("network"))) == network:
            yield (
                f"{cluster['name']}'s control plane",
                str((cluster.get("privateClusterConfig") or {}).get("masterIpv4CidrBlock")),
            )


def _network(request: Request) -> Iterator[Problem]:
    yield from rules.exists(request, "network", known(request, "network"), "network")


def _mtu(request: Request) -> Iterator[Problem]:
    yield from rules.within("mtu", known(request, "mtu"), 1300, 8896)


def _subnet_ranges(request: Request) -> Iterator[Problem]:
    seconds = items(known(request, "secondaryIpRanges"))
    mine: list[tuple[str, str, Any]] = [("ipCidrRange", "the primary range", known(request, "ipCidrRange"))]
    names: set[str] = set()
    for index, second in enumerate(seconds):
        if second is UNKNOWN:
            continue
        name = second.get("rangeName")
        if name in names:
            yield Problem(
                path=f"secondaryIpRanges[{index}].rangeName", reason=f"there are two secondary ranges called {name}"
            )
        names.add(name)
        mine.append((f"secondaryIpRanges[{index}].ipCidrRange", str(name), second.get("ipCidrRange")))
    longest = 26 if known(request, "purpose") in _PROXY else 29
    for place, (path, _, cidr) in enumerate(mine):
        yield from rules.network_range(path, cidr, longest=longest)
        yield from rules.overlap(path, cidr, [(owner, other) for _, owner, other in mine[:place]])
    network = known(request, "network")
    if not request.preview and isinstance(network, str):
        taken = [
            item for item in in_network(request, bare(network)) if item[0].partition("'")[0] != address(request)["name"]
        ]
        for path, _, cidr in mine:
            yield from rules.overlap(path, cidr, taken)


def _subnet_purpose(request: Request) -> Iterator[Problem]:
    if known(request, "purpose") in _PROXY:
        if known(request, "logConfig") is not None:
            yield Problem(path="logConfig", reason="a proxy-only subnetwork takes no flow logs")
        if known(request, "role") is None and request.inputs.get("role") is not UNKNOWN:
            yield Problem(path="role", reason="a proxy-only subnetwork needs role ACTIVE or BACKUP")
    elif known(request, "role") is not None and request.inputs.get("purpose") is not UNKNOWN:
        yield Problem(path="role", reason="only a proxy-only subnetwork has a role")
    log = known(request, "logConfig")
    if isinstance(log, Mapping):
        yield from rules.within("logConfig.flowSampling", log.get("flowSampling"), 0, 1)
    network = rules.found(request, known(request, "network"))
    if not request.preview and network is not None and network.get("autoCreateSubnetworks") is not False:
        yield Problem(path="network", reason=f"{network.get('name')} is an auto-mode network: it makes its own subnetworks")


def _nat(request: Request) -> Iterator[Problem]:
    given = request.inputs
    dynamic = known(request, "enableDynamicPortAllocation") is True
    if dynamic and known(request, "enableEndpointIndependentMapping") is True:
        yield Problem(
            path="enableEndpointIndependentMapping",
            reason="dynamic port allocation and endpoint-independent mapping exclude each other",
        )
    for name in ("minPortsPerVm", "maxPortsPerVm"):
        ports = known(request, name)
        if dynamic and isinstance(ports, int) and (ports & (ports - 1) or not 32 <= ports <= 65536):  # noqa: PLR2004 - the documented bounds
            yield Problem(
                path=name, reason=f"{ports} is not a power of two from 32 to 65536, which dynamic port allocation asks for"
            )
    if (
        known(request, "natIpAllocateOption") == "MANUAL_ONLY"
        and not given.get("natIps")
        and known(request, "type") != "PRIVATE"
    ):
        yield Problem(path="natIps", reason="MANUAL_ONLY needs addresses")
    if known(request, "natIpAllocateOption") == "AUTO_ONLY" and given.get("natIps"):
        yield Problem(path="natIps", reason="AUTO_ONLY takes no addresses")
    listed = known(request, "sourceSubnetworkIpRangesToNat") == "LIST_OF_SUBNETWORKS"
    if listed and not given.get("subnetworks"):
        yield Problem(path="subnetworks", reason="LIST_OF_SUBNETWORKS needs subnetworks")
    if not request.preview:
        yield from _nat_references(request)


def _nat_references(request: Request) -> Iterator[Problem]:
    parts = address(request)
    router = f"projects/{parts['project']}/regions/{parts['region']}/routers/{request.inputs['router']}"
    yield from rules.exists(request, "router", router, "router")
    for index, link in enumerate(request.inputs.get("natIps") or ()):
        yield from rules.exists(request, f"natIps[{index}]", link, "address")
        if region_of(parts["region"]) != region_of(bare(link).split("/")[3]):
            yield Problem(path=f"natIps[{index}]", reason=f"{bare(link)} is outside region {parts['region']}")
    for index, entry in enumerate(request.inputs.get("subnetworks") or ()):
        path = f"subnetworks[{index}]"
        yield from rules.exists(request, f"{path}.name", entry["name"], "subnetwork")
        subnet = rules.found(request, entry["name"]) or {}
        named = {second["rangeName"] for second in subnet.get("secondaryIpRanges") or ()}
        for place, name in enumerate(entry.get("secondaryIpRangeNames") or ()):
            if subnet and name not in named:
                yield Problem(
                    path=f"{path}.secondaryIpRangeNames[{place}]", reason=f"the subnetwork has no secondary range {name}"
                )


def _address(request: Request) -> Iterator[Problem]:
    if known(request, "addressType") in {None, "EXTERNAL"} and request.inputs.get("addressType") is not UNKNOWN:
        for name in ("subnetwork", "network", "purpose"):
            if request.inputs.get(name):
                yield Problem(path=name, reason=f"an external address has no {name}")
    elif known(request, "networkTier") is not None:
        yield Problem(path="networkTier", reason="an internal address has no network tier")


def _peered(request: Request) -> Iterator[Problem]:
    if known(request, "purpose") != "VPC_PEERING":
        return
    yield from (
        Problem(path=name, reason=f"a range for private services access needs {name}")
        for name in ("prefixLength", "network")
        if request.inputs.get(name) is None
    )
    if known(request, "addressType") != "INTERNAL" and request.inputs.get("addressType") is not UNKNOWN:
        yield Problem(path="addressType", reason="a range for private services access is INTERNAL")
    start, length, network = (known(request, name) for name in ("address", "prefixLength", "network"))
    if isinstance(start, str) and isinstance(length, int):
        cidr = f"{start}/{length}"
        yield from rules.network_range("address", cidr, longest=24)
        if not request.preview and isinstance(network, str):
            taken = [item for item in in_network(request, bare(network)) if item[0] != address(request)["name"]]
            yield from rules.overlap("address", cidr, taken)


def _disk(request: Request) -> Iterator[Problem]:
    place = known(request, "zone")
    if isinstance(place, str):
        yield from rules.zone("zone", place, None)
    lock = known(request, "diskEncryptionKey")
    if isinstance(lock, Mapping):
        home = region_of(place) if isinstance(place, str) else None
        link = lock.get("kmsKeySelfLink")
        yield from rules.key(request, "diskEncryptionKey.kmsKeySelfLink", link, home, agent="@compute-system.", strict=False)


def _network_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {"gatewayIpv4": "", "networkId": number(request.seed), "numericId": number(request.seed)}


def _subnet_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    cidr = ipaddress.IPv4Network(request.inputs["ipCidrRange"])
    return {
        "creationTimestamp": CREATED,
        "fingerprint": digest(repr(sorted(request.inputs.items())), 12),
        "gatewayAddress": str(cidr.network_address + 1),
        "subnetworkId": int(number(request.seed)[:9]),
    }


def _address_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    drawn = int(digest(request.seed), 16)
    chosen = f"{_PUBLIC[drawn % 3]}{1 + drawn // 3 % 254}"
    out: dict[str, Any] = {"creationTimestamp": CREATED, "labelFingerprint": digest(repr(request.inputs.get("labels")))}
    if not request.inputs.get("address"):
        out["address"] = chosen
    return out


def _timed(_request: Request, _made: str) -> Mapping[str, Any]:
    return {"creationTimestamp": CREATED}


def _in_use(request: Request) -> Iterator[str]:
    """A network is held by what is in it."""
    for kind in (
        SUBNETWORK,
        "gcp:compute/firewall:Firewall",
        "gcp:compute/router:Router",
        "gcp:compute/route:Route",
        CLUSTER,
    ):
        for other in request.among(kind):
            if bare(str(other.get("network"))) == request.id:
                yield f"the network is in use by {other.get('name')}"


def _with_nodes(request: Request) -> Iterator[str]:
    """A subnetwork is held by clusters in it."""
    for cluster in request.among(CLUSTER):
        if bare(str(cluster.get("subnetwork"))) == request.id:
            yield f"the subnetwork is in use by {cluster.get('name')}"


def _answering(request: Request) -> Iterator[str]:
    """A global address is held by the forwarding rules that listen at it."""
    for rule in request.among("gcp:compute/globalForwardingRule:GlobalForwardingRule"):
        if bare(str(rule.get("ipAddress"))) in {request.id, (request.prior or {}).get("address")}:
            yield f"the address is in use by {rule.get('name')}"


_REGIONAL: Final = "project region name"
_ADDRESS_REPLACED: Final = "name project address addressType network purpose ipVersion prefixLength description"

ROWS: Final = (
    Row(
        type="gcp:compute/network:Network",
        schema="compute.v1:Network",
        id="projects/{project}/global/networks/{name}",
        link=COMPUTE,
        replace_on="name project autoCreateSubnetworks description enableUlaInternalIpv6 internalIpv6Range networkProfile",
        rules=(_mtu,),
        outputs=_network_outputs,
        holds=_in_use,
    ),
    Row(
        type=SUBNETWORK,
        schema="compute.v1:Subnetwork",
        id="projects/{project}/regions/{region}/subnetworks/{name}",
        link=COMPUTE,
        replace_on="name project region network purpose description reservedInternalRange ipv6AccessType externalIpv6Prefix",
        rules=(rules.region, _network, _subnet_ranges, _subnet_purpose),
        outputs=_subnet_outputs,
        holds=_with_nodes,
        defaults=_REGIONAL,
    ),
    Row(
        type="gcp:compute/firewall:Firewall",
        schema="compute.v1:Firewall",
        id="projects/{project}/global/firewalls/{name}",
        link=COMPUTE,
        replace_on="name project network direction",
        rules=(_network, paths.firewall),
        outputs=_timed,
    ),
    Row(
        type="gcp:compute/route:Route",
        schema="compute.v1:Route",
        id="projects/{project}/global/routes/{name}",
        link=COMPUTE,
        replace_on="name project network destRange priority tags description "
        + " ".join((*paths.HOPS, "nextHopInstanceZone")),
        rules=(_network, paths.route),
        outputs=_timed,
    ),
    Row(
        type="gcp:compute/routerNat:RouterNat",
        schema="compute.v1:RouterNat",
        id="{project}/{region}/{router}/{name}",
        replace_on="name project region router type endpointTypes",
        rules=(rules.region, _nat),
        defaults=_REGIONAL,
    ),
    Row(
        type="gcp:compute/address:Address",
        schema="compute.v1:Address",
        id="projects/{project}/regions/{region}/addresses/{name}",
        link=COMPUTE,
        replace_on=f"region subnetwork networkTier {_ADDRESS_REPLACED}",
        rules=(rules.region, _address),
        outputs=_address_outputs,
        labels="labels",
        defaults=_REGIONAL,
    ),
    Row(
        type=RANGE,
        schema="compute.v1:Address",
        id="projects/{project}/global/addresses/{name}",
        link=COMPUTE,
        replace_on=_ADDRESS_REPLACED,
        rules=(_network, _peered),
        outputs=_address_outputs,
        labels="labels",
        holds=_answering,
    ),
    Row(
        type="gcp:compute/disk:Disk",
        schema="compute.v1:Disk",
        id="projects/{project}/zones/{zone}/disks/{name}",
        link=COMPUTE,
        replace_on="name project zone type image snapshot diskEncryptionKey description",
        rules=(_disk,),
        outputs=_timed,
        labels="labels",
    ),
)
