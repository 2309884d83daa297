"""A placement's regional front end on Google Cloud: the groups that the anycast balancer sends to, and who may come in.

Guarantees nothing beyond what GcpEntry says; `entry_ids` gives the keys of its facts without building anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import pulumi
import pulumi_gcp as gcp

from components.network.gcp import GcpNetwork
from components.network.gcp_logs import GcpLogHome, LogHomeArgs
from components.network.gcp_rules import PROXY_RANGES, Tag
from components.provider import gcp_names
from components.traffic.args import EntryArgs

ADMIT_PRIORITY = 900
"""Before the tiers' own rules (1000), so that this one's log tells who came through the entry."""

_STEM = 63 - 7
"""What `gcp_names.short` keeps of a name."""

HALT_PRIORITY = 100
"""Before every rule that admits: the network's own rules let health checks in, which a halt must end as well."""


def entry_ids(classes: Iterable[str], zones: Iterable[str]) -> tuple[str, ...]:
    """Give the keys of an entry's facts, `<class>-<zone's index>`, from the catalogue alone; zone 0 is the first named."""
    places = range(len(tuple(zones)))
    return tuple(f"{service}-{place}" for service in classes for place in places)


def stem(name: str) -> str:
    """Give what every child's name in the cloud begins with, however it is shortened to Google's 63 characters."""
    return name[:_STEM].rstrip("-")


class GcpEntry(pulumi.ComponentResource):
    """Zonal network endpoint groups, one a class and zone, and the firewall rule in front of them (DNS-5, FO-1, HALT-1).

    Guarantees that only Google's balancers and their health checks reach the target ports; that while the jurisdiction is
    halted a rule before all others denies them, so that no new connection passes and every health check fails; and that
    access and health-check logs rest in the region under the placement's key. The groups are empty here: Kubernetes in the
    cluster attaches nodes to them. `facts` maps each of `entry_ids` to the group's
    full link, as a balancer's backend names it. It has no address, no listener and
    no health check of its own: on this cloud those are the anycast balancer's, and so is `args.probe`. `facts` wait for
    the logs' home.
    """

    facts: Mapping[str, pulumi.Output[str]]
    metric_ids: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: EntryArgs, network: GcpNetwork, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the entry. Raises ValueError without a class or a zone."""
        super().__init__("nautilus:traffic:GcpEntry", name, None, opts)
        if not args.classes or not args.zones:
            raise ValueError(f"{name}: an entry needs at least one service class and one zone")
        self._args, self._network = args, network
        self._firewall(name)
        self.logs = self._log_home(name)
        self.groups = MappingProxyType(
            {
                f"{service}-{place}": self._group(f"{name}-{service}-group-{place}", zone, args.classes[service].target_port)
                for service in args.classes
                for place, zone in enumerate(args.zones)
            }
        )
        self.facts = MappingProxyType(
            {
                key: pulumi.Output.all(group.self_link, self.logs.sink.id).apply(lambda known: str(known[0]))
                for key, group in self.groups.items()
            }
        )
        self.metric_ids = MappingProxyType({"groups": pulumi.Output.from_input(stem(name))})
        self.register_outputs({"groups": {key: group.id for key, group in self.groups.items()}})

    def _group(self, name: str, zone: str, port: int) -> gcp.compute.NetworkEndpointGroup:
        return gcp.compute.NetworkEndpointGroup(
            name,
            name=gcp_names.short(name, 63),
            project=self._args.account.id,
            description="Nodes that take this class of service; Kubernetes attaches them",
            zone=zone,
            network=self._network.vpc.id,
            subnetwork=self._network.subnetworks["private"].id,
            network_endpoint_type="GCE_VM_IP_PORT",
            default_port=port,
            # The federation stack's balancer names them: one that goes would take the balancer's backend with it.
            opts=pulumi.ResourceOptions(parent=self, protect=self._args.deletion_protection),
        )

    def _firewall(self, name: str) -> None:
        """Make the one rule that is in force. An action cannot be changed in place, so each state has a name of its own."""
        ports = sorted({str(service.target_port) for service in self._args.classes.values()})
        role, says, priority = (
            ("halt", "Halted: nobody is admitted, health checks neither", HALT_PRIORITY)
            if self._args.halted
            else ("admit", "Google's balancers and their checks reach the classes' target ports", ADMIT_PRIORITY)
        )
        gcp.compute.Firewall(
            f"{name}-{role}",
            name=gcp_names.short(f"{name}-{role}", 63),
            project=self._args.account.id,
            network=self._network.vpc.id,
            description=says,
            direction="INGRESS",
            priority=priority,
            source_ranges=list(PROXY_RANGES),
            target_tags=[str(Tag.APP)],
            allows=None if self._args.halted else [gcp.compute.FirewallAllowArgs(protocol="tcp", ports=ports)],
            denies=[gcp.compute.FirewallDenyArgs(protocol="tcp", ports=ports)] if self._args.halted else None,
            log_config={"metadata": "INCLUDE_ALL_METADATA"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _log_home(self, name: str) -> GcpLogHome:
        region = self._args.location.region
        condition = (
            f'(resource.type="l4_proxy_rule" AND resource.labels.backend_name:"{stem(name)}") '
            'OR (log_id("compute.googleapis.com/healthchecks") AND resource.type="gce_network_endpoint_group" '
            f'AND resource.labels.zone:"{region}-")'
        )
        return GcpLogHome(
            f"{name}-logs",
            LogHomeArgs(
                location=self._args.location,
                account=self._args.account,
                condition=condition,
                key=self._args.log_key,
                retention_days=self._args.log_retention_days,
                deletion_protection=self._args.deletion_protection,
            ),
            pulumi.ResourceOptions(parent=self),
        )
