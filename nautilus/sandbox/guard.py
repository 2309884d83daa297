"""Refuses what does not belong in a sandbox.

Guarantees that a sandbox never runs with real credentials, never lets a provider be pointed off the loopback, and never
works on a folder, a ledger or a state that is not its own. Does not judge what is deployed: policy packs do.
"""

from __future__ import annotations

import ipaddress
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from nautilus.sandbox.handler import UNKNOWN, Problem, Value
from nautilus.sandbox.wire import Path as Steps
from nautilus.sandbox.wire import leaves, text

MARKER: Final = ".nautilus-sandbox"
CREDENTIAL_VARIABLES: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "GOOGLE_CREDENTIALS",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_OAUTH_ACCESS_TOKEN",
    "GOOGLE_CLOUD_KEYFILE_JSON",
    "GCLOUD_KEYFILE_JSON",
    "ARM_CLIENT_SECRET",
    "ARM_CLIENT_CERTIFICATE_PATH",
    "ARM_OIDC_TOKEN",
    "ARM_OIDC_REQUEST_TOKEN",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "PULUMI_ACCESS_TOKEN",
    "KUBECONFIG",
)
"""Variables through which a cloud's SDK or a provider finds real credentials."""
AMBIENT_VARIABLES: Final = (
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "GOOGLE_PROJECT",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_REGION",
    "GOOGLE_ZONE",
    "ARM_SUBSCRIPTION_ID",
    "ARM_TENANT_ID",
    "ARM_CLIENT_ID",
    "ARM_LOCATION_NAME",
    "AZURE_SUBSCRIPTION_ID",
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
)
"""Variables that would give a provider an account or a region that the catalogue did not pin."""
_CREDENTIAL_KEYS: Final = frozenset(
    {
        "accesskey",
        "secretkey",
        "token",
        "accesstoken",
        "credentials",
        "externalcredentials",
        "clientsecret",
        "clientcertificatepassword",
        "clientcertificatepath",
        "oidctoken",
        "oidcrequesttoken",
        "profile",
        "webidentitytoken",
        "kubeconfig",
    }
)
_PLACEHOLDER: Final = re.compile(r"^(test|testing|sandbox|mock|fake|dummy)\b", re.IGNORECASE)
_ENDPOINT_KEY: Final = re.compile(r"endpoint", re.IGNORECASE)
_SHORT_OF_URL: Final = frozenset(
    {"", "public", "ipv4", "ipv6", "enabled", "disabled", "true", "false", "regional", "legacy"}
)


class NotOurs(Exception):  # noqa: N818 - it is a refusal, not a fault
    """The home, the ledger, the state or the environment is not a sandbox's own."""


@dataclass(frozen=True, kw_only=True)
class Marker:
    """Who a home belongs to: a random id, and the passphrase of the secrets in its state."""

    sandbox: str
    passphrase: str


def claim(home: Path) -> Marker:
    """The home's marker; an empty or missing home is made into one. Raises NotOurs for a folder that something else uses."""
    file, state = home / MARKER, home / "state"
    if not file.exists():
        _mark(home, file)
    marker = _marker(file)
    state_marker = state / MARKER
    if state_marker.exists():
        if state_marker.read_text() != marker.sandbox:
            raise NotOurs(f"the state in {state} belongs to another sandbox: remove it or use its own home")
    elif state.exists() and any(entry.name != MARKER for entry in state.iterdir()):
        raise NotOurs(f"the state in {state} has no sandbox's marker: it may be real, so it is not touched")
    else:
        state.mkdir(exist_ok=True)
        _whole(home, marker.sandbox).replace(state_marker)
    return marker


def _mark(home: Path, file: Path) -> None:
    """Make a new marker, or find that another process was first: a link appears whole, and once only."""
    home.mkdir(parents=True, exist_ok=True)
    foreign = any(not entry.name.startswith(MARKER) for entry in home.iterdir())
    if foreign and not file.exists():
        raise NotOurs(f"{home} is not empty and has no marker {MARKER}: choose an empty folder for the sandbox")
    partial = _whole(home, json.dumps({"sandbox": secrets.token_hex(16), "passphrase": secrets.token_hex(16)}))
    try:
        file.hardlink_to(partial)
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def _whole(home: Path, content: str) -> Path:
    """Give a file of its own in the home that holds the content, ready to be put where it belongs."""
    partial = home / f"{MARKER}.{secrets.token_hex(8)}"
    partial.touch(mode=0o600)
    partial.write_text(content)
    return partial


def marked(home: Path) -> Marker:
    """The marker of a home that exists. Raises NotOurs where there is none."""
    if not (home / MARKER).exists():
        raise NotOurs(f"{home} has no marker {MARKER}: it is not a sandbox's home")
    return _marker(home / MARKER)


def refuse_environment(environment: Mapping[str, str]) -> None:
    """Raises NotOurs when the environment holds real credentials, naming the variables, never their values."""
    found = [name for name in CREDENTIAL_VARIABLES if environment.get(name)]
    if found:
        raise NotOurs(f"the sandbox does not run with credentials in its environment: unset {', '.join(found)}")


def refuse_configuration(configuration: Mapping[str, Any]) -> list[Problem]:
    """A provider's configuration: problems for credentials that are not a placeholder, and endpoints off the loopback."""
    return list(_configuration(configuration))


def _configuration(configuration: Mapping[str, Any]) -> Iterator[Problem]:
    for path, value in leaves(configuration, ()):
        if value is UNKNOWN or value is None or value == "":
            continue
        names = [step for step in path if isinstance(step, str)]
        if names and names[-1].lower() in _CREDENTIAL_KEYS and not _PLACEHOLDER.match(str(value)):
            yield Problem(path=text(path), reason="a sandbox takes no real credentials: leave it out, or give 'test'")
        elif _is_endpoint(path) and not _on_loopback(value):
            yield Problem(
                path=text(path), reason="a sandbox takes endpoints on the loopback only (127.0.0.1, ::1, localhost)"
            )


def _is_endpoint(path: Steps) -> bool:
    return any(isinstance(step, str) and _ENDPOINT_KEY.search(step) for step in path)


def _on_loopback(value: Value) -> bool:
    if not isinstance(value, str) or value.lower() in _SHORT_OF_URL:
        return True
    host = urlsplit(value if "//" in value else f"//{value}").hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _marker(file: Path) -> Marker:
    try:
        data = json.loads(file.read_text())
        return Marker(sandbox=data["sandbox"], passphrase=data["passphrase"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotOurs(f"{file} is not a sandbox's marker: {type(error).__name__}") from error
