"""What a row's functions see of one operation: its inputs, its place, its tags and the way to call AWS there.

Guarantees that a call goes to the request's account and to the region that the inputs or the provider name. It keeps
no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nautilus.sandbox.aws import emulator
from nautilus.sandbox.handler import UNKNOWN, Refused, Request, Value

Fields = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Turns the properties of one side (Pulumi, AWS) into those of the other."""


@dataclass(kw_only=True)
class Call:
    """One operation on one resource; `id` is set once the resource is made."""

    request: Request
    service: str
    id: str = ""
    inputs: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.inputs = self.request.inputs
        self.id = self.id or self.request.id or ""

    @property
    def account(self) -> str:
        """The 12 digits of the account; Refused where the provider has none."""
        if not self.request.target.account:
            raise Refused(
                "no AWS account is known: give the provider allowedAccountIds or a role to assume", code="NoAccount"
            )
        return self.request.target.account

    @property
    def region(self) -> str:
        """The region: the resource's own `region` where it has one, else the provider's."""
        own = self.inputs.get("region")
        region = own if isinstance(own, str) else self.request.target.region
        if not region:
            raise Refused("no region: set the provider's region", code="MissingRegion")
        return region

    @property
    def tags(self) -> dict[str, str]:
        """The tags to set: the provider's default tags, then the resource's own."""
        own = self.inputs.get("tags") or {}
        return {**self.default_tags, **{key: value for key, value in own.items() if value is not UNKNOWN}}

    @property
    def default_tags(self) -> dict[str, str]:
        """The provider's default tags."""
        return dict(self.request.target.settings.get("defaultTags", {}))

    @property
    def seed(self) -> str:
        """What moto's ids of this resource are drawn from: the core's seed, and the place."""
        return f"{self.request.seed or self.request.urn}|{self.account}|{self.region}"

    def get(self, name: str, default: Value = None) -> Value:
        """Give a known input, else the default."""
        value = self.inputs.get(name)
        return default if value is None or value is UNKNOWN else value

    def boto(self, operation: str, *, of: str = "", **params: Value) -> dict[str, Any]:
        """Call an operation of the row's own service, or of the one named; raises Refused with AWS's error code."""
        return emulator.call(of or self.service, operation, self.account, self.region, params)

    def arn(self, resource: str, *, of: str = "", region: bool = True) -> str:
        """Give the ARN of a resource of this account: `call.arn("vpc/vpc-1")`."""
        return arn(of or self.service, self.region, self.account, resource, regional=region)


def partition(region: str) -> str:
    """Give the partition of a region: aws, aws-cn, aws-us-gov…; never assumed to be `aws`."""
    return str(emulator.session().get_partition_for_region(region))


def arn(service: str, region: str, account: str, resource: str, *, regional: bool = True) -> str:
    """Give an ARN; `regional` is False for services whose ARNs name no region (IAM)."""
    return f"arn:{partition(region)}:{service}:{region if regional else ''}:{account}:{resource}"


def dig(value: Value, path: str) -> Value:
    """Give what is at a dotted path (`Vpc.VpcId`, `Groups.0.GroupId`), None where a step is missing."""
    for step in path.split(".") if path else ():
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def pascal(name: str) -> str:
    """Give AWS's spelling of a property: `cidrBlock` is `CidrBlock`."""
    return name[:1].upper() + name[1:]


def same(name: str) -> str:
    """Give the spelling of services that write camelCase themselves (EKS, logs)."""
    return name


def send(spec: str, case: Callable[[str], str] = pascal) -> Fields:
    """Make the function that turns inputs into parameters.

    `spec` lists inputs; `name` is spelt by `case`, `name=Path.To` goes to that path. Inputs that are not set are left out.
    """
    pairs = _pairs(spec, case)

    def turn(inputs: Mapping[str, Any]) -> dict[str, Any]:
        params: dict[str, Any] = {}
        for name, path in pairs:
            value = inputs.get(name)
            if value is None:
                continue
            place = params
            *steps, last = path.split(".")
            for step in steps:
                place = place.setdefault(step, {})
            place[last] = value
        return params

    return turn


def show(spec: str, case: Callable[[str], str] = pascal) -> Fields:
    """Make the function that turns AWS's answer into outputs; `spec` as for `send`. What AWS leaves out is None."""
    pairs = _pairs(spec, case)
    return lambda raw: {name: dig(raw, path) for name, path in pairs}


def _pairs(spec: str, case: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, path or case(name)) for name, _, path in (token.partition("=") for token in spec.split()))


def recase(value: Value, case: Callable[[str], str] = pascal, *, names: Mapping[str, str] | None = None) -> Value:
    """Spell every key of a nested value as `case` does, `names` first; lists are gone through, other values kept."""
    names = names or {}
    if isinstance(value, Mapping):
        return {names.get(key, case(key)): recase(item, case, names=names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [recase(item, case, names=names) for item in value]
    return value


def camel(name: str) -> str:
    """Give Pulumi's spelling of an AWS member: `CidrBlock` is `cidrBlock`."""
    return name[:1].lower() + name[1:]
