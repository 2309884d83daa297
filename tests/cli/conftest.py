"""A small project that the real engine runs in seconds, its sandbox of two types, and recorded event logs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nautilus.cli.main import main
from nautilus.cli.project import GROUPS, REPOSITORY
from nautilus.sandbox import control

PROGRAM = """
import time
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
group = config.require("group")


class Thing(pulumi.ComponentResource):
    def __init__(self, name, place, opts=None):
        super().__init__("nautilus:test:Thing", name, {"place": place}, opts)
        self.register_outputs({"place": place})


root = Thing("root", config.get("place") or "here")
provider = aws.Provider("cloud", region="us-east-1")
cidr = config.get("cidr") or "10.0.0.0/16"
aws.ec2.Vpc(f"{group}-net", cidr_block=cidr, opts=pulumi.ResourceOptions(parent=root, provider=provider, protect=True))
for i in range(config.get_int("logs") or 2):
    aws.cloudwatch.LogGroup(
        f"{group}-log-{i}",
        name=f"{group}-log-{i}",
        retention_in_days=config.get_int("days") or 30,
        tags={"note": pulumi.Output.secret("canary-77")},
        opts=pulumi.ResourceOptions(parent=root, provider=provider),
    )
if config.get("sleep"):
    time.sleep(float(config.get("sleep")))
if config.get("fail"):
    raise ValueError(config.get("fail"))
pulumi.export("group", group)
"""

PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

from policies.kit.message import Finding, render


def check(args, report):
    place = args.props.get("place")
    if place == "abroad":
        where = {"found": place, "allowed": "here"}
        report(render(Finding(rule="RES-002", resource=args.urn, clause="LAW-1", fix="move it", **where)))
    if place == "odd":
        report("an odd place")


PolicyPack(
    name="gate",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy(name="places", description="where things are", validate=check)],
)
"""


@dataclass(frozen=True, kw_only=True)
class Tiny:
    """The project's folder and what tests do with it."""

    root: Path

    def set(self, group: str, **values: object) -> None:
        """Write a stack's configuration."""
        extra = [f"  nautilus:{name}: {value}" for name, value in values.items()]
        lines = ["config:", f"  nautilus:group: {group}", *extra]
        file = self.root / "config" / "stacks" / f"Pulumi.prod-{group}.yaml"
        file.write_text("\n".join(lines) + "\n")

    def nautilus(self, *words: str) -> int:
        """Run a command in this process on this project."""
        return main([words[0], "--directory", str(self.root), *words[1:]])

    @property
    def home(self) -> Path:
        """The sandbox's folder."""
        return self.root / ".nautilus" / "sandbox"


def make(root: Path) -> Tiny:
    """Write the project, with the catalogue of the repository."""
    (root / "Pulumi.yaml").write_text(
        "name: nautilus\nruntime:\n  name: python\n  options:\n"
        f"    virtualenv: {sys.prefix}\nmain: stacks/\nstackConfigDir: config/stacks\n"
    )
    pack = root / "policies" / "packs" / "gate"
    for folder in (root / "stacks", root / "config" / "stacks", pack):
        folder.mkdir(parents=True)
    (root / "stacks" / "__main__.py").write_text(PROGRAM)
    (pack / "PulumiPolicy.yaml").write_text(f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n")
    (pack / "__main__.py").write_text(PACK)
    shutil.copytree(REPOSITORY / "config" / "catalogue", root / "config" / "catalogue")
    tiny = Tiny(root=root)
    for group in GROUPS:
        tiny.set(group)
    return tiny


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiny:
    """A project without a sandbox."""
    monkeypatch.setenv("NAUTILUS_ROOT", str(tmp_path))
    for name in ("NAUTILUS_SANDBOX", "PULUMI_DEBUG_PROVIDERS", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "CI"):
        monkeypatch.delenv(name, raising=False)
    return make(tmp_path)


@pytest.fixture
def served(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tiny]:
    """The project with a sandbox of two types, stopped afterwards; commands find it running."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    command = [sys.executable, "-m", "nautilus.sandbox", "start", "--home", str(tiny.home)]
    subprocess.run([*command, "--package", "tests.cli.tiny_cloud:PACKAGE"], check=True, capture_output=True)
    yield tiny
    control.stop(tiny.home)
