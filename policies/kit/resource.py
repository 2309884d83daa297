"""A planned resource, and the stack it belongs to, as rules see them.

Guarantees plain values in place of `pulumi_policy`'s proxies, and one index over a stack: by URN, by what a property was
computed from, and by parent. It reads nothing but what the engine sent.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar, cast

from pulumi_policy import PolicyProviderResource, PolicyResource, ResourceValidationArgs

from config.model import Cloud
from policies.kit.props import Props, Watch, plain

PROVIDER_PREFIX: Final = "pulumi:providers:"

STACK_TYPE: Final = "pulumi:pulumi:Stack"
"""The type of the resource that stands for the stack itself; its properties are the stack's outputs."""

Kept = TypeVar("Kept")

CLOUDS: Final[Mapping[str, Cloud]] = {"aws": Cloud.AWS, "gcp": Cloud.GCP, "azure-native": Cloud.AZURE}
"""The packages whose resources are a cloud's."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """The provider that a resource is made with. `implicit` is true for the engine's default provider."""

    urn: str
    name: str
    props: Props

    @property
    def implicit(self) -> bool:
        """Whether it is a default provider, which takes its region and credentials from the surroundings."""
        return self.name == "default" or self.name.startswith("default_")


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """One resource. `props` are inputs where a resource is judged alone and outputs where a stack is."""

    urn: str
    type: str
    name: str
    props: Props
    provider: Provider | None = None
    parent: str | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Top-level property to the URNs of the resources that its value was computed from; known for stacks alone."""

    @cached_property
    def package(self) -> str:
        """The Pulumi package, such as `aws`; of a provider resource, the package it provides."""
        kind = self.type.removeprefix(PROVIDER_PREFIX)
        return kind.split(":", 1)[0]

    @property
    def cloud(self) -> Cloud | None:
        """The cloud, None for what is none of the three."""
        return CLOUDS.get(self.package)

    @property
    def is_provider(self) -> bool:
        """Whether the resource is itself a provider."""
        return self.type.startswith(PROVIDER_PREFIX)

    @property
    def stack(self) -> str:
        """The stack's name out of the URN, such as `prod-emea`; empty where the URN has none."""
        parts = self.urn.split("::", 1)[0].split(":")
        return parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - urn:pulumi:<stack>

    @property
    def settings(self) -> Props:
        """The provider's own configuration: of the resource's provider, or of itself where it is one."""
        if self.is_provider:
            return self.props
        return self.provider.props if self.provider else Props({}, self.props.watch)


class Stack:
    """All resources of a stack. Iterates in the engine's order."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {resource.urn: resource for resource in resources}
        self._kept: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Give what `make` gives, worked out once for this stack: several rules stand on the same reading of it."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("Kept", self._kept[key])

    @cached_property
    def root(self) -> Resource:
        """The stack itself as a resource; one without outputs where the engine shows none."""
        found = next((resource for resource in self if resource.type == STACK_TYPE), None)
        if found is not None:
            return found
        name = next((resource.stack for resource in self), "")
        return Resource(urn="", type=STACK_TYPE, name=name, props=Props({}))

    @cached_property
    def name(self) -> str:
        """The stack's name, such as `prod-emea`; empty for a stack without resources."""
        return next((resource.stack for resource in self), "")

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def get(self, urn: str | None) -> Resource | None:
        """Give the resource with the URN, None where the stack has none."""
        return self._resources.get(urn) if urn else None

    def sources(self, resource: Resource, *properties: str) -> tuple[Resource, ...]:
        """Give the resources that the named top-level properties of a resource were computed from."""
        urns = (urn for name in properties for urn in resource.sources.get(name, ()))
        return tuple(found for urn in urns if (found := self._resources.get(urn)) is not None)

    def above(self, resource: Resource, *types: str) -> Resource | None:
        """Give the nearest ancestor of one of these types, components among them; None where there is none."""
        seen = {resource.urn}
        found = self.get(resource.parent)
        while found is not None and found.urn not in seen:
            if found.type in types:
                return found
            seen.add(found.urn)
            found = self.get(found.parent)
        return None

    def owner(self, resource: Resource) -> Resource | None:
        """Give the nearest ancestor that a cloud holds, components left out; None at the top."""
        seen = {resource.urn}
        above = self.get(resource.parent)
        while above is not None and above.urn not in seen:
            if above.cloud is not None and not above.is_provider:
                return above
            seen.add(above.urn)
            above = self.get(above.parent)
        return None

    @cached_property
    def users(self) -> Mapping[str, tuple[tuple[Resource, str], ...]]:
        """URN to the resources computed from it, each with the property."""
        users: dict[str, list[tuple[Resource, str]]] = {}
        for resource in self:
            for name, urns in resource.sources.items():
                for urn in urns:
                    users.setdefault(urn, []).append((resource, name))
        return {urn: tuple(found) for urn, found in users.items()}

    @cached_property
    def ids(self) -> Mapping[tuple[str, str], Resource]:
        """Type and id, ARN or name, where it is known, to the resource."""
        index: dict[tuple[str, str], Resource] = {}
        for resource in self:
            for name in ("name", "arn", "id"):
                if resource.props.known(name) and isinstance(value := resource.props.get(name), str):
                    index[resource.type, value.lower()] = resource
        return index


def from_args(args: ResourceValidationArgs) -> Resource:
    """Read what the engine sends for one resource."""
    watch = Watch()
    return Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        props=Props(plain(args.props), watch),
        provider=_provider(args.provider, watch),
        parent=args.opts.parent,
    )


def from_stack(resources: Iterable[PolicyResource]) -> Stack:
    """Read what the engine sends for a whole stack."""
    return Stack(_from_stack(resource) for resource in resources)


def _from_stack(resource: PolicyResource) -> Resource:
    watch = Watch()
    return Resource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        props=Props(plain(resource.props), watch),
        provider=_provider(resource.provider, watch),
        parent=resource.parent.urn if resource.parent is not None else None,
        sources={name: tuple(found.urn for found in sources) for name, sources in resource.property_dependencies.items()},
    )


def _provider(provider: PolicyProviderResource | None, watch: Watch) -> Provider | None:
    if provider is None:
        return None
    return Provider(urn=provider.urn, name=provider.name, props=Props(plain(provider.props), watch, "provider."))
