"""What Azure refuses of public DNS zones, their signing and their records.

Sources: Azure DNS zones and records, DNSSEC (Microsoft Learn; general knowledge where the page was not read).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.handler import UNKNOWN, Problem, Request

_TTL_S: Final = range(1, 2147483648)
_FIELDS: Final = {
    "A": "aRecords",
    "AAAA": "aaaaRecords",
    "CAA": "caaRecords",
    "CNAME": "cnameRecord",
    "DS": "dsRecords",
    "MX": "mxRecords",
    "NAPTR": "naptrRecords",
    "NS": "nsRecords",
    "PTR": "ptrRecords",
    "SOA": "soaRecord",
    "SRV": "srvRecords",
    "TLSA": "tlsaRecords",
    "TXT": "txtRecords",
}
"""Record type to the input that holds its records."""

_PROVIDERS_OWN: Final = (".trafficmanager.net", ".azure.com", ".microsoft.com", ".windows.net", ".cloudapp.net")
"""Domains that are Microsoft's own: nobody else can have a zone below them."""


def zone(request: Request) -> Iterator[Problem]:
    """A name that is no provider's own; no virtual networks, which only private zones had."""
    name = request.inputs.get("zoneName")
    if isinstance(name, str) and f".{name.lower()}".endswith(_PROVIDERS_OWN):
        yield Problem(path="zoneName", reason=f"ReservedDnsZoneName: {name} is below a domain of Microsoft's own")


def signing(request: Request) -> Iterator[Problem]:
    """A zone that is there."""
    group, name = request.inputs.get("resourceGroupName"), request.inputs.get("zoneName")
    if request.preview or not isinstance(group, str) or not isinstance(name, str):
        return
    wanted = f"/subscriptions/{request.target.account}/resourceGroups/{group}/providers/Microsoft.Network/dnsZones/{name}"
    if request.find(wanted) is None:
        yield Problem(path="zoneName", reason=f"ParentResourceNotFound: {wanted} does not exist")


def record(request: Request) -> Iterator[Problem]:
    """A type that there is, its own records and no other's, a lifetime, and no CNAME beside anything."""
    inputs = request.inputs
    kind = inputs.get("recordType")
    if not isinstance(kind, str):
        return
    if kind not in _FIELDS:
        yield Problem(path="recordType", reason=f"BadRequest: {kind!r}; it takes {', '.join(_FIELDS)}")
        return
    given = [field for field in _FIELDS.values() if inputs.get(field)]
    pointed = [field for field in ("targetResource", "trafficManagementProfile") if inputs.get(field)]
    for field in given:
        if field != _FIELDS[kind]:
            yield Problem(path=field, reason=f"BadRequest: a record set of type {kind} holds no {field}")
    if _FIELDS[kind] not in given and not pointed:
        yield Problem(path=_FIELDS[kind], reason="BadRequest: an empty record set")
    ttl = inputs.get("ttl")
    if ttl is None or (isinstance(ttl, (int, float)) and ttl not in _TTL_S):
        yield Problem(path="ttl", reason=f"BadRequest: {ttl!r}; it takes 1 to {_TTL_S.stop - 1} s")
    if kind == "CNAME" and inputs.get("relativeRecordSetName") == "@":
        yield Problem(path="recordType", reason="BadRequest: the zone's own name cannot be a CNAME")
    yield from _alone(request, kind)


def _alone(request: Request, kind: str) -> Iterator[Problem]:
    if request.preview:
        return
    inputs = request.inputs
    same = ("resourceGroupName", "zoneName", "relativeRecordSetName")
    for other in request.among(request.type):
        if other.get("id") == request.id or any(inputs.get(field) in (None, UNKNOWN) for field in same):
            continue
        beside = all(str(other.get(field)).lower() == str(inputs.get(field)).lower() for field in same)
        if beside and "CNAME" in (kind, other.get("recordType")) and other.get("recordType") != kind:
            reason = f"Conflict: {other.get('recordType')} records of that name exist; a CNAME stands alone"
            yield Problem(path="recordType", reason=reason)
