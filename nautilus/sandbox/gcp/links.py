"""Google Cloud's resource names and links: made, read and compared in this one place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nautilus.sandbox.handler import UNKNOWN, Request, Value

COMPUTE: Final = "https://www.googleapis.com/compute/v1/"
CONTAINER: Final = "https://container.googleapis.com/v1/"
DNS: Final = "https://dns.googleapis.com/dns/v1/"
STORAGE: Final = "https://www.googleapis.com/storage/v1/b/"

_HOST: Final = re.compile(r"^(https://[a-z.]+/(compute/|dns/|storage/)?(v1|beta)/|//[a-z.]+/)")


def bare(link: str) -> str:
    """Give a link without its host: `projects/p/global/networks/n`; what is bare stays as it is."""
    return _HOST.sub("", link)


def last(link: str) -> str:
    """Give the last part of a link: the resource's own name."""
    return link.rstrip("/").rpartition("/")[2]


def part(link: str, after: str) -> str | None:
    """Give the part behind a collection, None where it is not there: `x` for `projects/p/locations/x/…` and `locations`."""
    parts = bare(link).split("/")
    return parts[parts.index(after) + 1] if after in parts[:-1] else None


def digest(text: str, length: int = 7) -> str:
    """Give hexadecimal digits that depend on the text alone."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def number(text: str) -> str:
    """Give a number like the ones Google hands out, nineteen digits, that depends on the text alone."""
    return str(int(hashlib.sha256(text.encode()).hexdigest()[:15], 16) + 10**18)


def known(request: Request, name: str) -> Value:
    """Give an input, None where it is not given or not known yet."""
    value = request.inputs.get(name)
    return None if value is UNKNOWN else value


def items(value: Value) -> Sequence[Any]:
    """Give a list as it is, and nothing for what is no list or not known yet."""
    return value if isinstance(value, (list, tuple)) else ()


def address(request: Request) -> Mapping[str, str]:
    """Give the parts of the resource's address: project, region, location, zone, name, with what the provider fills in."""
    given = {key: value for key, value in request.inputs.items() if isinstance(value, str)}
    region = given.get("region") or request.target.region or ""
    return {
        "project": given.get("project") or request.target.account or "",
        "region": last(region),
        "location": given.get("location") or region,
        "zone": given.get("zone", ""),
        "name": given.get("name") or made_up(request),
    }


def made_up(request: Request) -> str:
    """Give the name that Pulumi makes up where none is given: the logical name and seven digits."""
    return f"{request.name}-{digest(request.seed)}"
