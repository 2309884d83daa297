from __future__ import annotations

import pytest

from tests.policies.analyzer import Planned, analyze, analyze_stack
from tests.policies.planned import LAWFUL


@pytest.mark.parametrize("resource", LAWFUL, ids=lambda resource: resource.name)
def test_a_lawful_resource_passes_every_rule(resource: Planned) -> None:
    assert analyze(resource) == []


def test_a_lawful_stack_passes_every_rule() -> None:
    assert analyze_stack(*LAWFUL) == []
