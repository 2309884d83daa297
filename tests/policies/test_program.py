"""The program that ships passes the pack at a first preview, one placement of each cloud; no engine and no sandbox."""

from __future__ import annotations

import pytest

import config
from components.placement import Placement
from config.loader import load
from config.model import EnvironmentName, Group
from nautilus.federation.front import served
from nautilus.federation.link import gateway
from nautilus.federation.plan import placements
from policies.kit.location_entries import COMPONENT_PREFIX, ENTRIES, EXEMPT
from tests.policies.analyzer import analyze, analyze_stack
from tests.policies.program import plan

pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")
PLACEMENTS = [
    (Group.EMEA, "nautilus-enterprise-eu-central-1"),
    (Group.EMEA, "nautilus-enterprise-eu-west-1"),
    (Group.EMEA, "nautilus-enterprise-uk-south-1"),
    (Group.APAC, "nautilus-enterprise-asia-se-1"),
]


@pytest.mark.parametrize(("group", "name"), PLACEMENTS, ids=[name for _, name in PLACEMENTS])
def test_a_placement_passes_every_rule_before_it_exists(group: Group, name: str) -> None:
    catalogue = load(config.root())
    wanted = next(one for one in placements(catalogue, EnvironmentName.PROD, group) if one.name == name)
    traffic = served(catalogue, wanted)
    planned = plan(lambda: Placement(wanted.name, wanted, gateway(catalogue, wanted), traffic), f"prod-{group}")

    assert len(planned) > 50
    kinds = {one.type for one in planned if not one.type.startswith(COMPONENT_PREFIX)}
    assert sorted(kinds - set(ENTRIES) - set(EXEMPT)) == []
    assert [finding for one in planned for finding in analyze(one)] == []
    assert analyze_stack(*planned) == []
