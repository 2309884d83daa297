"""A recording of what a component registers, so that tests compare the whole of it and not a sample."""

from __future__ import annotations

import importlib
import json
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from config.model import Account, Clause, Cloud, KeyProtection, KeyRules, Location, NodePool, PoolSize, Source, Taint, Tuning
from nautilus.federation.plan import PoolPlan

with warnings.catch_warnings():
    # The SDK registers its own deprecated types with a warning as it loads; that is neither our use nor our error.
    warnings.filterwarnings("ignore", message=r"aws\..* has been deprecated in favor of", category=DeprecationWarning)
    importlib.import_module("pulumi_aws.ec2").Vpc  # noqa: B018 - a lazy module loads when it is asked for something

Outputs = Callable[[dict[str, Any]], dict[str, Any]]
SOURCE = Source(document="a test", verified=False)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """One resource as the engine would be told of it."""

    type: str
    name: str
    inputs: dict[str, Any]
    protect: bool
    ignored: tuple[str, ...]
    waits_for: frozenset[str]


@dataclass
class Recording(mocks.Mocks):
    """What a program registered. Answers with its inputs, an id, an ARN and `outputs` by type; refuses every lookup."""

    outputs: dict[str, Outputs] = field(default_factory=dict)
    registered: list[Registered] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        extra = self.outputs.get(args.typ, lambda _: {})(args.inputs)
        return f"{args.name}-id", {"arn": f"arn:{args.name}", **args.inputs, **extra}

    def call(self, args: mocks.MockCallArgs) -> Any:
        raise AssertionError(f"unexpected invoke of {args.token}")

    def lines(self) -> list[str]:
        """Give `type name` of every resource, sorted: the order of registration is the event loop's business."""
        return sorted(f"{one.type} {one.name}" for one in self.registered)

    def one(self, name: str) -> Registered:
        """Give the only custom resource of that name."""
        found = [one for one in self.registered if one.name == name and not one.type.startswith("nautilus:")]
        assert len(found) == 1, f"{name}: {len(found)} found"
        return found[0]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Give the inputs of every resource of a type, by name."""
        return {one.name: one.inputs for one in self.registered if one.type == kind}

    def protected(self) -> set[str]:
        return {one.name for one in self.registered if one.protect}


def _monitor(recording: Recording) -> type[mocks.MockMonitor]:
    class Monitor(mocks.MockMonitor):
        """Keeps of a registration what mocks are not shown: protection, ignored changes, dependencies."""

        def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's own name
            if request.type != "pulumi:pulumi:Stack":
                recording.registered.append(
                    Registered(
                        type=request.type,
                        name=request.name,
                        inputs=pulumi.runtime.rpc.deserialize_properties(request.object),
                        protect=request.protect,
                        ignored=tuple(request.ignoreChanges),
                        waits_for=frozenset(urn.split("::")[-1] for urn in request.dependencies),
                    )
                )
            return super().RegisterResource(request)

    return Monitor


@pytest.fixture(scope="session")
def record() -> Iterator[Callable[..., Recording]]:
    """Run a program, given as a function without arguments, against mocks and give the recording."""

    def run(program: Callable[[], Any], outputs: dict[str, Outputs] | None = None, *, preview: bool = False) -> Recording:
        recording = Recording(outputs=outputs or {})
        pulumi.runtime.set_mocks(
            recording, project="nautilus", stack="test", preview=preview, monitor=_monitor(recording)(recording)
        )
        mocks.test(lambda: (program(), None)[1])()
        return recording

    return run


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, list[str]], None]:
    """Compare lines with the file of that name in the folder `golden` beside the test.

    With NAUTILUS_RECORD_GOLDEN set it writes the file instead, and fails all the same: read the difference, then run again.
    """

    def compare(name: str, lines: list[str]) -> None:
        path = Path(request.path).parent / "golden" / f"{name}.txt"
        if "NAUTILUS_RECORD_GOLDEN" in os.environ:
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            pytest.fail(f"{path.name}: recorded; review it and run again")
        assert lines == path.read_text(encoding="utf-8").splitlines()

    return compare


@pytest.fixture(scope="session")
def aws_location() -> Location:
    return Location(
        id="aws/us-east-1",
        cloud=Cloud.AWS,
        region="us-east-1",
        place="Northern Virginia",
        country="US",
        jurisdiction="us",
        latitude=39.04,
        longitude=-77.49,
        zones=tuple(f"us-east-1{letter}" for letter in "abcdef"),
        source=SOURCE,
    )


@pytest.fixture(scope="session")
def aws_account() -> Account:
    return Account(
        id="100000000001",
        deployer="arn:aws:iam::100000000001:role/nautilus-deployer",
        administrators="arn:aws:iam::100000000001:role/nautilus-key-administrators",
    )


@pytest.fixture(scope="session")
def key_rules() -> KeyRules:
    return KeyRules(
        protection=KeyProtection.HSM,
        rotation_days=365,
        deletion_window_days=90,
        clause=Clause(id="TEST-1", says="keys stay", source=SOURCE),
    )


@pytest.fixture(scope="session")
def labels() -> dict[str, str]:
    return {"environment": "prod", "jurisdiction": "us", "data-class": "pii"}


@pytest.fixture(scope="session")
def pools() -> dict[str, PoolPlan]:
    machines = {Cloud.AWS: "m6i.large", Cloud.GCP: "n2-standard-2", Cloud.AZURE: "Standard_D2s_v5"}
    system = NodePool(id="system", purpose="system", sizing="system", machines=machines, disk_gib=100)
    trading = NodePool(
        id="trading",
        purpose="trading",
        sizing="trading",
        machines={**machines, Cloud.AWS: "c6i.xlarge"},
        disk_gib=200,
        labels={"nautilus/pool": "trading"},
        taints=(Taint(key="nautilus/pool", value="trading", effect="NoSchedule"),),
        tuning=Tuning(cpu_manager_static=True, sysctls={"net.core.somaxconn": "16384"}),
    )
    edge = NodePool(
        id="edge",
        purpose="edge",
        sizing="edge",
        machines={**machines, Cloud.AWS: "c6in.8xlarge"},
        disk_gib=200,
        tuning=Tuning(topology_single_numa=True, huge_pages_2mi=4096, placement_group=True),
    )
    return {
        "system": PoolPlan(pool=system, machine="m6i.large", size=PoolSize(min=3, desired=3, max=6)),
        "trading": PoolPlan(pool=trading, machine="c6i.xlarge", size=PoolSize(min=2, desired=3, max=10)),
        "edge": PoolPlan(pool=edge, machine="c6in.8xlarge", size=PoolSize(min=2, desired=2, max=5)),
    }


@pytest.fixture(scope="session")
def statements() -> Callable[[str], dict[str, dict[str, Any]]]:
    """Read the statements of a policy document by their Sid."""

    def read(document: str) -> dict[str, dict[str, Any]]:
        return {one["Sid"]: one for one in json.loads(document)["Statement"]}

    return read
