"""The ledger keeps what was made, hides secrets, and remembers what was deleted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nautilus.sandbox.handler import Fidelity, Target
from nautilus.sandbox.ledger import FILE, Ledger, stack_of

HERE = Target(cloud="aws", account="111111111111", region="us-east-1")


def urn(name: str, stack: str = "dev") -> str:
    return f"urn:pulumi:{stack}::tiny::aws:ec2/vpc:Vpc::{name}"


def put(ledger: Ledger, name: str, made: str, **more: Any) -> None:
    values: dict[str, Any] = {
        "urn": urn(name),
        "resource_id": made,
        "token": "aws:ec2/vpc:Vpc",
        "package": "aws",
        "target": HERE,
        "fidelity": Fidelity.TYPED,
        "seed": urn(name),
        "inputs": {"cidrBlock": "10.0.0.0/16"},
        "outputs": {"cidrBlock": "10.0.0.0/16", "arn": "arn:1"},
    }
    ledger.put(**values | more)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path)
    yield ledger
    ledger.close()


def test_rows_come_back_whole_and_in_order(ledger: Ledger) -> None:
    put(ledger, "b", "vpc-b")
    put(ledger, "a", "vpc-a", urn=urn("a", "prod-emea"))
    first, second = ledger.all()
    assert (first.id, first.stack, first.target, first.fidelity) == ("vpc-b", "dev", HERE, Fidelity.TYPED)
    assert first.outputs == {"cidrBlock": "10.0.0.0/16", "arn": "arn:1"}
    assert second.stack == "prod-emea"
    assert [row.id for row in ledger.all("prod-emea")] == ["vpc-a"]
    assert [row.id for row in ledger.of_type("aws:ec2/vpc:Vpc")] == ["vpc-b", "vpc-a"]
    assert ledger.count() == 2


def test_writing_again_keeps_the_place(ledger: Ledger) -> None:
    put(ledger, "a", "vpc-a")
    put(ledger, "b", "vpc-b")
    put(ledger, "a", "vpc-a", outputs={"arn": "arn:2"})
    assert [(row.id, row.outputs.get("arn")) for row in ledger.all()] == [("vpc-a", "arn:2"), ("vpc-b", "arn:1")]


def test_what_was_deleted_is_still_known(ledger: Ledger) -> None:
    put(ledger, "a", "vpc-a")
    ledger.forget(urn("a"), "vpc-a")
    assert ledger.of_id("aws", "vpc-a") == []
    assert ledger.was("aws:ec2/vpc:Vpc", "vpc-a")
    assert not ledger.was("aws:ec2/vpc:Vpc", "vpc-z")
    assert ledger.count() == 0


def test_no_secret_in_the_file(ledger: Ledger, tmp_path: Path) -> None:
    secret = {"value": "canary-7f3a", "nested": {"list": [{"x": "canary-7f3a"}, "open"]}}
    paths = {("value",), ("nested", "list", 0)}
    put(ledger, "a", "vpc-a", inputs=secret, outputs=secret, secret_inputs=paths, secret_outputs=paths)
    assert ledger.all()[0].inputs == secret
    ledger.close()
    assert not [file for file in tmp_path.iterdir() if b"canary-7f3a" in file.read_bytes()]
    again = Ledger(tmp_path)
    assert again.all()[0].outputs == secret
    again.close()


def test_fidelity_is_counted_by_stack(ledger: Ledger) -> None:
    put(ledger, "a", "vpc-a")
    put(ledger, "b", "vpc-b", urn=urn("b", "prod"), fidelity=Fidelity.EMULATED)
    assert ledger.fidelity() == {Fidelity.EMULATED: 1, Fidelity.MODEL_CHECKED: 0, Fidelity.TYPED: 1}
    assert ledger.fidelity("prod") == {Fidelity.EMULATED: 1, Fidelity.MODEL_CHECKED: 0, Fidelity.TYPED: 0}


def test_tampering(ledger: Ledger) -> None:
    put(ledger, "a", "vpc-a", outputs={"tags": {"a": "b"}, "list": [{"x": 1}]})
    ledger.tamper(urn("a"), ("tags", "a"), "c")
    ledger.tamper(urn("a"), ("list", 0, "x"), 2)
    assert ledger.all()[0].outputs == {"tags": {"a": "c"}, "list": [{"x": 2}]}
    with pytest.raises(KeyError, match=r"list\[3\]"):
        ledger.tamper(urn("a"), ("list", 3), 2)
    with pytest.raises(KeyError, match="Vpc::nobody"):
        ledger.tamper(urn("nobody"), ("a",), 1)
    ledger.lose(urn("a"))
    assert ledger.count() == 0


def test_an_alias_moves_a_resource(ledger: Ledger) -> None:
    put(ledger, "a", "vpc-a")
    ledger.rename(urn("a"), "vpc-a", urn("b", "other"))
    (row,) = ledger.all("other")
    assert (row.urn, row.id) == (urn("b", "other"), "vpc-a")


def test_many_threads_and_a_second_reader(ledger: Ledger, tmp_path: Path) -> None:
    def work(number: int) -> None:
        for step in range(20):
            put(ledger, f"{number}-{step}", f"vpc-{number}-{step}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other = Ledger(tmp_path)
    assert other.count() == 120
    other.close()


def test_the_first_marker_stays(ledger: Ledger) -> None:
    assert ledger.marker("one") == "one"
    assert ledger.marker("two") == "one"


def test_the_stack_is_in_the_urn() -> None:
    assert stack_of("urn:pulumi:prod-emea::nautilus::a:b:C$aws:ec2/vpc:Vpc::x") == "prod-emea"
    with pytest.raises(ValueError, match="is not a URN"):
        stack_of("prod-emea")


def test_the_key_is_private(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.count() == 0
    assert (tmp_path / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / FILE).exists()
