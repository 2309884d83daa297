from __future__ import annotations

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import Planned, analyze_stack, found

RULE = "FLT-003"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")


def judged(*planned: Planned) -> list[Finding]:
    return found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)


def test_what_is_planned_is_available_enough() -> None:
    assert judged(*federation.planned()) == []


def test_a_front_without_a_second_balancer_and_without_names_is_told() -> None:
    rest = [one for one in federation.planned() if not one.name.startswith(("names-gcp-trading-in", "in-anycast-aws"))]
    left = [one for one in rest if not one.name.startswith(("names-aws-trading-in", "names-azure-trading-in"))]
    hits = judged(*left)
    assert any(hit.found.startswith("front trading-in: 0.0000000") for hit in hits)
    assert all("not planned" in hit.found for hit in hits)
