"""A cloud of two types for the command's end-to-end tests, typed by the AWS SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nautilus.sandbox.handler import Fidelity, Handler, Package, Target


def configure(config: Mapping[str, Any]) -> Target:
    """Pin the provider to the region that it names."""
    return Target(cloud="aws", account="100000000001", region=str(config.get("region")))


PACKAGE = Package(
    name="aws",
    sdk="pulumi_aws",
    configure=configure,
    handlers=(
        Handler(
            type="aws:ec2/vpc:Vpc",
            fidelity=Fidelity.TYPED,
            replace_on=frozenset({"cidrBlock"}),
            identify=lambda request: request.name,
        ),
        Handler(type="aws:cloudwatch/logGroup:LogGroup", fidelity=Fidelity.TYPED, identify=lambda request: request.name),
    ),
)
