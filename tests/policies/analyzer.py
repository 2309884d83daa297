"""The real analyzer service with the real policies, driven over real protobuf requests.

Guarantees that what a test asserts went the engine's way: struct, `pulumi_policy`'s deserialiser and proxies, the registered
policy, an AnalyzeResponse. No engine runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.kit import wire
from policies.kit.finding import Finding, parse
from policies.kit.pack import policies
from policies.kit.registry import Pack

UNKNOWN: Final = UNKNOWN_STRING_VALUE
STACK: Final = "prod-emea"


def secret(value: Any) -> dict[str, Any]:
    """Mark a value as the engine marks secrets."""
    return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": value}


@dataclass(frozen=True, kw_only=True)
class Planned:
    """One resource as the engine would plan it."""

    type: str
    name: str = "x"
    props: Mapping[str, Any] = field(default_factory=dict)
    provider: Planned | None = None
    parent: str = ""
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stack: str = STACK
    full_urn: str = ""

    @property
    def urn(self) -> str:
        if self.full_urn:
            return self.full_urn
        return f"urn:pulumi:{self.stack}::nautilus::{self.type}::{self.name}"

    def under(self, provider: Planned) -> Planned:
        """Give the same resource under another provider."""
        return replace(self, provider=provider)

    def but(self, **changes: Any) -> Planned:
        """Give the same resource with some properties changed; None takes one away."""
        props = {key: value for key, value in (dict(self.props) | changes).items() if value is not None}
        return replace(self, props=props)


def servicer(pack: Pack = Pack.JURISDICTION) -> _PolicyAnalyzerServicer:
    wire.install()
    return _PolicyAnalyzerServicer(str(pack), "0.1.0", policies(pack), EnforcementLevel.ADVISORY)


def analyze(resource: Planned, pack: Pack = Pack.JURISDICTION) -> list[Finding]:
    """Give what the resource policy of a pack says of one resource."""
    request = analyzer_pb2.AnalyzeRequest(
        type=resource.type, properties=_struct(resource.props), urn=resource.urn, name=resource.name
    )
    if resource.provider is not None:
        request.provider.CopyFrom(_provider(resource.provider))
    return _findings(servicer(pack).Analyze(request, None))


def analyze_stack(*resources: Planned, pack: Pack = Pack.JURISDICTION) -> list[Finding]:
    """Give what the stack policy of a pack says of a stack of these resources."""
    request = analyzer_pb2.AnalyzeStackRequest(resources=[_resource(resource) for resource in resources])
    return _findings(servicer(pack).AnalyzeStack(request, None))


def swapped(resources: Iterable[Planned], *changed: Planned) -> list[Planned]:
    """Give a stack with some of its resources, by URN, changed; new ones go to the end."""
    by_urn = {resource.urn: resource for resource in resources} | {resource.urn: resource for resource in changed}
    return list(by_urn.values())


def found(findings: Iterable[Finding], rule: str) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]


def one(findings: Iterable[Finding], rule: str) -> Finding:
    """Give the one finding of a rule, and fail where there is none or another."""
    hits = found(findings, rule)
    assert len(hits) == 1, [str(finding) for finding in findings]
    return hits[0]


def _findings(response: analyzer_pb2.AnalyzeResponse) -> list[Finding]:
    findings: list[Finding] = []
    for diagnostic in response.diagnostics:
        assert diagnostic.enforcementLevel == analyzer_pb2.MANDATORY, diagnostic
        parsed = parse(diagnostic.message)
        assert len(parsed) == 1, diagnostic.message
        assert parsed[0].resource == diagnostic.urn
        findings += parsed
    return findings


def _resource(resource: Planned) -> analyzer_pb2.AnalyzerResource:
    made = analyzer_pb2.AnalyzerResource(
        type=resource.type,
        properties=_struct(resource.props),
        urn=resource.urn,
        name=resource.name,
        parent=resource.parent,
        dependencies=[urn for urns in resource.sources.values() for urn in urns],
    )
    for name, urns in resource.sources.items():
        made.propertyDependencies[name].urns.extend(urns)
    if resource.provider is not None:
        made.provider.CopyFrom(_provider(resource.provider))
    return made


def _provider(provider: Planned) -> analyzer_pb2.AnalyzerProviderResource:
    return analyzer_pb2.AnalyzerProviderResource(
        type=provider.type, properties=_struct(provider.props), urn=provider.urn, name=provider.name
    )


def _struct(props: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(dict(props))
    return struct
