"""The recording refuses lookups, so that no component can make one unseen."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest


def test_a_lookup_is_refused(record: Any) -> None:
    with pytest.raises(AssertionError, match="unexpected invoke of aws:index/getCallerIdentity"):
        record(aws.get_caller_identity)
