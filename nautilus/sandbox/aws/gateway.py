"""Ways in and out of a VPC: internet gateways, public addresses and NAT gateways.

Guarantees that a VPC has one internet gateway at most, that an address serves one NAT gateway, and that neither goes
while it is in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.local_zone import not_offered
from nautilus.sandbox.aws.row import Raw, Row, found, shown, unless_gone
from nautilus.sandbox.aws.vpc import missing, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import Problem, Refused

_look_gateway = found("describe_internet_gateways", "InternetGatewayIds", "InternetGateways")
_look_address = found("describe_addresses", "AllocationIds", "Addresses")


def _attach(call: Call) -> None:
    live = dig(_look_gateway(call), "Attachments.0.VpcId")
    want = call.get("vpcId")
    if live and live != want:
        call.boto("detach_internet_gateway", InternetGatewayId=call.id, VpcId=live)
    if want and live != want:
        call.boto("attach_internet_gateway", InternetGatewayId=call.id, VpcId=want)


def _detach(call: Call) -> None:
    if live := dig(_look_gateway(call), "Attachments.0.VpcId"):
        call.boto("detach_internet_gateway", InternetGatewayId=call.id, VpcId=live)
    call.boto("delete_internet_gateway", InternetGatewayId=call.id)


def _public(call: Call) -> Iterator[str]:
    """Give the NAT gateways with public addresses of the VPC: AWS does not detach its internet gateway from under them."""
    vpc = dig(_look_gateway(call), "Attachments.0.VpcId")
    wanted = [{"Name": "vpc-id", "Values": [vpc]}]
    for nat in call.boto("describe_nat_gateways", Filters=wanted)["NatGateways"] if vpc else ():
        if nat["State"] != "deleted" and nat["ConnectivityType"] == "public":
            yield nat["NatGatewayId"]


def _one_gateway(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    vpc = call.get("vpcId")
    wanted = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    live = call.boto("describe_internet_gateways", Filters=wanted)["InternetGateways"] if vpc else ()
    if any(gateway["InternetGatewayId"] != call.id for gateway in live):
        yield Problem(path="vpcId", reason=f"{vpc} already has an internet gateway attached")


def _show_address(call: Call, raw: Raw) -> dict[str, object]:
    dashed = raw["PublicIp"].replace(".", "-")
    domain = "compute-1" if call.region == "us-east-1" else f"{call.region}.compute"
    return {
        **show("allocationId domain publicIp associationId networkInterface=NetworkInterfaceId privateIp=PrivateIpAddress")(
            raw
        ),
        "arn": call.arn(f"elastic-ip/{call.id}"),
        "publicDns": f"ec2-{dashed}.{domain}.amazonaws.com",
        "networkBorderGroup": call.region,
        "publicIpv4Pool": "amazon",
    }


def _refuse_address(call: Call) -> Iterator[Problem]:
    if call.get("domain", "vpc") != "vpc":
        yield Problem(path="domain", reason="must be vpc: EC2-Classic is retired")
    yield from unsupported(call, "instance", "networkInterface", "customerOwnedIpv4Pool", "ipamPoolId", "publicIpv4Pool")


def _release(call: Call) -> None:
    if (_look_address(call) or {}).get("AssociationId"):
        raise Refused(f"address {call.id} is in use", code="InvalidIPAddress.InUse")
    call.boto("release_address", AllocationId=call.id)


def _look_nat(call: Call) -> Raw | None:
    raw = found("describe_nat_gateways", "NatGatewayIds", "NatGateways")(call)
    return raw if raw and raw["State"] != "deleted" else None


def _show_nat(_call: Call, raw: Raw) -> dict[str, object]:
    address = "NatGatewayAddresses.0."
    return show(
        f"subnetId connectivityType vpcId allocationId={address}AllocationId publicIp={address}PublicIp "
        f"privateIp={address}PrivateIp networkInterfaceId={address}NetworkInterfaceId associationId={address}AssociationId"
    )(raw)


def _refuse_nat(call: Call) -> Iterator[Problem]:
    public = call.get("connectivityType", "public") == "public"
    if public and "allocationId" not in call.inputs:
        yield Problem(path="allocationId", reason="is required by a public NAT gateway")
    if not public and "allocationId" in call.inputs:
        yield Problem(path="allocationId", reason="is not allowed in a private NAT gateway")
    if "subnetId" not in call.inputs:
        yield Problem(path="subnetId", reason="is required (regional NAT gateways are not offered by the sandbox)")
    yield from unsupported(call, "secondaryAllocationIds", "secondaryPrivateIpAddresses", "secondaryPrivateIpAddressCount")


def _guard_nat(call: Call) -> Iterator[Problem]:
    yield from no_subnet(call)
    yield from not_offered(call, "subnetId", "NAT gateway")
    allocation = call.get("allocationId")
    if allocation is None:
        return
    yield from missing(call, "allocationId", "describe_addresses", "AllocationIds", "Addresses")
    answer = unless_gone(lambda: call.boto("describe_addresses", AllocationIds=[allocation]))
    if dig(answer, "Addresses.0.AssociationId"):
        yield Problem(path="allocationId", reason=f"address {allocation} is in use by another gateway or interface")


def _drop_nat(call: Call) -> None:
    """Delete a NAT gateway and what it holds, which moto leaves behind and AWS takes away."""
    raw = _look_nat(call) or {}
    call.boto("delete_nat_gateway", NatGatewayId=call.id)
    address = dig(raw, "NatGatewayAddresses.0") or {}
    answer = unless_gone(lambda: call.boto("describe_addresses", AllocationIds=[address.get("AllocationId", "")]))
    if association := dig(answer, "Addresses.0.AssociationId"):
        call.boto("disassociate_address", AssociationId=association)
    interfaces = emulator.backend("ec2", call.account, call.region).enis
    interfaces.pop(address.get("NetworkInterfaceId"), None)


ROWS: Final = (
    Row(
        type="aws:ec2/internetGateway:InternetGateway",
        service="ec2",
        operation="create_internet_gateway",
        made="InternetGateway.InternetGatewayId",
        look=_look_gateway,
        show=shown(show("ownerId vpcId=Attachments.0.VpcId"), arn=lambda call, _: call.arn(f"internet-gateway/{call.id}")),
        settle=(_attach,),
        drop=_detach,
        held=_public,
        guard=_one_gateway,
        guard_updates=True,
        tags=tags.ec2(),
    ),
    Row(
        type="aws:ec2/eip:Eip",
        service="ec2",
        operation="allocate_address",
        params=lambda _inputs: {"Domain": "vpc"},
        made="AllocationId",
        look=_look_address,
        show=_show_address,
        drop=_release,
        refuse=_refuse_address,
        tags=tags.ec2(),
        kept="associationId networkInterface privateIp",
        replace_on="domain networkBorderGroup publicIpv4Pool ipamPoolId customerOwnedIpv4Pool",
    ),
    Row(
        type="aws:ec2/natGateway:NatGateway",
        service="ec2",
        operation="create_nat_gateway",
        params=send("subnetId allocationId connectivityType"),
        made="NatGateway.NatGatewayId",
        look=_look_nat,
        show=_show_nat,
        drop=_drop_nat,
        refuse=_refuse_nat,
        guard=_guard_nat,
        tags=tags.ec2(),
        defaults={"secondaryPrivateIpAddressCount": 0},
        replace_on="subnetId allocationId connectivityType privateIp vpcId availabilityMode",
    ),
)
