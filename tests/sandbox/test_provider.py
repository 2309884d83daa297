"""The protocol over real connections: each has its own region, and nothing succeeds silently."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, status_pb2

from nautilus.sandbox import faults, wire
from nautilus.sandbox.extract import Sdk
from nautilus.sandbox.faults import Injector
from nautilus.sandbox.handler import UNKNOWN
from nautilus.sandbox.ledger import Ledger
from nautilus.sandbox.operations import Operations
from nautilus.sandbox.provider import Provider
from tests.sandbox.tiny_cloud import AWS, PARAMETER, VPC


class Instance:
    """One provider instance, as the engine opens it: a connection of its own."""

    def __init__(self, port: int, **configuration: Any) -> None:
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=(("grpc.use_local_subchannel_pool", 1),))
        self.call = provider_pb2_grpc.ResourceProviderStub(self.channel)
        self.call.Handshake(provider_pb2.ProviderHandshakeRequest())
        if configuration:
            self.call.Configure(provider_pb2.ConfigureRequest(args=wire.encode(configuration)))

    def create(
        self, logical: str, token: str = VPC, *, preview: bool = False, secrets: set[wire.Path] | None = None, **inputs: Any
    ) -> Any:
        urn = f"urn:pulumi:dev::tiny::{token}::{logical}"
        properties = wire.encode(inputs, secrets or ())
        return self.call.Create(provider_pb2.CreateRequest(urn=urn, type=token, properties=properties, preview=preview))

    def check(self, token: str = VPC, **inputs: Any) -> list[str]:
        urn = f"urn:pulumi:dev::tiny::{token}::x"
        answer = self.call.Check(provider_pb2.CheckRequest(urn=urn, type=token, news=wire.encode(inputs)))
        assert not [failure for failure in answer.failures if failure.property], "the engine would print the value"
        return [failure.reason for failure in answer.failures]


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    ledger = Ledger(tmp_path)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    provider = Provider(Operations(AWS, Sdk("aws", "pulumi_aws"), ledger, Injector(tmp_path)))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(0).wait()
    ledger.close()


@pytest.fixture
def here(port: int) -> Iterator[Instance]:
    instance = Instance(port, region="us-east-1", allowedAccountIds='["111111111111"]')
    yield instance
    instance.channel.close()


def test_each_connection_has_its_own_region(port: int) -> None:
    regions = ["us-east-1", "eu-central-1", "ap-southeast-1"]
    instances = [Instance(port, region=region, allowedAccountIds=f'["11111111111{n}"]') for n, region in enumerate(regions)]
    for round_ in range(3):
        for number, instance in enumerate(instances):
            outputs, _ = wire.decode(instance.create(f"{number}-{round_}", cidrBlock="10.0.0.0/16").properties)
            assert outputs["arn"].startswith(f"arn:aws:ec2:{regions[number]}:11111111111{number}:")
    for instance in instances:
        instance.channel.close()


def test_a_preview_makes_nothing_and_invents_nothing(here: Instance) -> None:
    answer = here.create("a", preview=True, cidrBlock="10.0.0.0/16")
    outputs, _ = wire.decode(answer.properties)
    assert answer.id == ""
    assert outputs["cidrBlock"] == "10.0.0.0/16"
    assert outputs["arn"] is UNKNOWN


def test_check_names_the_field(here: Instance) -> None:
    assert here.check(cidrBlok="10.0.0.0/16") == ["cidrBlok: unknown property cidrBlok: did you mean cidrBlock?"]
    assert here.check(cidrBlock="10.0.0.0/16") == []
    (reason,) = here.check("aws:sqs/queue:Queue")
    assert "no row for the type aws:sqs/queue:Queue" in reason


def test_secrets_come_back_marked(here: Instance) -> None:
    answer = here.create("p", PARAMETER, name="/a", type="SecureString", value="canary", secrets={("value",)})
    outputs, secrets = wire.decode(answer.properties)
    assert outputs["value"] == "canary"
    assert secrets == {("value",)}
    assert "canary" not in str(provider_pb2.CheckFailure(property="value"))


def test_a_refusal_is_a_plain_error(here: Instance) -> None:
    with pytest.raises(grpc.RpcError) as failure:
        here.create("a", cidrBlock="10.0.0.0/8")
    assert failure.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert failure.value.details() == "cidrBlock: a VPC holds /16 to /28"


def test_a_fault_of_ours_is_named_as_ours(here: Instance) -> None:
    with pytest.raises(grpc.RpcError, match="a fault of the sandbox, not of the program: ValueError"):
        here.create("a", cidrBlock="nonsense/x")


def test_a_partial_creation_carries_what_was_made(here: Instance, tmp_path: Path) -> None:
    (tmp_path / faults.FILE).write_text('{"partial": 1}')
    with pytest.raises(grpc.RpcError) as failure:
        here.create("a", cidrBlock="10.0.0.0/16")
    status = status_pb2.Status.FromString(dict(failure.value.trailing_metadata())["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert detail.id.startswith("vpc-")
    assert wire.decode(detail.properties)[0]["cidrBlock"] == "10.0.0.0/16"


def test_a_provider_needs_a_region(port: int) -> None:
    with pytest.raises(grpc.RpcError, match="MissingRegion: the provider has no region"):
        Instance(port, allowedAccountIds="[]")


def test_a_provider_takes_no_real_credentials(port: int) -> None:
    with pytest.raises(grpc.RpcError, match="secretKey: a sandbox takes no real credentials") as failure:
        Instance(port, region="us-east-1", secretKey="canary-secret")
    assert "canary" not in str(failure.value)


def test_a_provider_that_was_never_configured_is_refused(port: int) -> None:
    instance = Instance(port)
    with pytest.raises(grpc.RpcError, match="used before it was configured"):
        instance.create("a", cidrBlock="10.0.0.0/16")
    instance.channel.close()


def test_the_configuration_is_typed(here: Instance) -> None:
    news = wire.encode({"region": "us-east-1", "regoin": "x", "defaultTags": '{"tagz": {}}', "version": "7.51.1"})
    answer = here.call.CheckConfig(provider_pb2.CheckRequest(urn="urn:pulumi:dev::t::pulumi:providers:aws::p", news=news))
    assert [item.reason for item in answer.failures] == [
        "defaultTags.tagz: unknown property tagz: did you mean tags?",
        "regoin: unknown property regoin: did you mean region?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "replaces"),
    [
        ({"region": "us-east-1"}, {"region": "us-east-1"}, []),
        ({"region": "us-east-1"}, {"region": "eu-central-1"}, ["region"]),
        ({"region": "us-east-1"}, {"region": "us-east-1", "maxRetries": "3"}, []),
    ],
)
def test_a_provider_that_moves_is_replaced(
    here: Instance, old: dict[str, Any], new: dict[str, Any], replaces: list[str]
) -> None:
    request = provider_pb2.DiffRequest(urn="u", old_inputs=wire.encode(old), news=wire.encode(new))
    assert list(here.call.DiffConfig(request).replaces) == replaces


def test_a_difference_is_detailed(here: Instance) -> None:
    made = here.create("a", cidrBlock="10.0.0.0/16", tags={"a": "b"})
    request = provider_pb2.DiffRequest(
        id=made.id,
        urn=f"urn:pulumi:dev::tiny::{VPC}::a",
        type=VPC,
        old_inputs=wire.encode({"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}}),
        news=wire.encode({"cidrBlock": "10.1.0.0/16", "tags": {"a": "c"}}),
    )
    answer = here.call.Diff(request)
    kinds = provider_pb2.PropertyDiff
    assert {path: item.kind for path, item in answer.detailedDiff.items()} == {
        "cidrBlock": kinds.UPDATE_REPLACE,
        "tags.a": kinds.UPDATE,
    }
    assert list(answer.replaces) == ["cidrBlock"]


def test_a_read_of_what_is_gone_is_empty(here: Instance, tmp_path: Path) -> None:
    made = here.create("a", cidrBlock="10.0.0.0/16")
    urn = f"urn:pulumi:dev::tiny::{VPC}::a"
    request = provider_pb2.ReadRequest(id=made.id, urn=urn, type=VPC, inputs=wire.encode({"cidrBlock": "10.0.0.0/16"}))
    assert here.call.Read(request).id == made.id
    other = Ledger(tmp_path)
    other.tamper(urn, ("cidrBlock",), "10.9.0.0/16")
    assert wire.decode(here.call.Read(request).inputs)[0] == {"cidrBlock": "10.9.0.0/16"}
    other.lose(urn)
    other.close()
    assert here.call.Read(request).id == ""


@pytest.mark.parametrize(
    ("method", "message", "reason"),
    [
        ("GetSchema", provider_pb2.GetSchemaRequest(), "does not serve schemas"),
        ("Call", provider_pb2.CallRequest(tok="aws:x/y:z"), "does not serve the method aws:x/y:z"),
        ("Construct", provider_pb2.ConstructRequest(type="awsx:a:B"), "does not serve the remote component awsx:a:B"),
        ("Parameterize", provider_pb2.ParameterizeRequest(), "does not serve parameterized packages"),
    ],
)
def test_what_is_not_served_says_so(here: Instance, method: str, message: Any, reason: str) -> None:
    with pytest.raises(grpc.RpcError, match=reason) as failure:
        getattr(here.call, method)(message)
    assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED
