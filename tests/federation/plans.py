"""Resources as the naming contract of components/traffic and components/interconnect has them, made from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from config.model import Catalogue, Cloud, EnvironmentName, Probe
from nautilus.federation.availability import CLUSTERS
from nautilus.federation.front import Front, endpoints, fronts
from nautilus.federation.link import Fabric, links
from nautilus.federation.loss import sites
from nautilus.federation.mechanism import (
    AZURE_BALANCER,
    CHECK_53,
    ENDPOINT_GROUP,
    GCP_BACKEND,
    GCP_HEALTH,
    GCP_RECORD,
    PROFILES,
    RECORD_53,
    TARGETS,
)
from nautilus.federation.planned import UNKNOWN, Planned
from nautilus.federation.ways import AZURE_CONNECTION, CONNECTION, NATIVE_WAYS, SESSION

ENVIRONMENT = EnvironmentName.PROD


def resource(stack: str, token: str, name: str, **inputs: object) -> Planned:
    """Give one resource of a stack of production."""
    full = f"{ENVIRONMENT}-{stack}"
    return Planned(urn=f"urn:pulumi:{full}::nautilus::{token}::{name}", type=token, name=name, stack=full, inputs=inputs)


def whole(catalogue: Catalogue) -> tuple[Planned, ...]:
    """Give every resource of the federation that recovery looks at, with HTTPS checks and no alias."""
    return (*_regions(catalogue), *_anycast(catalogue), *_names(catalogue), *_links(catalogue))


def changed(planned: tuple[Planned, ...], name: str, **inputs: object) -> tuple[Planned, ...]:
    """Give the resources with some inputs of those called `name` set anew. Fails where none is called so."""
    assert any(item.name == name for item in planned), name
    return tuple(
        Planned(urn=item.urn, type=item.type, name=item.name, stack=item.stack, inputs={**item.inputs, **inputs})
        if item.name == name
        else item
        for item in planned
    )


def without(planned: tuple[Planned, ...], name: str) -> tuple[Planned, ...]:
    """Give the resources without those called `name`. Fails where none is called so."""
    assert any(item.name == name for item in planned), name
    return tuple(item for item in planned if item.name != name)


def stack(planned: tuple[Planned, ...], group: str) -> tuple[Planned, ...]:
    """Give the resources of one stack."""
    return tuple(item for item in planned if item.stack == f"{ENVIRONMENT}-{group}")


def _regions(catalogue: Catalogue) -> Iterator[Planned]:
    traffic = catalogue.traffic
    for name, site in sites(catalogue).items():
        sku: dict[str, object] = {"sku": {"name": "Base", "tier": "Standard"}} if site.cloud is Cloud.AZURE else {}
        yield resource(site.group, CLUSTERS[site.cloud], f"{name}-cluster-control-plane", **sku)
        probe = traffic.entry[site.cloud]
        if site.cloud is Cloud.AWS:
            for service in traffic.classes:
                health = {
                    "interval": probe.interval_s,
                    "unhealthyThreshold": probe.threshold,
                    "timeout": probe.timeout_s,
                }
                yield resource(site.group, TARGETS, f"{name}-entry-{service}-targets", healthCheck=health)
        if site.cloud is Cloud.AZURE:
            probes = [
                {"name": service, "intervalInSeconds": probe.interval_s, "probeThreshold": probe.threshold}
                for service in traffic.classes
            ]
            yield resource(site.group, AZURE_BALANCER, f"{name}-entry-balancer", probes=probes)
        if site.cloud is Cloud.GCP:
            yield resource(site.group, "gcp:compute/router:Router", f"{name}-gateway-router", bgp={"keepaliveInterval": 20})


def _anycast(catalogue: Catalogue) -> Iterator[Planned]:
    for endpoint, members in endpoints(catalogue).items():
        jurisdiction, _, cloud = endpoint.rpartition("-")
        name = f"{jurisdiction}-anycast-{cloud}"
        probe = catalogue.traffic.anycast[Cloud(cloud)]
        match Cloud(cloud):
            case Cloud.AWS:
                for member in members:
                    yield resource("federation", ENDPOINT_GROUP, f"{name}-{member}-group")
            case Cloud.GCP:
                for service in catalogue.traffic.classes:
                    yield resource("federation", GCP_HEALTH, f"{name}-{service}-health", **_gcp(probe))
                    yield resource("federation", GCP_BACKEND, f"{name}-{service}-backend", backends=[{"group": UNKNOWN}])
            case Cloud.AZURE:
                pool = {"loadBalancerBackendAddresses": [{"name": member} for member in members]}
                yield resource("federation", AZURE_BALANCER, f"{name}-balancer", backendAddressPools=[pool])


def _names(catalogue: Catalogue) -> Iterator[Planned]:
    traffic = catalogue.traffic
    ttl, aws = traffic.ttl_s, traffic.names[Cloud.AWS]
    yield resource("federation", RECORD_53, "names-aws-soa-record", type="SOA", ttl=ttl, records=[UNKNOWN])
    yield resource(
        "federation", GCP_RECORD, "names-gcp-soa-record", type="SOA", ttl=ttl, rrdatas=[f"ns. mail. 1 2 3 4 {ttl}"]
    )
    for service in traffic.classes:
        yield resource("federation", GCP_HEALTH, f"names-gcp-{service}-health", **_gcp(traffic.names[Cloud.GCP]))
    made = set()
    for front in fronts(catalogue, ENVIRONMENT):
        for backend in front.backends:
            own = f"-{front.service}" if front.tier == 0 else ""
            check = f"names-aws-{backend.endpoint}{own}-health"
            if check not in made:
                made.add(check)
                inputs = {"type": "HTTPS", "requestInterval": aws.interval_s, "failureThreshold": aws.threshold}
                yield resource("federation", CHECK_53, check, **inputs)
            record = f"names-aws-{front.id}-{backend.endpoint}-record"
            yield resource("federation", RECORD_53, record, type="A", ttl=ttl, records=[UNKNOWN])
        yield resource("federation", GCP_RECORD, f"names-gcp-{front.id}-record", type="A", ttl=ttl)
        yield _profile(catalogue, front)


def _links(catalogue: Catalogue) -> Iterator[Planned]:
    for link in links(catalogue, ENVIRONMENT):
        route, (first, second) = link.route.id, link.ends
        if link.fabric is Fabric.NATIVE:
            tokens = [*NATIVE_WAYS[first.plan.cloud]] * 2
            for number, token in enumerate(tokens[:2]):
                yield resource("federation", token, f"{route}-native-{number}")
            continue
        for side, end in (("first", first), ("second", second)):
            match end.plan.cloud:
                case Cloud.AWS:
                    for number in range(2):
                        yield resource("federation", CONNECTION, f"{route}-{side}-connection-{number}")
                case Cloud.GCP:
                    for number in range(4):
                        yield resource("federation", SESSION, f"{route}-{side}-{number}-peer")
                case Cloud.AZURE:
                    ways = [{"name": "peer-0"}, {"name": "peer-1"}]
                    yield resource("federation", AZURE_CONNECTION, f"{route}-{side}-connection", vpnLinkConnections=ways)


def _profile(catalogue: Catalogue, front: Front) -> Planned:
    probe = catalogue.traffic.names[Cloud.AZURE]
    monitor = {
        "protocol": "HTTPS",
        "intervalInSeconds": probe.interval_s,
        "timeoutInSeconds": probe.timeout_s,
        "toleratedNumberOfFailures": probe.threshold - 1,
    }
    dns = {"ttl": catalogue.traffic.ttl_s}
    return resource("federation", PROFILES[0], f"names-azure-{front.id}-profile", monitorConfig=monitor, dnsConfig=dns)


def _gcp(probe: Probe) -> dict[str, object]:
    return {
        "checkIntervalSec": probe.interval_s,
        "unhealthyThreshold": probe.threshold,
        "timeoutSec": probe.timeout_s,
        "httpsHealthCheck": {"port": 443},
    }
