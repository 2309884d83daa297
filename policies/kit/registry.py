"""Which pack holds which rules.

Guarantees that every rule id is one rule's, and that the order is the order in which findings are worth reading. Rules are
listed, not discovered: a rule that nobody lists runs nowhere, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from policies.kit.rule import Rule
from policies.rules.exposure import require_interconnect_encryption, restrict_address_range
from policies.rules.keys import (
    forbid_shared_key,
    forbid_travelling_key,
    require_customer_key,
    require_deletion_window,
    require_hsm,
    require_key_in_region,
    require_rotation,
    require_secrets_encryption,
    restrict_key_principal,
)
from policies.rules.replication import restrict_failover_target, restrict_peering
from policies.rules.residency import (
    forbid_unlocated_type,
    require_explicit_provider,
    require_own_account,
    require_parent_agreement,
    restrict_global_type,
    restrict_location,
    restrict_multi_region,
    restrict_resource_group,
    restrict_resource_region,
    restrict_sink_location,
)
from policies.rules.resilience import (
    require_availability,
    require_cloud_survival,
    require_diverse_paths,
    require_feasible_budget,
    require_recovery_point,
    require_recovery_time,
    require_zones,
    restrict_probe,
)


class Pack(StrEnum):
    """The packs, each a folder under `policies/packs` and a process of its own."""

    JURISDICTION = "jurisdiction"
    EXPOSURE = "exposure"
    RESILIENCE = "resilience"


PURPOSE: Final[Mapping[Pack, str]] = {
    Pack.JURISDICTION: "data and keys stay where their law wants them, and so do those who answer for them",
    Pack.EXPOSURE: "what leaves a network is encrypted, and its addresses are those of the plan",
    Pack.RESILIENCE: "what is planned recovers in time, lawfully, by diverse ways",
}

_RULES: Final[Mapping[Pack, tuple[Rule, ...]]] = {
    Pack.JURISDICTION: (
        require_explicit_provider.RULE,
        restrict_location.RULE,
        restrict_resource_region.RULE,
        restrict_multi_region.RULE,
        restrict_resource_group.RULE,
        restrict_global_type.RULE,
        forbid_unlocated_type.RULE,
        require_own_account.RULE,
        require_parent_agreement.RULE,
        restrict_sink_location.RULE,
        require_customer_key.RULE,
        require_key_in_region.RULE,
        forbid_travelling_key.RULE,
        require_rotation.RULE,
        require_hsm.RULE,
        restrict_key_principal.RULE,
        require_deletion_window.RULE,
        forbid_shared_key.RULE,
        require_secrets_encryption.RULE,
        restrict_peering.RULE,
        restrict_failover_target.RULE,
    ),
    Pack.EXPOSURE: (
        require_interconnect_encryption.RULE,
        restrict_address_range.RULE,
    ),
    Pack.RESILIENCE: (
        require_recovery_time.RULE,
        require_recovery_point.RULE,
        require_availability.RULE,
        require_diverse_paths.RULE,
        require_feasible_budget.RULE,
        require_cloud_survival.RULE,
        require_zones.RULE,
        restrict_probe.RULE,
    ),
}


@lru_cache(maxsize=1)
def _checked() -> Mapping[Pack, tuple[Rule, ...]]:
    ids = [rule.id for listed in _RULES.values() for rule in listed]
    twice = sorted({rule for rule in ids if ids.count(rule) > 1})
    if twice:
        raise ValueError(f"rule ids used twice: {', '.join(twice)}")
    return _RULES


def rules(pack: Pack) -> tuple[Rule, ...]:
    """Give a pack's rules in reading order. Raises ValueError where two rules share an id."""
    return _checked()[pack]
