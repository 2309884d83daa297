"""Links between the gateways of three clouds, as the federation that stands has them (NET-1, NET-2, SEC-1).

The tests look at the one production federation that `test_federation` brings up; only one has a project of its own.
"""

from __future__ import annotations

import pytest

from config.loader import load
from config.model import Cloud, EnvironmentName
from nautilus.federation.link import Fabric, Link, links
from nautilus.sandbox.handler import Row
from tests.e2e.project import REPO, Project, copy

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def declared() -> dict[str, Link]:
    return {link.route.id: link for link in links(load(REPO), EnvironmentName.PROD)}


def test_every_pair_of_clouds_is_among_the_links(declared: dict[str, Link]) -> None:
    pairs = {tuple(end.plan.cloud.value for end in link.ends) for link in declared.values()}
    clouds = sorted(cloud.value for cloud in Cloud)
    assert pairs == {(one, two) for one in clouds for two in clouds if one <= two}


def test_every_link_has_one_key_at_both_ends(standing: Project, declared: dict[str, Link]) -> None:
    drawn = {row.urn.rpartition("::")[2]: row.outputs["result"] for row in of(standing, "random:index/randomPassword")}
    keyed = {name for name, link in declared.items() if [end.plan.cloud for end in link.ends] != [Cloud.AWS, Cloud.AWS]}
    assert {f"{name}-keys" for name in keyed} <= drawn.keys()
    tunnelled = {name: link for name, link in declared.items() if link.fabric is Fabric.TUNNELS}
    assert tunnelled
    for name, link in tunnelled.items():
        here, there = (keys(standing, link, place) for place in range(2))
        assert here, name
        assert set(here) == set(there), name
        assert all(len(key) == 64 and key[1:] in drawn[f"{name}-keys"] for key in here)


def test_no_key_is_readable_where_it_is_kept_or_told(standing: Project) -> None:
    secrets = [row.outputs["result"][:64].encode() for row in of(standing, "random:index/randomPassword")]
    assert secrets
    files = [path for path in standing.root.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path


def test_links_are_not_made_before_their_gateways(tmp_path_factory: pytest.TempPathFactory) -> None:
    project = copy(tmp_path_factory.mktemp("links"))
    try:
        run = project.nautilus("up", "--yes", "--stack", "federation")

        assert run.code != 0
        assert "deploy prod-americas" in run.output
        assert project.rows() == []
    finally:
        project.stop()


def of(project: Project, kind: str) -> list[Row]:
    """Give the rows of the types that begin so."""
    return [row for row in project.rows() if row.type.startswith(kind)]


def keys(project: Project, link: Link, place: int) -> list[str]:
    """Give the pre-shared keys that one end of a link was made with."""
    name = f"{link.route.id}-{('first', 'second')[place]}-"
    match link.ends[place].plan.cloud:
        case Cloud.AWS:
            rows = of(project, "aws:ec2/vpnConnection:")
            return [row.inputs[f"tunnel{n}PresharedKey"] for row in rows if f"::{name}" in row.urn for n in (1, 2)]
        case Cloud.GCP:
            rows = of(project, "gcp:compute/vPNTunnel:")
            return [row.inputs["sharedSecret"] for row in rows if f"::{name}" in row.urn]
        case Cloud.AZURE:
            rows = of(project, "azure-native:network:VpnConnection")
            return [one["sharedKey"] for row in rows if f"::{name}" in row.urn for one in row.inputs["vpnLinkConnections"]]
