from __future__ import annotations

import pytest

from policies.kit.finding import Finding
from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import Planned, analyze_stack, found

RULE = "FLT-006"
pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")


def judged(*planned: Planned) -> list[Finding]:
    hits = found(analyze_stack(*planned, pack=Pack.RESILIENCE), RULE)
    return [hit for hit in hits if hit.found.startswith("trading-in ")]


def without(*prefixes: str) -> tuple[Planned, ...]:
    return tuple(one for one in federation.planned() if not one.name.startswith(prefixes))


def test_trading_survives_the_loss_of_any_cloud() -> None:
    assert found(analyze_stack(*federation.planned(), pack=Pack.RESILIENCE), RULE) == []


def test_names_at_one_provider_alone_do_not_survive_its_loss() -> None:
    hits = judged(*without("names-gcp-trading-in", "names-azure-trading-in"))
    assert [hit.found.partition(":")[0] for hit in hits] == ["trading-in without aws"]


def test_indian_trading_without_its_second_cloud_is_stranded() -> None:
    gone = ("names-aws-trading-in-in-aws", "names-aws-trading-in-failover-secondary")
    left = [one for one in without(*gone) if not one.name.startswith(("names-azure-trading-in", "names-gcp-trading-in"))]
    hits = judged(*left)
    assert "trading-in without gcp" in {hit.found.partition(":")[0] for hit in hits}
    assert all("in-aws, in-gcp" in hit.allowed for hit in hits)


def test_an_unlawful_endpoint_saves_nobody() -> None:
    american = federation.one_of("us-anycast-gcp-address")
    planned = [
        Planned(**{**vars(one), "sources": {**one.sources, "routingPolicy": (american.urn,), "endpoints": (american.urn,)}})
        if one.name in {"names-gcp-trading-in-record", "names-azure-trading-in-profile"}
        else one
        for one in without("names-aws-trading-in")
    ]
    hits = judged(*planned)
    assert {"trading-in without gcp", "trading-in without aws"} <= {hit.found.partition(":")[0] for hit in hits}
