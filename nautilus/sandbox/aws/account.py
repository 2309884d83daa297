"""The provider's configuration: which account and region it is pinned to, and the tags it puts on everything.

Guarantees that a provider without a region, or without exactly one account, is refused, and that nothing which looks
like a real credential or an endpoint off the loopback is taken. Does not assume any role: the account is read from
its ARN.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import UNKNOWN, Refused, Target, Value

_ACCOUNT: Final = re.compile(r"\d{12}")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")
_PLACEHOLDER: Final = re.compile(r"(test|testing|sandbox|mock|fake|dummy)\b", re.IGNORECASE)
_SECRETS: Final = ("accessKey", "secretKey", "token", "profile")


def configure(configuration: Mapping[str, Any]) -> Target:
    """Give the target of a provider; `configuration` in the provider's camelCase, nested values as objects or JSON text.

    Raises Refused: no or unknown region, no or several accounts, an account outside allowedAccountIds, credentials,
    endpoints off the loopback.
    """
    settings = {name: _parsed(value) for name, value in configuration.items() if value is not None and value is not UNKNOWN}
    for name in _SECRETS:
        if settings.get(name) and not _PLACEHOLDER.match(str(settings[name])):
            raise Refused(f"{name}: a sandbox takes no real credentials: leave it out, or give 'test'", code="Credentials")
    for url in _endpoints(settings.get("endpoints")):
        if not _loopback(url):
            raise Refused(f"endpoints: {url} is not on the loopback", code="Endpoint")
    region = settings.get("region")
    if not region:
        raise Refused("region: a provider needs an explicit region", code="MissingRegion")
    if region not in emulator.regions():
        raise Refused(f"region: {region!r} is not a region of AWS", code="InvalidRegion")
    tags = (settings.get("defaultTags") or {}).get("tags") or {}
    return Target(cloud="aws", account=_account(settings), region=str(region), settings={"defaultTags": dict(tags)})


def _account(settings: Mapping[str, Any]) -> str:
    allowed = [str(item) for item in settings.get("allowedAccountIds") or ()]
    roles = [*(settings.get("assumeRoles") or ()), *([settings["assumeRole"]] if settings.get("assumeRole") else ())]
    assumed = [match[1] for role in roles if (match := _ROLE.fullmatch(str(role.get("roleArn", ""))))]
    if malformed := [item for item in allowed if not _ACCOUNT.fullmatch(item)]:
        raise Refused(f"allowedAccountIds: {malformed[0]!r} is not 12 digits", code="InvalidAccount")
    if len(assumed) != len(roles):
        raise Refused("assumeRoles: a roleArn is not the ARN of an IAM role", code="InvalidRole")
    if assumed:
        account = assumed[-1]
    elif len(set(allowed)) == 1:
        account = allowed[0]
    else:
        raise Refused("allowedAccountIds: give exactly one account, or a role to assume", code="AmbiguousAccount")
    if (allowed and account not in allowed) or account in [str(item) for item in settings.get("forbiddenAccountIds") or ()]:
        raise Refused(f"allowedAccountIds: AWS account ID not allowed: {account}", code="AccountNotAllowed")
    return account


def _parsed(value: Value) -> Value:
    """Give a nested setting as an object: the engine hands it over as JSON text."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _endpoints(value: Value) -> Iterator[str]:
    for item in value if isinstance(value, list | tuple) else [value] if value else ():
        yield from (str(url) for url in item.values() if url) if isinstance(item, Mapping) else (str(item),)


def _loopback(url: str) -> bool:
    host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
