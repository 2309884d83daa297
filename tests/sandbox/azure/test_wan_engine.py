"""Two Azure gateways with tunnels to pretended peers and a link between them, through the real engine, twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nautilus.sandbox import control, guard

ROOT = Path(__file__).resolve().parents[3]
LIMIT_S = 400
PROGRAM = """
import dataclasses
import pulumi
from components.interconnect.args import EndArgs, NativeArgs
from components.interconnect.azure import AzureGateway, AzureLink, AzureTunnels
from components.keys.azure import AzureKeys
from components.network.azure import AzureNetwork
from components.provider.azure import provider
from tests.components.azure_backbone import LOCATION, ACCOUNT, PORTS, end, gateway_args, tunnel_args
from tests.components.azure_placement import keys_args, network_args

config = pulumi.Config()
tokyo = LOCATION.model_copy(update={"id": "azure/japaneast", "region": "japaneast"})
other = ACCOUNT.model_copy(update={
    "id": ACCOUNT.id[:-2] + "77", "tenant": ACCOUNT.tenant[:-2] + "77",
})
reach = {"eu-west": "10.5.0.0/16", "eu-central": "10.7.0.0/16", "us": "10.1.0.0/16"}
two = [["169.254.22.%d" % (48 + 4 * index + 2) for index in range(first, first + 2)] for first in (0, 2)]
one = gateway_args().inside
inside = tuple(tuple(sorted([*one[side], *two[side]])) for side in range(2))


def place(name, location, account, tenant, nodes, hub, ports):
    pin = provider(name + "-provider", location, account, {}, other_tenants=(tenant,) if config.get_bool("leave") else ())
    opts = pulumi.ResourceOptions(provider=pin)
    common = {"location": location, "account": account, "deletion_protection": False, "nodes": nodes}
    AzureKeys(name + "-keys", keys_args(location=location, account=account, deletion_protection=False), opts)
    network = AzureNetwork(name + "-network", network_args(**common, reach=reach), opts)
    gateway = AzureGateway(
        name + "-gateway", gateway_args(**common, hub=hub, ports=ports, reach=reach, inside=inside), network, opts
    )
    return pin, gateway.facts


def side(name, location, account, nodes, learns, facts):
    return end(name, nodes, learns, location=location, account=account, facts=facts)


pin, facts = place("uk-south", LOCATION, ACCOUNT, other.tenant, "10.9.0.0/16", "10.63.18.0/23", PORTS)
far_pin, far = place("asia-ne", tokyo, other, ACCOUNT.tenant, config.get("nodes") or "10.10.0.0/16", "10.63.20.0/23", ())
here = side("uk-south", LOCATION, ACCOUNT, "10.9.0.0/16", "10.5.0.0/16", facts)
opts = pulumi.ResourceOptions(provider=pin)
AzureTunnels("uk-south-eu-west", tunnel_args(2, end=here, deletion_protection=False), opts)
wide = dataclasses.replace(here, learns=("10.1.0.0/16",))
from ipaddress import IPv4Network
from nautilus.federation.link import Tunnel
more = tuple(
    Tunnel(index=index, inside=str(block), first=str(block[1]), second=str(block[2]))
    for index, block in enumerate(IPv4Network("169.254.22.48/28").subnets(new_prefix=30))
)
AzureTunnels(
    "us-east-uk-south",
    tunnel_args(4, end=wide, tunnels=more, peer_addresses=tuple("198.51.100.%d" % one for one in range(1, 5)),
                peer_asn=64513, deletion_protection=False),
    opts,
)
AzureLink("asia-ne-uk-south", NativeArgs(
    ends=(side("uk-south", LOCATION, ACCOUNT, "10.9.0.0/16", "10.10.0.0/16", facts),
          side("asia-ne", tokyo, other, "10.10.0.0/16", "10.9.0.0/16", far)),
    providers=(pin, far_pin),
    tunnels=(),
    secrets=tuple(pulumi.Output.secret(letter * 64) for letter in "efgh"),
    deletion_protection=False,
))
pulumi.export("addresses", list(facts.addresses))
"""


class Project:
    """A Pulumi project of the program above, on a sandbox that serves Azure and random values."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, **control.environment(home), "PYTHONPATH": str(ROOT), "NAUTILUS_ROOT": str(ROOT)}
        engine = ROOT / ".nautilus" / "engine" / "bin"
        self.environment["PATH"] = os.pathsep.join([str(engine), str(Path(sys.executable).parent), self.environment["PATH"]])
        (folder / "Pulumi.yaml").write_text("name: wan\nruntime: python\nmain: .\n")
        (folder / "__main__.py").write_text(PROGRAM)

    def pulumi(self, *arguments: str) -> tuple[int, str]:
        """Run the engine and give its exit code and all it said."""
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def ran(self, *arguments: str) -> str:
        code, said = self.pulumi(*arguments)
        assert code == 0, said
        return said


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    for name in (*guard.CREDENTIAL_VARIABLES, *guard.AMBIENT_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    home = tmp_path / "home"
    folder = tmp_path / "project"
    folder.mkdir()
    control.start(home, ("nautilus.sandbox.azure:PACKAGE", "nautilus.sandbox.random:PACKAGE"))
    try:
        yield Project(folder, home)
    finally:
        control.stop(home)


@pytest.mark.e2e
def test_a_backbone_lives_through_the_engine(project: Project) -> None:
    project.ran("stack", "init", "dev")
    code, said = project.pulumi("up", "--yes", "--skip-preview")
    assert code != 0
    assert "LinkedAuthorizationFailed" in said
    project.ran("config", "set", "leave", "true")
    assert "error" not in project.ran("preview")
    project.ran("up", "--yes", "--skip-preview")
    project.ran("up", "--yes", "--skip-preview", "--expect-no-changes")
    project.ran("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    state = project.ran("stack", "export")
    assert "d" * 64 not in state
    assert "e" * 64 not in state
    assert '"peeringState": "Connected"' in state
    project.ran("destroy", "--yes")
