"""The backbone on AWS through the real engine: preview, up, nothing to do, refresh, what is live in moto, destroy."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from nautilus.sandbox import control
from tests.sandbox.engine_project import Project

pytestmark = pytest.mark.e2e

PROGRAM = Path(__file__).with_name("backbone_program.py")
PACKAGES = ("nautilus.sandbox.aws:PACKAGE", "nautilus.sandbox.random:PACKAGE")


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Iterator[Project]:
    control.start(home, PACKAGES)
    made = Project(folder=tmp_path / "program", home=home)
    made.write(PROGRAM.read_text())
    made.init("dev")
    yield made
    control.stop(home)


def client(project: Project, account: str, region: str) -> Any:
    """Anybody's boto3 client on the sandbox's endpoint."""
    status = control.status(project.home)
    assert status is not None
    url = status.endpoints["moto"]
    plain = Config(retries={"max_attempts": 0})
    connect: Any = boto3.client
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    sts = connect("sts", endpoint_url=url, region_name=region, config=plain, **keys)
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/any", RoleSessionName="test")["Credentials"]
    keys = {"aws_access_key_id": role["AccessKeyId"], "aws_secret_access_key": role["SecretAccessKey"]}
    return connect("ec2", endpoint_url=url, region_name=region, aws_session_token=role["SessionToken"], config=plain, **keys)


def test_two_hubs_a_link_and_tunnels(project: Project) -> None:
    planned = re.search(r"\+ (\d+) to create", project.run("preview"))
    assert planned is not None
    assert f"{planned[1]} created" in project.up()
    assert f"{planned[1]} unchanged" in project.up("--expect-no-changes")
    assert f"{planned[1]} unchanged" in project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    addresses = project.outputs()["addresses"]
    assert len({ipaddress.IPv4Address(address) for address in addresses}) == 4

    east, west = client(project, "100000000001", "us-east-1"), client(project, "100000000002", "us-west-2")
    kinds = [item["ResourceType"] for item in east.describe_transit_gateway_attachments()["TransitGatewayAttachments"]]
    assert sorted(kinds) == ["direct-connect-gateway", "peering", "vpc", "vpn", "vpn"]
    for one in (east, west):
        # moto lists attachments of every kind here.
        listed = one.describe_transit_gateway_peering_attachments()["TransitGatewayPeeringAttachments"]
        (peering,) = [item for item in listed if "Status" in item]
        assert peering["Status"]["Code"] == "active"
        (data,) = one.describe_vpc_peering_connections()["VpcPeeringConnections"]
        assert data["Status"]["Code"] == "active"
    tunnels = [
        tunnel["TunnelInsideCidr"]
        for connection in east.describe_vpn_connections()["VpnConnections"]
        for tunnel in connection["Options"]["TunnelOptions"]
    ]
    assert set(tunnels) == {f"169.254.10.{4 * number}/30" for number in range(4)}
    assert "canary" not in json.dumps(project.state())
    project.run("destroy", "--yes", "--skip-preview")
    status = control.status(project.home)
    assert status is not None
    assert status.resources == 0


def test_a_sandbox_that_restarts_has_it_all_again(project: Project) -> None:
    created = re.search(r"\+ (\d+) created", project.up())
    assert created is not None
    control.stop(project.home)
    control.start(project.home, PACKAGES)
    assert f"{created[1]} unchanged" in project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")


def test_both_ends_in_one_account(project: Project) -> None:
    project.run("config", "set", "western", "100000000001")
    project.up()
    project.up("--expect-no-changes")
