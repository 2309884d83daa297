"""One link of the backbone between two placements' gateways (NET-1, NET-2, NET-4).

Guarantees that both ends come from the same record of `nautilus.federation.link`, each through the provider of its own
placement; that two clouds are joined by four tunnels whose keys both ends share and nobody else knows; and that an end in
AWS, which allots addresses itself, is made first. It does not know how a cloud does it: the files named after the clouds do.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.interconnect.args import EndArgs, GatewayFacts, NativeArgs, TunnelArgs
from components.interconnect.builders import builders
from components.interconnect.shared_keys import shared_keys
from config.model import Cloud
from nautilus.federation.link import End, Fabric, Link


class Interlink(pulumi.ComponentResource):
    """A link of either fabric. `members` and `providers` are keyed by placement and hold both ends."""

    def __init__(
        self,
        name: str,
        link: Link,
        members: Mapping[str, GatewayFacts],
        providers: Mapping[str, pulumi.ProviderResource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the link. Raises KeyError where `members` or `providers` lack an end."""
        super().__init__("nautilus:interconnect:Interlink", name, None, opts)
        first, second = link.ends
        self._ends = (_end(first, members), _end(second, members))
        self._pins = (providers[first.plan.name], providers[second.plan.name])
        match link.fabric:
            case Fabric.NATIVE:
                self._native(name, link)
            case Fabric.TUNNELS:
                self._tunnels(name, link)
        self.register_outputs({})

    def _native(self, name: str, link: Link) -> None:
        cloud = link.ends[0].plan.cloud
        # Between two AWS placements neither way is tunnels, so that there is no key to share.
        keys = () if cloud is Cloud.AWS else shared_keys(f"{name}-keys", link.route, pulumi.ResourceOptions(parent=self))
        args = NativeArgs(
            ends=self._ends,
            providers=self._pins,
            tunnels=link.tunnels,
            secrets=keys,
            deletion_protection=_protected(link),
        )
        builders(cloud).link(f"{name}-native", args, pulumi.ResourceOptions(parent=self))

    def _tunnels(self, name: str, link: Link) -> None:
        keys = shared_keys(f"{name}-keys", link.route, pulumi.ResourceOptions(parent=self))
        first, second = (builders(end.plan.cloud) for end in link.ends)
        here = first.tunnels(
            f"{name}-first",
            self._side(link, 0, self._ends[1].facts.addresses, keys),
            pulumi.ResourceOptions(parent=self, provider=self._pins[0]),
        )
        shared = tuple(keys[first.secret_of(index)] for index in range(len(keys)))
        second.tunnels(
            f"{name}-second",
            self._side(link, 1, here.addresses, shared),
            pulumi.ResourceOptions(parent=self, provider=self._pins[1]),
        )

    def _side(
        self, link: Link, place: int, peers: tuple[pulumi.Output[str], ...], keys: tuple[pulumi.Output[str], ...]
    ) -> TunnelArgs:
        other = self._ends[1 - place]
        return TunnelArgs(
            end=self._ends[place],
            peer=other.placement,
            peer_asn=other.asn,
            peer_addresses=peers,
            tunnels=link.tunnels,
            secrets=keys,
            first=place == 0,
            deletion_protection=_protected(link),
        )


def _end(end: End, members: Mapping[str, GatewayFacts]) -> EndArgs:
    plan = end.plan
    return EndArgs(
        placement=plan.name,
        location=plan.location,
        account=plan.account,
        zones=plan.placement.zones,
        nodes=plan.nodes,
        asn=end.asn,
        advertises=end.advertises,
        learns=end.learns,
        facts=members[plan.name],
        labels=plan.labels,
    )


def _protected(link: Link) -> bool:
    """Both ends are of one environment."""
    return link.ends[0].plan.environment.deletion_protection
