"""Security groups and their rules.

Guarantees that groups and what they refer to exist, that a rule has one peer and lawful ports, and that no rule is there
twice. Inline rules are refused except the empty list: rules are resources of their own here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from nautilus.sandbox.aws import tags
from nautilus.sandbox.aws.call import Call, dig, send, show
from nautilus.sandbox.aws.ports import PROTOCOLS, no_inline, port_problems
from nautilus.sandbox.aws.row import Raw, Row, dropped, found
from nautilus.sandbox.aws.vpc import cidr_problems, clusters_with, no_group, no_vpc
from nautilus.sandbox.handler import UNKNOWN, Problem

_PEERS: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
_TEXT: Final = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*")
"""What a group's name and description may hold. Source: EC2 API reference, CreateSecurityGroup."""
_QUOTA: Final = 60
"""Rules of a group in one direction. Source: Amazon VPC quotas, "Inbound or outbound rules per security group"."""
_look_group = found("describe_security_groups", "GroupIds", "SecurityGroups", "InvalidGroup.NotFound")
_look_rule = found("describe_security_group_rules", "SecurityGroupRuleIds", "SecurityGroupRules")


def _refuse_group(call: Call) -> Iterator[Problem]:
    yield from no_inline(call)
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
    if isinstance(protocol, str) and protocol not in (*PROTOCOLS, "-1") and not protocol.isdigit():
        yield Problem(
            path="ipProtocol", reason=f"{protocol!r} is no protocol: -1, a number, or one of {', '.join(PROTOCOLS)}"
        )
    if protocol in ("tcp", "udp", "6", "17"):
        for name in ("fromPort", "toPort"):
            if name not in call.inputs:
                yield Problem(path=name, reason=f"is required with {protocol}")
        yield from port_problems(low, high)
    if protocol == "-1" and (low is not None or high is not None):
        yield Problem(path="fromPort", reason="must not be set with protocol -1, which means all ports")


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
        found = call.boto("describe_security_group_rules", Filters=wanted)["SecurityGroupRules"]
        mine = [rule for rule in found if rule["IsEgress"] == (side == "egress")]
        if len(mine) >= _QUOTA:
            yield Problem(
                path="securityGroupId", reason=f"has its quota of {_QUOTA} {side} rules (RulesPerSecurityGroupLimit)"
            )
        for rule in mine:
            if _identity(_rule_outputs(rule)) == _identity(call.inputs):
                yield Problem(
                    path="securityGroupId", reason=f"the group already has this {side} rule: {rule['SecurityGroupRuleId']}"
                )

    return guard


def _identity(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    protocol = str(rule.get("ipProtocol"))
    ports = (None, None) if protocol == "-1" else (rule.get("fromPort"), rule.get("toPort"))
    return (PROTOCOLS.get(protocol, protocol), *ports, *(rule.get(name) for name in _PEERS))


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
        refuse=no_inline,
        guard=no_vpc,
        tags=tags.ec2(),
        defaults={"revokeRulesOnDelete": False},
        replace_on="vpcId",
    ),
    _rule("ingress"),
    _rule("egress"),
)
