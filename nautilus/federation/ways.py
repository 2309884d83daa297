"""What planned resources say of how fast a link between two placements leaves a way that is cut (NET-2, NET-4, FO-3).

Guarantees that a link counts only with two ways at least planned at each end, and that its time is that of the lower hold
timer, on which both ends agree (RFC 4271, section 4.2). It does not judge whether what is left carries the load. Inside one
cloud the way is the cloud's own, whose time nobody publishes.
"""

from __future__ import annotations

from typing import Final

from config.model import Catalogue, Cloud, EnvironmentName, Mechanism
from nautilus.federation.chain import Chain, Phase, Stage, Waiting
from nautilus.federation.link import End, Fabric, Link, links
from nautilus.federation.planned import Plan, Planned, Undecided, records, setting
from nautilus.federation.reading import absent, spread

FEDERATION: Final = "federation"
ROUTER: Final = "gcp:compute/router:Router"
SESSION: Final = "gcp:compute/routerPeer:RouterPeer"
CONNECTION: Final = "aws:ec2/vpnConnection:VpnConnection"
AZURE_CONNECTION: Final = "azure-native:network:VpnConnection"
NATIVE_WAYS: Final = {
    Cloud.AWS: (
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        "aws:ec2/vpcPeeringConnection:VpcPeeringConnection",
    ),
    Cloud.GCP: (SESSION,),
    Cloud.AZURE: (AZURE_CONNECTION,),
}
KEEPALIVES: Final = 3
"""How many keepalives may be missed before a session is given up (Cloud Router; RFC 4271, section 10)."""

LEAST_WAYS: Final = 2
_SIDES: Final = ("first", "second")
_MEND: Final = "lower the router's keepalive interval, or lease a port, which has BFD"


def ways(plan: Plan, catalogue: Catalogue, environment: EnvironmentName) -> tuple[tuple[Link, Chain], ...]:
    """Give every link with its chain, by route id; none where the federation stack, which builds them, is not there."""
    if not plan.sees(f"{environment}-{FEDERATION}"):
        return ()
    reactions = catalogue.recovery.reactions
    found = []
    for link in links(catalogue, environment):
        by = Mechanism.NATIVE if link.fabric is Fabric.NATIVE else Mechanism.TUNNELS
        stage = _native(plan, link) if link.fabric is Fabric.NATIVE else _tunnels(plan, catalogue, link)
        after = spread(reactions[by], f"{link.route.id}", _MEND)
        found.append((link, Chain(by=by, stages=(*([stage] if stage else []), *after))))
    return tuple(found)


def _native(plan: Plan, link: Link) -> Stage | None:
    prefix = f"{link.route.id}-native-"
    made = plan.like(prefix, "", *NATIVE_WAYS[link.ends[0].plan.cloud])
    if len(made) < LEAST_WAYS:
        return absent(f"{prefix}…", f"{len(made)} of its ways planned, {LEAST_WAYS} wanted")
    return None


def _tunnels(plan: Plan, catalogue: Catalogue, link: Link) -> Stage:
    holds: list[tuple[float, str, str]] = []
    for side, end in zip(_SIDES, link.ends, strict=True):
        prefix = f"{link.route.id}-{side}-"
        made = _made(plan, prefix, end.plan.cloud)
        if made < LEAST_WAYS:
            return absent(f"{prefix}…", f"{made} of its ways planned, {LEAST_WAYS} wanted")
        hold = _hold(plan, catalogue, end)
        if isinstance(hold, Stage):
            return hold
        if hold is not None:
            holds.append(hold)
    if len(holds) < len(_SIDES):
        # The other end's timer may be lower than any that is seen.
        return Waiting(phase=Phase.DETECTION, subject=link.route.id, says="an end is not seen", mend=_MEND, most_s=0.0)
    least, subject, urn = min(holds)
    return Waiting(
        phase=Phase.DETECTION,
        subject=subject,
        urn=urn,
        says=f"a silent session is given up after {least:g} s",
        mend=_MEND,
        most_s=least,
    )


def _made(plan: Plan, prefix: str, cloud: Cloud) -> int:
    """Give how many ways one end has: an AWS connection is two tunnels, an Azure one has a link for each."""
    match cloud:
        case Cloud.AWS:
            return len(plan.like(prefix, "", CONNECTION))
        case Cloud.GCP:
            return len(plan.like(prefix, "", SESSION))
        case Cloud.AZURE:
            return sum(len(list(records(one, "vpnLinkConnections"))) for one in plan.like(prefix, "", AZURE_CONNECTION))


def _hold(plan: Plan, catalogue: Catalogue, end: End) -> tuple[float, str, str] | Stage | None:
    """Give an end's hold time, with the resource that sets it; None where that resource's stack is not looked at."""
    placement = end.plan
    own = catalogue.recovery.reactions[Mechanism.TUNNELS].hold_s
    if placement.cloud in own:
        return own[placement.cloud], f"{placement.name}-gateway", ""
    if not plan.sees(f"{placement.environment.id}-{placement.cluster.group}"):
        return None
    name = f"{placement.name}-gateway-router"
    router: Planned | None = plan.one(name, ROUTER)
    if router is None:
        return absent(name, "not planned")
    keepalive = setting(router, "bgp", "keepaliveInterval")
    if isinstance(keepalive, Undecided) or not isinstance(keepalive, float):
        return absent(name, "bgp.keepaliveInterval is not set, or unknown", router)
    return KEEPALIVES * keepalive, name, router.urn
