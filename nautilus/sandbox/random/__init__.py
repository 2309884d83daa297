"""The `random` package in the sandbox: passwords, ids and bytes that are random and then stay (SEC-1).

Guarantees that a value is made once, from the operating system's randomness, is kept sealed in the ledger and is given back
as long as the resource lives. There is no place to be pinned to: a value lies in its stack's state and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from nautilus.sandbox.handler import Package, Target
from nautilus.sandbox.random.values import HANDLERS


def configure(_configuration: Mapping[str, Any]) -> Target:
    """Give the provider's target; it has no settings, no account and no region."""
    return Target(cloud="random", account=None, region=None)


PACKAGE: Final = Package(name="random", sdk="pulumi_random", configure=configure, handlers=HANDLERS)
