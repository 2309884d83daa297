"""What may talk to what: security groups and network ACLs, with their rules.

Guarantees that groups, ACLs and what they refer to exist, that a rule has one peer and lawful ports, and that no rule
is there twice. Inline rules are refused except the empty list: rules are resources of their own here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import emulator, tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.row import Raw, Row, dropped, found, shown, unless_gone
from nautilus.sandbox.aws.vpc import cidr_problems, clusters_with, missing, no_group, no_subnet, no_vpc, unsupported
from nautilus.sandbox.handler import UNKNOWN, Problem, Refused, Value

_PROTOCOLS: Final = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58", "all": "-1"}
"""IANA protocol numbers by the names that the provider accepts."""
_PEERS: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_PORT_MAX: Final = 65535
_LAST_RULE: Final = 32767
"""The default rule of an ACL. Source: Amazon VPC user guide, "Network ACL rules"."""
_TEXT: Final = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
"""What a group's name and description may hold. Source: EC2 API reference, CreateSecurityGroup."""

_look_group = found("describe_security_groups", "GroupIds", "SecurityGroups", "InvalidGroup.NotFound")
_look_rule = found("describe_security_group_rules", "SecurityGroupRuleIds", "SecurityGroupRules")
_look_acl = found("describe_network_acls", "NetworkAclIds", "NetworkAcls")


def _no_inline(call: Call) -> Iterator[Problem]:
    for name in ("ingress", "egress"):
        if call.get(name):
            yield Problem(path=name, reason="inline rules are not offered by the sandbox: use a rule resource")


def _refuse_group(call: Call) -> Iterator[Problem]:
    yield from _no_inline(call)
    if not isinstance(call.inputs.get("name"), str) and call.inputs.get("name") is not UNKNOWN:
        yield Problem(path="name", reason="is required: the sandbox makes up no names")
    for name in ("name", "description"):
        value = call.get(name)
        if isinstance(value, str) and (len(value) > 255 or not _TEXT.fullmatch(value)):  # noqa: PLR2004 - same source
            yield Problem(path=name, reason=f"{value!r} has characters or a length (255) that EC2 does not allow")
    if str(call.get("name", "")).startswith("sg-"):
        yield Problem(path="name", reason="must not start with sg-")


def _make_group(call: Call) -> str:
    params = {"GroupName": call.get("name"), "Description": call.get("description", "Managed by Pulumi")}
    answer = call.boto("create_security_group", **params, **send("vpcId")(call.inputs))
    call.id = answer["GroupId"]
    _strip(call)
    return call.id


def _strip(call: Call) -> None:
    """Take away every rule: the provider removes AWS's default egress rule, and a locked default group has none."""
    raw = _look_group(call) or {}
    if rules := raw.get("IpPermissions"):
        call.boto("revoke_security_group_ingress", GroupId=call.id, IpPermissions=rules)
    if rules := raw.get("IpPermissionsEgress"):
        call.boto("revoke_security_group_egress", GroupId=call.id, IpPermissions=rules)


def _show_group(call: Call, raw: Raw) -> dict[str, object]:
    return {
        **show("name=GroupName description vpcId ownerId")(raw),
        "arn": call.arn(f"security-group/{call.id}"),
        **({name: [] for name in ("ingress", "egress") if name in call.inputs and not raw.get(_SIDE[name])}),
    }


def _users(call: Call) -> Iterator[str]:
    """Give what uses a group: rules of other groups, interfaces, endpoints and clusters."""
    for rule in call.boto("describe_security_group_rules")["SecurityGroupRules"]:
        if (rule.get("ReferencedGroupInfo") or {}).get("GroupId") == call.id and rule["GroupId"] != call.id:
            yield rule["SecurityGroupRuleId"]
    for endpoint in call.boto("describe_vpc_endpoints")["VpcEndpoints"]:
        live = endpoint.get("State") != "deleted"
        if live and any(group["GroupId"] == call.id for group in endpoint.get("Groups") or ()):
            yield endpoint["VpcEndpointId"]
    for interface in call.boto("describe_network_interfaces")["NetworkInterfaces"]:
        if any(group["GroupId"] == call.id for group in interface["Groups"]):
            yield interface["NetworkInterfaceId"]
    yield from clusters_with(call, "securityGroupIds")


_SIDE: Final = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


def _adopt_group(call: Call) -> str:
    filters = [{"Name": "vpc-id", "Values": [call.get("vpcId")]}, {"Name": "group-name", "Values": ["default"]}]
    return str(call.boto("describe_security_groups", Filters=filters)["SecurityGroups"][0]["GroupId"])


def _show_default_group(call: Call, raw: Raw) -> dict[str, object]:
    shown_group = _show_group(call, raw)
    for name, side in _SIDE.items():
        shown_group[name] = [_inline(rule) for rule in raw.get(side, ())]
    return shown_group


def _inline(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "protocol": rule["IpProtocol"],
        "fromPort": rule.get("FromPort", 0),
        "toPort": rule.get("ToPort", 0),
        "cidrBlocks": [item["CidrIp"] for item in rule.get("IpRanges", ())],
        "securityGroups": [item["GroupId"] for item in rule.get("UserIdGroupPairs", ())],
    }


def _refuse_rule(call: Call) -> Iterator[Problem]:
    peers = [name for name in _PEERS if call.inputs.get(name) is not None]
    if len(peers) != 1:
        yield Problem(
            path="cidrIpv4", reason=f"a rule has exactly one peer of {', '.join(_PEERS)}; given: {peers or 'none'}"
        )
    yield from cidr_problems(call, "cidrIpv4")
    protocol, low, high = call.get("ipProtocol"), call.get("fromPort"), call.get("toPort")
    if isinstance(protocol, str) and protocol not in (*_PROTOCOLS, "-1") and not protocol.isdigit():
        yield Problem(
            path="ipProtocol", reason=f"{protocol!r} is no protocol: -1, a number, or one of {', '.join(_PROTOCOLS)}"
        )
    if protocol in ("tcp", "udp", "6", "17"):
        for name in ("fromPort", "toPort"):
            if name not in call.inputs:
                yield Problem(path=name, reason=f"is required with {protocol}")
        yield from _ports(low, high)
    if protocol == "-1" and (low is not None or high is not None):
        yield Problem(path="fromPort", reason="must not be set with protocol -1, which means all ports")


def _ports(low: Value, high: Value) -> Iterator[Problem]:
    for name, port in (("fromPort", low), ("toPort", high)):
        if isinstance(port, int) and not 0 <= port <= _PORT_MAX:
            yield Problem(path=name, reason=f"{port} is not a port (0 to {_PORT_MAX})")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem(path="toPort", reason=f"{high} lies below fromPort {low}")


def _permission(call: Call) -> dict[str, Any]:
    text = {"Description": call.get("description")} if call.get("description") else {}
    permission: dict[str, Any] = send("ipProtocol fromPort toPort")(call.inputs)
    peers = {
        "cidrIpv4": ("IpRanges", "CidrIp"),
        "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
        "prefixListId": ("PrefixListIds", "PrefixListId"),
        "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    }
    for name, (kind, member) in peers.items():
        if call.get(name):
            permission[kind] = [{member: call.get(name), **text}]
    return permission


def _guard_rule(side: str) -> Callable[[Call], Iterator[Problem]]:
    def guard(call: Call) -> Iterator[Problem]:
        yield from no_group(call, "securityGroupId")
        yield from no_group(call, "referencedSecurityGroupId")
        wanted = [{"Name": "group-id", "Values": [call.get("securityGroupId")]}]
        for rule in call.boto("describe_security_group_rules", Filters=wanted)["SecurityGroupRules"]:
            if rule["IsEgress"] == (side == "egress") and _identity(_rule_outputs(rule)) == _identity(call.inputs):
                yield Problem(
                    path="securityGroupId", reason=f"the group already has this {side} rule: {rule['SecurityGroupRuleId']}"
                )

    return guard


def _identity(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    protocol = str(rule.get("ipProtocol"))
    ports = (None, None) if protocol == "-1" else (rule.get("fromPort"), rule.get("toPort"))
    return (_PROTOCOLS.get(protocol, protocol), *ports, *(rule.get(name) for name in _PEERS))


def _make_rule(side: str) -> Callable[[Call], str]:
    def make(call: Call) -> str:
        answer = call.boto(
            f"authorize_security_group_{side}", GroupId=call.get("securityGroupId"), IpPermissions=[_permission(call)]
        )
        return str(dig(answer, "SecurityGroupRules.0.SecurityGroupRuleId"))

    return make


def _rule_outputs(raw: Raw) -> dict[str, Any]:
    outputs = show(
        "securityGroupId=GroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId description "
        "referencedSecurityGroupId=ReferencedGroupInfo.GroupId"
    )(raw)
    if outputs["description"] is None:
        del outputs["description"]  # moto does not show the description of a rule that names a group or prefix list
    if outputs["ipProtocol"] == "-1" or outputs["fromPort"] == -1:
        outputs["fromPort"] = outputs["toPort"] = None
    return outputs


def _show_rule(call: Call, raw: Raw) -> dict[str, object]:
    arn = call.arn(f"security-group-rule/{call.id}")
    return {**_rule_outputs(raw), "arn": arn, "securityGroupRuleId": call.id}


def _drop_rule(side: str) -> Callable[[Call], object]:
    return lambda call: call.boto(
        f"revoke_security_group_{side}", GroupId=call.get("securityGroupId"), SecurityGroupRuleIds=[call.id]
    )


def _rule(side: str) -> Row:
    return Row(
        type=f"aws:vpc/securityGroup{side.title()}Rule:SecurityGroup{side.title()}Rule",
        service="ec2",
        make=_make_rule(side),
        look=_look_rule,
        show=_show_rule,
        drop=_drop_rule(side),
        refuse=_refuse_rule,
        guard=_guard_rule(side),
        tags=tags.ec2(),
        replace_on="securityGroupId ipProtocol fromPort toPort description " + " ".join(_PEERS),
    )


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
    params |= {"Egress": call.get("egress", False), "Protocol": _PROTOCOLS.get(protocol, protocol)}
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
    same = _PROTOCOLS.get(given, given) == raw["Protocol"]
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
    if protocol not in (*_PROTOCOLS, "-1") and not protocol.isdigit():
        yield Problem(
            path="protocol", reason=f"{protocol!r} is no protocol: -1, a number, or one of {', '.join(_PROTOCOLS)}"
        )
    if _PROTOCOLS.get(protocol, protocol) in ("6", "17"):
        for name in ("fromPort", "toPort"):
            if name not in call.inputs:
                yield Problem(path=name, reason=f"is required with {protocol}")
    yield from _ports(call.get("fromPort"), call.get("toPort"))
    yield from cidr_problems(call, "cidrBlock")
    yield from unsupported(call, "ipv6CidrBlock")
    if "cidrBlock" not in call.inputs:
        yield Problem(path="cidrBlock", reason="is required")


def _guard_entry(call: Call) -> Iterator[Problem]:
    yield from missing(call, "networkAclId", "describe_network_acls", "NetworkAclIds", "NetworkAcls")
    if _look_entry(call) is not None:
        side = "egress" if call.get("egress") else "ingress"
        yield Problem(path="ruleNumber", reason=f"the ACL already has an {side} rule {call.get('ruleNumber')}")


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
        type="aws:ec2/securityGroup:SecurityGroup",
        service="ec2",
        make=_make_group,
        look=_look_group,
        show=_show_group,
        held=_users,
        drop=dropped("delete_security_group", "GroupId"),
        refuse=_refuse_group,
        guard=no_vpc,
        tags=tags.ec2(),
        defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
        replace_on="vpcId name namePrefix description",
    ),
    Row(
        type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        service="ec2",
        make=_adopt_group,
        look=_look_group,
        show=_show_default_group,
        settle=(_strip,),
        drop=lambda _call: None,
        refuse=_no_inline,
        guard=no_vpc,
        tags=tags.ec2(),
        defaults={"revokeRulesOnDelete": False},
        replace_on="vpcId",
    ),
    _rule("ingress"),
    _rule("egress"),
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
        refuse=_no_inline,
        guard=_guard_acl,
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
        refuse=_no_inline,
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
