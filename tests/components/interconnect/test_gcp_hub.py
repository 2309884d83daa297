"""The hub between a project's placements: one spoke each, which lets others know its nodes alone."""

from __future__ import annotations

from typing import Any

import pytest

from components.interconnect.gcp_hub import GcpHub, HubArgs, SpokeArgs
from tests.components.gcp_backbone import ACCOUNT, OUTPUTS, location, refused

pytestmark = pytest.mark.filterwarnings("ignore:gcp\\..* has been deprecated:DeprecationWarning")
"""The SDK deprecates names of its own while it is imported."""

SPOKE = "gcp:networkconnectivity/spoke:Spoke"


def args(labels: Any, *placements: str) -> HubArgs:
    return HubArgs(
        account=ACCOUNT,
        spokes={
            name: SpokeArgs(network_id=f"networks/{name}", nodes=f"10.{n}.0.0/16", location=location(), labels=labels)
            for n, name in enumerate(placements)
        },
        labels=labels,
        deletion_protection=True,
    )


@pytest.fixture
def seen(record: Any, labels: Any) -> Any:
    return record(lambda: GcpHub("us", args(labels, "east", "west", "edge")), OUTPUTS)


def test_in_full(seen: Any, golden: Any) -> None:
    golden("gcp_hub", seen.lines())


def test_google_would_refuse_nothing(seen: Any) -> None:
    assert refused(seen) == {}


def test_a_spoke_lets_others_know_its_nodes_alone(seen: Any) -> None:
    spokes = seen.of(SPOKE)
    assert spokes["us-west"]["linkedVpcNetwork"] == {"uri": "networks/west", "includeExportRanges": ["10.1.0.0/16"]}
    assert {made["location"] for made in spokes.values()} == {"global"}
    assert {made["hub"] for made in spokes.values()} == {"us-hub-id"}


def test_every_spoke_reaches_every_other_and_the_hub_is_protected(seen: Any) -> None:
    made = seen.one("us-hub").inputs
    assert (made["policyMode"], made["presetTopology"], made["exportPsc"]) == ("PRESET", "MESH", False)
    assert seen.protected() == {"us-hub"}


@pytest.mark.parametrize("placements", [(), ("east",)])
def test_a_hub_of_one_is_refused(record: Any, labels: Any, placements: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=f"at least two placements, found {len(placements)}"):
        record(lambda: GcpHub("us", args(labels, *placements)), OUTPUTS)
