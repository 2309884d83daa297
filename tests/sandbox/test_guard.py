"""What a sandbox refuses to run with, to be pointed at, and to work on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nautilus.sandbox import guard
from nautilus.sandbox.guard import MARKER, NotOurs
from nautilus.sandbox.handler import UNKNOWN


@pytest.mark.parametrize("name", guard.CREDENTIAL_VARIABLES)
def test_credentials_in_the_environment_are_refused(name: str) -> None:
    with pytest.raises(NotOurs, match=f"unset {name}$") as refusal:
        guard.refuse_environment({name: "canary-value", "PATH": "/bin"})
    assert "canary" not in str(refusal.value)


def test_empty_variables_are_fine() -> None:
    guard.refuse_environment(dict.fromkeys(guard.CREDENTIAL_VARIABLES, ""))


@pytest.mark.parametrize(
    ("configuration", "path"),
    [
        ({"accessKey": "AKIAIOSFODNN7EXAMPLE"}, "accessKey"),
        ({"secretKey": "x"}, "secretKey"),
        ({"token": "x"}, "token"),
        ({"credentials": '{"type": "service_account"}'}, "credentials"),
        ({"accessToken": "ya29.x"}, "accessToken"),
        ({"clientSecret": "x"}, "clientSecret"),
        ({"oidcToken": "x"}, "oidcToken"),
        ({"profile": "production"}, "profile"),
        ({"assumeRoleWithWebIdentity": {"webIdentityToken": "x"}}, "assumeRoleWithWebIdentity.webIdentityToken"),
    ],
)
def test_credentials_of_a_provider_are_refused(configuration: dict[str, Any], path: str) -> None:
    (problem,) = guard.refuse_configuration(configuration)
    assert problem.path == path
    assert "no real credentials" in problem.reason


@pytest.mark.parametrize(
    "configuration",
    [
        {"accessKey": "test", "secretKey": "testing", "region": "us-east-1"},
        {"credentials": ""},
        {"credentials": UNKNOWN},
        {"endpoints": [{"ec2": "http://127.0.0.1:5000", "s3": "http://localhost:1", "eks": "http://[::1]:2"}]},
        {"useDualstackEndpoint": True, "ec2MetadataServiceEndpointMode": "IPv4"},
        {"environment": "public"},
    ],
)
def test_placeholders_and_the_loopback_are_fine(configuration: dict[str, Any]) -> None:
    assert guard.refuse_configuration(configuration) == []


@pytest.mark.parametrize(
    "value",
    [
        "https://ec2.us-east-1.amazonaws.com",
        "http://10.0.0.1:5000",
        "ec2.amazonaws.com",
        "http://127.0.0.1.example.com",
        "//8.8.8.8",
    ],
)
def test_endpoints_off_the_loopback_are_refused(value: str) -> None:
    (problem,) = guard.refuse_configuration({"endpoints": [{"ec2": value}]})
    assert problem.path == "endpoints[0].ec2"
    assert "on the loopback only" in problem.reason


def test_a_home_is_claimed_once(tmp_path: Path) -> None:
    first = guard.claim(tmp_path / "home")
    assert guard.claim(tmp_path / "home") == first
    assert guard.marked(tmp_path / "home") == first
    assert guard.claim(tmp_path / "other") != first
    assert (tmp_path / "home" / MARKER).stat().st_mode & 0o777 == 0o600


def test_a_used_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(NotOurs, match="is not empty and has no marker"):
        guard.claim(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_state_without_a_marker_is_refused(tmp_path: Path) -> None:
    guard.claim(tmp_path / "home")
    (tmp_path / "home" / "state" / MARKER).unlink()
    (tmp_path / "home" / "state" / ".pulumi").mkdir()
    with pytest.raises(NotOurs, match="it may be real"):
        guard.claim(tmp_path / "home")


def test_state_of_another_sandbox_is_refused(tmp_path: Path) -> None:
    guard.claim(tmp_path / "a")
    guard.claim(tmp_path / "b")
    (tmp_path / "a" / "state" / MARKER).write_text((tmp_path / "b" / "state" / MARKER).read_text())
    with pytest.raises(NotOurs, match="belongs to another sandbox"):
        guard.claim(tmp_path / "a")


def test_a_broken_marker_is_refused(tmp_path: Path) -> None:
    guard.claim(tmp_path / "home")
    (tmp_path / "home" / MARKER).write_text("{}")
    with pytest.raises(NotOurs, match="is not a sandbox's marker: KeyError"):
        guard.claim(tmp_path / "home")
    with pytest.raises(NotOurs, match="has no marker"):
        guard.marked(tmp_path)
