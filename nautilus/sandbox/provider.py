"""The ResourceProvider protocol for one package.

Guarantees that every provider instance keeps its own region and account: the engine opens one connection for each
instance, and what `Configure` said is kept by connection. No call succeeds silently: what is not served says so. Does
not decide anything about a resource: `operations` does.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar, cast

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from nautilus.sandbox import diff, guard, wire
from nautilus.sandbox.check import check
from nautilus.sandbox.handler import Problem, Refused
from nautilus.sandbox.operations import Difference, Operations
from nautilus.sandbox.schema import Kind
from nautilus.sandbox.session import Session, Subject

LOG: Final = logging.getLogger("nautilus.sandbox")
_ENGINE_KEYS: Final = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization", "__internal"})
_KINDS: Final = {
    diff.Change.ADD: (provider_pb2.PropertyDiff.ADD, provider_pb2.PropertyDiff.ADD_REPLACE),
    diff.Change.UPDATE: (provider_pb2.PropertyDiff.UPDATE, provider_pb2.PropertyDiff.UPDATE_REPLACE),
    diff.Change.DELETE: (provider_pb2.PropertyDiff.DELETE, provider_pb2.PropertyDiff.DELETE_REPLACE),
}
Message = Any
"""A protocol message or a call's context; their generated classes are untyped here."""
_F = TypeVar("_F", bound=Callable[..., Any])


def _answers(call: _F) -> _F:
    """A refusal becomes an error of the protocol; a fault of ours is logged with its trace and named as ours."""

    @wraps(call)
    def safely(self: Provider, request: Message, context: Message) -> Message:
        try:
            return call(self, request, context)
        except Refused as refusal:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(refusal))
        except grpc.RpcError:
            raise
        except Exception as fault:
            if isinstance(getattr(context, "code", lambda: None)(), grpc.StatusCode):
                raise  # the call was already answered with an error
            LOG.exception("%s failed", call.__name__)
            context.abort(
                grpc.StatusCode.INTERNAL,
                f"a fault of the sandbox, not of the program: {type(fault).__name__}: {fault} (log/sandbox.log has more)",
            )

    return cast("_F", safely)


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one package to any number of engines and provider instances at once."""

    def __init__(self, operations: Operations) -> None:
        self._do = operations
        self._package = operations.package
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()

    def Handshake(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """A new connection: whatever was known of an older one from the same port is forgotten."""
        with self._lock:
            self._sessions[context.peer()] = Session()
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False, accept_outputs=False)

    def Attach(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """The engine is at the other end; nothing to do."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """The version of the SDK that types the package."""
        return plugin_pb2.PluginInfo(version=self._do.sdk.version)

    def GetSchema(self, request: Message, context: Message) -> NoReturn:  # noqa: N802, ARG002
        """Not served: the SDKs are installed."""
        self._unserved(context, "schemas: the SDKs are installed")

    def Parameterize(self, request: Message, context: Message) -> NoReturn:  # noqa: N802, ARG002
        """Not served."""
        self._unserved(context, "parameterized packages")

    def Call(self, request: Message, context: Message) -> NoReturn:  # noqa: N802
        """Not served: no package of ours has methods."""
        self._unserved(context, f"the method {request.tok}")

    def Construct(self, request: Message, context: Message) -> NoReturn:  # noqa: N802
        """Not served: no package of ours has remote components."""
        self._unserved(context, f"the remote component {request.type}")

    def List(self, request: Message, context: Message) -> NoReturn:  # noqa: N802, ARG002
        """Not served."""
        self._unserved(context, "lists of resources")

    def Cancel(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """One engine gives up; others may be at work, so operations go on to their end."""
        return empty_pb2.Empty()

    @_answers
    def CheckConfig(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """Types and guard rails. What the package itself refuses (no region) is left to Configure, so that policies
        speak first."""
        given, secrets = wire.decode(request.news)
        configuration = self._configuration(given)
        problems = check(self._do.type(f"pulumi:providers:{self._package.name}"), configuration, secrets)
        problems += guard.refuse_configuration(configuration)
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(problems))

    @_answers
    def DiffConfig(self, request: Message, context: Message) -> Message:  # noqa: N802, ARG002
        """A provider that moves to another region or account replaces all that it made."""
        old = self._configuration(wire.decode(request.old_inputs if request.HasField("old_inputs") else request.olds)[0])
        new = self._configuration(wire.decode(request.news)[0])
        found = diff.deltas(old, new)
        moved = False
        if found:
            try:
                moved = self._package.configure(old) != self._package.configure(new)
            except Refused:
                moved = True
        keys = sorted({str(delta.path[0]) for delta in found})
        return self._difference(Difference(deltas=tuple(found), replaces=tuple(keys) if moved else (), delete_first=False))

    @_answers
    def Configure(self, request: Message, context: Message) -> Message:  # noqa: N802
        """Pins this connection. Raises what the package refuses."""
        configuration = self._configuration(wire.decode(request.args)[0])
        problems = guard.refuse_configuration(configuration)
        if problems:
            raise Refused("; ".join(f"{problem.path}: {problem.reason}" for problem in problems))
        session = self._session(context)
        session.configuration = configuration
        session.target = self._package.configure(configuration)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False
        )

    @_answers
    def Check(self, request: Message, context: Message) -> Message:  # noqa: N802
        """The inputs as they came, and every problem with them."""
        subject = self._subject(request, context)
        if request.olds.fields:
            subject.session.held.add(request.urn)
        inputs, secrets = wire.decode(request.news)
        try:
            problems = self._do.check(subject, inputs, secrets)
        except Refused as refusal:
            problems = [Problem(path="", reason=str(refusal))]
        return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(problems))

    @_answers
    def Diff(self, request: Message, context: Message) -> Message:  # noqa: N802
        """Inputs against inputs."""
        old = wire.decode(request.old_inputs)[0]
        new = wire.decode(request.news)[0]
        return self._difference(self._do.diff(self._subject(request, context), request.id, old, new))

    @_answers
    def Create(self, request: Message, context: Message) -> Message:  # noqa: N802
        """Makes it; a preview makes nothing and knows no outputs."""
        subject = self._subject(request, context)
        inputs, secrets = wire.decode(request.properties)
        if request.preview:
            handler, resource = self._do.handler(subject.token), self._do.type(subject.token)
            outputs = diff.preview_create(resource, inputs) | dict(handler.shown(inputs) if handler.shown else {})
            return provider_pb2.CreateResponse(
                properties=wire.encode(outputs, self._do.secret(handler, outputs, inputs, secrets))
            )
        made = self._do.create(subject, inputs, secrets)
        properties = wire.encode(made.outputs, made.secrets)
        if made.partial:
            _fail_partial(context, made.id, properties, request.properties)
        return provider_pb2.CreateResponse(id=made.id, properties=properties)

    @_answers
    def Update(self, request: Message, context: Message) -> Message:  # noqa: N802
        """Changes it; a preview keeps what cannot follow from the change."""
        prior = wire.decode(request.olds)[0]
        inputs, secrets = wire.decode(request.news)
        subject = self._subject(request, context)
        if request.preview:
            old = wire.decode(request.old_inputs)[0]
            changed = {str(delta.path[0]) for delta in diff.deltas(old, inputs)}
            handler = self._do.handler(subject.token)
            outputs = diff.preview_update(self._do.type(subject.token), prior, inputs, changed)
            outputs |= dict(handler.shown(inputs) if handler.shown else {})
            marked = self._do.secret(handler, outputs, inputs, secrets)
            return provider_pb2.UpdateResponse(properties=wire.encode(outputs, marked))
        made = self._do.update(subject, request.id, prior, inputs, secrets)
        return provider_pb2.UpdateResponse(properties=wire.encode(made.outputs, made.secrets))

    @_answers
    def Read(self, request: Message, context: Message) -> Message:  # noqa: N802
        """What is there now; an empty answer where it is gone."""
        subject = self._subject(request, context)
        found = self._do.read(subject, request.id)
        if found is None:
            return provider_pb2.ReadResponse()
        row, outputs = found
        state, state_secrets = wire.decode(request.properties)
        given, secrets = wire.decode(request.inputs if request.HasField("inputs") else None)
        handler = self._do.handler(subject.token)
        marked = self._do.secret(handler, outputs, given, secrets) | self._do.secret(handler, outputs, state, state_secrets)
        inputs = diff.project(self._do.type(subject.token), given or row.inputs, outputs)
        return provider_pb2.ReadResponse(
            id=request.id, properties=wire.encode(outputs, marked), inputs=wire.encode(inputs, secrets)
        )

    @_answers
    def Delete(self, request: Message, context: Message) -> Message:  # noqa: N802
        """Deletes it."""
        self._do.delete(self._subject(request, context), request.id)
        return empty_pb2.Empty()

    @_answers
    def Invoke(self, request: Message, context: Message) -> Message:  # noqa: N802
        """A data source."""
        arguments = wire.decode(request.args)[0]
        result = self._do.invoke(self._session(context), request.tok, arguments)
        return provider_pb2.InvokeResponse(**{"return": wire.encode(result)})

    def _session(self, context: Message) -> Session:
        with self._lock:
            return self._sessions.setdefault(context.peer(), Session())

    def _subject(self, request: Message, context: Message) -> Subject:
        token = request.type or request.urn.split("::")[2].rsplit("$", 1)[-1]
        return Subject(session=self._session(context), urn=request.urn, token=token)

    def _configuration(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """A provider's configuration with what the SDK sends as JSON text opened, and without the engine's own keys."""
        types = self._do.type(f"pulumi:providers:{self._package.name}").inputs
        out: dict[str, Any] = {}
        for name, value in given.items():
            if name in _ENGINE_KEYS:
                continue
            plain = name not in types or types[name].shape.kind in {Kind.STRING, Kind.ENUM, Kind.UNION}
            out[name] = value if plain or not isinstance(value, str) else _opened(value)
        return out

    def _difference(self, found: Difference) -> Message:
        changed = bool(found.deltas or found.replaces)
        detailed = {
            wire.text(delta.path): provider_pb2.PropertyDiff(
                kind=_KINDS[delta.change][str(delta.path[0]) in found.replaces], inputDiff=True
            )
            for delta in found.deltas
        }
        if "provider" in found.replaces:
            detailed["provider"] = provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.UPDATE_REPLACE, inputDiff=True)
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=list(found.replaces),
            deleteBeforeReplace=found.delete_first,
            diffs=sorted({str(delta.path[0]) for delta in found.deltas}),
            detailedDiff=detailed,
            hasDetailedDiff=True,
        )

    def _unserved(self, context: Message, what: str) -> NoReturn:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the sandbox's {self._package.name} does not serve {what}")
        raise AssertionError("abort always raises")


def _failures(problems: Iterable[Problem]) -> list[Message]:
    """The path stands in the reason: the engine would print the value of a property that it is given, secret or not."""
    reasons = (f"{problem.path}: {problem.reason}" if problem.path else problem.reason for problem in problems)
    return [provider_pb2.CheckFailure(reason=reason) for reason in reasons]


def _opened(value: str) -> Message:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fail_partial(context: Message, made: str, properties: Message, inputs: Message) -> NoReturn:
    message = "created, but not initialised, as told: run the update again"
    detail = any_pb2.Any()
    detail.Pack(provider_pb2.ErrorResourceInitFailed(id=made, properties=properties, inputs=inputs, reasons=[message]))
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("abort always raises")
