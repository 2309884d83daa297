"""One jurisdiction's anycast balancer on Google Cloud: a global external proxy load balancer (DNS-1, DNS-5, FO-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.provider import gcp_names
from components.traffic.args import AnycastArgs, Backing, Endpoint
from components.traffic.gcp_entry import stem
from config.model import ServiceClass

CONNECTIONS_PER_ENDPOINT = 10_000
"""How many connections at once one node is given before the next region is asked; this platform's own planning figure."""

DRAINING_S = 30
"""How long connections to a node that leaves are let finish, in seconds: the failover target of DNS-1."""

IDLE_S = 3600
"""How long a connection may be silent, in seconds; FIX heartbeats come every 30 s, so only the dead are closed."""

_LEAST_SCALE = 0.1
"""Google takes 0 and 0.1 to 1 as a capacity scale (Compute Engine API, Backend.capacityScaler)."""

_SCHEME = "EXTERNAL_MANAGED"


def scales(backings: Mapping[str, Backing]) -> Mapping[str, float]:
    """Give the capacity scale of each placement: its share against the greatest, 0 where it has none, never below 0.1 else.

    Where no placement has a share the balancer stands by for others: all of them are open alike, since Google refuses a
    balancer that is drained as a whole where it has one backend only, and an endpoint of last resort must answer.
    """
    most = max((backing.share for backing in backings.values()), default=0.0)
    if most <= 0:
        return dict.fromkeys(backings, 1.0)
    return {
        name: round(max(_LEAST_SCALE, backing.share / most), 4) if backing.share > 0 else 0.0
        for name, backing in backings.items()
    }


class GcpAnycast(pulumi.ComponentResource):
    """One global address, and for each service class a health check, a backend service, a TCP proxy and a forwarding rule.

    Guarantees that TLS is passed through and never ended: Google's edge ends TCP, near the client and so perhaps outside
    the jurisdiction, and carries the client's TLS records to nodes of this jurisdiction's own placements only. Backends are
    the zonal groups that the placements' entries handed over. A node that misses `args.probe.threshold` checks gets no new
    connection; a zone, then a region without nodes is passed over by the balancer itself, with no change of names. `args.
    enabled` off takes the forwarding rules away, and the address answers nobody (HALT-1).
    It weighs placements by capacity only: Google fills the nearest region first and spills over, so a share shows under
    load and 0 drains. The client's address stays on one node while the set of nodes is the same. Connections that no
    backend took are not logged: what no placement serves has no region to rest in, and the project's own bucket is global.
    """

    def __init__(self, name: str, args: AnycastArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the balancer. Raises ValueError without a backing, and for one that handed over no group of a class."""
        super().__init__("nautilus:traffic:GcpAnycast", name, None, opts)
        if not args.backings:
            raise ValueError(f"{name}: an anycast balancer needs at least one placement behind it")
        self._args = args
        self._own = pulumi.ResourceOptions(parent=self)
        self._scales = scales(args.backings)
        self.address = gcp.compute.GlobalAddress(
            f"{name}-address",
            name=gcp_names.short(f"{name}-address", 63),
            project=args.account.id,
            description=f"Clients of {args.jurisdiction}",
            address_type="EXTERNAL",
            ip_version="IPV4",
            labels=dict(for_gcp(args.labels)),
            # Names at three providers point at it, and clients keep it: another address is an outage.
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        self.backends = MappingProxyType(
            {service: self._service(f"{name}-{service}", args.classes[service]) for service in args.classes}
        )
        gcp.logging.ProjectExclusion(
            f"{name}-unserved",
            name=gcp_names.short(f"{name}-unserved", 100),
            project=args.account.id,
            description="Connections that no backend took have no region to rest in",
            filter=(
                'resource.type="l4_proxy_rule" AND resource.labels.backend_name="" '
                f'AND resource.labels.forwarding_rule_name:"{stem(name)}"'
            ),
            opts=self._own,
        )
        self.endpoint = Endpoint(
            id=f"{args.jurisdiction}-gcp",
            location=max(args.backings.values(), key=lambda backing: backing.share).location,
            address=self.address.address,
        )
        self.register_outputs({"address": self.address.address})

    def _service(self, name: str, service: ServiceClass) -> gcp.compute.BackendService:
        args, project = self._args, self._args.account.id
        health = gcp.compute.HealthCheck(
            f"{name}-health",
            name=gcp_names.short(f"{name}-health", 63),
            project=project,
            description=service.title,
            check_interval_sec=args.probe.interval_s,
            timeout_sec=args.probe.timeout_s,
            healthy_threshold=args.probe.threshold,
            unhealthy_threshold=args.probe.threshold,
            # The serving port of each endpoint: TCP only, since a node's certificate is the mesh's affair.
            tcp_health_check=gcp.compute.HealthCheckTcpHealthCheckArgs(port_specification="USE_SERVING_PORT"),
            log_config=gcp.compute.HealthCheckLogConfigArgs(enable=True),
            opts=self._own,
        )
        affinity = args.affinity and service.affinity
        backend = gcp.compute.BackendService(
            f"{name}-backend",
            name=gcp_names.short(f"{name}-backend", 63),
            project=project,
            description=service.title,
            load_balancing_scheme=_SCHEME,
            protocol="TCP",
            timeout_sec=IDLE_S,
            health_checks=health.id,
            backends=[
                gcp.compute.BackendServiceBackendArgs(
                    group=group,
                    balancing_mode="CONNECTION",
                    max_connections_per_endpoint=CONNECTIONS_PER_ENDPOINT,
                    capacity_scaler=self._scales[placement],
                )
                for placement, backing in args.backings.items()
                for group in _groups(placement, backing, service.id)
            ],
            session_affinity="CLIENT_IP" if affinity else "NONE",
            # Affinity takes effect with a consistent hash only (Compute Engine API, BackendService.localityLbPolicy).
            locality_lb_policy="MAGLEV" if affinity else "ROUND_ROBIN",
            connection_draining_timeout_sec=DRAINING_S,
            log_config=gcp.compute.BackendServiceLogConfigArgs(enable=True, sample_rate=1.0),
            opts=self._own,
        )
        proxy = gcp.compute.TargetTCPProxy(
            f"{name}-proxy",
            name=gcp_names.short(f"{name}-proxy", 63),
            project=project,
            backend_service=backend.id,
            proxy_header="NONE",
            opts=self._own,
        )
        if args.enabled:
            gcp.compute.GlobalForwardingRule(
                f"{name}-rule",
                name=gcp_names.short(f"{name}-rule", 63),
                project=project,
                description=service.title,
                ip_address=self.address.id,
                ip_protocol="TCP",
                port_range=str(service.port),
                load_balancing_scheme=_SCHEME,
                network_tier="PREMIUM",
                target=proxy.id,
                labels=dict(for_gcp(args.labels)),
                opts=self._own,
            )
        return backend


def _groups(placement: str, backing: Backing, service: str) -> list[pulumi.Input[str]]:
    found = [group for key, group in backing.entry.items() if key.rpartition("-")[0] == service]
    if not found:
        raise ValueError(
            f"{placement} handed over no group of class {service}: its facts are {', '.join(backing.entry) or 'none'}"
        )
    return found
