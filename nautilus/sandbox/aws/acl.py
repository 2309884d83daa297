"""Network ACLs, their entries and the subnets under them.

Guarantees that ACLs and subnets exist, that a rule number is free and its ports lawful, and that a subnet which leaves an
ACL is back on its VPC's default one. Inline rules are refused except the empty list: rules are resources of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.ports import PROTOCOLS, no_inline, port_problems
from nautilus.sandbox.aws.row import Raw, Row, found, shown, unless_gone
from nautilus.sandbox.aws.vpc import cidr_problems, missing, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import Problem, Refused

_LAST_RULE: Final = 32767
"""The default rule of an ACL. Source: Amazon VPC user guide, "Network ACL rules"."""
_QUOTA: Final = 20
"""Rules of an ACL in one direction, the default rule aside. Source: Amazon VPC quotas, "Rules per network ACL"."""
_look_acl = found("describe_network_acls", "NetworkAclIds", "NetworkAcls")


def _acl_subnets(call: Call) -> None:
    """Associate the wanted subnets; what is associated and not wanted goes back to the VPC's default ACL."""
    if "subnetIds" not in call.inputs:
        return
    raw, want = _look_acl(call) or {}, set(call.get("subnetIds", []))
    live = {item["SubnetId"]: item["NetworkAclAssociationId"] for item in raw.get("Associations", ())}
    for subnet in sorted(want - set(live)):
        call.boto("replace_network_acl_association", AssociationId=_association(call, subnet), NetworkAclId=call.id)
    for subnet in sorted(set(live) - want):
        call.boto(
            "replace_network_acl_association", AssociationId=live[subnet], NetworkAclId=_default_acl(call, raw["VpcId"])
        )


def _association(call: Call, subnet: str) -> str:
    answer = call.boto("describe_network_acls", Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])
    for acl in answer["NetworkAcls"]:
        for item in acl["Associations"]:
            if item["SubnetId"] == subnet:
                return str(item["NetworkAclAssociationId"])
    raise Refused(f"subnet {subnet} does not exist", code="InvalidSubnetID.NotFound")


def _default_acl(call: Call, vpc: str) -> str:
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "default", "Values": ["true"]}]
    return str(call.boto("describe_network_acls", Filters=filters)["NetworkAcls"][0]["NetworkAclId"])


def _guard_acl(call: Call) -> Iterator[Problem]:
    yield from no_vpc(call)
    yield from no_subnet(call, "subnetIds")


def _show_acl(call: Call, raw: Raw) -> dict[str, object]:
    """Show an ACL; subnets that association resources put there are not its own, and do not appear."""
    subnets = sorted(item["SubnetId"] for item in raw.get("Associations", ()))
    own = subnets if "subnetIds" in call.inputs else []
    return {**show("vpcId ownerId")(raw), "arn": call.arn(f"network-acl/{call.id}"), "subnetIds": own}


def _show_default_acl(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **_show_acl(call, raw),
        **{
            name: [
                {
                    "ruleNo": entry["RuleNumber"],
                    "action": entry["RuleAction"],
                    "protocol": entry["Protocol"],
                    "cidrBlock": entry.get("CidrBlock", ""),
                    "fromPort": entry.get("PortRange", {}).get("From", 0),
                    "toPort": entry.get("PortRange", {}).get("To", 0),
                }
                for entry in raw.get("Entries", ())
                if entry["Egress"] == egress and entry["RuleNumber"] < _LAST_RULE
            ]
            for name, egress in (("ingress", False), ("egress", True))
        },
    }


def _drop_acl(call: Call) -> None:
    """Delete an ACL once its subnets are back on the default one, as the provider does."""
    raw = _look_acl(call) or {}
    for item in raw.get("Associations", ()):
        default = _default_acl(call, raw["VpcId"])
        call.boto("replace_network_acl_association", AssociationId=item["NetworkAclAssociationId"], NetworkAclId=default)
    call.boto("delete_network_acl", NetworkAclId=call.id)


def _clear_default_acl(call: Call) -> None:
    """Take away every rule of the default ACL, as the provider does when it adopts it."""
    for entry in (_look_acl(call) or {}).get("Entries", ()):
        if entry["RuleNumber"] < _LAST_RULE:
            call.boto(
                "delete_network_acl_entry", NetworkAclId=call.id, RuleNumber=entry["RuleNumber"], Egress=entry["Egress"]
            )


def _guard_default_acl(call: Call) -> Iterator[Problem]:
    yield from missing(call, "defaultNetworkAclId", "describe_network_acls", "NetworkAclIds", "NetworkAcls")
    answer = unless_gone(lambda: call.boto("describe_network_acls", NetworkAclIds=[call.get("defaultNetworkAclId")]))
    if dig(answer, "NetworkAcls.0.IsDefault") is False:
        yield Problem(path="defaultNetworkAclId", reason="is not the default network ACL of its VPC")


def _entry(call: Call) -> dict[str, Any]:
    protocol = str(call.get("protocol"))
    params = send("networkAclId ruleNumber ruleAction cidrBlock ipv6CidrBlock")(call.inputs)
    params |= {"Egress": call.get("egress", False), "Protocol": PROTOCOLS.get(protocol, protocol)}
    if params["Protocol"] in ("6", "17"):
        params["PortRange"] = {"From": call.get("fromPort"), "To": call.get("toPort")}
    if params["Protocol"] == "1":
        params["IcmpTypeCode"] = {"Type": int(call.get("icmpType", -1)), "Code": int(call.get("icmpCode", -1))}
    return params


def _make_entry(call: Call) -> str:
    call.boto("create_network_acl_entry", **_entry(call))
    parts = (str(call.get(name)) for name in ("networkAclId", "ruleNumber", "egress", "protocol"))
    return f"nacl-{int(emulator.digest(*parts)[:8], 16)}"


def _look_entry(call: Call) -> Raw | None:
    answer = unless_gone(lambda: call.boto("describe_network_acls", NetworkAclIds=[call.get("networkAclId")]))
    key = (call.get("ruleNumber"), call.get("egress", False))
    entries = dig(answer, "NetworkAcls.0.Entries") or ()
    return next((entry for entry in entries if (entry["RuleNumber"], entry["Egress"]) == key), None)


def _show_entry(call: Call, raw: Raw) -> dict[str, object]:
    given = str(call.get("protocol"))
    same = PROTOCOLS.get(given, given) == raw["Protocol"]
    return {
        **show("ruleNumber ruleAction cidrBlock egress fromPort=PortRange.From toPort=PortRange.To")(raw),
        "protocol": given if same else raw["Protocol"],
        **({"fromPort": call.get("fromPort"), "toPort": call.get("toPort")} if raw["Protocol"] == "-1" else {}),
    }


def _refuse_entry(call: Call) -> Iterator[Problem]:
    number, protocol = call.get("ruleNumber"), str(call.get("protocol", "-1"))
    if isinstance(number, int) and not 1 <= number < _LAST_RULE - 1:
        yield Problem(path="ruleNumber", reason=f"{number} is not 1 to 32766")
    if call.get("ruleAction", "allow") not in ("allow", "deny"):
        yield Problem(path="ruleAction", reason=f"{call.get('ruleAction')!r} is neither allow nor deny")
    if protocol not in (*PROTOCOLS, "-1") and not protocol.isdigit():
        yield Problem(path="protocol", reason=f"{protocol!r} is no protocol: -1, a number, or one of {', '.join(PROTOCOLS)}")
    if PROTOCOLS.get(protocol, protocol) in ("6", "17"):
        for name in ("fromPort", "toPort"):
            if name not in call.inputs:
                yield Problem(path=name, reason=f"is required with {protocol}")
    yield from port_problems(call.get("fromPort"), call.get("toPort"))
    yield from cidr_problems(call, "cidrBlock")
    yield from unsupported(call, "ipv6CidrBlock")
    if "cidrBlock" not in call.inputs:
        yield Problem(path="cidrBlock", reason="is required")


def _guard_entry(call: Call) -> Iterator[Problem]:
    yield from missing(call, "networkAclId", "describe_network_acls", "NetworkAclIds", "NetworkAcls")
    if _look_entry(call) is not None:
        side = "egress" if call.get("egress") else "ingress"
        yield Problem(path="ruleNumber", reason=f"the ACL already has an {side} rule {call.get('ruleNumber')}")
    answer = unless_gone(lambda: call.boto("describe_network_acls", NetworkAclIds=[call.get("networkAclId")]))
    entries = dig(answer, "NetworkAcls.0.Entries") or ()
    mine = [one for one in entries if one["Egress"] == call.get("egress", False) and one["RuleNumber"] < _LAST_RULE]
    if len(mine) >= _QUOTA:
        yield Problem(path="networkAclId", reason=f"has its quota of {_QUOTA} rules in this direction")


def _drop_entry(call: Call) -> None:
    egress = call.get("egress", False)
    call.boto(
        "delete_network_acl_entry", NetworkAclId=call.get("networkAclId"), RuleNumber=call.get("ruleNumber"), Egress=egress
    )


def _guard_association(call: Call) -> Iterator[Problem]:
    yield from missing(call, "networkAclId", "describe_network_acls", "NetworkAclIds", "NetworkAcls")
    yield from no_subnet(call)


def _make_association(call: Call) -> str:
    current = _association(call, call.get("subnetId"))
    answer = call.boto("replace_network_acl_association", AssociationId=current, NetworkAclId=call.get("networkAclId"))
    return str(answer["NewAssociationId"])


def _look_association(call: Call) -> Raw | None:
    answer = call.boto("describe_network_acls", Filters=[{"Name": "association.association-id", "Values": [call.id]}])
    for acl in answer["NetworkAcls"]:
        for item in acl["Associations"]:
            if item["NetworkAclAssociationId"] == call.id and not acl["IsDefault"]:
                return dict(item)
    return None


def _drop_association(call: Call) -> None:
    acl = call.boto("describe_network_acls", NetworkAclIds=[call.get("networkAclId")])["NetworkAcls"][0]
    call.boto("replace_network_acl_association", AssociationId=call.id, NetworkAclId=_default_acl(call, acl["VpcId"]))


ROWS: Final = (
    Row(
        type="aws:ec2/networkAcl:NetworkAcl",
        service="ec2",
        operation="create_network_acl",
        params=send("vpcId"),
        made="NetworkAcl.NetworkAclId",
        look=_look_acl,
        show=_show_acl,
        settle=(_acl_subnets,),
        drop=_drop_acl,
        refuse=no_inline,
        guard=_guard_acl,
        guard_updates=True,
        tags=tags.ec2(),
        replace_on="vpcId",
    ),
    Row(
        type="aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
        service="ec2",
        make=lambda call: str(call.get("defaultNetworkAclId")),
        look=_look_acl,
        show=_show_default_acl,
        settle=(_clear_default_acl, _acl_subnets),
        drop=lambda _call: None,
        refuse=no_inline,
        guard=_guard_default_acl,
        tags=tags.ec2(),
        replace_on="defaultNetworkAclId",
    ),
    Row(
        type="aws:ec2/networkAclRule:NetworkAclRule",
        service="ec2",
        make=_make_entry,
        look=_look_entry,
        show=_show_entry,
        drop=_drop_entry,
        refuse=_refuse_entry,
        guard=_guard_entry,
        replace_on=(
            "networkAclId ruleNumber egress protocol ruleAction cidrBlock ipv6CidrBlock fromPort toPort icmpType icmpCode"
        ),
    ),
    Row(
        type="aws:ec2/networkAclAssociation:NetworkAclAssociation",
        service="ec2",
        make=_make_association,
        look=_look_association,
        show=shown(show("networkAclId subnetId")),
        drop=_drop_association,
        guard=_guard_association,
        replace_on="networkAclId subnetId",
    ),
)
