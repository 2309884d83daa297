"""Which stack runs, and the refusal of one whose name, configuration and catalogue disagree."""

from __future__ import annotations

from pathlib import Path

import pulumi
import pytest

from config.model import EnvironmentName, Group
from stacks.identity import Stack, identify, stack_name
from tests.fixtures.catalogues import copied
from tests.stacks.conftest import Program


def test_a_region_stack_and_the_federation_know_themselves(program: Program) -> None:
    found: list[Stack] = []
    program(lambda: found.append(identify()), stack="dev-emea", settings={"environment": "dev", "group": "emea"})
    program(lambda: found.append(identify()), settings={"environment": "prod", "group": "federation"})

    assert [(one.name, one.environment, one.group) for one in found] == [
        ("dev-emea", EnvironmentName.DEV, Group.EMEA),
        ("prod-federation", EnvironmentName.PROD, None),
    ]
    assert stack_name(EnvironmentName.PROD, Group.APAC) == "prod-apac"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, r"Pulumi\.prod-emea\.yaml: nautilus:environment is None, allowed: dev, staging, prod"),
        ({"environment": "qa", "group": "emea"}, "nautilus:environment is 'qa'"),
        ({"environment": "prod"}, "nautilus:group is None, allowed: .*federation"),
        ({"environment": "prod", "group": "moon"}, "nautilus:group is 'moon'"),
        ({"environment": "prod", "group": "apac"}, "'prod-emea' is configured as 'prod-apac'"),
        ({"environment": "dev", "group": "federation"}, "'prod-emea' is configured as 'dev-federation'"),
    ],
)
def test_a_stack_that_is_not_what_it_says_is_refused(settings: dict[str, str], told: str, program: Program) -> None:
    with pytest.raises(pulumi.RunError, match=told):
        program(identify, stack="prod-emea", settings=settings)


def test_a_bad_catalogue_is_told_as_its_own_message(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(tmp_path)
    (tmp_path / "config" / "catalogue" / "kubernetes.yaml").unlink()
    monkeypatch.setenv("NAUTILUS_ROOT", str(tmp_path))

    with pytest.raises(pulumi.RunError, match=r"the catalogue does not hold together, see `nautilus check`"):
        program(identify, stack="prod-emea", settings={"environment": "prod", "group": "emea"})
