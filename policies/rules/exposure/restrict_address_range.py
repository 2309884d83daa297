"""NET-010: every network, subnet, cluster and session takes its addresses from its placement's plan (CLU-6, NET-1).

Ranges of the plan overlap nowhere in the federation, so that a range of its own making is a route to the wrong place sooner
or later. The placement is told by the account and region of the resource's provider, and by its cluster's label where it has
one. Firewall and routing rules name ranges of others and are not judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from ipaddress import IPv4Interface, IPv4Network, ip_network
from typing import Final

from config.model import EnvironmentName
from nautilus.federation.addressing import hub, sessions
from nautilus.federation.link import links
from nautilus.federation.plan import PlacementPlan
from policies.kit.fronts import every
from policies.kit.law import Law, account_of, label
from policies.kit.location import provider_region
from policies.kit.props import Props, Undecided
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show

Ranges = Callable[[PlacementPlan], tuple[str, ...]]


def _nodes(plan: PlacementPlan) -> tuple[str, ...]:
    return (plan.nodes,)


def _pods(plan: PlacementPlan) -> tuple[str, ...]:
    return (plan.pods,)


def _services(plan: PlacementPlan) -> tuple[str, ...]:
    return (plan.services,)


def _inner(plan: PlacementPlan) -> tuple[str, ...]:
    return plan.pods, plan.services


def _subnets(plan: PlacementPlan) -> tuple[str, ...]:
    return plan.nodes, plan.pods


def _hub(plan: PlacementPlan) -> tuple[str, ...]:
    return (str(hub(plan)),)


def _sessions(plan: PlacementPlan) -> tuple[str, ...]:
    return (str(sessions(plan)),)


@lru_cache(maxsize=8)
def _tunnels(law: Law, environment: EnvironmentName) -> tuple[str, ...]:
    """Give the link-local ranges of every declared link's tunnels."""
    return tuple(tunnel.inside for link in links(law.catalogue, environment) for tunnel in link.tunnels)


WANTED: Final[Mapping[str, tuple[tuple[str, Ranges], ...]]] = {
    "aws:ec2/vpc:Vpc": (("cidrBlock", _nodes),),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": (("cidrBlock", _pods),),
    "aws:ec2/subnet:Subnet": (("cidrBlock", _subnets),),
    "aws:eks/cluster:Cluster": (("kubernetesNetworkConfig.serviceIpv4Cidr", _services),),
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": (
        ("amazonAddress", _sessions),
        ("customerAddress", _sessions),
    ),
    "gcp:compute/subnetwork:Subnetwork": (("ipCidrRange", _nodes),),
    "gcp:compute/interconnectAttachment:InterconnectAttachment": (
        ("candidateCloudRouterIpAddress", _sessions),
        ("candidateCustomerRouterIpAddress", _sessions),
    ),
    "gcp:container/cluster:Cluster": (("privateClusterConfig.masterIpv4CidrBlock", _nodes),),
    "azure-native:network:VirtualNetwork": (("addressSpace.addressPrefixes", _nodes),),
    "azure-native:network:VirtualHub": (("addressPrefix", _hub),),
    "azure-native:network:ExpressRouteCircuitPeering": (
        ("primaryPeerAddressPrefix", _sessions),
        ("secondaryPeerAddressPrefix", _sessions),
    ),
    "azure-native:containerservice:ManagedCluster": (
        ("networkProfile.podCidr", _pods),
        ("networkProfile.serviceCidr", _services),
    ),
}
"""Where each type says its addresses, and which range of its placement they come from."""

_SUBNETWORK: Final = "gcp:compute/subnetwork:Subnetwork"
_AZURE_SUBNET: Final = "azure-native:network:Subnet"
_GLOBAL_ADDRESS: Final = "gcp:compute/globalAddress:GlobalAddress"
_CONNECTION: Final = "aws:ec2/vpnConnection:VpnConnection"
_INTERFACE: Final = "gcp:compute/routerInterface:RouterInterface"
_PEERING: Final = "VPC_PEERING"


def _check(resource: Resource, law: Law) -> Iterator[Fault]:
    environment = law.environment(resource.stack)
    props = resource.props
    if resource.type == _CONNECTION:
        for path in ("tunnel1InsideCidr", "tunnel2InsideCidr"):
            yield from _within(props.text(path), path, _tunnels(law, environment))
        return
    if resource.type == _INTERFACE:
        # A leased port's session has its placement's own block, a tunnel's its link's.
        own = tuple(text for plan in _plans(resource, law, environment) for text in _sessions(plan))
        yield from _within(props.text("ipRange"), "ipRange", (*_tunnels(law, environment), *own))
        return
    plans = _plans(resource, law, environment)
    for path, ranges in WANTED.get(resource.type, ()):
        for text in _texts(props, path):
            yield from _within(text, path, tuple(one for plan in plans for one in ranges(plan)))
    if resource.type == _SUBNETWORK:
        for one in props.each("secondaryIpRanges"):
            yield from _within(
                one.text("ipCidrRange"), "secondaryIpRanges", tuple(text for plan in plans for text in _inner(plan))
            )
    elif resource.type == _AZURE_SUBNET:
        texts = props.texts("addressPrefixes") or (props.text("addressPrefix"),)
        for text in texts:
            yield from _within(text, "addressPrefix", tuple(plan.nodes for plan in plans))
    elif resource.type == _GLOBAL_ADDRESS and props.text("purpose") == _PEERING:
        length = props.number("prefixLength")
        text = f"{props.text('address')}/{length:g}" if length is not None and props.present("address") else None
        yield from _within(text, "address", tuple(plan.nodes for plan in plans))


def _texts(props: Props, path: str) -> tuple[str | None, ...]:
    """Give one text or each of a list of them; None where nothing is there."""
    found = props.get(path)
    if isinstance(found, list):
        return props.texts(path) or (None,)
    return (props.text(path),)


def _plans(resource: Resource, law: Law, environment: EnvironmentName) -> tuple[PlacementPlan, ...]:
    """Give the placements that a resource may belong to. Raises Undecided where there is none."""
    account, region, cluster = account_of(resource), provider_region(resource), label(resource, "cluster")
    found = tuple(
        plan
        for plan in every(law, environment).values()
        if plan.cloud is resource.cloud
        and plan.location.region == region
        and account is not None
        and plan.account.id.lower() == account.lower()
        and cluster in {None, plan.cluster.id}
    )
    if not found:
        raise Undecided("its addresses", f"are of no placement in {region or 'no region'}, account {account or 'none'}")
    return found


def _within(text: str | None, path: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    if text is None:
        yield Fault(
            f"{path} is not set, so that the cloud chooses", allowed=f"{path} within {', '.join(sorted(set(allowed)))}"
        )
    elif not any(_inside(text, whole) for whole in allowed):
        yield Fault(f"{path} is {show(text)}", allowed=f"within {', '.join(sorted(set(allowed)))}")


def _inside(text: str, whole: str) -> bool:
    try:
        found = IPv4Interface(text).network if "/" in text else ip_network(text)
    except ValueError:
        return False
    return isinstance(found, IPv4Network) and found.subnet_of(IPv4Network(whole))


RULE = Rule(
    id="NET-010",
    title="address ranges from the plan",
    clause=control("NET-010", "CLU-6"),
    severity=Severity.HIGH,
    allowed="ranges that the catalogue allots to the placement",
    fix="take the range from the placement's plan (config/catalogue/clusters: nodes, pods, services)",
    resource=_check,
    types=frozenset({*WANTED, _AZURE_SUBNET, _GLOBAL_ADDRESS, _CONNECTION, _INTERFACE}),
)
