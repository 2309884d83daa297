"""The federation that ships passes every pack at a first preview; no engine and no sandbox."""

from __future__ import annotations

import pytest

from policies.kit.registry import Pack
from tests.policies import federation
from tests.policies.analyzer import analyze, analyze_stack

pytestmark = pytest.mark.filterwarnings("ignore:(aws|gcp)\\..* has been deprecated:DeprecationWarning")


@pytest.mark.parametrize("pack", Pack)
def test_the_federation_passes_every_rule_before_anything_exists(pack: Pack) -> None:
    planned = federation.planned()
    assert len(planned) > 1000
    assert [finding for one in planned for finding in analyze(one, pack)] == []
    if pack is not Pack.EXPOSURE:
        assert analyze_stack(*planned, pack=pack) == []
