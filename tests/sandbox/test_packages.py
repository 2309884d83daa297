"""Packages are found by name, and a broken one is refused."""

from __future__ import annotations

import dataclasses

import pytest

from nautilus.sandbox import packages
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.handler import Package
from nautilus.sandbox.packages import BadPackage
from tests.sandbox import tiny_cloud

EVERYWHERE = {"location"}
"""What Azure's table names for every type, whether it has one or not."""
TWICE = dataclasses.replace(tiny_cloud.AWS, handlers=tiny_cloud.AWS.handlers * 2)
FOREIGN = dataclasses.replace(tiny_cloud.AWS, name="gcp", sdk="pulumi_gcp")


def test_found() -> None:
    assert packages.load(["tests.sandbox.tiny_cloud:AWS"]) == (tiny_cloud.AWS,)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["tests.sandbox.tiny_cloud:VPC"], "is not a package of the sandbox"),
        (["tests.sandbox.tiny_cloud:NOBODY"], "is not a package of the sandbox"),
        (["tests.sandbox.test_packages:TWICE"], "two rows for aws:ec2/subnet:Subnet, aws:ec2/vpc:Vpc"),
        (["tests.sandbox.test_packages:FOREIGN"], "gcp has rows of another package: aws:ec2/vpc:Vpc"),
        (["tests.sandbox.tiny_cloud:AWS", "tests.sandbox.tiny_cloud:AWS"], "two packages have the same name"),
    ],
)
def test_refused(names: list[str], reason: str) -> None:
    with pytest.raises(BadPackage, match=reason):
        packages.load(names)


def test_a_missing_module_stops_the_sandbox() -> None:
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        packages.load(["nowhere.to.be.found:PACKAGE"])


@pytest.mark.parametrize("package", packages.load(), ids=lambda package: package.name)
def test_every_row_is_typed_by_the_sdk(package: Package) -> None:
    sdk = Sdk(package.name, package.sdk)
    assert {row.type for row in package.handlers} <= sdk.tokens()
    wrong = {row.type: sorted(row.replace_on - set(sdk.resource(row.type).inputs) - EVERYWHERE) for row in package.handlers}
    assert {token: names for token, names in wrong.items() if names} == {}
    outputs = {
        row.type: row.secret_outputs - set(sdk.resource(row.type).computed) - set(sdk.resource(row.type).inputs)
        for row in package.handlers
    }
    assert {token: names for token, names in outputs.items() if names} == {}
