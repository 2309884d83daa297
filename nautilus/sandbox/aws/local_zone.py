"""Local Zones: which there are, and what has been opted into (`ModifyAvailabilityZoneGroup`).

Guarantees that a Local Zone is a zone of its own region only, that nothing stands in one before its group is opted into, and
that what AWS does not offer there is refused: NAT gateways, transit gateway attachments, and a cluster's control plane.
moto knows no Local Zones, so they are put into its own list of zones; opting in is model-checked. Which machine types and
disks a zone offers is not known here, and no type is refused for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.aws.call import Call, send
from nautilus.sandbox.aws.row import Raw, Row, made, unless_gone
from nautilus.sandbox.handler import Fidelity, Problem, Refused, Value

_ZONES: Final = {
    "us-east-1": "atl-2a bos-1a bue-1a chi-2a dfw-2a iah-2a lim-1a mci-1a mia-2a msp-1a nyc-2a phl-1a qro-1a scl-1a",
    "us-west-2": "den-1a hnl-1a las-1a lax-1a lax-1b phx-2a sea-1a",
    "eu-central-1": "ham-1a waw-1a",
    "eu-north-1": "cph-1a hel-1a",
    "ap-south-1": "ccu-1a del-1a",
    "ap-southeast-1": "bkk-1a mnl-1a",
    "ap-southeast-2": "akl-1a per-1a",
}
"""Local Zones by region, without the region's name. Source: AWS Local Zones User Guide, "Available Local Zones", as far as
it was read, and public inventories of zones, 2026-11; zones that AWS has closed to newcomers are left out."""

_TYPE: Final = "local-zone"
_OPTED: Final = "opted-in"
_LEFT: Final = "not-opted-in"
_KEPT: Final = "nautilus_zone_groups"
"""Where an account's answers are kept in moto's own state, so that they go when that is emptied."""


def of_region(region: str) -> frozenset[str]:
    """Give the names of a region's Local Zones."""
    return frozenset(f"{region}-{end}" for end in _ZONES.get(region, "").split())


def groups(call: Call) -> dict[str, str]:
    """Give what an account has said of the groups of a region: group to opt-in status."""
    state = emulator.backend("ec2", call.account, call.region)
    if not hasattr(state, _KEPT):
        setattr(state, _KEPT, {})
    found: dict[str, str] = getattr(state, _KEPT)
    return found


def opted(call: Call) -> frozenset[str]:
    """Give the Local Zones that an account has opted into in a region."""
    said = groups(call)
    return frozenset(zone for zone in of_region(call.region) if said.get(zone[:-1]) == _OPTED)


def not_offered(call: Call, name: str, what: str) -> Iterator[Problem]:
    """Refuse subnets of Local Zones for something that AWS does not offer there; `name` is the input that holds them."""
    given = call.get(name)
    for subnet in [given] if isinstance(given, str) else given or ():
        answer = unless_gone(lambda subnet=subnet: call.boto("describe_subnets", of="ec2", SubnetIds=[subnet]))  # type: ignore[misc]
        for found in (answer or {}).get("Subnets", ()):
            if found["AvailabilityZone"] in of_region(call.region):
                yield Problem(path=name, reason=f"{subnet} is in {found['AvailabilityZone']}, a Local Zone: no {what} there")


def register() -> None:
    """Put the Local Zones into moto's list; what an account has not opted into is left out where zones are offered."""
    for region, ends in _ZONES.items():
        known = {zone.name for zone in RegionsAndZonesBackend.zones[region]}
        short = RegionsAndZonesBackend.zones[region][0].zone_id.partition("-")[0]
        RegionsAndZonesBackend.zones[region] += [
            Zone(region_name=region, name=f"{region}-{end}", zone_id=f"{short}-{end[:3]}{end[4]}-az1", zone_type=_TYPE)
            for end in ends.split()
            if f"{region}-{end}" not in known
        ]
    if RegionsAndZonesBackend.describe_availability_zones is not _offered:
        RegionsAndZonesBackend.describe_availability_zones = _offered


_every = RegionsAndZonesBackend.describe_availability_zones


def _offered(state: Value, *given: Value, **named: Value) -> list[Value]:
    """Give the zones that an account may use: a Local Zone once it is opted into."""
    said = getattr(state, _KEPT, {})
    return [zone for zone in _every(state, *given, **named) if zone.zone_type != _TYPE or said.get(zone.name[:-1]) == _OPTED]


def _refuse(call: Call) -> Iterator[Problem]:
    group = call.get("groupName")
    known = sorted({zone[:-1] for zone in of_region(call.region)}) if call.request.target.region else []
    if isinstance(group, str) and group not in known:
        offered = ", ".join(known) or "it has none"
        yield Problem(path="groupName", reason=f"{group!r} is not a group of Local Zones of {call.region}: {offered}")


def _settle(call: Call) -> None:
    said, group, status = groups(call), str(call.get("groupName")), str(call.get("optInStatus"))
    if said.get(group) == _OPTED and status == _LEFT:
        raise Refused(f"{group} is opted into: only AWS support can leave it again", code="OptInStatus")
    said[group] = status


def _look(call: Call) -> Raw | None:
    status = groups(call).get(call.id)
    return {"GroupName": call.id, "OptInStatus": status} if status and made(call, call.id) else None


ROWS: Final = (
    Row(
        type="aws:ec2/availabilityZoneGroup:AvailabilityZoneGroup",
        service="ec2",
        operation="modify_availability_zone_group",
        params=send("groupName optInStatus"),
        make=lambda call: str(call.get("groupName")),
        identify=lambda call: str(call.get("groupName")),
        look=_look,
        show=lambda _call, raw: {"groupName": raw["GroupName"], "optInStatus": raw["OptInStatus"]},
        settle=(_settle,),
        # The provider only forgets it (Pulumi AWS, ec2.AvailabilityZoneGroup): the account stays opted in.
        drop=lambda _call: None,
        refuse=_refuse,
        replace_on="groupName",
        fidelity=Fidelity.MODEL_CHECKED,
    ),
)

register()
