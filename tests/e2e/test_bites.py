"""What a cloud would refuse is refused through the real engine, in a message that names the field (OPS-1).

One sandbox with the real tables of the three clouds serves every program here; nothing may be left in its ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control, guard
from tests.sandbox.engine_project import Project

pytestmark = pytest.mark.e2e

AWS = """
import pulumi, pulumi_aws as aws
p = aws.Provider("p", region="eu-central-1", allowed_account_ids=["111122223333"])
o = pulumi.ResourceOptions(provider=p)
"""
GCP = """
import pulumi, pulumi_gcp as gcp
p = gcp.Provider("p", project="nautilus-emea-prod", region="europe-west2")
o = pulumi.ResourceOptions(provider=p)
"""
AZURE = """
import pulumi, pulumi_azure_native as azure
p = azure.Provider("p", subscription_id="11111111-2222-4333-8444-555555555555", location="uksouth",
                   tenant_id="22222222-3333-4444-8555-666666666666")
o = pulumi.ResourceOptions(provider=p)
"""
CLUSTER = """
aws.eks.Cluster("c", name="c", role_arn="arn:aws:iam::111122223333:role/r", version={version!r},
    vpc_config={{"subnet_ids": ["subnet-1", "subnet-2"], {vpc} "endpoint_private_access": True}}, opts=o)
"""
NETWORK = """
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16", opts=o)
aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="10.9.0.0/24", availability_zone="eu-central-1a", opts=o)
"""
VAULT = """
azure.keyvault.Vault("v", resource_group_name="g", vault_name="vault-one", location="uksouth", properties={{
    "tenant_id": "22222222-3333-4444-8555-666666666666", "sku": {{{family} "name": {name!r}}}, {more}}}, opts=o)
"""
FAMILY = '"family": "A",'

PREVIEWS = {
    "aws misspelt nested field": (
        AWS + CLUSTER.format(version="1.34", vpc='"endpoint_pubic_access": False,'),
        "vpcConfig.endpoint_pubic_access: unknown property endpoint_pubic_access",
    ),
    "aws wrong enum": (
        AWS + 'aws.kms.Key("k", key_usage="ENCRYPT", opts=o)',
        "keyUsage: 'ENCRYPT' is not ",
    ),
    "aws missing required field": (
        AWS + 'aws.eks.Cluster("c", name="c", role_arn="arn:aws:iam::111122223333:role/r", vpc_config={}, opts=o)',
        "vpcConfig.subnetIds: missing required property subnetIds",
    ),
    "aws version that does not exist": (
        AWS + CLUSTER.format(version="1.99", vpc=""),
        "version: '1.99' is not a version of EKS",
    ),
    "gcp misspelt nested field": (
        GCP
        + 'gcp.container.Cluster("c", location="europe-west2", initial_node_count=1, release_channel={"chanel": "STABLE"},'
        " opts=o)",
        "releaseChannel.chanel: unknown property chanel: did you mean channel?",
    ),
    "gcp wrong enum": (
        GCP + 'gcp.kms.CryptoKey("k", key_ring="projects/p/locations/l/keyRings/r", name="k", purpose="ENCRYPT", opts=o)',
        "purpose: 'ENCRYPT' is not allowed: the API takes ENCRYPT_DECRYPT",
    ),
    "gcp missing required field": (
        GCP + 'gcp.compute.Firewall("f", name="f", network="n", allows=[{"ports": ["80"]}], opts=o)',
        "allows[0].protocol: missing required property protocol",
    ),
    "azure misspelt nested field": (
        AZURE + VAULT.format(family=FAMILY, name="premium", more='"enable_purge_protecton": True'),
        "properties.enable_purge_protecton: unknown property enable_purge_protecton",
    ),
    "azure wrong enum": (
        AZURE + VAULT.format(family=FAMILY, name="gold", more=""),
        "properties.sku.name: 'gold' is not allowed: allowed are standard, premium",
    ),
    "azure missing required field": (
        AZURE + VAULT.format(family="", name="premium", more=""),
        "properties.sku.family: missing required property family",
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a sandbox that serves the three clouds."""
    made = tmp_path_factory.mktemp("bites") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES):
            patch.delenv(name, raising=False)
        control.start(made)
        first = Project(folder=made.with_name("first"), home=made)
        first.write("")
        first.init("dev")
        yield made
        control.stop(made)


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Project:
    return Project(folder=tmp_path / "program", home=home)


def resources(home: Path) -> int:
    """How many resources are live in the sandbox."""
    status = control.status(home)
    assert status is not None
    return status.resources


@pytest.mark.parametrize("case", PREVIEWS)
def test_a_preview_refuses(project: Project, case: str) -> None:
    program, reason = PREVIEWS[case]
    project.write(program)
    assert reason in project.fail("preview")


def test_an_update_refuses_a_subnet_outside_its_vpc(project: Project) -> None:
    project.write(AWS + NETWORK)
    assert "cidrBlock: 10.9.0.0/24 lies outside" in project.fail("up", "--yes", "--skip-preview")
    assert resources(project.home) == 1
    project.run("destroy", "--yes", "--skip-preview")
    assert resources(project.home) == 0
