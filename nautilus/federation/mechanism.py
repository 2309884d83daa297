"""What planned resources say of each mechanism that notices a failure and moves clients (DNS-1, FO-2, FO-3).

Guarantees that every figure is a planned setting or a reaction that the catalogue gives with its source. A resource that is
not planned, or whose setting is missing, unknown or secret, gives a stage that never ends; one whose stack is not among the
stacks looked at gives no stage, so that what one stack shows can be judged by itself. Logical names are found by the naming
contract of components/traffic; nothing is read from an id.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from config.model import Cloud, EnvironmentName, Group, Mechanism, Reaction, Recovery
from nautilus.federation.chain import Expiring, Phase, Sampling, Stage, Waiting
from nautilus.federation.front import Front
from nautilus.federation.planned import UNKNOWN, Plan, Planned, records, setting, value
from nautilus.federation.reading import absent, expiring, longest, probing, spread

FEDERATION: Final = "federation"

TARGETS: Final = "aws:lb/targetGroup:TargetGroup"
ENDPOINT_GROUP: Final = "aws:globalaccelerator/endpointGroup:EndpointGroup"
CHECK_53: Final = "aws:route53/healthCheck:HealthCheck"
RECORD_53: Final = "aws:route53/record:Record"
GCP_HEALTH: Final = "gcp:compute/healthCheck:HealthCheck"
GCP_BACKEND: Final = "gcp:compute/backendService:BackendService"
GCP_RECORD: Final = "gcp:dns/recordSet:RecordSet"
AZURE_BALANCER: Final = "azure-native:network:LoadBalancer"
PROFILES: Final = ("azure-native:trafficmanager:Profile", "azure-native:network:Profile")

TCP: Final = "TCP"
TIMEOUT_53_S: Final = {TCP: 10.0}
"""How long Route 53 waits for a TCP connection (developer guide, how it determines the status of health checks)."""
TIMEOUT_53_HTTP_S: Final = 6.0
"""4 s to connect and 2 s to answer, for HTTP and HTTPS (the same page)."""

ANYCAST: Final = {Cloud.AWS: Mechanism.AWS_ANYCAST, Cloud.GCP: Mechanism.GCP_ANYCAST, Cloud.AZURE: Mechanism.AZURE_ANYCAST}
NAMES: Final = {Cloud.AWS: Mechanism.AWS_NAMES, Cloud.GCP: Mechanism.GCP_NAMES, Cloud.AZURE: Mechanism.AZURE_NAMES}
_TOP_TIER: Final = 0


class Mechanisms:
    """The mechanisms of one environment, as far as the stacks in `plan` show them."""

    def __init__(self, plan: Plan, recovery: Recovery, environment: EnvironmentName) -> None:
        self._plan = plan
        self._recovery = recovery
        self._environment = environment

    @property
    def federation(self) -> bool:
        """Whether the federation stack is among those looked at: anycast and names are in it."""
        return self._plan.sees(f"{self._environment}-{FEDERATION}")

    def group(self, group: Group) -> bool:
        """Whether a group's stack is among those looked at: its placements' entries are in it."""
        return self._plan.sees(f"{self._environment}-{group}")

    def entry(self, placement: str, cloud: Cloud, service: str, *, refused: bool) -> Stage | None:
        """Give how a placement's entry notices that it has no target left; None where it has no probe of its own.

        `refused` says that the failure answers at once, so that no probe has to time out.
        """
        match cloud:
            case Cloud.AWS:
                name, mend = f"{placement}-entry-{service}-targets", "shorten the target group's interval or threshold"
                found = self._plan.one(name, TARGETS)
                paths = (("healthCheck", "interval"), ("healthCheck", "unhealthyThreshold"), ("healthCheck", "timeout"))
                return probing(found, name, paths, mend, refused=refused)
            case Cloud.AZURE:
                return self._azure_entry(placement, service, refused=refused)
            case Cloud.GCP:
                return None

    def anycast(self, endpoint: str, service: str, *, refused: bool) -> tuple[Stage, ...]:
        """Give what an endpoint's own balancer adds to its entries' probes; `endpoint` is `<jurisdiction>-<cloud>`."""
        jurisdiction, _, word = endpoint.rpartition("-")
        cloud = Cloud(word)
        reaction = self._reaction(ANYCAST[cloud])
        name = f"{jurisdiction}-anycast-{cloud}"
        stages: list[Stage] = []
        if cloud is Cloud.GCP:
            health = f"{name}-{service}-health"
            found = self._plan.one(health, GCP_HEALTH)
            paths = (("checkIntervalSec",), ("unhealthyThreshold",), ("timeoutSec",))
            stages.append(probing(found, health, paths, "shorten the health check's interval or threshold", refused=refused))
        if reaction.sample_s:
            says = f"looks every {reaction.sample_s:g} s, which cannot be set"
            stages.append(
                Sampling(
                    phase=Phase.DETECTION, subject=f"{name}-balancer", says=says, mend=_MESH, interval_s=reaction.sample_s
                )
            )
        return (*stages, *spread(reaction, name, _MESH))

    def pooled(self, endpoint: str, service: str, placement: str, *, share: float) -> bool:
        """Give whether an endpoint's balancer sends clients to a placement by itself once others of it have failed.

        `share` is the placement's part over all fronts: Google's balancer drains what has none.
        """
        jurisdiction, _, cloud = endpoint.rpartition("-")
        name = f"{jurisdiction}-anycast-{cloud}"
        match Cloud(cloud):
            case Cloud.AWS:
                return self._plan.one(f"{name}-{placement}-group", ENDPOINT_GROUP) is not None
            case Cloud.GCP:
                return share > 0 and self._plan.one(f"{name}-{service}-backend", GCP_BACKEND) is not None
            case Cloud.AZURE:
                balancer = self._plan.one(f"{name}-balancer", AZURE_BALANCER)
                pools = records(balancer, "backendAddressPools") if balancer else ()
                return any(
                    value(address, "name") == placement
                    for pool in pools
                    for address in _listed(pool, "loadBalancerBackendAddresses")
                )

    def names(self, provider: Cloud, front: Front, endpoint: str, *, cloud_lost: bool) -> tuple[Stage, ...]:
        """Give how one provider's names leave an endpoint for the next; `cloud_lost` says that its whole cloud is gone."""
        reaction = self._reaction(NAMES[provider])
        match provider:
            case Cloud.AWS:
                check, answer = self._route_53(front, endpoint, reaction)
            case Cloud.GCP:
                check, answer = self._cloud_dns(front, reaction)
            case Cloud.AZURE:
                check, answer = self._traffic_manager(front)
        if not cloud_lost:
            check = self._blind(check, endpoint)
        who = f"{provider} names"
        return (check, *spread(reaction, who, "hold the other providers' names beside it"), answer)

    def resumption(self, provider: Cloud) -> tuple[Stage, ...]:
        """Give how long "no such address" is kept at a provider, once a halted front has an address again (HALT-1)."""
        reaction = self._reaction(NAMES[provider])
        mend = "plan the zone's SOA record with a short TTL and minimum"
        subject, ttl, urn = f"names-{provider}-zone", reaction.negative_ttl_s, ""
        records_of = self._plan.like(f"names-{provider}-", "-record", RECORD_53, GCP_RECORD)
        found = next((item for item in records_of if setting(item, "type") == "SOA"), None)
        if found is not None:
            subject, urn, ttl = found.name, found.urn, _negative(found)
        says = f"resolvers keep that there is no address for {ttl:g} s"
        kept = Expiring(phase=Phase.CONVERGENCE, subject=subject, says=says, mend=mend, urn=urn, ttl_s=ttl)
        return (*spread(reaction, f"{provider} names", mend), kept)

    def reconnect(self) -> Stage:
        """Give how long clients take to give up one connection and open another."""
        most = self._recovery.reconnect_s
        says, mend = f"reconnect within {most:g} s", "have clients give up dead connections sooner"
        return Waiting(phase=Phase.CONVERGENCE, subject="clients", says=says, mend=mend, most_s=most)

    def _reaction(self, mechanism: Mechanism) -> Reaction:
        return self._recovery.reactions[mechanism]

    def _azure_entry(self, placement: str, service: str, *, refused: bool) -> Stage:
        name = f"{placement}-entry-balancer"
        found = self._plan.one(name, AZURE_BALANCER)
        mend = "shorten the probe's interval or threshold"
        if found is None:
            return absent(name, "not planned")
        probes = list(records(found, "probes"))
        place = next((at for at, probe in enumerate(probes) if value(probe, "name") == service), None)
        if place is None:
            return absent(name, f"has no probe {service}", found)
        path = ("probes", place)
        # Azure gives a TCP probe as long as its interval (load balancer health probes, timeouts).
        paths = ((*path, "intervalInSeconds"), (*path, "probeThreshold"), (*path, "intervalInSeconds"))
        return probing(found, name, paths, mend, refused=refused, part=f"probe {service}")

    def _route_53(self, front: Front, endpoint: str, reaction: Reaction) -> tuple[Stage, Stage]:
        wanted = (
            f"names-aws-{endpoint}-{front.service}-health" if front.tier == _TOP_TIER else f"names-aws-{endpoint}-health"
        )
        found = self._plan.one(wanted, CHECK_53)
        word = setting(found, "type") if found else None
        timeout = TIMEOUT_53_S.get(str(word), TIMEOUT_53_HTTP_S)
        check = probing(
            found,
            wanted,
            (("requestInterval",), ("failureThreshold",), timeout),
            "shorten the health check's interval or threshold, or have it speak HTTPS",
            reaction=reaction,
        )
        prefix = f"names-aws-{front.id}-"
        answers = [item for item in self._plan.like(prefix, "-record", RECORD_53) if setting(item, "type") != "TXT"]
        # Clients of an endpoint hold the answer that leads to it; where no record says that it does, any may be theirs.
        leading = [item for item in answers if setting(item, "setIdentifier") == endpoint] or answers
        return check, longest([self._route_53_ttl(item, reaction) for item in leading], f"{prefix}…-record")

    def _route_53_ttl(self, record: Planned, reaction: Reaction) -> Stage:
        """Give how long one record lives; an alias inside the zone lives as long as what it leads to, which is there too."""
        aliases = list(records(record, "aliases"))
        if not aliases:
            return expiring(record, ("ttl",))
        if value(aliases[0], "evaluateTargetHealth") is True:
            return Expiring(
                phase=Phase.CONVERGENCE, subject=record.name, says="an alias in its own zone", mend="", ttl_s=0.0
            )
        return Expiring(
            phase=Phase.CONVERGENCE,
            subject=record.name,
            urn=record.urn,
            says=f"an alias of AWS's own name, whose answer lives {reaction.alias_ttl_s:g} s and cannot be set",
            mend="answer with the accelerator's addresses and a TTL instead of an alias",
            ttl_s=reaction.alias_ttl_s,
        )

    def _cloud_dns(self, front: Front, reaction: Reaction) -> tuple[Stage, Stage]:
        health, record = f"names-gcp-{front.service}-health", f"names-gcp-{front.id}-record"
        found = self._plan.one(health, GCP_HEALTH)
        paths = (("checkIntervalSec",), ("unhealthyThreshold",), ("timeoutSec",))
        check = probing(found, health, paths, "shorten the health check's interval or threshold", reaction=reaction)
        answer = self._plan.one(record, GCP_RECORD)
        return check, absent(record, "not planned") if answer is None else expiring(answer, ("ttl",))

    def _traffic_manager(self, front: Front) -> tuple[Stage, Stage]:
        outer = f"names-azure-{front.id}-profile"
        nested = self._plan.like(f"names-azure-{front.id}-", "-profile", *PROFILES)
        found = [item for item in (self._plan.one(outer, *PROFILES), *nested) if item is not None]
        if not found:
            return absent(outer, "not planned"), absent(outer, "not planned")
        mend = "shorten the monitor's interval, timeout or tolerated failures"
        path = "monitorConfig"
        paths = ((path, "intervalInSeconds"), (path, "toleratedNumberOfFailures"), (path, "timeoutInSeconds"))
        checks = [probing(item, item.name, paths, mend, tolerated=True) for item in found]
        check = max(checks, key=lambda stage: stage.worst_s)
        return check, longest([expiring(item, ("dnsConfig", "ttl")) for item in found], outer)

    def _blind(self, check: Stage, endpoint: str) -> Stage:
        """Give the check, or where it speaks bare TCP to a balancer that answers TCP by itself, one that never notices."""
        cloud = Cloud(endpoint.rpartition("-")[2])
        if not self._reaction(ANYCAST[cloud]).proxied or not self._speaks_tcp(check):
            return check
        return absent(
            check.subject,
            f"checks {endpoint} by bare TCP, which its balancer answers by itself while nothing is behind it",
            urn=check.urn,
            mend="have the check speak HTTPS, which ends behind the balancer",
        )

    def _speaks_tcp(self, check: Stage) -> bool:
        found = self._plan.one(check.subject, CHECK_53, GCP_HEALTH, *PROFILES)
        if found is None:
            return False
        words = (setting(found, "type"), setting(found, "monitorConfig", "protocol"))
        return TCP in words or value(found.inputs, "tcpHealthCheck") is not None


_MESH: Final = "let the mesh move calls before the balancer does: it probes every second (MESH-2)"


def _listed(pool: object, key: str) -> tuple[object, ...]:
    found = value(pool, key)
    return tuple(found) if isinstance(found, Sequence) and not isinstance(found, str) else ()


def _negative(record: Planned) -> float:
    """Give the negative TTL of a planned SOA record: the lesser of its TTL and its minimum (RFC 2308, section 5).

    The minimum stands at the end of a text that begins with a name server; where that is not known yet, the TTL bounds it.
    """
    ttl = setting(record, "ttl")
    bound = ttl if isinstance(ttl, float) else float("inf")
    text = next((value(record.inputs, key, 0) for key in ("records", "rrdatas") if record.inputs.get(key)), None)
    last = text.split()[-1] if isinstance(text, str) and text != UNKNOWN and text.split() else ""
    return min(bound, float(last)) if last.isdigit() else bound
