"""Random values as the real provider makes them: its rules, its alphabets, its encodings.

Guarantees that what the provider refuses is refused (lengths, least counts, no characters to choose from), that a value
meets its least counts, and that a creation whose answer was lost gives the same value again. It makes no `bcryptHash`, which
would need a library that nothing here uses, and ids of passwords and bytes are the resource's own, where the provider
says `none` for all.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.handler import UNKNOWN, Fidelity, Handler, Problem, Request, Result

SPECIAL: Final = "!@#$%&*()-_=+[]{}<>:?"
"""What the provider chooses special characters from (RandomPassword, `special`)."""

_CLASSES: Final = (
    ("lower", "minLower", string.ascii_lowercase),
    ("upper", "minUpper", string.ascii_uppercase),
    ("numeric", "minNumeric", string.digits),
    ("special", "minSpecial", SPECIAL),
)
_PASSWORD: Final = frozenset(
    {"length", "keepers", "overrideSpecial", "number", *(name for row in _CLASSES for name in row[:2])}
)


def refuse_password(request: Request) -> Iterator[Problem]:
    """Give what the provider would refuse of a password."""
    length = request.inputs.get("length", UNKNOWN)
    yield from _least(request, "length")
    needed = [request.inputs.get(least) or 0 for _, least, _ in _CLASSES]
    for (_, least, _), number in zip(_CLASSES, needed, strict=True):
        if number is not UNKNOWN and number < 0:
            yield Problem(path=least, reason="must be at least 0")
    if UNKNOWN in (length, *needed):
        return
    if sum(needed) > length:
        reason = f"must be at least {sum(needed)}, the sum of minUpper, minLower, minNumeric and minSpecial"
        yield Problem(path="length", reason=reason)
    flags = [_wanted(request.inputs, name) for name, _, _ in _CLASSES]
    if not any(flags):
        yield Problem(path="numeric", reason="at least one of numeric, upper, lower and special must be true")
    former, numeric = request.inputs.get("number"), request.inputs.get("numeric")
    if None not in (former, numeric) and UNKNOWN not in (former, numeric) and former != numeric:
        yield Problem(path="number", reason="is the former name of numeric and says otherwise")


def refuse_bytes(request: Request) -> Iterator[Problem]:
    """Give what the provider would refuse of random bytes."""
    yield from _least(request, "length")


def refuse_id(request: Request) -> Iterator[Problem]:
    """Give what the provider would refuse of a random id."""
    yield from _least(request, "byteLength")


def password(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a password that meets the least counts, its characters in random order."""
    chosen = {name: _alphabet(inputs, name, alphabet) for name, _, alphabet in _CLASSES}
    letters = [
        secrets.choice(_alphabet(inputs, name, alphabet, always=True))
        for name, least, alphabet in _CLASSES
        for _ in range(int(inputs.get(least) or 0))
    ]
    every = "".join(chosen.values())
    letters += [secrets.choice(every) for _ in range(int(inputs["length"]) - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return {"result": "".join(letters)}


def random_bytes(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give random bytes in base64 and in hexadecimal digits."""
    made = secrets.token_bytes(int(inputs["length"]))
    return {"base64": base64.b64encode(made).decode(), "hex": made.hex()}


def random_id(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a random number in four spellings, each with the prefix."""
    made = secrets.token_bytes(int(inputs["byteLength"]))
    spelt = {
        "b64Std": base64.b64encode(made).decode(),
        "b64Url": base64.urlsafe_b64encode(made).decode().rstrip("="),
        "dec": str(int.from_bytes(made)),
        "hex": made.hex(),
    }
    return {name: f"{inputs.get('prefix') or ''}{text}" for name, text in spelt.items()}


def _once(make: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Callable[[Request], Result]:
    """Give a creation that makes a value, or gives the one back that was made for it before its answer was lost."""

    def create(request: Request) -> Result:
        prior = request.prior
        if (
            request.id is not None
            and prior is not None
            and all(prior.get(name) == given for name, given in request.inputs.items())
        ):
            return Result(id=request.id, outputs=prior)
        made = make(request.inputs)
        # What the provider's own id is: the number for a RandomId, else nothing that tells one from another.
        own = made.get("b64Url") or f"none-{hashlib.sha256(request.seed.encode()).hexdigest()[:17]}"
        return Result(id=own, outputs=made)

    return create


def _wanted(inputs: Mapping[str, Any], name: str) -> bool:
    """Whether characters of a class are chosen from: yes where nothing is said; what is unknown may be."""
    given = inputs.get(name)
    if given is None and name == "numeric":
        given = inputs.get("number")
    return given is None or bool(given)


def _alphabet(inputs: Mapping[str, Any], name: str, alphabet: str, *, always: bool = False) -> str:
    if not always and not _wanted(inputs, name):
        return ""
    return str(inputs.get("overrideSpecial") or alphabet) if name == "special" else alphabet


def _least(request: Request, name: str) -> Iterator[Problem]:
    value = request.inputs.get(name, UNKNOWN)
    if value is not UNKNOWN and value < 1:
        yield Problem(path=name, reason="must be at least 1")


HANDLERS: Final = (
    Handler(
        type="random:index/randomPassword:RandomPassword",
        fidelity=Fidelity.EMULATED,
        replace_on=_PASSWORD,
        secret_outputs=frozenset({"result"}),
        refuse=refuse_password,
        create=_once(password),
    ),
    Handler(
        type="random:index/randomBytes:RandomBytes",
        fidelity=Fidelity.EMULATED,
        replace_on=frozenset({"length", "keepers"}),
        secret_outputs=frozenset({"base64", "hex"}),
        refuse=refuse_bytes,
        create=_once(random_bytes),
    ),
    Handler(
        type="random:index/randomId:RandomId",
        fidelity=Fidelity.EMULATED,
        replace_on=frozenset({"byteLength", "keepers", "prefix"}),
        refuse=refuse_id,
        create=_once(random_id),
    ),
)
