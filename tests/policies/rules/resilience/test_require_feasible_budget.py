from __future__ import annotations

from dataclasses import replace

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import UNKNOWN, Planned, analyze_stack, found

RULE = "FLT-005"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")
LINK = "us-east-ca-east"


def moved(**changes: object) -> list[Planned]:
    """Give the parts of one link, its second end's provider changed."""
    parts = [one for one in federation.planned() if one.name == LINK or one.name.startswith(f"{LINK}-")]
    far = federation.one_of(f"{LINK}-native-data-accepter").provider
    assert far is not None
    there = far.but(**changes)
    return [replace(one, provider=there) if one.provider == far else one for one in parts]


def judged(*planned: Planned) -> list[Finding]:
    return found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)


def test_the_link_that_ships_is_above_its_floor() -> None:
    assert judged(*moved()) == []


def test_a_link_to_the_other_side_of_the_world_is_refused_with_the_floor() -> None:
    hits = judged(*moved(region="ap-northeast-3"))
    assert len(hits) == 1
    assert hits[0].found.startswith(f"{LINK} is planned from aws/ap-northeast-3 to aws/us-east-1, ")
    assert hits[0].found.endswith("ms apart at best, within 75 ms")


@pytest.mark.parametrize(("region", "why"), [(None, "named by no provider"), (UNKNOWN, "cannot be known")])
def test_an_end_without_a_region_is_undecided(region: str | None, why: str) -> None:
    assert [why in hit.found for hit in judged(*moved(region=region))] == [True]


def test_an_end_outside_the_catalogue_is_undecided() -> None:
    assert ["not all in the catalogue" in hit.found for hit in judged(*moved(region="mars-north-1"))] == [True]
