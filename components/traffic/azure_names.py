"""The names of all fronts on Azure: a Traffic Manager profile each, in a signed zone of our own (DNS-1, DNS-2, HALT-1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pulumi
from pulumi_azure_native import dns, resources, trafficmanager

from components import labels
from components.provider.azure_resource import physical
from components.traffic import azure_routing
from components.traffic.args import NamesArgs
from components.traffic.azure_routing import Member, Method, Profile
from nautilus.federation.front import Front

SUFFIX: Final = ".trafficmanager.net"
"""Traffic Manager's own domain. A name in it is a profile's own, and no zone of ours can hold it."""

_LONGEST: Final = 63
_ENDPOINTS: Final = "Microsoft.Network/trafficManagerProfiles"
_TIMEOUTS_S: Final[Mapping[int, range]] = {10: range(5, 10), 30: range(5, 11)}
"""Interval to the timeouts it allows, seconds (Microsoft, Traffic Manager endpoint monitoring)."""


class AzureNames(pulumi.ComponentResource):
    """A Traffic Manager profile for each front, and where the domain is ours a signed zone of names that lead to them.

    Guarantees that every endpoint is probed by HTTPS on its front's port with the probe asked for (`threshold` failures in a
    row are `threshold - 1` tolerated ones); that standby endpoints, foreign ones among them, answer only when all before
    them fail; that shares decide while a shift is on its way, whatever the algorithm; and that a halted front has a disabled
    profile, no address record and a TXT record `halted` (DNS-1, DNS-2, FO-1, HALT-1).
    The compliance-aware algorithm answers only clients in the front's own countries, with home endpoints only, by their
    shares; geolocation goes by country, since Traffic Manager knows no distance, and by latency among several endpoints of a
    country. When every endpoint of a profile fails, Traffic Manager answers as if none had.
    The zone's signature (DNSSEC) ends at the step to `trafficmanager.net`, which is not signed; for a domain below that one
    there is no zone, no TXT record and no signature at all. Azure logs no public DNS queries. It makes no record at the
    registrar: the zone's name servers and its DS record have to be put there.
    """

    zone: dns.Zone | None

    profiles: Mapping[str, trafficmanager.Profile]
    """Front id to its outermost profile."""

    hosts: Mapping[str, str]
    """Front id to the name that clients use."""

    def __init__(self, name: str, args: NamesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make them.

        Raises ValueError for a probe that Traffic Manager cannot do, KeyError for a backend without endpoint or region.
        """
        super().__init__("nautilus:traffic:AzureNames", name, None, opts)
        _check(name, args)
        self._name = name
        self._args = args
        self._tags = labels.for_azure(args.labels)
        self._child = pulumi.ResourceOptions(parent=self)
        guarded = pulumi.ResourceOptions(parent=self, protect=args.deletion_protection)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=physical(f"rg-{name}", 90),
            location=args.location.region,
            tags=self._tags,
            opts=guarded,
        )
        self._group = group.name
        self.zone = None if args.domain.endswith(SUFFIX) else self._make_zone(guarded)
        self.profiles = MappingProxyType({key: self._make_front(front) for key, front in args.fronts.items()})
        self.hosts = MappingProxyType(
            {
                front.id: f"{front.id}.{args.domain}" if self.zone else _full(front.id, args.domain)
                for front in args.fronts.values()
            }
        )
        self.register_outputs({"profiles": {key: found.id for key, found in self.profiles.items()}})

    def _make_zone(self, guarded: pulumi.ResourceOptions) -> dns.Zone:
        zone = dns.Zone(
            f"{self._name}-zone",
            zone_name=self._args.domain,
            resource_group_name=self._group,
            location="global",
            zone_type=dns.ZoneType.PUBLIC,
            tags=self._tags,
            opts=guarded,
        )
        dns.DnssecConfig(f"{self._name}-signing", zone_name=zone.name, resource_group_name=self._group, opts=guarded)
        return zone

    def _make_front(self, front: Front) -> trafficmanager.Profile:
        wanted = azure_routing.profile(front, self._args.endpoints, self._args.regions)
        made: dict[str, trafficmanager.Profile] = {}
        for one in (*wanted.nested(), wanted):
            made[one.role] = self._make_profile(front, one, made)
        outermost = made[""]
        if self.zone is not None:
            self._make_record(front, self.zone, outermost)
        return outermost

    def _make_profile(
        self, front: Front, wanted: Profile, nested: Mapping[str, trafficmanager.Profile]
    ) -> trafficmanager.Profile:
        args, role = self._args, f"{front.id}-{wanted.role}".rstrip("-")
        return trafficmanager.Profile(
            f"{self._name}-{role}-profile",
            profile_name=physical(role, _LONGEST),
            resource_group_name=self._group,
            location="global",
            profile_status="Disabled" if front.halted else "Enabled",
            traffic_routing_method=str(wanted.method),
            traffic_view_enrollment_status="Disabled",
            dns_config=trafficmanager.DnsConfigArgs(relative_name=relative(role, args.domain), ttl=args.ttl_s),
            monitor_config=trafficmanager.MonitorConfigArgs(
                # A balancer that ends TCP at its edge would accept a bare connection with nothing behind it.
                protocol="HTTPS",
                port=front.port,
                path=args.health_path,
                interval_in_seconds=args.probe.interval_s,
                timeout_in_seconds=args.probe.timeout_s,
                tolerated_number_of_failures=args.probe.threshold - 1,
            ),
            endpoints=[
                self._endpoint(member, place, wanted.method, nested) for place, member in enumerate(wanted.members, start=1)
            ],
            tags=self._tags,
            opts=self._child,
        )

    def _endpoint(
        self, member: Member, place: int, method: Method, nested: Mapping[str, trafficmanager.Profile]
    ) -> trafficmanager.EndpointArgs:
        inner = nested[member.profile.role] if member.profile else None
        return trafficmanager.EndpointArgs(
            name=member.name,
            type=f"{_ENDPOINTS}/{'nestedEndpoints' if inner else 'externalEndpoints'}",
            target=self._args.endpoints[member.endpoint].address if member.endpoint else None,
            target_resource_id=inner.id if inner else None,
            min_child_endpoints=1 if inner else None,
            endpoint_status="Enabled",
            always_serve="Disabled",
            priority=place if method is Method.PRIORITY else None,
            weight=member.weight,
            endpoint_location=member.region,
            geo_mapping=list(member.countries) or None,
        )

    def _make_record(self, front: Front, zone: dns.Zone, target: trafficmanager.Profile) -> None:
        kind = "TXT" if front.halted else "CNAME"
        dns.RecordSet(
            f"{self._name}-{front.id}-record",
            relative_record_set_name=front.id,
            zone_name=zone.name,
            resource_group_name=self._group,
            record_type=kind,
            ttl=max(1, self._args.ttl_s),  # Azure DNS takes no 0
            cname_record=None if front.halted else dns.CnameRecordArgs(cname=_full(front.id, self._args.domain)),
            txt_records=[dns.TxtRecordArgs(value=["halted"])] if front.halted else None,
            # A name has one CNAME and nothing beside it, so that the old record has to go before the other comes.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[target], delete_before_replace=True),
        )


def relative(role: str, domain: str) -> str:
    """Give a profile's name below `trafficmanager.net`, at most 63 characters; all of Azure shares them.

    In Traffic Manager's own domain it is what stands before it, so that clients use the profile's name itself.
    """
    if domain.endswith(SUFFIX):
        return physical(f"{role}.{domain.removesuffix(SUFFIX)}", _LONGEST)
    return physical(f"{role}-{domain.replace('.', '-')}", _LONGEST)


def _full(role: str, domain: str) -> str:
    return f"{relative(role, domain)}{SUFFIX}"


def _check(name: str, args: NamesArgs) -> None:
    probe = args.probe
    allowed = _TIMEOUTS_S.get(probe.interval_s)
    if allowed is None:
        raise ValueError(f"names {name}: a probe every {probe.interval_s} s; Traffic Manager probes every 10 or 30 s")
    if probe.timeout_s not in allowed:
        raise ValueError(
            f"names {name}: a timeout of {probe.timeout_s} s; at {probe.interval_s} s Traffic Manager takes "
            f"{allowed.start} to {allowed.stop - 1}"
        )
