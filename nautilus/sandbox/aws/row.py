"""The one shape in which an AWS type is described, and the life cycle that all of them share.

Guarantees that a create gives the same id for the same request and adopts what is there, that outputs are read back from
the emulator and not repeated from the inputs, that what failed half-way is taken away again, and that everything is checked
against AWS's own model first, in previews too. It knows nothing about any single type: the tables beside it do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nautilus.sandbox.aws import emulator, model
from nautilus.sandbox.aws.call import Call, Fields, camel, dig
from nautilus.sandbox.aws.tags import Tags
from nautilus.sandbox.handler import UNKNOWN, Fidelity, Handler, Problem, Refused, Request, Result, Value

Raw = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One AWS type.

    `operation` and `params` are the call that creates it, which `model` checks; `made` is where its answer holds the
    id. `make` takes the place of both where creating takes more. `look` finds it and gives AWS's description, None
    where it is gone; `show` turns that into outputs. `settle` brings what can be changed to what the inputs say; it
    runs after a create, an adoption and an update. `drop` deletes. `refuse` is asked in previews too and must pass
    over UNKNOWN; `guard` only before a create, when all is known, and with `guard_updates` before an update too
    (`call.id` is then set). `held` names what still needs the resource, which then is not deleted. `defaults` are
    outputs of inputs that were not given. `kept` outputs are those that the emulator would date anew, or that other
    resources fill in later: a read keeps their first value. `replace_on` is a list of inputs in one string. `identify`
    gives an id that is made of names, so that a replacement under the same one deletes first. `aliases` maps the model's
    member names to the inputs' for the paths of problems, and `within` is the member that holds what the inputs have at
    their top.
    """

    type: str
    service: str
    operation: str = ""
    params: Fields = lambda _inputs: {}
    made: str = ""
    make: Callable[[Call], str] | None = None
    look: Callable[[Call], Raw | None]
    show: Callable[[Call, Raw], Mapping[str, Any]]
    settle: tuple[Callable[[Call], object], ...] = ()
    drop: Callable[[Call], object]
    refuse: Callable[[Call], Iterable[Problem]] = lambda _call: ()
    guard: Callable[[Call], Iterable[Problem]] = lambda _call: ()
    guard_updates: bool = False
    held: Callable[[Call], Iterable[str]] = lambda _call: ()
    tags: Tags | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    kept: str = ""
    replace_on: str = ""
    identify: Callable[[Call], str] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    within: str = ""
    fidelity: Fidelity = Fidelity.EMULATED
    regional: bool = True

    def handler(self) -> Handler:
        """Give the core's row: the same verbs, under the emulator's lock."""
        return Handler(
            type=self.type,
            fidelity=self.fidelity,
            replace_on=frozenset(self.replace_on.split()) | ({"region"} if self.regional else set()),
            refuse=self._refuse,
            identify=self._identify if self.identify else None,
            create=self._create,
            read=self._read,
            update=self._update,
            delete=self._delete,
        )

    def _call(self, request: Request) -> Call:
        return Call(request=request, service=self.service)

    def _identify(self, request: Request) -> str:
        return self.identify(self._call(request)) if self.identify else ""

    def _refuse(self, request: Request) -> Iterator[Problem]:
        call = self._call(request)
        known = call.inputs
        if self.operation:
            for problem in model.check(self.service, self.operation, self.params(known)):
                yield Problem(path=self._path(problem.path), reason=problem.reason)
        if self.tags is not None and isinstance(known.get("tags"), Mapping):
            yield from tag_problems(known["tags"])
        with emulator.LOCK:
            yield from self.refuse(call)

    def _path(self, path: str) -> str:
        path = path.removeprefix(self.within)
        head, dot, rest = path.partition(".")
        bare, bracket, index = head.partition("[")
        return (
            self.aliases.get(bare, camel(bare)) + bracket + index + dot + ".".join(camel(step) for step in rest.split("."))
        )

    def _create(self, request: Request) -> Result:
        with emulator.LOCK:
            call = self._call(request)
            seed = call.seed
            call.id = _made.get(seed, "")
            if call.id and self.look(call) is not None:
                self._settle(call)
                return self._result(call)
            call.id = ""
            for problem in (*self._refuse(request), *self.guard(call)):
                raise Refused(f"{problem.path}: {problem.reason}", code="InvalidParameterValue")
            self._anew(call)
            return self._result(call)

    def restore(self, request: Request) -> str:
        """Make again, in a fresh emulator, what was made before, and give its id.

        Nothing is checked twice: what the ledger holds was accepted, and its guards would take a third of a restart.
        """
        with emulator.LOCK:
            call = self._call(request)
            call.id = ""
            self._anew(call)
            return call.id

    def _anew(self, call: Call) -> None:
        with emulator.seeded(call.seed, call.account, call.region):
            call.id = self.make(call) if self.make else self._make(call)
            _made[call.seed] = call.id
            try:
                self._settle(call)
            except Refused:
                self.drop(call)
                del _made[call.seed]
                raise

    def _make(self, call: Call) -> str:
        answer = call.boto(self.operation, **self.params(call.inputs))
        made = dig(answer, self.made)
        if not isinstance(made, str):
            raise Refused(f"{self.operation} gave no {self.made}", code="InternalError")
        return made

    def _settle(self, call: Call) -> None:
        for step in self.settle:
            step(call)
        if self.tags is not None:
            self.tags.sync(call, self._found(call))

    def _read(self, request: Request) -> Result | None:
        with emulator.LOCK:
            call = self._call(request)
            if self.look(call) is None:
                return None
            return self._result(call)

    def _update(self, request: Request) -> Result:
        with emulator.LOCK:
            call = self._call(request)
            self._found(call)
            for problem in (*self._refuse(request), *(self.guard(call) if self.guard_updates else ())):
                raise Refused(f"{problem.path}: {problem.reason}", code="InvalidParameterValue")
            self._settle(call)
            return self._result(call)

    def _delete(self, request: Request) -> None:
        with emulator.LOCK:
            call = self._call(request)
            if self.look(call) is not None:
                if users := list(self.held(call)):
                    raise Refused(f"{call.id} is still needed by {', '.join(users)}", code="DependencyViolation")
                self.drop(call)
            for seed in [seed for seed, made in _made.items() if made == call.id and seed.startswith(request.urn)]:
                del _made[seed]

    def _found(self, call: Call) -> Raw:
        raw = self.look(call)
        if raw is None:
            raise Refused(f"{self.type} {call.id} does not exist", code="NotFound")
        return raw

    def _result(self, call: Call) -> Result:
        raw = self._found(call)
        live = dict(self.show(call, raw))
        if self.tags is not None:
            tags = self.tags.live(call, raw)
            own = call.get("tags", {})
            live["tags"] = {name: value for name, value in tags.items() if name in own or name not in call.default_tags}
            live["tagsAll"] = tags
        if self.regional:
            live.setdefault("region", call.region)
        prior = call.request.prior
        if prior is not None:
            live.update({name: prior.get(name) for name in self.kept.split()})
        given = {name: value for name, value in call.inputs.items() if value is not None and value is not UNKNOWN}
        return Result(id=call.id, outputs=merge({**self.defaults, **given}, live))


_made: dict[str, str] = {}
"""The id made under each seed: what a create adopts."""


def forget() -> None:
    """Forget what was made, for a fresh emulator."""
    _made.clear()


def made(call: Call, id: str) -> bool:  # noqa: A002 - the engine's word
    """Whether something with this id was made in the call's account and region, and is still there."""
    place = f"|{call.account}|{call.region}"
    return any(known == id and seed.endswith(place) for seed, known in _made.items())


def merge(given: Mapping[str, Any], live: Mapping[str, Any]) -> dict[str, Any]:
    """Give the outputs: what the emulator says, in the inputs' own form wherever both mean the same.

    The same means: JSON documents that are equal, lists in another order, objects to which AWS adds members. A live None
    takes away an input that is not there (any more).
    """
    outputs = dict(given)
    for name, value in live.items():
        if value is None:
            outputs.pop(name, None)
        else:
            outputs[name] = _merged(given.get(name), value)
    return outputs


def _merged(given: Value, live: Value) -> Value:
    if isinstance(given, Mapping) and isinstance(live, Mapping):
        return {name: _merged(given.get(name), value) for name, value in live.items() if value is not None}
    return given if given is not None and normal(given) == normal(live) else live


def normal(value: Value) -> Value:
    """Give a value in which equal meaning is equality: JSON text parsed, lists of plain values sorted, numbers one type."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return normal(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, Mapping):
        return {name: normal(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return sorted((normal(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def unless_gone(ask: Callable[[], dict[str, Any]], *codes: str) -> dict[str, Any] | None:
    """Give an answer, None where AWS says that there is no such thing; `codes` are error codes that say so."""
    try:
        return ask()
    except Refused as refused:
        if refused.code in codes or "NotFound" in refused.code or refused.code.endswith((".Malformed", "NoSuchEntity")):
            return None
        raise


def found(operation: str, parameter: str, answer: str, *codes: str, one: bool = False) -> Callable[[Call], Raw | None]:
    """Make a `look` that asks one operation by id: a list of ids and of answers, or with `one` a single of both."""

    def look(call: Call) -> Raw | None:
        if not call.id:
            return None
        raw = unless_gone(
            lambda: call.boto(operation, of=call.service, **{parameter: call.id if one else [call.id]}), *codes
        )
        thing = dig(raw, answer if one else f"{answer}.0")
        return thing if isinstance(thing, Mapping) else None

    return look


def shown(fields: Fields, **more: Callable[[Call, Raw], Any]) -> Callable[[Call, Raw], Mapping[str, Any]]:
    """Make a `show` from fields of AWS's description and functions for the rest."""
    return lambda call, raw: {**fields(raw), **{name: give(call, raw) for name, give in more.items()}}


def dropped(operation: str, parameter: str, *, listed: bool = False) -> Callable[[Call], object]:
    """Make a `drop` that calls one operation with the id."""
    return lambda call: call.boto(operation, of=call.service, **{parameter: [call.id] if listed else call.id})


def tag_problems(tags: Mapping[str, Any]) -> Iterator[Problem]:
    """Refuse tags that AWS refuses: more than 50, keys of AWS's own, keys and values that are too long.

    Source: AWS General Reference, "Tag naming limits and requirements": 50 tags, 128 and 256 characters, no `aws:`.
    """
    if len(tags) > 50:  # noqa: PLR2004 - the limit of the source above
        yield Problem(path="tags", reason=f"holds {len(tags)} tags; AWS allows 50")
    for key, value in tags.items():
        if key.lower().startswith("aws:") or not 1 <= len(key) <= 128:  # noqa: PLR2004
            yield Problem(path=f"tags[{key!r}]", reason="a key has 1 to 128 characters and does not start with aws:")
        if isinstance(value, str) and len(value) > 256:  # noqa: PLR2004
            yield Problem(path=f"tags[{key!r}]", reason="a value has at most 256 characters")
