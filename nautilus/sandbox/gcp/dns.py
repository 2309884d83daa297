"""Cloud DNS: zones, records and the network's policy; and private services access."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

from nautilus.sandbox.gcp import rules
from nautilus.sandbox.gcp.answers import routing
from nautilus.sandbox.gcp.links import address, bare, items, known, number
from nautilus.sandbox.gcp.row import CREATED, Row
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

ZONE: Final = "gcp:dns/managedZone:ManagedZone"
_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")
_KEY_BITS: Final = {
    "ecdsap256sha256": (256, 256),
    "ecdsap384sha384": (384, 384),
    "rsasha1": (1024, 4096),
    "rsasha256": (1024, 4096),
    "rsasha512": (1024, 4096),
}
"""Lengths of a key's algorithm in bits (Cloud DNS documentation, "DNSSEC advanced"; unchecked)."""
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+")


def _zone(request: Request) -> Iterator[Problem]:
    name, host = known(request, "name"), known(request, "dnsName")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(path="name", reason=f"{name} is not 1 to 63 lower-case letters, digits and hyphens, a letter first")
    if isinstance(host, str) and not _HOST.fullmatch(host):
        yield Problem(path="dnsName", reason=f"{host} is not a DNS name that ends with a dot")
    yield from _signed(request)
    if known(request, "visibility") != "private":
        if request.inputs.get("privateVisibilityConfig") and request.inputs.get("visibility") is not UNKNOWN:
            yield Problem(path="privateVisibilityConfig", reason="only a private zone has it")
        return
    mine = set(_networks(known(request, "privateVisibilityConfig")))
    for index, link in enumerate(sorted(mine)):
        yield from rules.exists(request, f"privateVisibilityConfig.networks[{index}].networkUrl", link, "network")
    if request.preview:
        return
    for other in request.among(ZONE):
        shared = mine & set(_networks(other.get("privateVisibilityConfig")))
        if other.get("dnsName") == host and shared and other.get("name") != address(request)["name"]:
            yield Problem(path="dnsName", reason=f"zone {other['name']} already answers {host} in {min(shared)}")


def _signed(request: Request) -> Iterator[Problem]:
    found = known(request, "dnssecConfig")
    if not isinstance(found, Mapping):
        return
    if known(request, "visibility") == "private" and found.get("state") not in {None, "off", UNKNOWN}:
        yield Problem(path="dnssecConfig.state", reason="a private zone is not signed")
    kinds: list[Value] = []
    for index, spec in enumerate(items(found.get("defaultKeySpecs"))):
        if not isinstance(spec, Mapping):
            kinds.append(UNKNOWN)
            continue
        path = f"dnssecConfig.defaultKeySpecs[{index}]"
        bounds = _KEY_BITS.get(str(spec.get("algorithm")))
        if bounds is not None:
            yield from rules.within(f"{path}.keyLength", spec.get("keyLength"), *bounds)
        if spec.get("keyType") in kinds and spec.get("keyType") is not UNKNOWN:
            yield Problem(path=f"{path}.keyType", reason=f"there are two keys for {spec['keyType']}")
        kinds.append(spec.get("keyType"))
    if kinds and UNKNOWN not in kinds and len(set(kinds)) == 1:
        yield Problem(path="dnssecConfig.defaultKeySpecs", reason="a zone needs a key for signing keys and one for the zone")
    before = (request.prior or {}).get("dnssecConfig") or {}
    for name in ("nonExistence", "defaultKeySpecs"):
        if before.get("state") == "on" and found.get(name) is not UNKNOWN and found.get(name) != before.get(name):
            yield Problem(path=f"dnssecConfig.{name}", reason="can only be changed while the state is off")


def _networks(visibility: Value) -> Iterator[str]:
    for network in items(visibility.get("networks")) if isinstance(visibility, Mapping) else ():
        if isinstance(network, Mapping) and isinstance(network.get("networkUrl"), str):
            yield bare(network["networkUrl"])


def _record(request: Request) -> Iterator[Problem]:
    host, kind = known(request, "name"), known(request, "type")
    if isinstance(host, str) and not _HOST.fullmatch(host):
        yield Problem(path="name", reason=f"{host} is not a DNS name that ends with a dot")
    answers = known(request, "rrdatas")
    if answers is None and request.inputs.get("rrdatas") is not UNKNOWN and not request.inputs.get("routingPolicy"):
        yield Problem(path="rrdatas", reason="a record needs rrdatas or a routing policy")
    for index, answer in enumerate(items(answers)):
        if kind == "A" and isinstance(answer, str) and not _is_v4(answer):
            yield Problem(path=f"rrdatas[{index}]", reason=f"{answer} is not an IPv4 address")
        if kind == "CNAME" and isinstance(answer, str) and not _HOST.fullmatch(answer):
            yield Problem(path=f"rrdatas[{index}]", reason=f"{answer} is not a DNS name that ends with a dot")
    if kind == "CNAME" and len(items(answers)) > 1:
        yield Problem(path="rrdatas", reason="a CNAME has one answer")
    yield from rules.within("ttl", known(request, "ttl"), 0, 2**31 - 1)
    if request.preview:
        yield from routing(request, None)
        return
    link = f"projects/{address(request)['project']}/managedZones/{request.inputs['managedZone']}"
    zone = rules.found(request, link)
    yield from routing(request, zone)
    if zone is None:
        yield Problem(path="managedZone", reason=f"managed zone {link} does not exist")
    elif f".{host}".endswith(f".{zone['dnsName']}") is False:
        yield Problem(path="name", reason=f"{host} is outside {zone['dnsName']}")
    elif kind == "CNAME" and host == zone["dnsName"]:
        yield Problem(path="type", reason="the name of the zone itself cannot be a CNAME")


def _is_v4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _policy(request: Request) -> Iterator[Problem]:
    mine = {bare(str(item["networkUrl"])) for item in items(known(request, "networks")) if isinstance(item, Mapping)}
    if request.preview:
        return
    for index, link in enumerate(sorted(mine)):
        yield from rules.exists(request, f"networks[{index}].networkUrl", link, "network")
    for other in request.among("gcp:dns/policy:Policy"):
        taken = mine & {bare(str(item["networkUrl"])) for item in other.get("networks") or ()}
        if taken and other.get("name") != address(request)["name"]:
            yield Problem(path="networks", reason=f"{min(taken)} already has the policy {other['name']}")


def _peering(request: Request) -> Iterator[Problem]:
    network = known(request, "network")
    yield from rules.exists(request, "network", network, "network")
    if request.preview:
        return
    ranges = {
        str(item.get("name")): item
        for item in request.among("gcp:compute/globalAddress:GlobalAddress")
        if item.get("purpose") == "VPC_PEERING"
    }
    for index, name in enumerate(request.inputs.get("reservedPeeringRanges") or ()):
        if name not in ranges:
            yield Problem(path=f"reservedPeeringRanges[{index}]", reason=f"no range {name} is reserved for VPC peering")
        elif bare(str(ranges[name].get("network"))) != bare(str(network)):
            yield Problem(path=f"reservedPeeringRanges[{index}]", reason=f"range {name} is reserved in another network")


def _zone_outputs(request: Request, _made: str) -> Mapping[str, Any]:
    return {
        "creationTime": CREATED,
        "managedZoneId": number(request.seed),
        "nameServers": (
            ["ns-gcp-private.googledomains.com."]
            if request.inputs.get("visibility") == "private"
            else [f"ns-cloud-{_shard(request)}{place}.googledomains.com." for place in range(1, 5)]
        ),
    }


def _shard(request: Request) -> str:
    """Give the letter of the set of name servers that a public zone gets."""
    return "abcde"[int(number(request.seed)) % 5]


def _connection_id(request: Request) -> str:
    return f"{quote_plus(bare(request.inputs['network']))}:{request.inputs['service']}"


ROWS: Final = (
    Row(
        type=ZONE,
        schema="dns.v1:ManagedZone",
        id="projects/{project}/managedZones/{name}",
        replace_on="name project dnsName visibility",
        rules=(_zone,),
        outputs=_zone_outputs,
        labels="labels",
    ),
    Row(
        type="gcp:dns/recordSet:RecordSet",
        schema="dns.v1:ResourceRecordSet",
        id="projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}",
        replace_on="name project managedZone type",
        rules=(_record,),
        defaults="project",
    ),
    Row(
        type="gcp:dns/policy:Policy",
        schema="dns.v1:Policy",
        id="projects/{project}/policies/{name}",
        replace_on="name project",
        rules=(_policy,),
    ),
    Row(
        type="gcp:servicenetworking/connection:Connection",
        schema="servicenetworking.v1:Connection",
        id=_connection_id,
        replace_on="network service",
        rules=(_peering,),
        outputs=lambda _request, _made: {"peering": "servicenetworking-googleapis-com"},
        defaults="",
    ),
)
