"""Records of hosted zones.

Guarantees that a record is either plain or an alias, that records at one name follow one policy and none takes another's
place in it, that what it leads to (an alias in its zone, a health check) is there, and that values are what its type holds.
Traffic policies and CIDR routing are refused: they are not offered.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.call import Call, partition, send
from nautilus.sandbox.aws.dns_check import look_check
from nautilus.sandbox.aws.dns_zone import look_zone
from nautilus.sandbox.aws.row import Raw, Row
from nautilus.sandbox.aws.vpc import unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Value

_TYPE: Final = "aws:route53/record:Record"
_POLICIES: Final = {
    "weightedRoutingPolicies": "Weight",
    "latencyRoutingPolicies": "Region",
    "failoverRoutingPolicies": "Failover",
    "geolocationRoutingPolicies": "GeoLocation",
    "geoproximityRoutingPolicy": "GeoProximityLocation",
    "multivalueAnswerRoutingPolicy": "MultiValueAnswer",
}
"""Input of each policy to the member of ResourceRecordSet."""
_FREE: Final = ("weightedRoutingPolicies", "multivalueAnswerRoutingPolicy")
"""Policies in which two records at a name may say the same."""
_BOUNDS: Final = {"latitude": 90, "longitude": 180}
_DEGREES: Final = re.compile(r"-?\d{1,3}(\.\d{1,2})?")
_ALIASES: Final = {"A", "AAAA"}
_OFFERED: Final = frozenset({"A", "AAAA", "TXT", "SOA", "CNAME"})


def _first(value: Value) -> Value:
    return value[0] if isinstance(value, list) and value else value


def _policy(inputs: Mapping[str, Any]) -> tuple[str, Value] | None:
    """Give a record's policy by the input's name and its content, None for a simple record."""
    for name in _POLICIES:
        if inputs.get(name) not in (None, [], False):
            return name, _first(inputs[name])
    return None


def _spelt(name: str, said: Value) -> Value:
    """Give the content of a policy as ResourceRecordSet holds it."""
    if not isinstance(said, Mapping):
        return said
    match name:
        case "weightedRoutingPolicies":
            return said.get("weight")
        case "latencyRoutingPolicies":
            return said.get("region")
        case "failoverRoutingPolicies":
            return said.get("type")
        case "geolocationRoutingPolicies":
            return send("continent=ContinentCode country=CountryCode subdivision=SubdivisionCode")(said)
        case _:
            spelt = send("awsRegion=AWSRegion bias localZoneGroup")(said)
            if coordinates := _first(said.get("coordinates")):
                spelt["Coordinates"] = send("latitude longitude")(coordinates)
            return spelt


def _set(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record as Route 53 takes it; text in quotes, as the provider puts it."""
    found: dict[str, Any] = send("name type setIdentifier ttl=TTL healthCheckId")(inputs)
    if isinstance(found.get("Name"), str):
        found["Name"] = f"{found['Name'].removesuffix('.')}."
    records = inputs.get("records")
    if records is not None and records is not UNKNOWN:
        quoted = [f'"{one}"' if inputs.get("type") == "TXT" and isinstance(one, str) else one for one in records]
        found["ResourceRecords"] = [{"Value": one} for one in quoted]
    alias = _first(inputs.get("aliases"))
    if isinstance(alias, Mapping):
        found["AliasTarget"] = send("zoneId=HostedZoneId name=DNSName evaluateTargetHealth")(alias)
    if (policy := _policy(inputs)) is not None:
        found[_POLICIES[policy[0]]] = _spelt(*policy)
    return found


def _params(inputs: Mapping[str, Any]) -> dict[str, Any]:
    change = {"Action": "CREATE", "ResourceRecordSet": _set(inputs)}
    return {"HostedZoneId": inputs.get("zoneId", UNKNOWN), "ChangeBatch": {"Changes": [change]}}


def _identify(call: Call) -> str:
    parts = [call.get("zoneId"), call.get("name"), call.get("type"), call.get("setIdentifier")]
    return "_".join(str(part).lower() if part == parts[1] else str(part) for part in parts if part is not None)


def _sets(call: Call, zone: str) -> list[Value]:
    """Give moto's own records of a zone: its calls neither page by set identifier nor delete by name and identifier."""
    zones = emulator.backend("route53", call.account, partition(call.region)).zones
    return zones[zone].rrsets if zone in zones else []


def _mine(call: Call, one: Value) -> bool:
    name = str(call.get("name")).removesuffix(".").lower()
    return bool(
        one.name.removesuffix(".").lower() == name
        and one.type == call.get("type")
        and one.set_identifier == call.get("setIdentifier")
    )


def _look(call: Call) -> Raw | None:
    if not call.id:
        return None
    found = next((one for one in _sets(call, call.get("zoneId")) if _mine(call, one)), None)
    return None if found is None else vars(found)


def _make(call: Call) -> str:
    # moto takes a record that was deleted for one that exists, so that creating is the same as changing here; the guard
    # has seen to it that there is none.
    _settle(call)
    return _identify(call)


def _settle(call: Call) -> None:
    change = {"Action": "UPSERT", "ResourceRecordSet": _set(call.inputs)}
    call.boto("change_resource_record_sets", HostedZoneId=call.get("zoneId"), ChangeBatch={"Changes": [change]})


def _show(call: Call, raw: Raw) -> dict[str, object]:
    live: dict[str, object] = {"fqdn": str(call.get("name")).removesuffix("."), "healthCheckId": raw["health_check_id"]}
    if raw["ttl"] is not None:
        live["ttl"] = int(raw["ttl"])
    if raw["records"]:
        live["records"] = [str(one).strip('"') if call.get("type") == "TXT" else one for one in raw["records"]]
    if raw["weight"] is not None:
        live["weightedRoutingPolicies"] = [{"weight": int(raw["weight"])}]
    return live


def _drop(call: Call) -> None:
    records = _sets(call, call.get("zoneId"))
    records[:] = [one for one in records if not _mine(call, one)]


def _refuse(call: Call) -> Iterator[Problem]:
    yield from unsupported(call, "cidrRoutingPolicy")
    inputs, kind = call.inputs, call.get("type")
    if isinstance(kind, str) and kind not in _OFFERED:
        yield Problem(path="type", reason=f"{kind!r} is not offered by the sandbox: {', '.join(sorted(_OFFERED))}")
    alias = inputs.get("aliases") not in (None, [])
    if alias == (inputs.get("records") is not None):
        yield Problem(path="records", reason="a record has exactly one of records and aliases")
    if alias and inputs.get("ttl") is not None:
        yield Problem(path="ttl", reason="must not be set with an alias, which has its target's")
    if not alias and inputs.get("ttl") is None:
        yield Problem(path="ttl", reason="is required with records")
    if alias and isinstance(kind, str) and kind not in _ALIASES:
        yield Problem(path="aliases", reason=f"are not offered for {kind}")
    policies = [name for name in _POLICIES if inputs.get(name) not in (None, [], False)]
    if len(policies) > 1:
        yield Problem(path=policies[1], reason=f"a record has one policy, and there is {policies[0]}")
    if bool(policies) != (inputs.get("setIdentifier") is not None):
        yield Problem(path="setIdentifier", reason="is required with a routing policy, and only with one")
    yield from _values(call, kind)
    yield from _place_problems(inputs)


def _place_problems(inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse coordinates that are no place. Source: Route 53 API reference, Coordinates: two decimals at most."""
    said = _first(inputs.get("geoproximityRoutingPolicy"))
    at = _first(said.get("coordinates")) if isinstance(said, Mapping) else None
    if not isinstance(at, Mapping):
        return
    for name, bound in _BOUNDS.items():
        text = at.get(name)
        if isinstance(text, str) and not (_DEGREES.fullmatch(text) and abs(float(text)) <= bound):
            path = f"geoproximityRoutingPolicy.coordinates[0].{name}"
            yield Problem(path=path, reason=f"{text!r} is not -{bound} to {bound} with two decimals at most")


def _values(call: Call, kind: Value) -> Iterator[Problem]:
    version = {"A": 4, "AAAA": 6}.get(kind)
    for index, value in enumerate(call.get("records") or ()):
        if version is None or value is UNKNOWN:
            continue
        try:
            good = ipaddress.ip_address(value).version == version
        except ValueError:
            good = False
        if not good:
            yield Problem(path=f"records[{index}]", reason=f"{value!r} is not an address that {kind} holds")


def _guard(call: Call) -> Iterator[Problem]:
    zone = call.get("zoneId")
    described = look_zone(call, zone)
    if described is None:
        yield Problem(path="zoneId", reason=f"zone {zone} does not exist (NoSuchHostedZone)")
        return
    domain, name = str(described["HostedZone"]["Name"]).removesuffix("."), str(call.get("name")).removesuffix(".")
    if name != domain and not name.endswith(f".{domain}"):
        yield Problem(path="name", reason=f"{name} is not in zone {domain} (InvalidChangeBatch)")
    if name == domain and call.get("type") == "CNAME":
        yield Problem(path="type", reason="the zone's own name cannot be a CNAME (InvalidChangeBatch)")
    check = call.get("healthCheckId")
    if check is not None and look_check(call, check) is None:
        yield Problem(path="healthCheckId", reason=f"health check {check} does not exist (NoSuchHealthCheck)")
    yield from _alias_problems(call, zone)
    if call.get("type") in ("SOA", "NS"):
        if not call.get("allowOverwrite") and not call.id:
            yield Problem(path="allowOverwrite", reason=f"the zone's {call.get('type')} record is there from its beginning")
        return
    yield from _neighbour_problems(call)


def _alias_problems(call: Call, zone: str) -> Iterator[Problem]:
    alias = _first(call.get("aliases"))
    if not isinstance(alias, Mapping) or alias.get("zoneId") != zone:
        return
    target = str(alias.get("name")).removesuffix(".").lower()
    there = [one for one in _sets(call, zone) if one.name.removesuffix(".").lower() == target]
    if not any(one.type == call.get("type") for one in there):
        reason = f"{target} has no {call.get('type')} record in the zone (InvalidChangeBatch)"
        yield Problem(path="aliases[0].name", reason=reason)


def _neighbour_problems(call: Call) -> Iterator[Problem]:
    """Refuse what Route 53 refuses beside the records that a name already has."""
    mine = _policy(call.inputs)
    if not call.id and any(_mine(call, one) for one in _sets(call, call.get("zoneId"))) and not call.get("allowOverwrite"):
        yield Problem(path="name", reason=f"{call.get('name')} has that record already (InvalidChangeBatch)")
    for other in call.request.among(_TYPE):
        beside = all(str(other.get(key)).lower() == str(call.get(key)).lower() for key in ("zoneId", "name"))
        if beside and other.get("type") != call.get("type") and "CNAME" in (other.get("type"), call.get("type")):
            reason = f"{call.get('name')} has {other.get('type')} records; a CNAME stands alone (InvalidChangeBatch)"
            yield Problem(path="type", reason=reason)
        same = all(str(other.get(key)).lower() == str(call.get(key)).lower() for key in ("zoneId", "name", "type"))
        if other["id"] == call.id or not same:
            continue
        theirs = _policy(other)
        if mine is None or theirs is None or mine[0] != theirs[0]:
            yield Problem(path="name", reason=f"{call.get('name')} has records of another policy (InvalidChangeBatch)")
        elif other.get("setIdentifier") == call.get("setIdentifier"):
            yield Problem(path="setIdentifier", reason=f"{call.get('setIdentifier')} is another record's there already")
        elif mine[0] not in _FREE and _spelt(*mine) == _spelt(*theirs):
            yield Problem(path=mine[0], reason=f"{_spelt(*mine)} is another record's there already (InvalidChangeBatch)")


ROWS: Final = (
    Row(
        type=_TYPE,
        service="route53",
        operation="change_resource_record_sets",
        params=_params,
        make=_make,
        look=_look,
        show=_show,
        settle=(_settle,),
        drop=_drop,
        refuse=_refuse,
        guard=_guard,
        guard_updates=True,
        defaults={"allowOverwrite": False},
        replace_on="zoneId name type setIdentifier",
        identify=_identify,
        within="ChangeBatch.Changes[0].ResourceRecordSet.",
        aliases={
            "TTL": "ttl",
            "GeoLocation": "geolocationRoutingPolicies[0]",
            "GeoProximityLocation": "geoproximityRoutingPolicy",
            "Region": "latencyRoutingPolicies[0].region",
            "Weight": "weightedRoutingPolicies[0].weight",
            "Failover": "failoverRoutingPolicies[0].type",
            "AliasTarget": "aliases[0]",
        },
        regional=False,
    ),
)
