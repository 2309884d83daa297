"""The Route 53 records of one front, after its algorithm (DNS-1, DNS-2, DNS-3, FO-1, HALT-1, JUR-2).

Guarantees that a front's name leads to lawful endpoints only: to those that serve by the algorithm, or by their shares while
a shift is on its way, and to those behind them in a chain, in the lawful order, only once all before have failed. A halted
front has one TXT record and no address. Clients use the front's own name alone.

A name of Route 53 follows one policy, and a record of another is refused beside those that are there. So every policy
has a name of its own below the front's (`weighted`, `latency`, `nearest`, `failover` …) and every endpoint too; the front's
name is one alias of the outermost, which changes in one step when a shift begins or ends, after what it leads to has been
made. What records of a policy are called does not change with who serves, so that they are changed where they stand.

Every address has a health check. Where everything has failed Route 53 answers with the first choice all the same. Two
endpoints nearest to the same AWS region, or at the same place, are one choice to latency and geoproximity records; between
them the shares decide. A compliance-aware front answers only who asks from its home's countries, as far as Route 53 can tell
where a resolver is; others get no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.traffic.args import NamesArgs
from components.traffic.aws_checks import Checks
from components.traffic.aws_weights import WHOLE, weights
from components.traffic.serving import Serving, serving
from config.model import Algorithm
from nautilus.federation.front import Backend, Front

HALTED: Final = "halted"
"""What the TXT record of a halted front says."""

_DECIMALS: Final = 2
"""Of a degree, in coordinates (Route 53 API, Coordinates)."""

Records = tuple[aws.route53.Record, ...]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A name of the tree with its records, which have to be there before anything leads to it."""

    host: str
    records: Records


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where records go: the component's name, its zone and its checks."""

    name: str
    args: NamesArgs
    zone: aws.route53.Zone
    checks: Checks
    parent: pulumi.Resource


class Tree:
    """The records of one front; `host` is its name, `records` what stands at that name."""

    def __init__(self, front: Front, place: Place) -> None:
        """Make them. Raises ValueError for a front that nobody may answer and that is not halted."""
        self._name, self._front, self._args = f"{place.name}-{front.id}", front, place.args
        self._zone, self._checks, self._parent = place.zone, place.checks, place.parent
        self.host = f"{front.id}.{place.args.domain}"
        self.records = (self._halted() if front.halted else self._serve(serving(front)),)

    def _serve(self, found: Serving) -> aws.route53.Record:
        front = self._front
        if not found.active:
            only = "answers with home endpoints only and has none" if front.backends else "has no lawful endpoint"
            raise ValueError(f"front {front.id} {only}: halt it, or add one")
        leaves = {one.endpoint: self._leaf(one) for one in (*found.active, *found.behind)}
        behind = [leaves[one.endpoint] for one in found.behind]
        node = self._failover(0, self._spread(found, leaves), behind)
        if front.algorithm is Algorithm.COMPLIANCE:
            node = self._by_country(node)
        return self._alias("host", self.host, node)

    def _halted(self) -> aws.route53.Record:
        return aws.route53.Record(
            f"{self._name}-halted-record",
            zone_id=self._zone.zone_id,
            name=self.host,
            type="TXT",
            ttl=self._args.ttl_s,
            records=[HALTED],
            opts=pulumi.ResourceOptions(parent=self._parent),
        )

    def _leaf(self, backend: Backend) -> Node:
        """Make the one record of an endpoint's address, weighted because a simple one takes no health check."""
        endpoint, host = self._args.endpoints[backend.endpoint], self._inner(backend.endpoint)
        # Addresses, not an alias: the answer of AWS's own name lives 60 s, whatever is set here.
        addresses = [endpoint.address, *([endpoint.second] if endpoint.second is not None else [])]
        record = aws.route53.Record(
            f"{self._name}-{backend.endpoint}-record",
            zone_id=self._zone.zone_id,
            name=host,
            type="A",
            set_identifier=backend.endpoint,
            health_check_id=self._checks.id(endpoint.id, self._front),
            weighted_routing_policies=[aws.route53.RecordWeightedRoutingPolicyArgs(weight=WHOLE)],
            records=addresses,
            ttl=self._args.ttl_s,
            opts=pulumi.ResourceOptions(parent=self._parent),
        )
        return Node(host=host, records=(record,))

    def _spread(self, found: Serving, leaves: Mapping[str, Node]) -> Node:
        if len(found.active) == 1:
            return leaves[found.active[0].endpoint]
        if found.by_share:
            return self._weighted("weighted", found.active, leaves)
        if self._front.algorithm is Algorithm.LATENCY:
            return self._near("latency", found.active, leaves, self._region_of, _by_latency)
        return self._near("nearest", found.active, leaves, self._place_of, _by_place)

    def _near(
        self,
        label: str,
        active: Sequence[Backend],
        leaves: Mapping[str, Node],
        where: Callable[[Backend], Any],
        policy: Callable[[Any], Mapping[str, Any]],
    ) -> Node:
        """Lead to each place's own; a place is called after the first of all that are there, whether it serves or not."""
        called: dict[Any, str] = {}
        for backend in self._front.backends:
            called.setdefault(where(backend), backend.endpoint)
        alike: dict[Any, list[Backend]] = {}
        for backend in active:
            alike.setdefault(where(backend), []).append(backend)
        records = []
        for at, group in alike.items():
            first = called[at]
            one = leaves[group[0].endpoint] if len(group) == 1 else self._weighted(f"near-{first}", group, leaves)
            records.append(self._alias(f"{label}-{first}", self._inner(label), one, first, policy(at)))
        return Node(host=self._inner(label), records=tuple(records))

    def _weighted(self, label: str, backends: Sequence[Backend], leaves: Mapping[str, Node]) -> Node:
        shares = {backend.endpoint: backend.share for backend in backends}
        # Several that have no share at all serve alike.
        whole = weights(shares if any(shares.values()) else dict.fromkeys(shares, 1.0))
        records = tuple(
            self._alias(f"{label}-{endpoint}", self._inner(label), leaves[endpoint], endpoint, _by_weight(weight))
            for endpoint, weight in whole.items()
        )
        return Node(host=self._inner(label), records=records)

    def _failover(self, level: int, first: Node, behind: Sequence[Node]) -> Node:
        """Give the name at which each stands in for the one before it; `first` itself where nothing stands behind it."""
        if not behind:
            return first
        label = f"failover-{level}" if level else "failover"
        second = self._failover(level + 1, behind[0], behind[1:])
        records = tuple(
            self._alias(f"{label}-{kind}", self._inner(label), node, kind, _by_health(kind.upper()))
            for kind, node in (("primary", first), ("secondary", second))
        )
        return Node(host=self._inner(label), records=records)

    def _by_country(self, node: Node) -> Node:
        host = self._inner("countries")
        records = tuple(
            self._alias(f"in-{country.lower()}", host, node, country.lower(), _by_origin(country))
            for country in sorted(self._front.countries)
        )
        return Node(host=host, records=records)

    def _alias(
        self, role: str, host: str, node: Node, set_id: str | None = None, policy: Mapping[str, Any] | None = None
    ) -> aws.route53.Record:
        own = aws.route53.RecordAliasArgs(name=node.host, zone_id=self._zone.zone_id, evaluate_target_health=True)
        return aws.route53.Record(
            f"{self._name}-{role}-record",
            zone_id=self._zone.zone_id,
            name=host,
            type="A",
            set_identifier=set_id,
            aliases=[own],
            # Route 53 refuses an alias of a name that is not there yet.
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=list(node.records)),
            **(policy or {}),
        )

    def _inner(self, label: str) -> str:
        return f"{label}.{self.host}"

    def _region_of(self, backend: Backend) -> str:
        return self._args.regions[backend.endpoint]

    def _place_of(self, backend: Backend) -> tuple[str, str]:
        location = self._args.endpoints[backend.endpoint].location
        return f"{location.latitude:.{_DECIMALS}f}", f"{location.longitude:.{_DECIMALS}f}"


def _by_weight(weight: int) -> Mapping[str, Any]:
    return {"weighted_routing_policies": [aws.route53.RecordWeightedRoutingPolicyArgs(weight=weight)]}


def _by_health(kind: str) -> Mapping[str, Any]:
    return {"failover_routing_policies": [aws.route53.RecordFailoverRoutingPolicyArgs(type=kind)]}


def _by_origin(country: str) -> Mapping[str, Any]:
    return {"geolocation_routing_policies": [aws.route53.RecordGeolocationRoutingPolicyArgs(country=country)]}


def _by_latency(region: str) -> Mapping[str, Any]:
    return {"latency_routing_policies": [aws.route53.RecordLatencyRoutingPolicyArgs(region=region)]}


def _by_place(place: tuple[str, str]) -> Mapping[str, Any]:
    at = aws.route53.RecordGeoproximityRoutingPolicyCoordinateArgs(latitude=place[0], longitude=place[1])
    return {"geoproximity_routing_policy": aws.route53.RecordGeoproximityRoutingPolicyArgs(coordinates=[at])}
