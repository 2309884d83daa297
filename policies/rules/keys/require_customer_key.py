"""KEY-001: every store of data is encrypted under a key of ours, never under the cloud's own (KEY-1).

Asks only that a key is named; a key that is known after creation counts. Where the key lies is KEY-002's.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.kit.law import Law
from policies.kit.resource import Resource, Stack
from policies.kit.rule import Fault, Rule, Severity, control, show
from policies.rules.keys.stores import STORES, Store

_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_BUCKET = "aws:s3/bucket:Bucket"
_BUCKET_KEY = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    if resource.type == _NODE_GROUP:
        if not resource.props.present("launchTemplate"):
            yield Fault(
                "no launchTemplate, so node disks get the cloud's own key", allowed="launchTemplate with an encrypted disk"
            )
        return
    for store in STORES[resource.type]:
        if store.required(resource):
            yield from _store(resource, store)


def _store(resource: Resource, store: Store) -> Iterator[Fault]:
    parts = list(store.parts(resource))
    if not parts:
        yield Fault(f"no {store.each}", allowed=f"{store.each} with {store.path}")
    for part in parts:
        if not part.present(store.path):
            yield Fault(f"no {store.path}", allowed=f"{store.path}: a key of the placement")
        if store.on is not None and not part.flag(store.on):
            yield Fault(f"{store.on} is not true", allowed=f"{store.on}: true")
        if store.equals is not None:
            path, wanted = store.equals
            if (found := part.text(path)) != wanted:
                yield Fault(f"{path} is {show(found)}", allowed=f"{path}: {wanted}")


def _check_stack(resource: Resource, stack: Stack, _law: Law) -> Iterator[Fault]:
    """A bucket's key is set by a resource of its own."""
    path = STORES[_BUCKET][0].path
    if resource.type != _BUCKET or (resource.props.known(path) and resource.props.present(path)):
        return  # a computed, unknown one proves nothing
    users = (user for user, prop in stack.users.get(resource.urn, ()) if prop == "bucket")
    if not any(user.type == _BUCKET_KEY for user in users):
        yield Fault(
            "no default encryption under a customer-managed key", allowed=f"a {_BUCKET_KEY.rsplit(':', 1)[1]} for it"
        )


RULE = Rule(
    id="KEY-001",
    title="customer-managed key on every store",
    clause=control("KEY-001", "KEY-1"),
    severity=Severity.CRITICAL,
    allowed="a customer-managed key of the placement",
    fix="hand the key of the right purpose from the placement's keys component to the store",
    resource=_check,
    stack=_check_stack,
    types=frozenset(STORES) | {_NODE_GROUP},
)
