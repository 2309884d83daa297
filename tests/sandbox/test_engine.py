"""The real engine against the sandbox: a resource's whole life, many providers at once, secrets."""

from __future__ import annotations

import sqlite3
from concurrent import futures
from pathlib import Path

import pytest

from nautilus.sandbox.control import Status, fidelity_counts
from nautilus.sandbox.handler import Fidelity
from nautilus.sandbox.ledger import Ledger
from tests.sandbox.engine_project import Project
from tests.sandbox.tiny_cloud import VPC

pytestmark = pytest.mark.e2e

ONE = """
import pulumi, pulumi_aws as aws
here = aws.Provider("here", region="us-east-1", allowed_account_ids=["111111111111"])
vpc = aws.ec2.Vpc("v", cidr_block="{block}", tags={{"who": "{who}"}}, opts=pulumi.ResourceOptions(provider=here))
subnet = aws.ec2.Subnet("s", vpc_id=vpc.id, cidr_block="{block}", opts=pulumi.ResourceOptions(provider=here))
pulumi.export("vpc", vpc.id)
pulumi.export("arn", vpc.arn)
pulumi.export("parent", subnet.vpc_id)
"""
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-1")
MANY = """
import pulumi, pulumi_aws as aws
stack = pulumi.get_stack()
for number, region in enumerate({regions!r}):
    provider = aws.Provider(f"p{{number}}", region=region, allowed_account_ids=[f"{{int(stack[1:]):011d}}{{number}}"])
    for index in range(6):
        name = f"v{{number}}-{{index}}"
        vpc = aws.ec2.Vpc(name, cidr_block="10.0.0.0/16", opts=pulumi.ResourceOptions(provider=provider))
        pulumi.export(name, vpc.arn)
"""
SECRET = """
import pulumi, pulumi_aws as aws
here = aws.Provider("here", region="us-east-1")
options = pulumi.ResourceOptions(provider=here)
hidden = pulumi.Output.secret("canary-51c2")
first = aws.ssm.Parameter("p", name="/p", type="String", value=hidden, opts=options)
aws.ssm.Parameter("q", name="/q", type="String", value=first.value, description={description!r}, opts=options)
pulumi.export("value", first.value)
"""
HEAD = """
import pulumi, pulumi_aws as aws
p = aws.Provider("p", region="us-east-1")
o = pulumi.ResourceOptions(provider=p)
"""


@pytest.fixture
def project(sandbox: Status, tmp_path: Path) -> Project:
    return Project(folder=tmp_path / "program", home=sandbox.home)


def ledger(project: Project) -> Ledger:
    return Ledger(project.home)


def test_a_whole_life(project: Project) -> None:
    project.write(ONE.format(block="10.0.0.0/16", who="a"))
    project.init("dev")
    preview = project.run("preview")
    assert "arn   : [unknown]" in preview
    assert fidelity_counts(project.home)[Fidelity.TYPED] == 0
    project.up()
    first = project.outputs()
    assert first["arn"].startswith("arn:aws:ec2:us-east-1:111111111111:vpc/vpc-")
    assert first["parent"] == first["vpc"]
    project.up("--expect-no-changes")
    project.run("refresh", "--yes", "--expect-no-changes")
    project.write(ONE.format(block="10.0.0.0/16", who="b"))
    updating = project.run("preview")
    assert "~ 1 to update" in updating
    assert first["arn"] not in project.run("preview", "--diff").replace(f"arn   : {first['arn']!r}", "")
    project.up()
    assert project.outputs() == first
    project.write(ONE.format(block="10.1.0.0/16", who="b"))
    assert "+-2 to replace" in project.run("preview")
    project.up()
    assert project.outputs()["vpc"] != first["vpc"]
    assert fidelity_counts(project.home, "dev")[Fidelity.TYPED] == 2
    project.up("--expect-no-changes")
    project.run("destroy", "--yes")
    assert fidelity_counts(project.home)[Fidelity.TYPED] == 0


def test_drift_is_seen_and_mended(project: Project) -> None:
    project.write(ONE.format(block="10.0.0.0/16", who="a"))
    project.init("dev")
    project.up()
    book = ledger(project)
    (row,) = book.of_type(VPC)
    book.tamper(row.urn, ("tags", "who"), "mallory")
    book.close()
    project.run("preview", "--expect-no-changes")
    assert "~ 1 to update" in project.run("preview", "--refresh")
    project.run("refresh", "--yes")
    project.up()
    project.run("preview", "--refresh", "--expect-no-changes")


def test_what_someone_deleted_comes_back(project: Project) -> None:
    project.write(ONE.format(block="10.0.0.0/16", who="a"))
    project.init("dev")
    project.up()
    before = project.outputs()
    book = ledger(project)
    book.lose(book.of_type(VPC)[0].urn)
    project.up("--refresh")
    assert book.count() == 2
    book.close()
    assert project.outputs() == before


def test_a_replacement_asked_for_by_name_leaves_one(project: Project) -> None:
    project.write(ONE.format(block="10.0.0.0/16", who="a"))
    project.init("dev")
    project.up()
    project.up("--replace", f"urn:pulumi:dev::tiny::{VPC}::v")
    project.up("--expect-no-changes")
    assert fidelity_counts(project.home)[Fidelity.TYPED] == 2
    project.run("refresh", "--yes", "--expect-no-changes")


def test_many_providers_and_stacks_at_once(project: Project) -> None:
    stacks = [f"s{number}" for number in range(1, 4)]
    project.write(MANY.format(regions=REGIONS))
    project.init(*stacks)
    with futures.ThreadPoolExecutor(len(stacks)) as pool:
        for action in (
            ("up", "--yes"),
            ("up", "--yes", "--skip-preview", "--expect-no-changes"),
            ("refresh", "--yes", "--expect-no-changes"),
        ):
            list(pool.map(lambda stack, action=action: project.run(*action, stack=stack), stacks))
    for stack in stacks:
        found = project.outputs(stack)
        assert len(found) == 18
        for name, arn in found.items():
            number = int(name[1])
            assert arn.startswith(f"arn:aws:ec2:{REGIONS[number]}:{int(stack[1:]):011d}{number}:vpc/"), (stack, name, arn)
        assert fidelity_counts(project.home, stack)[Fidelity.TYPED] == 18


def test_the_same_program_gives_the_same_ids(project: Project) -> None:
    project.write(ONE.format(block="10.0.0.0/16", who="a"))
    project.init("dev")
    project.up()
    first = project.outputs()
    project.run("destroy", "--yes")
    project.up()
    assert project.outputs() == first


def test_a_provider_that_moves_takes_everything_along(project: Project) -> None:
    program = ONE.format(block="10.0.0.0/16", who="a")
    project.write(program)
    project.init("dev")
    project.up()
    project.write(program.replace("us-east-1", "eu-central-1"))
    project.up()
    assert project.outputs()["arn"].startswith("arn:aws:ec2:eu-central-1:")
    assert fidelity_counts(project.home)[Fidelity.TYPED] == 2


def test_a_secret_shows_nowhere(project: Project) -> None:
    project.write(SECRET.format(description="a"))
    project.init("dev")
    out = project.run("preview", "--diff") + project.up("--diff")
    project.write(SECRET.format(description="b"))
    out += (
        project.up("--diff")
        + project.run("refresh", "--yes")
        + project.run("stack", "export")
        + project.run("stack", "output")
    )
    assert "canary-51c2" not in out
    with sqlite3.connect(project.home / "ledger.sqlite") as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.close()
    found = [file for file in project.home.rglob("*") if file.is_file() and b"canary-51c2" in file.read_bytes()]
    assert found == []
    assert project.outputs()["value"] == "canary-51c2"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ('aws.sqs.Queue("q", opts=o)', "no row for the type aws:sqs/queue:Queue"),
        ('aws.ec2.Vpc("v", cidr_block="10.0.0.0/8", opts=o)', "a VPC holds /16 to /28"),
        ('aws.ec2.Subnet("s", vpc_id="vpc-nowhere", cidr_block="10.0.0.0/24", opts=o)', "vpc-nowhere does not exist"),
        ("aws.get_availability_zones(opts=pulumi.InvokeOptions(provider=p))", "no row for the function"),
        ('aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")', "the provider has no region"),
    ],
)
def test_the_sandbox_bites(project: Project, program: str, reason: str) -> None:
    project.write(f"{HEAD}{program}\n")
    project.init("dev")
    assert reason in project.fail("up", "--yes")
    assert fidelity_counts(project.home)[Fidelity.TYPED] == 0


def test_a_real_looking_provider_is_refused(project: Project) -> None:
    project.write('import pulumi_aws as aws\naws.Provider("p", region="us-east-1", secret_key="canary-99")\n')
    project.init("dev")
    out = project.fail("preview")
    assert "a sandbox takes no real credentials" in out
    assert "canary-99" not in out
