"""The security rules of an Azure placement's subnets: who may speak to whom (CLU-6, SEC-1).

Guarantees that every subnet denies what no rule allows, inbound always and outbound to the internet where no tier needs
it, since Azure's own default rules let the whole virtual network in. It attaches nothing to a subnet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pulumi_azure_native import network

from components.interconnect.args import BACKBONE_PORTS

_LAST = 4096
"""The lowest priority a rule of ours can have (Azure network security groups: 100 to 4096)."""


class Subnet(StrEnum):
    """The kinds of subnet that have a security group of their own."""

    PUBLIC = "public"
    PRIVATE = "private"
    DATA = "data"
    ENDPOINTS = "endpoints"
    API_SERVER = "api-server"


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """Address ranges as CIDRs. `private` are the subnets of the nodes, `pods` is the overlay's range."""

    public: str
    private: tuple[str, ...]
    data: str
    endpoints: str
    api_server: str
    pods: str


@dataclass(frozen=True, kw_only=True)
class _Rule:
    name: str
    why: str
    sources: Sequence[str]
    ports: Sequence[str] = ("*",)
    destinations: Sequence[str] = ("*",)
    protocol: str = "Tcp"
    allow: bool = True
    outbound: bool = False


_NO_INTERNET = _Rule(
    name="deny-internet",
    why="Nothing here has business outside the network.",
    sources=("*",),
    destinations=("Internet",),
    protocol="*",
    allow=False,
    outbound=True,
)


def rules(
    ranges: Ranges, reach: Mapping[str, str] | None = None, entry_ports: Sequence[int] = (), *, halted: bool = False
) -> Mapping[Subnet, tuple[network.SecurityRuleArgs, ...]]:
    """Give each kind of subnet its rules, highest priority first, from 100 in tens; the denial of the rest comes at 4096.

    Tiers: 80 and 443 into public, only from the regional front door and the balancer's probes; 8000-8010 from public into
    private; 5432 and 6379 from private into data. Nodes and pods speak freely with one another, as AKS asks for with an
    overlay, and with the API server's subnet on the ports that its integration documents (443, 4443; 9988 for probes).
    `reach` maps the placements that a declared route leads to, to their nodes ranges: those alone come over the backbone,
    to the nodes and to the mesh's ports (NET-4, SEC-1). The rule stands here because Azure keeps a group's rules as one
    list: one that is made beside the group is taken away by the group's next update. `entry_ports` are the nodes' ports that
    the placement's entry leads to: its balancer keeps the client's own address, so that they are open to the internet, and
    denied to it first of all while `halted` (DNS-1, HALT-1).
    """
    nodes = ranges.private
    workloads = (*nodes, ranges.pods)
    wanted: Mapping[Subnet, tuple[_Rule, ...]] = {
        Subnet.PUBLIC: (
            _Rule(name="front-door", why="Web tier.", sources=("AzureFrontDoor.Backend",), ports=("80", "443")),
            _Rule(name="probes", why="Balancer probes.", sources=("AzureLoadBalancer",), protocol="*"),
        ),
        Subnet.PRIVATE: (
            *_clients(nodes, entry_ports, allow=False, wanted=halted),
            _Rule(name="web-to-app", why="App tier.", sources=(ranges.public,), ports=("8000-8010",)),
            _Rule(
                name="workloads", why="Nodes and pods.", sources=workloads, destinations=workloads, protocol="*"
            ),  # the overlay does not encapsulate: pod addresses reach the group
            _Rule(name="api-server", why="Kubelets and webhooks.", sources=(ranges.api_server,)),
            _Rule(name="probes", why="Balancer probes.", sources=("AzureLoadBalancer",), protocol="*"),
            *_backbone(nodes, reach or {}),
            *_clients(nodes, entry_ports, allow=True, wanted=not halted),
        ),
        Subnet.DATA: (
            _Rule(name="app-to-data", why="Data tier.", sources=nodes, ports=("5432", "6379")),
            _NO_INTERNET,
        ),
        Subnet.ENDPOINTS: (
            _Rule(
                name="private-link",
                why="Private endpoints; the API server's KMS plug-in is one of the callers.",
                sources=(*nodes, ranges.data, ranges.api_server),
                ports=("443",),
            ),
            _NO_INTERNET,
        ),
        Subnet.API_SERVER: (
            _Rule(name="nodes", why="Nodes and pods to the API.", sources=workloads, ports=("443", "4443")),
            _Rule(name="probes", why="Probes of the API's own balancer.", sources=("AzureLoadBalancer",), ports=("9988",)),
        ),
    }
    return MappingProxyType({subnet: _spell(table) for subnet, table in wanted.items()})


def _backbone(nodes: Sequence[str], reach: Mapping[str, str]) -> tuple[_Rule, ...]:
    """Give the rule of what comes over the backbone; none where no route leads here, since ARM takes no empty list."""
    if not reach:
        return ()
    ports = tuple(str(port) for port in BACKBONE_PORTS)
    sources = tuple(sorted(set(reach.values())))
    return (_Rule(name="backbone", why="Mesh gateways.", sources=sources, destinations=nodes, ports=ports),)


def _clients(nodes: Sequence[str], ports: Sequence[int], *, allow: bool, wanted: bool) -> tuple[_Rule, ...]:
    """Give the rule of clients at the entry's ports; none where it is not wanted or nothing is served."""
    if not ports or not wanted:
        return ()
    name, why = ("clients", "Clients, through the entry.") if allow else ("halted", "Trading is halted: nobody is let in.")
    served = tuple(str(port) for port in sorted(set(ports)))
    return (_Rule(name=name, why=why, sources=("Internet",), destinations=nodes, ports=served, allow=allow),)


def _spell(table: Sequence[_Rule]) -> tuple[network.SecurityRuleArgs, ...]:
    inbound = [rule for rule in table if not rule.outbound]
    outbound = [rule for rule in table if rule.outbound]
    denial = _Rule(name="deny-inbound", why="What no rule allows.", sources=("*",), protocol="*", allow=False)
    return (
        *(_args(rule, 100 + 10 * place) for place, rule in enumerate(inbound)),
        _args(denial, _LAST),
        *(_args(rule, 100 + 10 * place) for place, rule in enumerate(outbound)),
    )


def _args(rule: _Rule, priority: int) -> network.SecurityRuleArgs:
    # ARM takes one range in the singular field and several in the plural one, never both.
    single_source = rule.sources[0] if len(rule.sources) == 1 else None
    single_destination = rule.destinations[0] if len(rule.destinations) == 1 else None
    single_port = rule.ports[0] if len(rule.ports) == 1 else None
    return network.SecurityRuleArgs(
        name=rule.name,
        description=rule.why,
        priority=priority,
        direction="Outbound" if rule.outbound else "Inbound",
        access="Allow" if rule.allow else "Deny",
        protocol=rule.protocol,
        source_address_prefix=single_source,
        source_address_prefixes=None if single_source else list(rule.sources),
        source_port_range="*",
        destination_address_prefix=single_destination,
        destination_address_prefixes=None if single_destination else list(rule.destinations),
        destination_port_range=single_port,
        destination_port_ranges=None if single_port else list(rule.ports),
    )
