"""One jurisdiction's anycast address on Azure: a load balancer of the Global tier over its entries (DNS-1, HALT-1)."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import network, resources

from components import labels
from components.provider.azure_resource import physical
from components.traffic import azure_balancer
from components.traffic.args import AnycastArgs, Backing, Endpoint

SAMPLES_S: Final = 5
"""How often Azure itself samples each entry's health; it cannot be set (Microsoft, Global Load Balancer)."""


class AzureAnycast(pulumi.ComponentResource):
    """A global load balancer over the regional ones, passing TCP through with the client's address (DNS-1, JUR-2, HALT-1).

    Guarantees that every entry behind it, and the region that holds its own settings, lie in the jurisdiction, and that
    while it is not `enabled` it has no rule, so that the address answers nobody. Azure sends each client to the nearest
    healthy entry and has no weights: a backing whose share is 0 leaves the pool unless all are 0, and shares between 0
    and 1 do not show. It has no probe of its own: Azure samples the entries' health every 5 s. Where Azure has no home
    region for the Global tier among the backings' own regions, the only backing's own address is the endpoint and nothing
    is made here: one region has no other to turn to, and a home abroad would be a foreign dependency.
    """

    endpoint: Endpoint

    def __init__(self, name: str, args: AnycastArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make it.

        Raises ValueError without backings, for a backing outside the jurisdiction or where the global address is not
        announced, for several backings none of whose regions can be its home, and for a probe that Azure cannot do.
        """
        super().__init__("nautilus:traffic:AzureAnycast", name, None, opts)
        _check(name, args)
        self._name = name
        self._args = args
        served = pooled(args)
        most = max(args.backings.values(), key=lambda backing: backing.share)
        home = azure_balancer.home(tuple(backing.location for backing in args.backings.values()))
        self.balancer: network.LoadBalancer | None = None
        own = pulumi.Output.from_input(most.entry["address"])
        address = self._make(home.region, served) if home else own
        self.endpoint = Endpoint(id=f"{args.jurisdiction}-azure", location=most.location, address=address)
        self.register_outputs({"address": address})

    def _make(self, region: str, served: dict[str, Backing]) -> pulumi.Output[str]:
        name, args = self._name, self._args
        tags = labels.for_azure(args.labels)
        guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=region,
            tags=tags,
            opts=guarded,
        )
        address = network.PublicIPAddress(
            f"{name}-address",
            public_ip_address_name=physical(f"pip-{name}", 80),
            resource_group_name=group.name,
            location=region,
            sku=network.PublicIPAddressSkuArgs(name="Standard", tier="Global"),
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            tags=tags,
            opts=guarded,
        )
        balancer = physical(f"lb-{name}", 80)
        self.balancer = network.LoadBalancer(
            f"{name}-balancer",
            load_balancer_name=balancer,
            resource_group_name=group.name,
            location=region,
            sku=network.LoadBalancerSkuArgs(name="Standard", tier="Global"),
            frontend_ip_configurations=[
                network.FrontendIPConfigurationArgs(
                    name=azure_balancer.FRONTEND, public_ip_address=network.PublicIPAddressArgs(id=address.id)
                )
            ],
            backend_address_pools=[
                network.BackendAddressPoolArgs(
                    name=azure_balancer.POOL,
                    load_balancer_backend_addresses=[
                        network.LoadBalancerBackendAddressArgs(
                            name=backing.placement,
                            load_balancer_frontend_ip_configuration=network.SubResourceArgs(id=backing.entry["frontend"]),
                        )
                        for backing in served.values()
                    ],
                )
            ],
            load_balancing_rules=[
                azure_balancer.rule(
                    service,
                    account=args.account,
                    group=physical(f"rg-{name}", 90),
                    balancer=balancer,
                    # The global rule's backend port is the regional rule's frontend port.
                    target_port=service.port,
                    affinity=args.affinity or service.affinity,
                    probe=False,
                )
                for service in (args.classes if args.enabled else {}).values()
            ],
            tags=tags,
            opts=guarded,
        )
        # Nobody is told of the address before something listens on it.
        return pulumi.Output.all(address.ip_address, self.balancer.id).apply(lambda found: str(found[0]))


def pooled(args: AnycastArgs) -> dict[str, Backing]:
    """Give the backings that clients are sent to: those with a share, or all where none has one."""
    return {key: backing for key, backing in args.backings.items() if backing.share > 0} or dict(args.backings)


def _check(name: str, args: AnycastArgs) -> None:
    if not args.backings:
        raise ValueError(f"anycast {name}: nothing is behind it; give it a placement")
    for backing in args.backings.values():
        where = backing.location
        if where.jurisdiction != args.jurisdiction:
            raise ValueError(
                f"anycast {name}: {backing.placement} lies in {where.jurisdiction}, which clients of {args.jurisdiction} "
                "reach by its own address only"
            )
        if where.region not in azure_balancer.PARTICIPANTS:
            raise ValueError(f"anycast {name}: Azure does not announce global addresses in {where.region}")
    several = len(args.backings) > 1
    if several and azure_balancer.home(tuple(backing.location for backing in args.backings.values())) is None:
        raise ValueError(
            f"anycast {name}: none of its regions can be the home of a global balancer; see azure_balancer.HOMES"
        )
    if args.probe.interval_s != SAMPLES_S:
        raise ValueError(
            f"anycast {name}: a probe every {args.probe.interval_s} s; Azure samples every {SAMPLES_S} s, always"
        )
