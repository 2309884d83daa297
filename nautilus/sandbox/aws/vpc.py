"""Address space: VPCs, their ranges, and subnets.

Guarantees that a subnet lies inside a range of an existing VPC, in a zone of the region, and overlaps with no other;
that a VPC's range has a size AWS allows. IPAM pools, IPv6 and Outposts are refused, not ignored.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final

from nautilus.sandbox.aws import tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.local_zone import of_region, opted
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, shown, unless_gone
from nautilus.sandbox.handler import UNKNOWN, Problem

_LARGEST: Final = 16
_SMALLEST: Final = 28
"""Prefix lengths of a VPC or subnet. Source: Amazon VPC user guide, "VPC CIDR blocks" and "Subnet sizing"."""

_look_vpc = found("describe_vpcs", "VpcIds", "Vpcs")
_look_subnet = found("describe_subnets", "SubnetIds", "Subnets")


def network(call: Call, name: str) -> ipaddress.IPv4Network | None:
    """Give the IPv4 network of an input, None where it is not given, not known or not one."""
    value = call.get(name)
    try:
        return ipaddress.IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


def cidr_problems(call: Call, name: str, *, sized: bool = False) -> Iterator[Problem]:
    """Refuse an input that is no IPv4 network; with `sized`, also one outside /16 to /28."""
    value = call.get(name)
    if not isinstance(value, str):
        return
    block = network(call, name)
    if block is None:
        yield Problem(path=name, reason=f"{value!r} is not an IPv4 network in CIDR notation")
    elif sized and not _LARGEST <= block.prefixlen <= _SMALLEST:
        yield Problem(path=name, reason=f"{value} must have a prefix of /{_LARGEST} to /{_SMALLEST}")


def unsupported(call: Call, *names: str) -> Iterator[Problem]:
    """Refuse inputs that the emulator would drop in silence."""
    for name in names:
        if call.inputs.get(name) not in (None, False, 0, ""):
            yield Problem(path=name, reason="is not offered by the sandbox, and it will not pretend")


def vpc_ranges(call: Call, vpc: str) -> list[ipaddress.IPv4Network] | None:
    """Give the associated IPv4 ranges of a VPC, None where it does not exist."""
    answer = unless_gone(lambda: call.boto("describe_vpcs", of="ec2", VpcIds=[vpc]))
    if not answer or not answer["Vpcs"]:
        return None
    sets = answer["Vpcs"][0]["CidrBlockAssociationSet"]
    return [ipaddress.IPv4Network(item["CidrBlock"]) for item in sets if item["CidrBlockState"]["State"] == "associated"]


def zones(call: Call) -> dict[str, str]:
    """Give the zones of the region: name to zone id."""
    answer = call.boto("describe_availability_zones", of="ec2")
    return {zone["ZoneName"]: zone["ZoneId"] for zone in answer["AvailabilityZones"]}


def missing(call: Call, name: str, operation: str, parameter: str, answer: str) -> Iterator[Problem]:
    """Refuse a reference to something that does not exist in the account and region."""
    values = call.get(name)
    for value in [values] if isinstance(values, str) else values or ():
        if value is UNKNOWN:
            continue
        given = unless_gone(lambda value=value: call.boto(operation, of="ec2", **{parameter: [value]}), f"{value}.NotFound")  # type: ignore[misc]
        if not dig(given, answer):
            yield Problem(path=name, reason=f"{value} does not exist in {call.region} of account {call.account}")


def no_vpc(call: Call, name: str = "vpcId") -> Iterator[Problem]:
    """Refuse a VPC that does not exist."""
    return missing(call, name, "describe_vpcs", "VpcIds", "Vpcs")


def no_subnet(call: Call, name: str = "subnetId") -> Iterator[Problem]:
    """Refuse a subnet that does not exist."""
    return missing(call, name, "describe_subnets", "SubnetIds", "Subnets")


def no_group(call: Call, name: str) -> Iterator[Problem]:
    """Refuse a security group that does not exist."""
    return missing(call, name, "describe_security_groups", "GroupIds", "SecurityGroups")


_ATTRIBUTES: Final = {
    "enableDnsSupport": ("EnableDnsSupport", True),
    "enableDnsHostnames": ("EnableDnsHostnames", False),
    "enableNetworkAddressUsageMetrics": ("EnableNetworkAddressUsageMetrics", False),
}


def _vpc_attributes(call: Call) -> None:
    for name, (attribute, default) in _ATTRIBUTES.items():
        call.boto("modify_vpc_attribute", of="ec2", VpcId=call.id, **{attribute: {"Value": call.get(name, default)}})


def _show_vpc(call: Call, raw: Raw) -> dict[str, object]:
    def of(operation: str, path: str, *filters: tuple[str, str]) -> object:
        wanted = [{"Name": key, "Values": [value]} for key, value in (("vpc-id", call.id), *filters)]
        return dig(call.boto(operation, Filters=wanted), path)

    main = of("describe_route_tables", "RouteTables.0.RouteTableId", ("association.main", "true"))
    return {
        **show("cidrBlock instanceTenancy ownerId dhcpOptionsId")(raw),
        **{
            name: call.boto("describe_vpc_attribute", VpcId=call.id, Attribute=name)[attribute]["Value"]
            for name, (attribute, _) in _ATTRIBUTES.items()
        },
        "arn": call.arn(f"vpc/{call.id}"),
        "mainRouteTableId": main,
        "defaultRouteTableId": main,
        "defaultNetworkAclId": of("describe_network_acls", "NetworkAcls.0.NetworkAclId", ("default", "true")),
        "defaultSecurityGroupId": of("describe_security_groups", "SecurityGroups.0.GroupId", ("group-name", "default")),
    }


def _refuse_vpc(call: Call) -> Iterator[Problem]:
    yield from cidr_problems(call, "cidrBlock", sized=True)
    yield from unsupported(call, "ipv4IpamPoolId", "ipv6IpamPoolId", "assignGeneratedIpv6CidrBlock", "ipv6CidrBlock")
    if "cidrBlock" not in call.inputs:
        yield Problem(path="cidrBlock", reason="is required (IPAM pools are not offered by the sandbox)")


def _look_range(call: Call) -> Raw | None:
    answer = unless_gone(lambda: call.boto("describe_vpcs", VpcIds=[call.get("vpcId")]))
    sets = dig(answer, "Vpcs.0.CidrBlockAssociationSet") or ()
    return next(
        (item for item in sets if item["AssociationId"] == call.id and item["CidrBlockState"]["State"] == "associated"), None
    )


def _guard_range(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    block = network(call, "cidrBlock")
    for other in vpc_ranges(call, call.get("vpcId")) or ():
        if block and block.overlaps(other):
            yield Problem(path="cidrBlock", reason=f"{block} overlaps with {other} of the same VPC")


def _refuse_subnet(call: Call) -> Iterator[Problem]:
    yield from cidr_problems(call, "cidrBlock", sized=True)
    yield from unsupported(call, "ipv4IpamPoolId", "ipv6CidrBlock", "ipv6Native", "outpostArn", "customerOwnedIpv4Pool")
    if "cidrBlock" not in call.inputs:
        yield Problem(path="cidrBlock", reason="is required: a subnet without IPv4 range is not offered by the sandbox")
    zone = call.get("availabilityZone")
    # A Local Zone may be opted into by the same run: whether it is, is asked before the subnet is made.
    if zone is not None and call.request.target.account and zone not in (offered := {*zones(call), *of_region(call.region)}):
        yield Problem(
            path="availabilityZone", reason=f"{zone!r} is not a zone of {call.region}: {', '.join(sorted(offered))}"
        )


def _guard_subnet(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    zone = call.get("availabilityZone")
    if zone in of_region(call.region) and zone not in opted(call):
        yield Problem(path="availabilityZone", reason=f"{zone} is not opted into: opt into the group {zone[:-1]} first")
    block = network(call, "cidrBlock")
    # Not before it is made: the range may be one that the same run associates with a VPC which is already there.
    ranges = vpc_ranges(call, call.get("vpcId"))
    if ranges and block and not any(block.subnet_of(other) for other in ranges):
        inside = ", ".join(str(other) for other in ranges)
        yield Problem(path="cidrBlock", reason=f"{block} lies outside the ranges of {call.get('vpcId')}: {inside}")
    peers = call.boto("describe_subnets", Filters=[{"Name": "vpc-id", "Values": [call.get("vpcId")]}])["Subnets"]
    for peer in peers:
        if block and block.overlaps(ipaddress.IPv4Network(peer["CidrBlock"])):
            yield Problem(path="cidrBlock", reason=f"{block} overlaps with {peer['CidrBlock']} of {peer['SubnetId']}")


def in_subnet(call: Call) -> Iterator[str]:
    """Give what lives in a subnet: network interfaces (NAT gateways and endpoints have some) and EKS clusters."""
    wanted = [{"Name": "subnet-id", "Values": [call.id]}]
    for interface in call.boto("describe_network_interfaces", Filters=wanted)["NetworkInterfaces"]:
        yield interface["NetworkInterfaceId"]
    yield from clusters_with(call, "subnetIds")


def clusters_with(call: Call, member: str) -> Iterator[str]:
    """Give the EKS clusters of the region whose VPC settings list the call's id."""
    for name in call.boto("list_clusters", of="eks")["clusters"]:
        if call.id in (
            call.boto("describe_cluster", of="eks", name=name)["cluster"]["resourcesVpcConfig"].get(member) or ()
        ):
            yield f"cluster {name}"


_SUBNET_FLAGS: Final = {
    "mapPublicIpOnLaunch": "MapPublicIpOnLaunch",
    "assignIpv6AddressOnCreation": "AssignIpv6AddressOnCreation",
}


def _subnet_attributes(call: Call) -> None:
    for name, attribute in _SUBNET_FLAGS.items():
        if name in call.inputs:
            call.boto("modify_subnet_attribute", of="ec2", SubnetId=call.id, **{attribute: {"Value": call.get(name, False)}})


def _refuse_range(call: Call) -> Iterable[Problem]:
    yield from cidr_problems(call, "cidrBlock", sized=True)
    yield from unsupported(call, "ipv4IpamPoolId", "ipv4NetmaskLength")


ROWS: Final = (
    Row(
        type="aws:ec2/vpc:Vpc",
        service="ec2",
        operation="create_vpc",
        params=send("cidrBlock instanceTenancy"),
        made="Vpc.VpcId",
        look=_look_vpc,
        show=_show_vpc,
        settle=(_vpc_attributes,),
        drop=dropped("delete_vpc", "VpcId"),
        refuse=_refuse_vpc,
        tags=tags.ec2(),
        defaults={"assignGeneratedIpv6CidrBlock": False},
        replace_on="cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    ),
    Row(
        type="aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
        service="ec2",
        operation="associate_vpc_cidr_block",
        params=send("vpcId cidrBlock"),
        made="CidrBlockAssociation.AssociationId",
        look=_look_range,
        show=shown(show("cidrBlock")),
        drop=dropped("disassociate_vpc_cidr_block", "AssociationId"),
        refuse=_refuse_range,
        guard=_guard_range,
        replace_on="vpcId cidrBlock ipv4IpamPoolId ipv4NetmaskLength",
    ),
    Row(
        type="aws:ec2/subnet:Subnet",
        service="ec2",
        operation="create_subnet",
        params=send("vpcId cidrBlock availabilityZone availabilityZoneId"),
        made="Subnet.SubnetId",
        look=_look_subnet,
        show=shown(
            show(
                "vpcId cidrBlock availabilityZone availabilityZoneId mapPublicIpOnLaunch ownerId assignIpv6AddressOnCreation"
            ),
            arn=lambda call, _: call.arn(f"subnet/{call.id}"),
        ),
        settle=(_subnet_attributes,),
        drop=dropped("delete_subnet", "SubnetId"),
        refuse=_refuse_subnet,
        guard=_guard_subnet,
        held=in_subnet,
        tags=tags.ec2(),
        defaults={
            "enableDns64": False,
            "enableResourceNameDnsARecordOnLaunch": False,
            "enableResourceNameDnsAaaaRecordOnLaunch": False,
            "ipv6Native": False,
            "privateDnsHostnameTypeOnLaunch": "ip-name",
        },
        replace_on="vpcId cidrBlock availabilityZone availabilityZoneId ipv6Native outpostArn",
    ),
)
