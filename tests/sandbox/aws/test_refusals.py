"""What AWS would refuse is refused, and the reason names the property: in previews where the inputs tell, else at the
create.
"""

# ruff: noqa: E501 - tables are read by column
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from nautilus.sandbox.handler import UNKNOWN, Refused
from tests.sandbox.aws.world import EXAMPLES, TARGET, Example, World, allow, key_policy, trust, verb

LONG = "x" * 65
NOBODY = key_policy(account="999999999999")
NOT_THERE = "does not exist"

STATIC: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("vpc", {"cidrBlock": "10.0.0.0/8"}, "cidrBlock: .* prefix of /16 to /28"),
    ("vpc", {"cidrBlock": "10.0.0.1/16"}, "cidrBlock: .* not an IPv4 network"),
    ("vpc", {"instanceTenancy": "private"}, "instanceTenancy: 'private' is not one of dedicated, default, host"),
    ("vpc", {"ipv4IpamPoolId": "ipam-pool-1"}, "ipv4IpamPoolId: is not offered"),
    ("vpc", {"tags": {"aws:x": "y"}}, "tags.*does not start with aws:"),
    ("vpc", {"tags": {"x": "y" * 257}}, "at most 256"),
    ("vpc", {"tags": {str(number): "x" for number in range(51)}}, "holds 51 tags"),
    ("a", {"availabilityZone": "us-east-1a"}, "availabilityZone: 'us-east-1a' is not a zone of eu-central-1"),
    ("eip", {"domain": "standard"}, "domain: must be vpc"),
    ("nat", {"allocationId": None}, "allocationId: is required"),
    ("nat", {"connectivityType": "private"}, "allocationId: is not allowed"),
    ("nat", {"connectivityType": "both"}, "connectivityType: 'both' is not one of"),
    ("table", {"routes": [{"cidrBlock": "0.0.0.0/0"}]}, "routes: inline routes"),
    ("route", {"gatewayId": "igw-1"}, "exactly one target"),
    ("route", {"destinationCidrBlock": None}, "exactly one destination"),
    ("route", {"destinationCidrBlock": "anywhere"}, "destinationCidrBlock: 'anywhere' is not an IPv4 network"),
    ("association", {"subnetId": None}, "subnetId: is required"),
    ("acl-rule", {"ruleNumber": 32767}, "ruleNumber: 32767 is not 1 to 32766"),
    ("acl-rule", {"ruleAction": "permit"}, "ruleAction: 'permit' is neither"),
    ("acl-rule", {"protocol": "tpc"}, "protocol: 'tpc' is no protocol"),
    ("acl-rule", {"toPort": None}, "toPort: is required with tcp"),
    ("web", {"name": "sg-web"}, "name: must not start with sg-"),
    ("web", {"description": "Wéb"}, "description: .* characters"),
    ("web", {"ingress": [{"protocol": "-1"}]}, "ingress: inline rules"),
    ("app-in", {"cidrIpv4": "10.0.0.0/16"}, "exactly one peer"),
    ("app-in", {"toPort": 7000}, "toPort: 7000 lies below fromPort 8000"),
    ("app-in", {"toPort": 70000}, "toPort: 70000 is not a port"),
    ("app-in", {"ipProtocol": "https"}, "ipProtocol: 'https' is no protocol"),
    ("app-out", {"fromPort": 1, "toPort": 2}, "must not be set with protocol -1"),
    ("s3-endpoint", {"serviceName": "com.amazonaws.us-east-1.s3"}, "serviceName: .* not a service of eu-central-1"),
    ("s3-endpoint", {"serviceName": "com.amazonaws.eu-central-1.kms"}, "kms has no Gateway endpoint"),
    ("s3-endpoint", {"policy": allow()}, "policy: .*names no Principal"),
    ("s3-endpoint", {"vpcEndpointType": "Gatewayy"}, "vpcEndpointType: 'Gatewayy' is not one of"),
    ("s3-endpoint", {"securityGroupIds": ["sg-1"]}, "securityGroupIds: is not a setting of a Gateway endpoint"),
    ("flow", {"trafficType": "EVERYTHING"}, "trafficType: 'EVERYTHING' is not one of ACCEPT, ALL, REJECT"),
    ("flow", {"maxAggregationInterval": 120}, "neither 60 nor 600"),
    ("flow", {"subnetId": "subnet-1"}, "exactly one of"),
    ("flow", {"iamRoleArn": None}, "iamRoleArn: is required"),
    ("key", {"rotationPeriodInDays": 30}, "rotationPeriodInDays: 30 is not 90 to 2560"),
    ("key", {"deletionWindowInDays": 3}, "deletionWindowInDays: 3 is not 7 to 30"),
    ("key", {"enableKeyRotation": False}, "needs enableKeyRotation"),
    ("key", {"customerMasterKeySpec": "RSA_2048"}, "only possible with a symmetric"),
    ("key", {"customerMasterKeySpec": "AES"}, "customerMasterKeySpec: 'AES' is not one of"),
    ("key", {"keyUsage": "ENCRYPT"}, "keyUsage: 'ENCRYPT' is not one of"),
    ("key", {"policy": "{"}, "policy: is not a JSON object"),
    ("key", {"policy": NOBODY}, "nobody of account 111122223333 could update"),
    ("key", {"policy": json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Maybe", "Principal": "*", "Action": "kms:*", "Resource": "*"}]})},
     "Effect is 'Maybe'"),
    ("key", {"policy": key_policy().replace(":root", ":rootle")}, "is no account, root, role or user"),
    ("alias", {"name": "nautilus"}, "name: 'nautilus' must start with alias/"),
    ("alias", {"name": "alias/aws/s3"}, "must start with alias/ and not with alias/aws/"),
    ("replica", {"primaryKeyArn": "arn:aws:kms:eu-central-1:111122223333:key/1a2b"}, "is not a multi-Region key"),
    ("replica", {"region": "eu-central-1"}, "where its replica would be"),
    ("flow-role", {"name": LONG}, "name: must be 1 to 64 characters, not 65"),
    ("flow-role", {"name": "a b"}, "name: 'a b' does not match"),
    ("flow-role", {"maxSessionDuration": 60}, "maxSessionDuration: must be 3600 to 43200"),
    ("flow-role", {"assumeRolePolicy": allow()}, "assumeRolePolicy: .*names no Principal"),
    ("flow-role", {"inlinePolicies": [{"name": "x"}]}, "inlinePolicies: is not offered"),
    ("flow-policy", {"policy": trust("ec2.amazonaws.com")}, "must not name a Principal"),
    ("flow-policy", {"policy": allow("PutLogEvents")}, "is not service:Action"),
    ("flow-policy", {"policy": allow(Resources="*")}, "unknown members: Resources"),
    ("policy", {"policy": allow(Sid="x" * 7000)}, "IAM allows 6144"),
    ("group", {"retentionInDays": 366}, "retentionInDays: 366 is not one of 0, 1, 3"),
    ("group", {"logGroupClass": "CHEAP"}, "logGroupClass: 'CHEAP' is not one of"),
    ("group", {"name": "with spaces"}, "name: 'with spaces' does not match"),
    ("bucket", {"bucket": "Not_Lawful"}, "bucket: 'Not_Lawful' is not a lawful"),
    ("template", {"metadataOptions": {"httpTokens": "maybe"}}, "metadataOptions.httpTokens: 'maybe' is not one of optional, required"),
    ("template", {"metadataOptions": {"httpTokns": "required"}}, "metadataOptions.httpTokns: is not a member"),
    ("template", {"instanceType": "c6i.huge"}, "instanceType: 'c6i.huge' is not one of"),
    ("template", {"userData": "§"}, "userData: is not base64"),
    ("template", {"name": "x"}, "name: 'x' is not 3 to 128"),
    ("placement", {"strategy": "near"}, "strategy: 'near' is not one of cluster"),
    ("placement", {"partitionCount": 3}, "partitionCount: is only for the strategy partition"),
    ("cluster", {"version": "0.1"}, "version: '0.1' is not a version of EKS"),
    ("cluster", {"name": "-x"}, "name: '-x' does not match"),
    ("cluster", {"enabledClusterLogTypes": ["api", "everything"]}, r"enabledClusterLogTypes.*'everything' is not one of"),
    ("cluster", {"accessConfig": {"authenticationMode": "NONE"}}, "accessConfig.authenticationMode: 'NONE' is not one of"),
    ("cluster", {"upgradePolicy": {"supportType": "LATEST"}}, "upgradePolicy.supportType: 'LATEST' is not one of"),
    ("cluster", {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "8.8.0.0/16"}}, "not inside a private range"),
    ("cluster", {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/28"}}, "prefix of /12 to /24"),
    ("cluster", {"vpcConfig": {"subnetIds": ["a", "b"], "endpointPublicAccess": False}}, "cannot both be off"),
    ("nodes", {"scalingConfig": {"minSize": 3, "desiredSize": 2, "maxSize": 4}}, "scalingConfig: needs minSize 3 <= desiredSize 2"),
    ("nodes", {"amiType": "AL3"}, "amiType: 'AL3' is not one of"),
    ("nodes", {"taints": [{"key": "x", "effect": "NoSchedule"}]}, r"taints\[0\].effect: 'NoSchedule' is not one of"),
    ("nodes", {"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 10}}, "exactly one of maxUnavailable"),
    ("nodes", {"diskSize": 20}, "diskSize: must be set in the launch template"),
    ("nodes", {"version": "1.12"}, "version: '1.12' is not a version of EKS"),
    ("cni", {"addonName": "vpc-cnii"}, "addonName: 'vpc-cnii' is not an add-on"),
    ("cni", {"addonVersion": "1.2.3"}, "addonVersion: '1.2.3' is not of the form"),
    ("cni", {"configurationValues": "{"}, "configurationValues: is not JSON"),
    ("cni", {"resolveConflictsOnCreate": "FORCE"}, "resolveConflictsOnCreate: 'FORCE' is not one of"),
    ("entry", {"principalArn": "arn:aws:iam::1:role/x"}, "is not the ARN of an IAM role or user"),
    ("entry", {"kubernetesGroups": ["system:masters"]}, "starts with a reserved prefix"),
    ("admin", {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}, "is not an access policy of EKS"),
    ("admin", {"accessScope": {"type": "namespace"}}, "accessScope.namespaces: is required"),
    ("admin", {"accessScope": {"type": "world"}}, "accessScope.type: 'world' is not one of"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "match"),
    STATIC,
    ids=[f"{name}-{next(iter(change))}-{number}" for number, (name, change, _) in enumerate(STATIC)],
)
def test_unlawful_inputs_are_refused_in_previews(full: World, name: str, change: dict[str, Any], match: str) -> None:
    reasons = "; ".join(f"{problem.path}: {problem.reason}" for problem in full.problems(name, **change))
    with pytest.raises(Refused, match=match):
        raise Refused(reasons)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_unknown_inputs_pass(full: World, example: Example) -> None:
    inputs = dict.fromkeys(full.made[example.name][1].inputs, UNKNOWN)
    request = replace(full.made[example.name][1], inputs=inputs, preview=True, target=replace(TARGET))
    assert list(verb(example.type, "refuse")(request)) == []


ABSENT: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("a", {"vpcId": "vpc-0"}, f"vpcId: vpc-0 {NOT_THERE}"),
    ("a", {"cidrBlock": "10.9.0.0/24"}, "cidrBlock: .* lies outside the ranges of vpc-"),
    ("b", {"cidrBlock": "10.0.0.128/25"}, "cidrBlock: .* overlaps with 10.0.0.0/24"),
    ("pods", {"cidrBlock": "10.0.128.0/17"}, "overlaps with 10.0.0.0/16 of the same VPC"),
    ("default-acl", {"defaultNetworkAclId": "acl-0"}, NOT_THERE),
    ("default-rt", {"defaultRouteTableId": "rtb-0"}, NOT_THERE),
    ("igw", {"vpcId": "vpc-0"}, NOT_THERE),
    ("nat", {"subnetId": "subnet-0"}, f"subnetId: subnet-0 {NOT_THERE}"),
    ("nat", {"allocationId": "eipalloc-0"}, f"allocationId: eipalloc-0 {NOT_THERE}"),
    ("table", {"vpcId": "vpc-0"}, NOT_THERE),
    ("route", {"natGatewayId": "nat-0"}, f"natGatewayId: nat-0 {NOT_THERE}"),
    ("route", {"routeTableId": "rtb-0"}, f"routeTableId: rtb-0 {NOT_THERE}"),
    ("association", {"routeTableId": "rtb-0"}, NOT_THERE),
    ("acl-rule", {"networkAclId": "acl-0"}, NOT_THERE),
    ("acl-association", {"subnetId": "subnet-0"}, NOT_THERE),
    ("app-in", {"referencedSecurityGroupId": "sg-0"}, f"referencedSecurityGroupId: sg-0 {NOT_THERE}"),
    ("s3-endpoint", {"routeTableIds": ["rtb-0"]}, NOT_THERE),
    ("kms-endpoint", {"subnetIds": ["${a.id}", "${pod-a.id}"]}, "are both in eu-central-1a"),
    ("alias", {"targetKeyId": "1a2b"}, f"targetKeyId: key 1a2b {NOT_THERE}"),
    ("group", {"kmsKeyId": "arn:aws:kms:eu-central-1:111122223333:key/1a2b"}, NOT_THERE),
    ("group", {"kmsKeyId": "${mrk.arn}"}, None),
    ("flow", {"logDestination": "arn:aws:logs:eu-central-1:111122223333:log-group:none"}, "log group none does not exist"),
    ("flow", {"iamRoleArn": "arn:aws:iam::111122223333:role/none"}, f"iamRoleArn: role .* {NOT_THERE}"),
    ("flow-policy", {"role": "none"}, f"role: role none {NOT_THERE}"),
    ("attachment", {"policyArn": "arn:aws:iam::aws:policy/AmazonEKSClusterPolicyy"}, "does not exist or is not attachable"),
    ("profile", {"role": "none"}, NOT_THERE),
    ("cluster", {"vpcConfig": {"subnetIds": ["subnet-0", "subnet-1"]}}, f"vpcConfig.subnetIds: subnet-0 {NOT_THERE}"),
    ("cluster", {"vpcConfig": {"subnetIds": ["${a.id}", "${pod-a.id}"]}}, "at least two availability zones"),
    ("cluster", {"roleArn": "arn:aws:iam::111122223333:role/none"}, f"roleArn: role .* {NOT_THERE}"),
    ("cluster", {"roleArn": "${node-role.arn}"}, "role x-node does not trust eks.amazonaws.com"),
    ("cluster", {"encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:eu-central-1:111122223333:key/1a2b"}, "resources": ["secrets"]}}, NOT_THERE),
    ("cluster", {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/16"}}, "overlaps with 10.0.0.0/16 of the VPC"),
    ("entry", {"clusterName": "none"}, "no cluster none"),
    ("admin", {"principalArn": "arn:aws:iam::111122223333:role/none"}, "has no access entry"),
    ("cni", {"addonName": "coredns", "podIdentityAssociations": [{"roleArn": "${node-role.arn}", "serviceAccount": "x"}]}, "does not trust pods.eks.amazonaws.com"),
    ("identity", {"roleArn": "${eks-role.arn}"}, "does not trust pods.eks.amazonaws.com"),
    ("template", {"vpcSecurityGroupIds": ["sg-0"]}, f"vpcSecurityGroupIds: sg-0 {NOT_THERE}"),
    ("nodes", {"launchTemplate": {"id": "lt-0", "version": "1"}}, NOT_THERE),
    ("nodes", {"launchTemplate": {"id": "${template.id}", "version": "7"}}, "7 does not exist; the latest is 1"),
    ("nodes", {"instanceTypes": ["c6i.large"]}, "is set in the launch template as well"),
    ("nodes", {"version": "1.35"}, "newer than the cluster's 1.34"),
    ("nodes", {"nodeRoleArn": "${eks-role.arn}"}, "does not trust ec2.amazonaws.com"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "match"),
    [case for case in ABSENT if case[2]],
    ids=[f"{case[0]}-{number}" for number, case in enumerate(ABSENT) if case[2]],
)
def test_what_must_be_there_is_looked_for_at_the_create(full: World, name: str, change: dict[str, Any], match: str) -> None:
    request = full.request(next(example for example in EXAMPLES if example.name == name), change)
    with pytest.raises(Refused, match=match):
        verb(request.type, "create")(replace(request, urn=f"{request.urn}-other", seed=f"{request.urn}-other"))


TWICE = {
    "igw": "already has an internet gateway",
    "nat": "is in use",
    "route": "already has a route to",
    "association": "already has a route table",
    "acl-rule": "already has an ingress rule 100",
    "app-in": "already has this ingress rule",
    "app-out": "already has this egress rule",
    "web": "InvalidGroup.Duplicate",
    "alias": "AlreadyExistsException",
    "group": "ResourceAlreadyExistsException",
    "flow-role": "EntityAlreadyExists",
    "flow-policy": "already has an inline policy",
    "flow": "FlowLogAlreadyExists",
    "policy": "EntityAlreadyExists",
    "cluster": "ResourceInUseException",
    "nodes": "ResourceInUseException",
    "cni": "ResourceInUseException",
    "entry": "ResourceInUseException",
    "identity": "already has an association",
    "template": "AlreadyExists",
    "placement": "InvalidPlacementGroup.Duplicate",
    "bucket": "BucketAlready",
    "a": "overlaps with",
    "pods": "overlaps with",
}


@pytest.mark.parametrize("name", sorted(TWICE))
def test_a_second_one_is_refused(full: World, name: str) -> None:
    _, request, _ = full.made[name]
    with pytest.raises(Refused, match=TWICE[name]):
        verb(request.type, "create")(replace(request, urn=f"{request.urn}-other", seed=f"{request.urn}-other"))


INHABITED = {
    "vpc": "DependencyViolation",
    "igw": "DependencyViolation",
    "a": "DependencyViolation: subnet-.* is still needed by eni-",
    "eip": "InvalidIPAddress.InUse",
    "app": "DependencyViolation",
    "flow-role": "DeleteConflict",
    "policy": "is still needed by x-node",
    "cluster": "ResourceInUseException",
    "table": "DependencyViolation",
}


@pytest.mark.parametrize("name", sorted(INHABITED))
def test_what_others_need_is_not_deleted(full: World, name: str) -> None:
    request = full.again(name)
    with pytest.raises(Refused, match=INHABITED[name]):
        verb(request.type, "delete")(request)


UPDATES: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "cluster",
        {"vpcConfig": {"subnetIds": ["subnet-0123456789abcdef0"], "endpointPrivateAccess": True}},
        "vpcConfig.subnetIds: subnet-0123456789abcdef0 does not exist",
    ),
    (
        "nodes",
        {"launchTemplate": {"id": "lt-0123456789abcdef0", "version": "1"}},
        "launchTemplate: template lt-0123456789abcdef0 does not exist",
    ),
    ("nodes", {"version": "1.35"}, "version: 1.35 is newer than the cluster's 1.34"),
    ("acl", {"subnetIds": ["subnet-0123456789abcdef0"]}, "subnetIds: subnet-0123456789abcdef0 does not exist"),
    ("profile", {"role": "nobody"}, "role: role nobody does not exist"),
    (
        "group",
        {"kmsKeyId": "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000000"},
        "kmsKeyId: .* does not exist",
    ),
    (
        "route",
        {"natGatewayId": "nat-0123456789abcdef0", "gatewayId": None},
        "natGatewayId: nat-0123456789abcdef0 does not exist",
    ),
    ("igw", {"vpcId": "vpc-0123456789abcdef0"}, "vpcId: vpc-0123456789abcdef0 does not exist"),
    ("kms-endpoint", {"subnetIds": ["subnet-0123456789abcdef0"]}, "subnet-0123456789abcdef0"),
    ("kms-endpoint", {"securityGroupIds": ["sg-0123456789abcdef0"]}, "sg-0123456789abcdef0"),
)


@pytest.mark.parametrize(("name", "changes", "reason"), UPDATES)
def test_an_update_refuses_what_is_not_there(full: World, name: str, changes: dict[str, Any], reason: str) -> None:
    request = full.again(name)
    inputs = {key: value for key, value in {**request.inputs, **changes}.items() if value is not None}
    with pytest.raises(Refused, match=reason):
        verb(request.type, "update")(replace(request, inputs=inputs))


@pytest.mark.parametrize(("name", "quota", "field"), [("acl-rule", 20, "ruleNumber"), ("app-in", 60, "fromPort")])
def test_a_gate_has_a_quota_of_rules(empty: World, name: str, quota: int, field: str) -> None:
    empty.upto(name)
    example = next(one for one in EXAMPLES if one.name == name)
    for number in range(1, quota + 1):
        change = {field: number, **({"toPort": number} if field == "fromPort" else {})}
        verb(example.type, "create")(replace(empty.request(example, change), seed=str(number)))
    with pytest.raises(Refused, match=f"has its quota of {quota} "):
        verb(example.type, "create")(empty.request(example, {field: 999, "toPort": 9999}))
