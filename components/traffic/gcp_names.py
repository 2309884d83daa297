"""The names of all fronts at Cloud DNS: a signed zone, external health checks, a record a front (DNS-1, DNS-2, HALT-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp

from components.labels import for_gcp
from components.network.gcp_logs import GcpLogHome, LogHomeArgs
from components.provider import gcp_names
from components.traffic.args import NamesArgs
from components.traffic.gcp_policies import Failover, Nearest, Policy, Weighted, policy
from nautilus.federation.front import Front

SOURCE_REGIONS = ("us-east4", "europe-west1", "asia-southeast1")
"""Where external health checks come from: Cloud DNS asks for exactly three regions, and these lie on three continents."""

_SOA_MAILBOX = "cloud-dns-hostmaster.google.com."
_SOA_TIMES = "1 21600 3600 259200"
"""Serial, refresh, retry and expiry as Cloud DNS sets them itself; what follows is the negative TTL."""

HALTED = "halted"
"""The text at the name of a front whose jurisdiction is halted."""


class GcpNames(pulumi.ComponentResource):
    """A public zone with DNSSEC, and one record set a front, named `<front>.<domain>`.

    Guarantees that a front answers its own lawful backends only, each under a health check of its class's port from three
    continents, in the policy that `gcp_policies` says: those that serve, and of those behind them the lawful next one alone,
    since Cloud DNS has one backup and no order among several; that a halted front has no address, and one TXT record that
    says so; and that query logs, where `args.log_key` is given, rest in `args.location` under that key. Without a key no
    queries are logged: the project's own log bucket is global. The checks come from outside most jurisdictions and see
    public addresses only. They take 30 s and more a round (Cloud DNS takes no less), so names are the slowest tier: what
    moves clients within seconds is the balancer behind each address. It registers no domain, and hands no DS record to the
    registrar: `zone` has the name servers and keys for whoever does.
    """

    def __init__(self, name: str, args: NamesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the zone and its records. Raises ValueError for a front that nobody may answer."""
        super().__init__("nautilus:traffic:GcpNames", name, None, opts)
        self._args = args
        self._own = pulumi.ResourceOptions(parent=self)
        zone = gcp_names.short(f"{name}-zone", 63)
        self.zone = self._zone(f"{name}-zone", zone)
        self._start_of_authority(f"{name}-soa-record")
        if args.log_key is not None:
            self._log_home(f"{name}-logs", zone, args.log_key)
        ports = {front.service: front.port for front in args.fronts.values() if not front.halted}
        self.health = MappingProxyType(
            {service: self._health(f"{name}-{service}-health", port) for service, port in ports.items()}
        )
        for front in args.fronts.values():
            if front.halted:
                self._record(f"{name}-{front.id}-record", front, "TXT", [f'"{HALTED}"'], None)
            else:
                routing = self._routing(front, policy(front, args.regions))
                self._record(f"{name}-{front.id}-record", front, "A", None, routing)
        self.register_outputs({"name_servers": self.zone.name_servers})

    def _zone(self, name: str, physical: str) -> gcp.dns.ManagedZone:
        keys = [
            gcp.dns.ManagedZoneDnssecConfigDefaultKeySpecArgs(algorithm="ecdsap256sha256", key_length=256, key_type=kind)
            for kind in ("keySigning", "zoneSigning")
        ]
        return gcp.dns.ManagedZone(
            name,
            name=physical,
            project=self._args.account.id,
            description="Fronts of the federation",
            dns_name=f"{self._args.domain}.",
            visibility="public",
            force_destroy=False,
            dnssec_config=gcp.dns.ManagedZoneDnssecConfigArgs(state="on", non_existence="nsec3", default_key_specs=keys),
            cloud_logging_config=gcp.dns.ManagedZoneCloudLoggingConfigArgs(enable_logging=self._args.log_key is not None),
            labels=dict(for_gcp(self._args.labels)),
            # A new zone has other name servers and keys, which the registrar would have to be told of.
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection),
        )

    def _start_of_authority(self, name: str) -> None:
        """Set how long "no such address" is kept: a halted front must be found again as soon as it serves (HALT-1).

        Cloud DNS begins with 300 s. A zone keeps its SOA record to the end, so that it is never deleted by itself.
        """
        first = self.zone.name_servers.apply(lambda servers: servers[0])
        gcp.dns.RecordSet(
            name,
            name=f"{self._args.domain}.",
            project=self._args.account.id,
            managed_zone=self.zone.name,
            type="SOA",
            ttl=self._args.ttl_s,
            rrdatas=[pulumi.Output.concat(first, f" {_SOA_MAILBOX} {_SOA_TIMES} {self._args.ttl_s}")],
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
        )

    def _log_home(self, name: str, zone: str, key: pulumi.Input[str]) -> None:
        GcpLogHome(
            name,
            LogHomeArgs(
                location=self._args.location,
                account=self._args.account,
                condition=(
                    'log_id("dns.googleapis.com/dns_queries") AND resource.labels.target_type="public-zone" '
                    f'AND resource.labels.target_name="{zone}"'
                ),
                key=key,
                retention_days=self._args.log_retention_days,
                deletion_protection=self._args.deletion_protection,
            ),
            self._own,
        )

    def _health(self, name: str, port: int) -> gcp.compute.HealthCheck:
        probe = self._args.probe
        return gcp.compute.HealthCheck(
            name,
            name=gcp_names.short(name, 63),
            project=self._args.account.id,
            description="Public addresses of one class, from three continents",
            source_regions=list(SOURCE_REGIONS),
            check_interval_sec=probe.interval_s,
            timeout_sec=probe.timeout_s,
            healthy_threshold=probe.threshold,
            unhealthy_threshold=probe.threshold,
            # A balancer that ends TCP at the edge would accept a bare connection with nothing behind it.
            https_health_check=gcp.compute.HealthCheckHttpsHealthCheckArgs(port=port, request_path=self._args.health_path),
            # Its log would have no region to rest in; the alarms of each placement tell of its nodes.
            log_config=gcp.compute.HealthCheckLogConfigArgs(enable=False),
            opts=self._own,
        )

    def _record(
        self,
        name: str,
        front: Front,
        kind: str,
        answers: list[str] | None,
        routing: gcp.dns.RecordSetRoutingPolicyArgs | None,
    ) -> None:
        gcp.dns.RecordSet(
            name,
            name=f"{front.id}.{self._args.domain}.",
            project=self._args.account.id,
            managed_zone=self.zone.name,
            type=kind,
            ttl=self._args.ttl_s,
            rrdatas=answers,
            routing_policy=routing,
            opts=self._own,
        )

    def _routing(self, front: Front, chosen: Policy) -> gcp.dns.RecordSetRoutingPolicyArgs:
        health = self.health[front.service].self_link
        match chosen:
            case Weighted(weights=weights):
                items = [
                    gcp.dns.RecordSetRoutingPolicyWrrArgs(
                        weight=weight,
                        health_checked_targets=gcp.dns.RecordSetRoutingPolicyWrrHealthCheckedTargetsArgs(
                            external_endpoints=[self._args.endpoints[endpoint].address]
                        ),
                    )
                    for endpoint, weight in weights.items()
                ]
                return gcp.dns.RecordSetRoutingPolicyArgs(wrrs=items, health_check=health)
            case Nearest():
                geos = [
                    gcp.dns.RecordSetRoutingPolicyGeoArgs(
                        location=region,
                        health_checked_targets=gcp.dns.RecordSetRoutingPolicyGeoHealthCheckedTargetsArgs(
                            external_endpoints=[address]
                        ),
                    )
                    for region, address in self._places(chosen).items()
                ]
                # Without a fence the next nearest answers when the nearest fails.
                return gcp.dns.RecordSetRoutingPolicyArgs(geos=geos, enable_geo_fencing=False, health_check=health)
            case Failover(primary=primary, backups=backups):
                behind = [
                    gcp.dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoArgs(
                        location=region,
                        health_checked_targets=gcp.dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoHealthCheckedTargetsArgs(
                            external_endpoints=[address]
                        ),
                    )
                    for region, address in self._places(backups).items()
                ]
                first = gcp.dns.RecordSetRoutingPolicyPrimaryBackupPrimaryArgs(
                    external_endpoints=[self._args.endpoints[primary].address]
                )
                return gcp.dns.RecordSetRoutingPolicyArgs(
                    primary_backup=gcp.dns.RecordSetRoutingPolicyPrimaryBackupArgs(
                        primary=first, backup_geos=behind, enable_geo_fencing_for_backups=False
                    ),
                    health_check=health,
                )

    def _places(self, nearest: Nearest) -> Mapping[str, pulumi.Output[str]]:
        return {region: self._args.endpoints[endpoint].address for region, endpoint in nearest.places.items()}
