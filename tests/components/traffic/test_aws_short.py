"""Physical names within what AWS allows."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.traffic.aws_short import BALANCER_NAME, short


def test_a_name_that_fits_is_kept() -> None:
    assert short("east-entry-balancer") == "east-entry-balancer"


def test_long_names_that_differ_early_stay_apart() -> None:
    one, other = (short(f"nautilus-enterprise-{place}-1-entry-balancer") for place in ("us-east", "us-west"))
    assert one != other
    assert len(one) <= BALANCER_NAME


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,10}){0,8}", fullmatch=True))
def test_every_name_is_lawful(name: str) -> None:
    found = short(name)
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,31}", found)
    assert not found.endswith("-")
    assert found == short(name)
