"""Local Zones: opted into before anything stands there, and what AWS does not offer in them is refused (EDGE-1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nautilus.sandbox.aws import emulator, local_zone
from nautilus.sandbox.handler import Refused
from tests.sandbox.aws.world import ACCOUNT, BY_NAME, EXAMPLES, REGION, World, fresh, verb

LOCAL = "eu-central-1-ham-1a"


def offered(account: str = ACCOUNT) -> set[str]:
    answer = emulator.call("ec2", "describe_availability_zones", account, REGION, {})
    return {zone["ZoneName"] for zone in answer["AvailabilityZones"]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"groupName": "us-east-1-nyc-2"}, "groupName: 'us-east-1-nyc-2' is not a group of Local Zones of eu-central-1"),
        ({"groupName": "eu-central-1-ham-1a"}, "groupName: 'eu-central-1-ham-1a' is not a group .*: eu-central-1-ham-1, "),
        ({"optInStatus": "opted"}, "optInStatus: 'opted' is not one of .*opted-in"),
        ({"groupName": None}, "groupName: .*required"),
    ],
)
def test_a_group_that_is_none_is_refused(empty: World, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        empty.create("zone-group", **changes)


def test_a_zone_is_offered_to_the_account_that_opted_in_alone(empty: World) -> None:
    assert LOCAL not in offered()
    empty.create("zone-group")
    assert offered() == {"eu-central-1a", "eu-central-1b", "eu-central-1c", LOCAL}
    assert LOCAL not in offered("999988887777")


def test_nothing_stands_in_a_zone_before_it_is_opted_into(empty: World) -> None:
    empty.create("vpc")
    with pytest.raises(Refused, match=f"availabilityZone: {LOCAL} is not opted into: opt into the group eu-central-1-ham-1"):
        empty.create("local")
    empty.create("zone-group")
    assert empty.create("local").outputs["availabilityZone"] == LOCAL


def test_a_preview_takes_a_zone_that_the_same_run_opts_into_and_no_other_regions(empty: World) -> None:
    empty.create("vpc")
    assert empty.problems("local") == []
    other = empty.request(BY_NAME["local"], {"availabilityZone": "us-west-2-lax-1a"})
    reasons = [problem.reason for problem in verb(other.type, "refuse")(replace(other, preview=True))]
    assert any("'us-west-2-lax-1a' is not a zone of eu-central-1" in reason for reason in reasons)


def test_an_account_cannot_leave_a_zone_again(empty: World) -> None:
    empty.create("zone-group")
    request = empty.again("zone-group")
    with pytest.raises(Refused, match="only AWS support can leave it again"):
        verb(request.type, "update")(replace(request, inputs={**request.inputs, "optInStatus": "not-opted-in"}))


def test_forgetting_the_opt_in_leaves_the_account_in_the_zone(empty: World) -> None:
    empty.create("zone-group")
    verb("aws:ec2/availabilityZoneGroup:AvailabilityZoneGroup", "delete")(empty.again("zone-group"))
    assert LOCAL in offered()


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("nat", {"subnetId": "${local.id}"}, "is in eu-central-1-ham-1a, a Local Zone: no NAT gateway there"),
        ("tgw-vpc", {"subnetIds": ["${local.id}"]}, "a Local Zone: no transit gateway attachment there"),
        (
            "cluster",
            {"vpcConfig": {"subnetIds": ["${a.id}", "${local.id}"], "endpointPrivateAccess": True}},
            "vpcConfig.subnetIds: .* a Local Zone: no control plane there",
        ),
    ],
)
def test_what_aws_does_not_offer_there_is_refused(empty: World, name: str, changes: dict[str, Any], reason: str) -> None:
    for example in EXAMPLES[: EXAMPLES.index(BY_NAME[name])]:
        empty.create(example.name)
    with pytest.raises(Refused, match=reason):
        empty.create(name, **changes)


def test_every_zone_is_of_a_region_that_moto_has_and_is_listed_once() -> None:
    for region in emulator.regions():
        for zone in local_zone.of_region(region):
            assert zone.startswith(f"{region}-")
    local_zone.register()
    names = [zone.name for zone in local_zone.RegionsAndZonesBackend.zones[REGION]]
    assert len(names) == len(set(names))


def test_a_place_that_a_preview_looked_at_first_is_furnished_alike(empty: World) -> None:
    def prefix_lists() -> list[str]:
        answer = emulator.call("ec2", "describe_managed_prefix_lists", ACCOUNT, REGION, {})
        return [one["PrefixListId"] for one in answer["PrefixLists"]]

    assert offered()
    looked = prefix_lists()
    fresh()
    empty.create("key")
    assert prefix_lists() == looked
