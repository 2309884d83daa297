"""GKE clusters and node pools."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp import machines, rules
from nautilus.sandbox.gcp.compute import in_network
from nautilus.sandbox.gcp.links import CONTAINER, address, bare, digest, items, known, last
from nautilus.sandbox.gcp.places import GKE_CHANNELS, GKE_PATCHES, region_of
from nautilus.sandbox.gcp.row import Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?")
_VERSION: Final = re.compile(r"(1\.\d+)(\.\d+)?(-gke\.\d+)?|latest|-")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_EXCLUSION_SCOPES: Final = ("NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES")
_UNTIL_END: Final = "UNTIL_END_OF_SUPPORT"


def _name(request: Request) -> Iterator[Problem]:
    name = known(request, "name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name} is not 1 to 40 lower-case letters, digits and hyphens, a letter first")


def _location(request: Request) -> Iterator[Problem]:
    place = known(request, "location")
    if isinstance(place, str) and region_of(place) is None:
        yield Problem(path="location", reason=f"{place} is not a region or a zone")
    home = region_of(place) if isinstance(place, str) else None
    for index, zone in enumerate(items(known(request, "nodeLocations"))):
        if isinstance(zone, str):
            yield from rules.zone(f"nodeLocations[{index}]", zone, home)


def _version(request: Request) -> Iterator[Problem]:
    found, block = known(request, "minMasterVersion"), request.inputs.get("releaseChannel")
    channel = block.get("channel", "UNSPECIFIED") if isinstance(block, Mapping) else block or "UNSPECIFIED"
    if not isinstance(found, str) or channel is UNKNOWN:
        return
    match = _VERSION.fullmatch(found)
    offered = GKE_CHANNELS.get(channel, ())
    if match is None or (match[1] and match[1] not in offered):
        yield Problem(
            path="minMasterVersion", reason=f"GKE has no version {found} in this channel: it offers {', '.join(offered)}"
        )


def _conflicts(request: Request) -> Iterator[Problem]:
    given = request.inputs
    advanced = known(request, "datapathProvider") == "ADVANCED_DATAPATH"
    if advanced and _enabled(known(request, "networkPolicy")):
        yield Problem(
            path="networkPolicy.enabled", reason="Dataplane V2 enforces network policy itself: it cannot be enabled as well"
        )
    private = known(request, "privateClusterConfig")
    if isinstance(private, Mapping):
        if private.get("enablePrivateEndpoint") is True and private.get("enablePrivateNodes") is False:
            yield Problem(path="privateClusterConfig.enablePrivateEndpoint", reason="a private endpoint needs private nodes")
        if private.get("enablePrivateEndpoint") is True and given.get("masterAuthorizedNetworksConfig") is None:
            yield Problem(path="masterAuthorizedNetworksConfig", reason="a private endpoint needs authorised networks")
        if private.get("masterIpv4CidrBlock") and private.get("privateEndpointSubnetwork"):
            yield Problem(path="privateClusterConfig.masterIpv4CidrBlock", reason="it excludes privateEndpointSubnetwork")
        yield from rules.network_range(
            "privateClusterConfig.masterIpv4CidrBlock", private.get("masterIpv4CidrBlock"), 28, 28
        )
    if given.get("initialNodeCount") is None and given.get("nodePools") is None and given.get("enableAutopilot") is not True:
        yield Problem(path="initialNodeCount", reason="it must be at least 1 where no node pools are given")
    if known(request, "removeDefaultNodePool") is True and known(request, "initialNodeCount") == 0:
        yield Problem(path="initialNodeCount", reason="a first pool of at least 1 node is needed before it can be removed")
    pool = known(request, "workloadIdentityConfig")
    if isinstance(pool, Mapping) and pool.get("workloadPool") not in {
        None,
        UNKNOWN,
        f"{address(request)['project']}.svc.id.goog",
    }:
        yield Problem(
            path="workloadIdentityConfig.workloadPool", reason=f"it must be {address(request)['project']}.svc.id.goog"
        )
    for name in ("loggingConfig", "monitoringConfig"):
        parts = items((known(request, name) or {}).get("enableComponents"))
        if parts and UNKNOWN not in parts and "SYSTEM_COMPONENTS" not in parts:
            yield Problem(path=f"{name}.enableComponents", reason="SYSTEM_COMPONENTS must be among them")
    for index, block in enumerate(items((known(request, "masterAuthorizedNetworksConfig") or {}).get("cidrBlocks"))):
        if isinstance(block, Mapping):
            path = f"masterAuthorizedNetworksConfig.cidrBlocks[{index}].cidrBlock"
            yield from rules.network_range(path, block.get("cidrBlock"), 1, 32)


def _maintenance(request: Request) -> Iterator[Problem]:
    policy = known(request, "maintenancePolicy")
    if not isinstance(policy, Mapping):
        return
    window = policy.get("recurringWindow")
    if isinstance(window, Mapping):
        for name in ("startTime", "endTime"):
            yield from _time(f"maintenancePolicy.recurringWindow.{name}", window.get(name))
        rule = window.get("recurrence")
        if isinstance(rule, str) and not rule.startswith("FREQ="):
            yield Problem(
                path="maintenancePolicy.recurringWindow.recurrence", reason=f"{rule} is not an RFC 5545 rule: FREQ=…"
            )
    for index, exclusion in enumerate(items(policy.get("maintenanceExclusions"))):
        if not isinstance(exclusion, Mapping):
            continue
        path = f"maintenancePolicy.maintenanceExclusions[{index}]"
        yield from _time(f"{path}.startTime", exclusion.get("startTime"))
        options = exclusion.get("exclusionOptions") or {}
        if options is UNKNOWN:
            continue
        scope, until = options.get("scope"), options.get("endTimeBehavior")
        if isinstance(scope, str) and scope not in _EXCLUSION_SCOPES:
            yield Problem(
                path=f"{path}.exclusionOptions.scope", reason=f"{scope} is not one of {', '.join(_EXCLUSION_SCOPES)}"
            )
        if isinstance(until, str) and until != _UNTIL_END:
            yield Problem(path=f"{path}.exclusionOptions.endTimeBehavior", reason=f"{until} is not {_UNTIL_END}")
        if until == _UNTIL_END and scope == "NO_UPGRADES":
            yield Problem(
                path=f"{path}.exclusionOptions.endTimeBehavior", reason="NO_UPGRADES cannot last until the end of support"
            )
        if exclusion.get("endTime") is None and until is None:
            yield Problem(path=f"{path}.endTime", reason=f"an exclusion ends at a time, or {_UNTIL_END}")


def _time(path: str, found: Value) -> Iterator[Problem]:
    if isinstance(found, str) and not _TIME.fullmatch(found):
        yield Problem(path=path, reason=f"{found} is not a time such as 2026-01-03T06:00:00Z")


def _keys(request: Request) -> Iterator[Problem]:
    secrets = known(request, "databaseEncryption")
    home = known(request, "location")
    if isinstance(secrets, Mapping):
        if str(secrets.get("state")).endswith(("ENCRYPTED", "ENABLED")) and secrets.get("keyName") is None:
            yield Problem(path="databaseEncryption.keyName", reason="ENCRYPTED needs a key")
        region = region_of(home) if isinstance(home, str) else None
        path, link = "databaseEncryption.keyName", secrets.get("keyName")
        yield from rules.key(request, path, link, region, agent="@container-engine-robot.")
    config = known(request, "nodeConfig")
    if isinstance(config, Mapping):
        yield from machines.key(request, config, home)


def _references(request: Request) -> Iterator[Problem]:
    if request.preview:
        return
    yield from rules.exists(request, "network", known(request, "network"), "network")
    yield from rules.exists(request, "subnetwork", known(request, "subnetwork"), "subnetwork")
    subnet = rules.found(request, known(request, "subnetwork"))
    if subnet is None:
        return
    if bare(str(subnet["network"])) != bare(str(request.inputs.get("network"))):
        yield Problem(path="subnetwork", reason=f"{subnet['name']} is in another network")
    place = region_of(str(request.inputs.get("location")))
    if place is not None and last(str(subnet["region"])) != place:
        yield Problem(path="subnetwork", reason=f"{subnet['name']} is in {subnet['region']}, the cluster in {place}")
    ranges = {second["rangeName"] for second in subnet.get("secondaryIpRanges") or ()}
    policy = request.inputs.get("ipAllocationPolicy") or {}
    for name in ("clusterSecondaryRangeName", "servicesSecondaryRangeName"):
        if policy.get(name) is not None and policy[name] not in ranges:
            yield Problem(
                path=f"ipAllocationPolicy.{name}",
                reason=f"subnetwork {subnet['name']} has no secondary range {policy[name]}",
            )
    block = (request.inputs.get("privateClusterConfig") or {}).get("masterIpv4CidrBlock")
    taken = in_network(request, bare(str(request.inputs.get("network"))))
    yield from rules.overlap("privateClusterConfig.masterIpv4CidrBlock", block, taken)


def _enabled(block: Value) -> bool:
    return isinstance(block, Mapping) and block.get("enabled") is True


def _cluster_outputs(request: Request, made: str) -> Mapping[str, Any]:
    given = request.inputs
    match = _VERSION.fullmatch(str(given.get("minMasterVersion") or ""))
    minor = match[1] if match and match[1] else "1.35"
    version = str(given["minMasterVersion"]) if match and match[3] else GKE_PATCHES.get(minor, f"{minor}.0-gke.1000000")
    private = given.get("privateClusterConfig") or {}
    block = private.get("masterIpv4CidrBlock")
    endpoint = str(ipaddress.IPv4Network(block)[2]) if block else "192.0.2.10"
    subnet = rules.found(request, given.get("subnetwork")) or {}
    ranges = {second["rangeName"]: second["ipCidrRange"] for second in subnet.get("secondaryIpRanges") or ()}
    policy = given.get("ipAllocationPolicy") or {}
    authority = base64.b64encode(f"sandbox certificate authority of {made}".encode()).decode()
    return {
        "endpoint": endpoint,
        "masterVersion": version,
        "labelFingerprint": digest(repr(given.get("resourceLabels"))),
        "masterAuth": {**(given.get("masterAuth") or {}), "clusterCaCertificate": authority},
        "privateClusterConfig": {**private, "privateEndpoint": endpoint} if private else None,
        "servicesIpv4Cidr": ranges.get(policy.get("servicesSecondaryRangeName")),
        **({} if given.get("clusterIpv4Cidr") else {"clusterIpv4Cidr": ranges.get(policy.get("clusterSecondaryRangeName"))}),
        **({} if given.get("nodeVersion") else {"nodeVersion": version}),
        "operation": None,
    }


def _protected(request: Request) -> Iterator[str]:
    """The provider's own lock, which stands until an update takes it off; it is on where nothing is said."""
    if (request.prior or {}).get("deletionProtection") is not False:
        yield "cannot destroy the cluster: deletionProtection is on; set it to false and apply that first"


def _pool_cluster(request: Request) -> str:
    cluster = bare(str(request.inputs["cluster"]))
    parts = address(request)
    return cluster if "/" in cluster else f"projects/{parts['project']}/locations/{parts['location']}/clusters/{cluster}"


def _pool_references(request: Request) -> Iterator[Problem]:
    if request.preview:
        return
    cluster = request.find(_pool_cluster(request))
    if cluster is None:
        yield Problem(path="cluster", reason=f"cluster {_pool_cluster(request)} does not exist")
        return
    allowed = set(cluster.get("nodeLocations") or ())
    for index, zone in enumerate(request.inputs.get("nodeLocations") or ()):
        if allowed and region_of(zone) != region_of(str(cluster["location"])):
            yield Problem(path=f"nodeLocations[{index}]", reason=f"zone {zone} is outside the cluster's region")
    account = (request.inputs.get("nodeConfig") or {}).get("serviceAccount")
    own = f"@{address(request)['project']}.iam.gserviceaccount.com"
    if isinstance(account, str) and account.endswith(own):
        link = f"projects/{address(request)['project']}/serviceAccounts/{account}"
        yield from rules.exists(request, "nodeConfig.serviceAccount", link, "service account")


def _pool_outputs(request: Request, made: str) -> Mapping[str, Any]:
    cluster = request.find(_pool_cluster(request)) or {}
    zones = request.inputs.get("nodeLocations") or cluster.get("nodeLocations") or ()
    group = f"gke-{last(_pool_cluster(request))}-{last(made)}-{digest(request.seed)}"
    project = address(request)["project"]
    urls = [
        f"https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}/instanceGroups/{group}" for zone in zones
    ]
    return {
        "instanceGroupUrls": urls,
        "managedInstanceGroupUrls": [url.replace("/instanceGroups/", "/instanceGroupManagers/") for url in urls],
        **({} if request.inputs.get("version") else {"version": cluster.get("masterVersion")}),
    }


_CLUSTER_REPLACED: Final = (
    "name project location network subnetwork networkingMode datapathProvider clusterIpv4Cidr defaultMaxPodsPerNode "
    "nodeConfig ipAllocationPolicy enableKubernetesAlpha enableTpu initialNodeCount description confidentialNodes "
    "enableMultiNetworking privateClusterConfig"
)

ROWS: Final = (
    Row(
        type="gcp:container/cluster:Cluster",
        schema="container.v1:Cluster",
        id="projects/{project}/locations/{location}/clusters/{name}",
        link=CONTAINER,
        replace_on=_CLUSTER_REPLACED,
        rules=(_name, _location, _version, _conflicts, _maintenance, _keys, _references),
        outputs=_cluster_outputs,
        labels="resourceLabels",
        holds=_protected,
        defaults="project location name",
    ),
    Row(
        type="gcp:container/nodePool:NodePool",
        schema="container.v1:NodePool",
        id=lambda request: f"{_pool_cluster(request)}/nodePools/{address(request)['name']}",
        replace_on="name project location cluster initialNodeCount maxPodsPerNode placementPolicy namePrefix",
        rules=(_name, _location, machines.autoscaling, machines.node_config, _pool_references),
        outputs=_pool_outputs,
        defaults="project location name",
    ),
)
