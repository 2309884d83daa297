"""What several Google Cloud services refuse alike: labels, ranges, durations, keys, and references to what is not there.

Guarantees that what is not known yet is never refused, and that another resource has to be there only when all is known: a
preview may not know it yet. Each rule gives problems with the property's path. Figures: the services' API references and
quota pages, general knowledge unless a comment names the page.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.gcp.links import bare, known, part
from nautilus.sandbox.gcp.places import REGIONS, ZONES, region_of
from nautilus.sandbox.handler import UNKNOWN, Problem, Request, Value

DAY_S: Final = 24 * 60 * 60

_LABEL_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE: Final = re.compile(r"[a-z0-9_-]{0,63}")
_LABELS: Final = 64

_MEMBER: Final = re.compile(
    r"allUsers|allAuthenticatedUsers|(user|group|serviceAccount|deleted:[a-zA-Z]+):[^\s:@]+@[a-z0-9.-]+\.[a-z]+|domain:[a-z0-9.-]+\.[a-z]+"
    r"|serviceAccount:[a-z0-9-]+\.svc\.id\.goog\[[a-z0-9-]+/[a-z0-9-]+\]|principal(Set)?://\S+|project(Owner|Editor|Viewer):[a-z0-9-]+"
)
_ROLE: Final = re.compile(r"(projects/[a-z0-9-]+/|organizations/\d+/)?roles/[A-Za-z0-9_.]+")

_FORBIDDEN: Final = tuple(
    ipaddress.IPv4Network(item)
    for item in (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "199.36.153.4/30",
        "199.36.153.8/30",
        "224.0.0.0/4",
        "255.255.255.255/32",
    )
)
"""Ranges no subnet may touch (VPC documentation, "Subnets", prohibited IPv4 subnet ranges)."""


def labels(request: Request, name: str = "labels") -> Iterator[Problem]:
    """Refuse labels that Google does not take: lower-case keys and values of at most 63 characters, at most 64 of them."""
    found = known(request, name)
    if not isinstance(found, Mapping):
        return
    if len(found) > _LABELS:
        yield Problem(path=name, reason=f"{len(found)} labels: at most {_LABELS} are allowed")
    for key, value in found.items():
        if not _LABEL_KEY.fullmatch(key):
            yield Problem(
                path=f"{name}.{key}",
                reason="a label key starts with a lower-case letter and holds a-z, 0-9, _ and -, at most 63",
            )
        if isinstance(value, str) and not _LABEL_VALUE.fullmatch(value):
            yield Problem(path=f"{name}.{key}", reason="a label value holds a-z, 0-9, _ and - only, at most 63 characters")


def region(request: Request, name: str = "region") -> Iterator[Problem]:
    """Refuse a region that does not exist."""
    found = known(request, name)
    if isinstance(found, str) and found.rpartition("/")[2] not in REGIONS:
        yield Problem(path=name, reason=f"region {found} does not exist")


def zone(path: str, found: str, inside: str | None) -> Iterator[Problem]:
    """Refuse a zone that does not exist, or that lies outside a region."""
    home = region_of(found)
    if home is None or found not in ZONES[home]:
        yield Problem(path=path, reason=f"zone {found} does not exist")
    elif inside is not None and home != inside:
        yield Problem(path=path, reason=f"zone {found} is outside region {inside}")


def network_range(path: str, found: Value, shortest: int = 4, longest: int = 29) -> Iterator[Problem]:
    """Refuse a range that is no network address, too small or large for a subnet, or of those that no subnet may touch."""
    if not isinstance(found, str):
        return
    try:
        cidr = ipaddress.IPv4Network(found)
    except ValueError:
        yield Problem(path=path, reason=f"{found} is not an IPv4 network address in CIDR notation")
        return
    if not shortest <= cidr.prefixlen <= longest:
        yield Problem(path=path, reason=f"{found}: the prefix must be /{shortest} to /{longest}")
    yield from (
        Problem(path=path, reason=f"{found} touches {taken}, which no subnet may use")
        for taken in _FORBIDDEN
        if cidr.overlaps(taken)
    )


def overlap(path: str, found: Value, others: Iterable[tuple[str, Any]]) -> Iterator[Problem]:
    """Refuse a range that overlaps with another; `others` are what each belongs to and its range."""
    mine = _network(found)
    for owner, other in others:
        theirs = _network(other)
        if mine is not None and theirs is not None and mine.overlaps(theirs):
            yield Problem(path=path, reason=f"{found} overlaps with {other} of {owner}")


def duration_s(path: str, found: Value, least: int, most: int) -> Iterator[Problem]:
    """Refuse a duration that is not in Google's notation (`7776000s`), or outside its bounds in seconds."""
    if not isinstance(found, str):
        return
    match = re.fullmatch(r"(\d+)(\.\d{1,9})?s", found)
    if match is None:
        yield Problem(path=path, reason=f"{found} is not a duration in seconds such as 7776000s")
    elif not least <= int(match[1]) <= most:
        yield Problem(path=path, reason=f"{found} is outside {least}s to {most}s")


def within(path: str, found: Value, least: int, most: int) -> Iterator[Problem]:
    """Refuse a whole number outside its bounds."""
    if isinstance(found, (int, float)) and not isinstance(found, bool) and not least <= found <= most:
        yield Problem(path=path, reason=f"{found} is outside {least} to {most}")


def member(request: Request) -> Iterator[Problem]:
    """Refuse an IAM member or role that is not in Google's notation."""
    who, role = known(request, "member"), known(request, "role")
    if isinstance(who, str) and not _MEMBER.fullmatch(who):
        yield Problem(
            path="member", reason=f"{who} is not an IAM member such as serviceAccount:name@project.iam.gserviceaccount.com"
        )
    if isinstance(role, str) and not _ROLE.fullmatch(role):
        yield Problem(path="role", reason=f"{role} is not a role such as roles/viewer")


def exists(request: Request, path: str, link: Value, what: str) -> Iterator[Problem]:
    """Refuse a reference to what is not there. A preview may not know it yet; a built-in resource needs no row."""
    if request.preview or not isinstance(link, str):
        return
    if request.find(bare(link)) is None:
        yield Problem(path=path, reason=f"{what} {bare(link)} does not exist")


def found(request: Request, link: Value) -> Mapping[str, Any] | None:
    """Give the outputs of a live resource by link, None where it is not known or not there."""
    return request.find(bare(link)) if isinstance(link, str) else None


def key(request: Request, path: str, link: Value, home: str | None, *, agent: str, strict: bool = True) -> Iterator[Problem]:
    """Refuse a crypto key that is elsewhere, not there, or that the service's own agent may not use.

    `home` is the location that the data is in. `agent` is what the agent's address holds, such as `@compute-system.`.
    `strict` asks for the very same location; else a location of several regions does as well.
    """
    if not isinstance(link, str):
        return
    place = part(link, "locations")
    if "/cryptoKeys/" not in link or place is None:
        yield Problem(path=path, reason="not a crypto key such as projects/p/locations/l/keyRings/r/cryptoKeys/k")
        return
    if home is not None and place != home and (strict or place in REGIONS):
        yield Problem(path=path, reason=f"the key is in {place}: it must be in {home}, where the data is")
    if request.preview:
        return
    name = bare(link).partition("/cryptoKeyVersions/")[0]
    if request.find(name) is None:
        yield Problem(path=path, reason=f"crypto key {name} does not exist")
    elif not _granted(request, name, agent):
        yield Problem(path=path, reason=f"permission denied: no grant lets the service agent {agent} encrypt under {name}")


def _granted(request: Request, name: str, agent: str) -> bool:
    grants = (
        (grant, grant.get("cryptoKeyId", name))
        for kind in ("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "gcp:projects/iAMMember:IAMMember")
        for grant in request.among(kind)
    )
    roles = {"roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/owner"}
    return any(
        grant.get("role") in roles and agent in str(grant.get("member")) and bare(str(of)) == name for grant, of in grants
    )


def _network(text: Value) -> ipaddress.IPv4Network | None:
    if not isinstance(text, str) or text is UNKNOWN:
        return None
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None
