"""Small packages to test the core with; the real tables are tested on their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nautilus.sandbox.handler import UNKNOWN, Fidelity, Function, Handler, Package, Problem, Refused, Request, Target

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
PARAMETER = "aws:ssm/parameter:Parameter"
BUCKET = "aws:s3/bucket:Bucket"


def configure(configuration: Mapping[str, Any]) -> Target:
    """As the real provider: no region, no provider."""
    if not configuration.get("region"):
        raise Refused("the provider has no region", code="MissingRegion")
    accounts = configuration.get("allowedAccountIds") or ["000000000000"]
    return Target(cloud="aws", account=accounts[0], region=configuration["region"])


def vpc_arn(request: Request, made: str) -> Mapping[str, Any]:
    """The one output that shows where a resource was made."""
    return {"arn": f"arn:aws:ec2:{request.target.region}:{request.target.account}:vpc/{made}"}


def wide_enough(request: Request) -> Iterable[Problem]:
    """The cloud's own rule: at most 16 bits of network."""
    block = request.inputs.get("cidrBlock", UNKNOWN)
    if block is not UNKNOWN and int(block.rsplit("/", 1)[1]) < 16:
        yield Problem(path="cidrBlock", reason="a VPC holds /16 to /28")


def parent_exists(request: Request) -> Iterable[Problem]:
    """A subnet needs its VPC, once that is really made."""
    vpc = request.inputs["vpcId"]
    if not request.preview and request.find(vpc) is None:
        yield Problem(path="vpcId", reason=f"{vpc} does not exist")


def region_of(_arguments: Mapping[str, Any], target: Target) -> Mapping[str, Any]:
    """The data source getRegion."""
    return {"id": target.region, "name": target.region}


AWS = Package(
    name="aws",
    sdk="pulumi_aws",
    configure=configure,
    handlers=(
        Handler(type=VPC, fidelity=Fidelity.TYPED, replace_on=frozenset({"cidrBlock"}), refuse=wide_enough, compute=vpc_arn),
        Handler(type=SUBNET, fidelity=Fidelity.TYPED, replace_on=frozenset({"cidrBlock", "vpcId"}), refuse=parent_exists),
        Handler(
            type=PARAMETER,
            fidelity=Fidelity.MODEL_CHECKED,
            replace_on=frozenset({"name"}),
            identify=lambda request: request.inputs["name"],
            compute=lambda _request, made: {"arn": f"arn:{made}", "version": 1},
        ),
        Handler(
            type=BUCKET,
            fidelity=Fidelity.TYPED,
            replace_on=frozenset({"bucket"}),
            identify=lambda request: request.inputs.get("bucket", "unnamed"),
        ),
    ),
    functions=(Function(token="aws:index/getRegion:getRegion", fidelity=Fidelity.TYPED, call=region_of),),
)
