"""Two hubs, a link and tunnels on Google Cloud through the real engine: up, up again, no key in the open, destroy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nautilus.sandbox import control
from tests.sandbox.engine_project import ROOT, Project

pytestmark = pytest.mark.e2e

SECRET = {"4dabf18193072939515e22adb298388d", "ciphertext"}
"""How the engine keeps a secret in the state: its own signature, and the text under the stack's key."""

PROGRAM = Path(__file__).with_name("one_backbone")


@dataclass(frozen=True, kw_only=True)
class Backbone(Project):
    """A copy of the program, which finds the catalogue by the environment; `key` is what its pre-shared keys begin with."""

    key: str = "k"

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "NAUTILUS_ROOT": str(ROOT), "ONE_KEY": self.key}


@pytest.fixture
def project(home: Path, tmp_path: Path) -> Iterator[Backbone]:
    folder = shutil.copytree(PROGRAM, tmp_path / "program")
    options = f"  options:\n    virtualenv: {sys.prefix}\n"
    (folder / "Pulumi.yaml").write_text(f"name: one-backbone\nruntime:\n  name: python\n{options}")
    control.start(home, ("nautilus.sandbox.gcp:PACKAGE",))
    found = Backbone(folder=folder, home=home)
    found.init("dev")
    yield found
    control.stop(home)


def test_a_backbone_is_made_stays_as_it_is_and_leaves_nothing(project: Backbone, home: Path) -> None:
    project.run("preview")
    project.up()
    project.up("--expect-no-changes")
    project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    resources = project.state()["resources"]
    kinds = [one["type"] for one in resources]
    tunnel = next(one for one in resources if one["type"] == "gcp:compute/vPNTunnel:VPNTunnel")
    for kept in (tunnel["inputs"]["sharedSecret"], tunnel["outputs"]["sharedSecret"], tunnel["outputs"]["sharedSecretHash"]):
        assert set(kept) == SECRET
    assert kinds.count("gcp:compute/vPNTunnel:VPNTunnel") == 12
    assert kinds.count("gcp:compute/routerPeer:RouterPeer") == 16
    assert kinds.count("gcp:compute/interconnect:Interconnect") == 4
    assert kinds.count("gcp:networkconnectivity/spoke:Spoke") == 2
    found = project.outputs()
    for addresses in found.values():
        assert len(set(addresses)) == 2
        assert all(address.startswith("198.18.") for address in addresses)
    assert "k0" * 32 not in project.run("stack", "export")
    # New keys mean twelve new tunnels under the old names, each with its interface and session; gateways stay.
    turned = replace(project, key="n")
    assert "+-36 replaced" in turned.up()
    assert project.outputs() == found
    project.run("destroy", "--yes", "--skip-preview")
    status = control.status(home)
    assert status is not None
    assert status.resources == 0
