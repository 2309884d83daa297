"""One resource's life, without an engine: adoption, replacement, refusals, retries."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from nautilus.sandbox import faults, wire
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.faults import Injector
from nautilus.sandbox.handler import Handler, Package, Refused, Request, Target
from nautilus.sandbox.ledger import Ledger
from nautilus.sandbox.operations import Operations
from nautilus.sandbox.session import Session, Subject, free_seed
from tests.sandbox.tiny_cloud import AWS, PARAMETER, SUBNET, VPC

HERE = Target(cloud="aws", account="111111111111", region="us-east-1")
THERE = Target(cloud="aws", account="111111111111", region="eu-central-1")
NONE: frozenset[wire.Path] = frozenset()
Build = Callable[..., Operations]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    ledger = Ledger(tmp_path)

    def make(package: Package = AWS) -> Operations:
        return Operations(package, Sdk("aws", "pulumi_aws"), ledger, Injector(tmp_path))

    yield make
    ledger.close()


def subject(name: str, token: str = VPC, target: Target | None = HERE, session: Session | None = None) -> Subject:
    return Subject(session=session or Session(target=target), urn=f"urn:pulumi:dev::tiny::{token}::{name}", token=token)


def with_row(row: Handler) -> Package:
    return dataclasses.replace(AWS, handlers=(*(item for item in AWS.handlers if item.type != row.type), row))


def test_the_id_follows_from_the_urn(build: Build) -> None:
    do = build()
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    assert made.id.startswith("vpc-")
    assert made.outputs["arn"] == f"arn:aws:ec2:us-east-1:111111111111:vpc/{made.id}"
    assert do.create(subject("b"), {"cidrBlock": "10.0.0.0/16"}, NONE).id != made.id
    assert do.ledger.count() == 2


def test_a_lost_creation_is_adopted(build: Build) -> None:
    do = build()
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    again = do.create(subject("a"), {"cidrBlock": "10.1.0.0/16"}, NONE)
    assert again.id == first.id
    assert again.outputs["cidrBlock"] == "10.1.0.0/16"
    assert do.ledger.count() == 1


def test_a_replacement_is_a_second_resource(build: Build) -> None:
    do = build()
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    later = Session(target=HERE)
    found = do.diff(subject("a", session=later), first.id, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"})
    assert (found.replaces, found.delete_first) == (("cidrBlock",), False)
    second = do.create(subject("a", session=later), {"cidrBlock": "10.1.0.0/16"}, NONE)
    assert second.id != first.id
    do.delete(subject("a", session=later), first.id)
    assert [row.id for row in do.ledger.all()] == [second.id]


def test_a_replacement_whose_answer_was_lost_is_adopted_too(build: Build) -> None:
    do = build()
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    old, new = {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16"}
    ids = []
    for _ in range(2):
        later = Session(target=HERE)
        do.diff(subject("a", session=later), first.id, old, new)
        ids.append(do.create(subject("a", session=later), new, NONE).id)
    assert ids[0] == ids[1] != first.id


def test_a_replacement_asked_for_by_name(build: Build) -> None:
    do = build()
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    later = Session(target=HERE)
    later.held.add(subject("a").urn)
    assert do.create(subject("a", session=later), {"cidrBlock": "10.0.0.0/16"}, NONE).id != first.id


def test_a_replacement_that_was_adopted_survives_the_deletion_of_the_old(build: Build) -> None:
    do = build()
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    later = Session(target=HERE)
    again = do.create(subject("a", session=later), {"cidrBlock": "10.0.0.0/16"}, NONE)
    do.delete(subject("a", session=later), first.id)
    assert [row.id for row in do.ledger.all()] == [again.id]
    do.delete(subject("a", session=later), first.id)
    assert do.ledger.count() == 0


def test_a_move_to_another_region_replaces(build: Build) -> None:
    do = build()
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    same = {"cidrBlock": "10.0.0.0/16"}
    assert do.diff(subject("a", target=THERE), made.id, same, same).replaces == ("provider",)
    assert do.diff(subject("a"), made.id, same, same).replaces == ()


def test_the_same_name_has_to_go_first(build: Build) -> None:
    do = build()
    inputs = {"name": "/a", "type": "String", "value": "x"}
    made = do.create(subject("a", PARAMETER), inputs, NONE)
    with pytest.raises(Refused, match=r"AlreadyExists: /a exists already \(made by urn:pulumi:dev"):
        do.create(subject("b", PARAMETER), inputs, NONE)
    found = do.diff(subject("a", PARAMETER, THERE), made.id, inputs, inputs)
    assert found.delete_first


def test_the_same_name_in_another_region_is_another_resource(build: Build) -> None:
    do = build()
    inputs = {"name": "/a", "type": "String", "value": "x"}
    do.create(subject("a", PARAMETER), inputs, NONE)
    do.create(subject("b", PARAMETER, THERE), inputs, NONE)
    assert do.ledger.count() == 2


def test_what_the_cloud_refuses(build: Build) -> None:
    do = build()
    (problem,) = do.check(subject("a"), {"cidrBlock": "10.0.0.0/8"}, NONE)
    assert problem.path == "cidrBlock"
    with pytest.raises(Refused, match="cidrBlock: a VPC holds /16 to /28"):
        do.create(subject("a"), {"cidrBlock": "10.0.0.0/8"}, NONE)


def test_a_parent_must_be_there_when_it_counts(build: Build) -> None:
    do = build()
    inputs = {"vpcId": "vpc-nowhere", "cidrBlock": "10.0.0.0/24"}
    assert do.check(subject("s", SUBNET), inputs, NONE) == []
    with pytest.raises(Refused, match="vpcId: vpc-nowhere does not exist"):
        do.create(subject("s", SUBNET), inputs, NONE)
    vpc = do.create(subject("v"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    assert do.create(subject("s", SUBNET), inputs | {"vpcId": vpc.id}, NONE).outputs["vpcId"] == vpc.id


def test_a_type_or_function_without_a_row_is_an_error(build: Build) -> None:
    do = build()
    with pytest.raises(Refused, match=r"no row for the type aws:sqs/queue:Queue.*add a Handler"):
        do.check(subject("q", "aws:sqs/queue:Queue"), {}, NONE)
    with pytest.raises(Refused, match=r"no row for the function aws:ec2/getAmi:getAmi.*add a Function"):
        do.invoke(Session(target=HERE), "aws:ec2/getAmi:getAmi", {})
    assert do.invoke(Session(target=HERE), "aws:index/getRegion:getRegion", {})["name"] == "us-east-1"


@pytest.mark.parametrize("act", ["diff", "read", "update", "delete"])
def test_what_it_never_made_is_not_touched(build: Build, act: str) -> None:
    do = build()
    calls: dict[str, Callable[[], object]] = {
        "diff": lambda: do.diff(subject("a"), "vpc-real", {}, {}),
        "read": lambda: do.read(subject("a"), "vpc-real"),
        "update": lambda: do.update(subject("a"), "vpc-real", {}, {}, NONE),
        "delete": lambda: do.delete(subject("a"), "vpc-real"),
    }
    with pytest.raises(Refused, match="NotOurs: vpc-real is not this sandbox's"):
        calls[act]()


def test_what_is_gone_reads_as_gone(build: Build) -> None:
    do = build()
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    do.ledger.lose(subject("a").urn)
    assert do.read(subject("a"), made.id) is None
    do.delete(subject("a"), made.id)
    with pytest.raises(Refused, match="is gone: run a refresh"):
        do.update(subject("a"), made.id, {}, {"cidrBlock": "10.0.0.0/16"}, NONE)


def test_secrets_are_marked_in_outputs(build: Build) -> None:
    made = build().create(
        subject("p", PARAMETER), {"name": "/a", "type": "SecureString", "value": "canary"}, frozenset({("value",)})
    )
    assert made.secrets == {("value",)}


def test_an_unconfigured_provider_is_refused(build: Build) -> None:
    with pytest.raises(Refused, match="used before it was configured"):
        build().create(subject("a", target=None), {}, NONE)


def test_throttling_ends_in_a_creation(build: Build, tmp_path: Path) -> None:
    (tmp_path / faults.FILE).write_text('{"throttle": 5}')
    do = build()
    assert do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE).id
    assert do.ledger.count() == 1


def test_a_refusal_that_may_pass_is_tried_again(build: Build) -> None:
    tries: list[str] = []

    def busy(request: Request) -> None:
        tries.append(request.urn)
        if len(tries) < 3:
            raise Refused("in use", code="DependencyViolation", retryable=True)

    do = build(with_row(dataclasses.replace(AWS.handlers[0], delete=busy)))
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    do.delete(subject("a"), made.id)
    assert len(tries) == 3
    assert do.ledger.count() == 0


def test_a_final_refusal_keeps_the_resource(build: Build) -> None:
    def never(_request: Request) -> None:
        raise Refused("has subnets", code="DependencyViolation")

    do = build(with_row(dataclasses.replace(AWS.handlers[0], delete=never)))
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    with pytest.raises(Refused, match="DependencyViolation: has subnets"):
        do.delete(subject("a"), made.id)
    assert do.ledger.count() == 1


def test_a_renamed_resource_is_updated_under_its_new_urn(build: Build) -> None:
    do = build()
    made = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    do.update(subject("b"), made.id, made.outputs, {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}, NONE)
    (row,) = do.ledger.all()
    assert (row.urn, row.id, row.outputs["tags"]) == (subject("b").urn, made.id, {"a": "b"})


def test_others_of_a_type_are_seen_without_oneself(build: Build) -> None:
    seen: list[list[Mapping[str, Any]]] = []

    def look(request: Request) -> list[Any]:
        seen.append([dict(item) for item in request.among(VPC)])
        return []

    do = build(with_row(dataclasses.replace(AWS.handlers[0], refuse=look)))
    first = do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    do.create(subject("b"), {"cidrBlock": "10.1.0.0/16"}, NONE)
    do.update(subject("a"), first.id, {}, {"cidrBlock": "10.0.0.0/16"}, NONE)
    assert [[item["cidrBlock"] for item in items] for items in seen] == [[], ["10.0.0.0/16"], ["10.1.0.0/16"]]
    assert seen[1][0]["id"] == first.id


def test_seeds_do_not_repeat_while_in_use(build: Build) -> None:
    do = build()
    urn = subject("a").urn
    assert free_seed(urn, []) == urn
    do.create(subject("a"), {"cidrBlock": "10.0.0.0/16"}, NONE)
    assert free_seed(urn, do.ledger.of_urn(urn)) == f"{urn}#2"
