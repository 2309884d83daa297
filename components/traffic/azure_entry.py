"""The regional front end of one Azure placement: a public Standard load balancer over its nodes (DNS-1, DNS-5, HALT-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import network, resources

from components import labels
from components.network.azure import AzureNetwork
from components.provider.azure_resource import physical
from components.traffic import azure_balancer
from components.traffic.args import EntryArgs
from config.model import ServiceClass

ENTRY_IDS: Final = ("frontend", "address", "balancer")
"""What an entry hands over: the frontend's id for the global balancer, the address itself, the balancer's id."""

_SHORTEST_S: Final = 5
"""The shortest interval of a load balancer's probe (ARM, load balancer probe)."""


class AzureEntry(pulumi.ComponentResource):
    """A load balancer with a rule and a probe for each class, over all zones, that ends no TLS (DNS-1, DNS-5, HALT-1).

    Guarantees one static address that is served from every zone of the placement; a TCP probe of each class's target port;
    that a client keeps its node where its class asks for it; and that no node leaves by it. While halted it has no rule, and
    the network's own rules (`NetworkArgs.entry_ports`, `halted`) deny the internet, since an Azure balancer hands packets to
    the nodes with the client's own address. Nodes join its pool by their own network profile: it holds no membership. Azure
    writes no access log of a pass-through balancer: who connected is in the network's flow logs, in the placement's
    store under the logs' key, so that `log_key` and `log_retention_days` have nothing to do here. DDoS protection is what
    the network has: the platform's own unless a plan is attached to it. A probe has no timeout of its own in Azure.
    """

    facts: Mapping[str, pulumi.Output[str]]
    """`ENTRY_IDS` to what the anycast balancer and the alarms need."""

    metric_ids: Mapping[str, pulumi.Output[str]]
    """`balancer`: the id whose metrics the triggers watch."""

    def __init__(
        self, name: str, args: EntryArgs, network_: AzureNetwork, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make it beside a network of the same placement.

        Raises ValueError for an interval below 5 s, for two classes on one port, and for a network that lies elsewhere or
        does not admit the classes' target ports.
        """
        super().__init__("nautilus:traffic:AzureEntry", name, None, opts)
        _check(name, args, network_)
        self._name = name
        self._args = args
        self._tags = labels.for_azure(args.labels)
        guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=args.location.region,
            tags=self._tags,
            opts=guarded,
        )
        self.address = network.PublicIPAddress(
            f"{name}-address",
            public_ip_address_name=physical(f"pip-{name}", 80),
            resource_group_name=group.name,
            location=args.location.region,
            sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Regional"),
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            idle_timeout_in_minutes=azure_balancer.IDLE_MINUTES,
            ddos_settings=network.DdosSettingsArgs(protection_mode="VirtualNetworkInherited"),
            zones=list(args.zones) or None,
            tags=self._tags,
            opts=guarded,
        )
        self.balancer = self._make_balancer(group, guarded)
        self.facts = MappingProxyType(
            {
                "frontend": pulumi.Output.concat(self.balancer.id, "/frontendIPConfigurations/", azure_balancer.FRONTEND),
                "address": self.address.ip_address.apply(str),
                "balancer": self.balancer.id,
            }
        )
        self.metric_ids = MappingProxyType({"balancer": self.balancer.id})
        self.register_outputs({"balancer": self.balancer.id})

    def _make_balancer(self, group: resources.ResourceGroup, guarded: pulumi.ResourceOptions) -> network.LoadBalancer:
        args, name = self._args, physical(f"lb-{self._name}", 80)
        served = {} if args.halted else args.classes
        return network.LoadBalancer(
            f"{self._name}-balancer",
            load_balancer_name=name,
            resource_group_name=group.name,
            location=args.location.region,
            sku=network.LoadBalancerSkuArgs(name="Standard", tier="Regional"),
            frontend_ip_configurations=[
                network.FrontendIPConfigurationArgs(
                    name=azure_balancer.FRONTEND,
                    public_ip_address=network.PublicIPAddressArgs(id=self.address.id),
                )
            ],
            backend_address_pools=[network.BackendAddressPoolArgs(name=azure_balancer.POOL)],
            # Kept while halted: what can answer again is known before anybody is let in.
            probes=[self._probe(service) for service in args.classes.values()],
            load_balancing_rules=[
                azure_balancer.rule(
                    service,
                    account=args.account,
                    group=physical(f"rg-{self._name}", 90),
                    balancer=name,
                    target_port=service.target_port,
                    affinity=service.affinity,
                    probe=True,
                )
                for service in served.values()
            ],
            tags=self._tags,
            opts=guarded,
        )

    def _probe(self, service: ServiceClass) -> network.ProbeArgs:
        return network.ProbeArgs(
            name=service.id,
            protocol="Tcp",
            port=service.target_port,
            interval_in_seconds=self._args.probe.interval_s,
            probe_threshold=self._args.probe.threshold,
        )


def _check(name: str, args: EntryArgs, network_: AzureNetwork) -> None:
    if args.probe.interval_s < _SHORTEST_S:
        raise ValueError(
            f"entry {name}: a probe every {args.probe.interval_s} s; Azure probes every {_SHORTEST_S} s at most"
        )
    ports = [service.port for service in args.classes.values()]
    if len(set(ports)) < len(ports):
        raise ValueError(f"entry {name}: two classes share a port of {sorted(ports)}; give each its own")
    if network_.args.location.id != args.location.id:
        raise ValueError(f"entry {name}: it is at {args.location.id}, its network at {network_.args.location.id}")
    wanted = {service.target_port for service in args.classes.values()}
    missing = sorted(wanted - set(network_.args.entry_ports))
    if missing:
        raise ValueError(f"entry {name}: the network admits no clients to {missing}; add them to its entry_ports")
    if network_.args.halted is not args.halted:
        raise ValueError(f"entry {name}: halted here and not in the network, or the reverse; give both the same")
