"""The real engine killed, throttled, left half done: nothing is lost and nothing is made twice."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from nautilus.sandbox import control, faults
from nautilus.sandbox.control import Status
from nautilus.sandbox.ledger import Ledger
from tests.sandbox.conftest import TINY
from tests.sandbox.engine_project import Project

pytestmark = pytest.mark.e2e

KILLS = 10
SIZE = 16
PROGRAM = f"""
import pulumi, pulumi_aws as aws
here = aws.Provider("here", region="us-east-1")
for number in range({SIZE}):
    options = pulumi.ResourceOptions(provider=here)
    vpc = aws.ec2.Vpc(f"v{{number}}", cidr_block="10.0.0.0/16", opts=options)
    aws.ec2.Subnet(f"s{{number}}", vpc_id=vpc.id, cidr_block="10.0.0.0/24", opts=options)
"""


@pytest.fixture
def project(sandbox: Status, tmp_path: Path) -> Project:
    project = Project(folder=tmp_path / "program", home=sandbox.home)
    project.write(PROGRAM)
    project.init("dev")
    return project


def inject(project: Project, content: str) -> None:
    (project.home / faults.FILE).write_text(content)


def agree(project: Project) -> None:
    """The state and the ledger name the same resources, and nothing is pending."""
    state = project.state()
    book = Ledger(project.home)
    made = sorted((row.urn, row.id) for row in book.all())
    book.close()
    known = sorted((item["urn"], item["id"]) for item in state["resources"] if item["type"].startswith("aws:"))
    assert made == known
    assert state.get("pending_operations", []) == []


def recover(project: Project) -> None:
    """As `nautilus` does it."""
    project.try_run("cancel", "--yes", "dev", stack=None)
    project.run("refresh", "--yes", "--clear-pending-creates")
    project.up()


def test_killed_in_the_middle_again_and_again(project: Project) -> None:
    inject(project, '{"latency_ms": 15}')
    for number in range(KILLS):
        project.run("destroy", "--yes", "--skip-preview")
        process = project.start("up", "--yes", "--skip-preview", "--parallel", "8")
        until = time.monotonic() + 30
        book = Ledger(project.home)
        while book.count() < 2 + number * 3 and time.monotonic() < until:
            time.sleep(0.005)
        book.close()
        os.killpg(process.pid, signal.SIGKILL)
        with process:
            process.communicate()
        recover(project)
        agree(project)
        assert len(project.state()["resources"]) == 2 * SIZE + 2


def test_throttling_creates_everything(project: Project) -> None:
    inject(project, '{"throttle": 20}')
    project.up()
    agree(project)
    project.up("--expect-no-changes")


def test_a_partial_creation_heals_in_one_run(project: Project) -> None:
    inject(project, '{"partial": 1, "types": ["aws:ec2/vpc:Vpc"]}')
    assert "created, but not initialised" in project.fail("up", "--yes", "--skip-preview")
    recover(project)
    agree(project)
    project.up("--expect-no-changes")


def test_the_sandbox_crashes_before_it_answers(project: Project) -> None:
    inject(project, '{"crash_after": 9}')
    project.fail("up", "--yes", "--skip-preview")
    assert control.status(project.home) is None
    (project.home / faults.FILE).unlink()
    control.start(project.home, TINY)
    recover(project)
    agree(project)
