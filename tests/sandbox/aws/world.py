"""One of each AWS type, in the order of their dependencies, and a driver that runs them through the handlers as the core
does.
"""

# ruff: noqa: E501 - tables are read by column
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nautilus.sandbox import handler
from nautilus.sandbox.aws import PACKAGE, emulator, row

ACCOUNT = "111122223333"
REGION = "eu-central-1"
TARGET = handler.Target(
    cloud="aws", account=ACCOUNT, region=REGION, settings={"defaultTags": {"nautilus:federation": "nautilus"}}
)
HANDLERS = {item.type: item for item in PACKAGE.handlers}


def trust(service: str, *actions: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions) or ["sts:AssumeRole"]}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(action: str = "logs:PutLogEvents", **more: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*", **more}]}
    )


def key_policy(account: str = ACCOUNT, region: str = REGION, *, logs: bool = True) -> str:
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    ]
    if logs:
        service = {"Service": f"logs.{region}.amazonaws.com"}
        statements.append(
            {"Effect": "Allow", "Principal": service, "Action": ["kms:Encrypt", "kms:GenerateDataKey*"], "Resource": "*"}
        )
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def signing_policy() -> str:
    service = {"Service": "dnssec-route53.amazonaws.com"}
    actions = ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign", "kms:CreateGrant"]
    own = json.loads(key_policy(logs=False))["Statement"]
    use = {"Effect": "Allow", "Principal": service, "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [*own, use]})


def queries_policy(service: str = "route53.amazonaws.com") -> str:
    group = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/route53/*"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    use = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions, "Resource": group}
    return json.dumps({"Version": "2012-10-17", "Statement": [use]})


@dataclass(frozen=True, kw_only=True)
class Example:
    """A resource: `${name.output}` in inputs stands for an output of an earlier one; `change` is an update in place."""

    name: str
    type: str
    inputs: Mapping[str, Any]
    change: Mapping[str, Any] = field(default_factory=dict)


def _e(name: str, kind: str, change: Mapping[str, Any] | None = None, /, **inputs: Any) -> Example:
    return Example(name=name, type=f"aws:{kind}", inputs=inputs, change=change or {})


TAGS = {"nautilus:jurisdiction": "eu"}
MORE = {"tags": {"nautilus:jurisdiction": "eu", "nautilus:tier": "one"}}

EXAMPLES = (
    _e(
        "key", "kms/key:Key", {**MORE, "rotationPeriodInDays": 180, "description": "logs, changed"},
        description="logs", policy=key_policy(), multiRegion=False, enableKeyRotation=True, rotationPeriodInDays=90,
        deletionWindowInDays=30, customerMasterKeySpec="SYMMETRIC_DEFAULT", keyUsage="ENCRYPT_DECRYPT", isEnabled=True,
        bypassPolicyLockoutSafetyCheck=False, tags=TAGS,
    ),
    _e("mrk", "kms/key:Key", policy=key_policy(), multiRegion=True, deletionWindowInDays=7, tags=TAGS),
    _e("replica", "kms/replicaKey:ReplicaKey", MORE, primaryKeyArn="${mrk.arn}", region="eu-west-1", deletionWindowInDays=7, tags=TAGS),
    _e("alias", "kms/alias:Alias", {"targetKeyId": "${mrk.keyId}"}, name="alias/nautilus/x/logs", targetKeyId="${key.keyId}"),
    _e("vpc", "ec2/vpc:Vpc", {**MORE, "enableDnsHostnames": False}, cidrBlock="10.0.0.0/16", enableDnsSupport=True,
       enableDnsHostnames=True, enableNetworkAddressUsageMetrics=True, instanceTenancy="default", tags=TAGS),
    _e("pods", "ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation", vpcId="${vpc.id}", cidrBlock="100.64.0.0/16"),
    _e("default-sg", "ec2/defaultSecurityGroup:DefaultSecurityGroup", MORE, vpcId="${vpc.id}", ingress=[], egress=[], tags=TAGS),
    _e("default-acl", "ec2/defaultNetworkAcl:DefaultNetworkAcl", MORE, defaultNetworkAclId="${vpc.defaultNetworkAclId}", tags=TAGS),
    _e("default-rt", "ec2/defaultRouteTable:DefaultRouteTable", MORE, defaultRouteTableId="${vpc.defaultRouteTableId}", routes=[], tags=TAGS),
    _e("a", "ec2/subnet:Subnet", {**MORE, "mapPublicIpOnLaunch": True}, vpcId="${vpc.id}", cidrBlock="10.0.0.0/24",
       availabilityZone="eu-central-1a", mapPublicIpOnLaunch=False, privateDnsHostnameTypeOnLaunch="ip-name", tags=TAGS),
    _e("b", "ec2/subnet:Subnet", vpcId="${vpc.id}", cidrBlock="10.0.1.0/24", availabilityZone="eu-central-1b", tags=TAGS),
    _e("pod-a", "ec2/subnet:Subnet", vpcId="${pods.vpcId}", cidrBlock="100.64.0.0/18", availabilityZone="eu-central-1a"),
    _e("zone-group", "ec2/availabilityZoneGroup:AvailabilityZoneGroup", groupName="eu-central-1-ham-1", optInStatus="opted-in"),
    _e("local", "ec2/subnet:Subnet", MORE, vpcId="${vpc.id}", cidrBlock="10.0.240.0/24", availabilityZone="eu-central-1-ham-1a", tags=TAGS),
    _e("igw", "ec2/internetGateway:InternetGateway", MORE, vpcId="${vpc.id}", tags=TAGS),
    _e("eip", "ec2/eip:Eip", MORE, domain="vpc", tags=TAGS),
    _e("nat", "ec2/natGateway:NatGateway", MORE, allocationId="${eip.id}", subnetId="${a.id}", connectivityType="public", tags=TAGS),
    _e("table", "ec2/routeTable:RouteTable", MORE, vpcId="${vpc.id}", tags=TAGS),
    _e("route", "ec2/route:Route", {"natGatewayId": None, "gatewayId": "${igw.id}"}, routeTableId="${table.id}",
       destinationCidrBlock="0.0.0.0/0", natGatewayId="${nat.id}"),
    _e("association", "ec2/routeTableAssociation:RouteTableAssociation", routeTableId="${table.id}", subnetId="${b.id}"),
    _e("acl", "ec2/networkAcl:NetworkAcl", {**MORE, "subnetIds": ["${a.id}", "${b.id}"]}, vpcId="${vpc.id}", subnetIds=["${b.id}"], tags=TAGS),
    _e("acl-rule", "ec2/networkAclRule:NetworkAclRule", networkAclId="${acl.id}", egress=False, ruleNumber=100, protocol="tcp",
       ruleAction="allow", cidrBlock="10.0.0.0/16", fromPort=5432, toPort=5432),
    _e("acl-all", "ec2/networkAclRule:NetworkAclRule", networkAclId="${acl.id}", egress=True, ruleNumber=100, protocol="-1",
       ruleAction="allow", cidrBlock="10.0.0.0/16", fromPort=0, toPort=0),
    _e("acl-b", "ec2/networkAcl:NetworkAcl", vpcId="${vpc.id}", tags=TAGS),
    _e("acl-association", "ec2/networkAclAssociation:NetworkAclAssociation", networkAclId="${acl-b.id}", subnetId="${pod-a.id}"),
    _e("web", "ec2/securityGroup:SecurityGroup", MORE, vpcId="${vpc.id}", name="web", description="Web tier", tags=TAGS),
    _e("app", "ec2/securityGroup:SecurityGroup", vpcId="${vpc.id}", name="app", description="App tier", tags=TAGS),
    _e("app-in", "vpc/securityGroupIngressRule:SecurityGroupIngressRule", MORE, securityGroupId="${app.id}", ipProtocol="tcp",
       fromPort=8000, toPort=8010, referencedSecurityGroupId="${web.id}", description="from the web tier", tags=TAGS),
    _e("app-out", "vpc/securityGroupEgressRule:SecurityGroupEgressRule", MORE, securityGroupId="${app.id}", ipProtocol="-1",
       cidrIpv4="10.0.0.0/16", tags=TAGS),
    _e("s3-endpoint", "ec2/vpcEndpoint:VpcEndpoint", MORE, vpcId="${vpc.id}", serviceName="com.amazonaws.eu-central-1.s3",
       vpcEndpointType="Gateway", policy=allow("s3:GetObject", Principal="*"), routeTableIds=["${table.id}"], tags=TAGS),
    _e("s3-out", "vpc/securityGroupEgressRule:SecurityGroupEgressRule", securityGroupId="${app.id}", ipProtocol="tcp", fromPort=443,
       toPort=443, prefixListId="${s3-endpoint.prefixListId}"),
    _e("kms-endpoint", "ec2/vpcEndpoint:VpcEndpoint", {"subnetIds": ["${a.id}"]}, vpcId="${vpc.id}",
       serviceName="com.amazonaws.eu-central-1.kms", vpcEndpointType="Interface", policy=allow("kms:*", Principal="*"),
       subnetIds=["${a.id}", "${b.id}"], securityGroupIds=["${app.id}"], privateDnsEnabled=True, tags=TAGS),
    _e("group", "cloudwatch/logGroup:LogGroup", {**MORE, "retentionInDays": 731}, name="/nautilus/x/flow", kmsKeyId="${key.arn}",
       retentionInDays=365, logGroupClass="STANDARD", skipDestroy=False,
       deletionProtectionEnabled=False, tags=TAGS),
    _e("flow-role", "iam/role:Role", {**MORE, "description": "changed", "maxSessionDuration": 7200}, name="x-flow",
       assumeRolePolicy=trust("vpc-flow-logs.amazonaws.com"), description="flow logs", maxSessionDuration=3600, tags=TAGS),
    _e("flow-policy", "iam/rolePolicy:RolePolicy", {"policy": allow("logs:CreateLogStream")}, name="deliver", role="${flow-role.name}", policy=allow()),
    _e("flow", "ec2/flowLog:FlowLog", MORE, vpcId="${vpc.id}", trafficType="ALL", logDestinationType="cloud-watch-logs",
       logDestination="${group.arn}", iamRoleArn="${flow-role.arn}", maxAggregationInterval=60, tags=TAGS),
    _e("policy", "iam/policy:Policy", {**MORE, "policy": allow("s3:GetObject")}, name="x-policy", policy=allow(), tags=TAGS),
    _e("eks-role", "iam/role:Role", name="x-eks", assumeRolePolicy=trust("eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")),
    _e("node-role", "iam/role:Role", name="x-node", assumeRolePolicy=trust("ec2.amazonaws.com")),
    _e("pod-role", "iam/role:Role", name="x-pod", assumeRolePolicy=trust("pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession")),
    _e("attachment", "iam/rolePolicyAttachment:RolePolicyAttachment", role="${eks-role.name}",
       policyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
    _e("own-attachment", "iam/rolePolicyAttachment:RolePolicyAttachment", role="${node-role.name}", policyArn="${policy.arn}"),
    _e("profile", "iam/instanceProfile:InstanceProfile", {**MORE, "role": "${pod-role.name}"}, name="x-profile", role="${node-role.name}", tags=TAGS),
    _e("linked", "iam/serviceLinkedRole:ServiceLinkedRole", awsServiceName="autoscaling.amazonaws.com", customSuffix="nautilus"),
    _e("cluster", "eks/cluster:Cluster", {**MORE, "version": "1.35", "enabledClusterLogTypes": ["audit"]}, name="x", version="1.34",
       roleArn="${eks-role.arn}",
       vpcConfig={"subnetIds": ["${a.id}", "${b.id}"], "securityGroupIds": ["${app.id}"], "endpointPrivateAccess": True, "endpointPublicAccess": False},
       encryptionConfig={"provider": {"keyArn": "${key.arn}"}, "resources": ["secrets"]},
       enabledClusterLogTypes=["api", "audit", "authenticator", "controllerManager", "scheduler"],
       accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}, deletionProtection=False,
       upgradePolicy={"supportType": "STANDARD"}, kubernetesNetworkConfig={"serviceIpv4Cidr": "172.20.0.0/16", "ipFamily": "ipv4"},
       zonalShiftConfig={"enabled": True}, bootstrapSelfManagedAddons=False, tags=TAGS),
    _e("oidc", "iam/openIdConnectProvider:OpenIdConnectProvider", {**MORE, "clientIdLists": ["sts.amazonaws.com", "other"]},
       url="https://oidc.eks.eu-central-1.amazonaws.com/id/ABC", clientIdLists=["sts.amazonaws.com"],
       thumbprintLists=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"], tags=TAGS),
    _e("entry", "eks/accessEntry:AccessEntry", MORE, clusterName="${cluster.name}", principalArn=f"arn:aws:iam::{ACCOUNT}:role/admins",
       type="STANDARD", tags=TAGS),
    _e("admin", "eks/accessPolicyAssociation:AccessPolicyAssociation", clusterName="${cluster.name}", principalArn="${entry.principalArn}",
       policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", accessScope={"type": "cluster"}),
    _e("cni", "eks/addon:Addon", {**MORE, "configurationValues": "{}"}, clusterName="${cluster.name}", addonName="vpc-cni",
       configurationValues='{"env":{"ENABLE_PREFIX_DELEGATION":"true"}}', resolveConflictsOnCreate="OVERWRITE",
       resolveConflictsOnUpdate="OVERWRITE", preserve=False,
       podIdentityAssociations=[{"roleArn": "${pod-role.arn}", "serviceAccount": "aws-node"}], tags=TAGS),
    _e("identity", "eks/podIdentityAssociation:PodIdentityAssociation", MORE, clusterName="${cluster.name}", namespace="trading",
       serviceAccount="engine", roleArn="${pod-role.arn}", tags=TAGS),
    _e("placement", "ec2/placementGroup:PlacementGroup", MORE, name="x-trading", strategy="cluster", tags=TAGS),
    _e("template", "ec2/launchTemplate:LaunchTemplate", {**MORE, "instanceType": "c6i.2xlarge"}, name="x-trading", instanceType="c6i.xlarge",
       updateDefaultVersion=True, ebsOptimized="true",
       metadataOptions={"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1, "instanceMetadataTags": "disabled"},
       blockDeviceMappings=[{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 100, "volumeType": "gp3", "iops": 3000, "throughput": 125,
                             "encrypted": "true", "kmsKeyId": "${key.arn}", "deleteOnTermination": "true"}}],
       monitoring={"enabled": True}, placement={"groupName": "${placement.name}"},
       networkInterfaces=[{"deviceIndex": 0, "associatePublicIpAddress": "false", "deleteOnTermination": "true", "securityGroups": ["${app.id}"]}],
       tagSpecifications=[{"resourceType": "volume", "tags": {"nautilus:jurisdiction": "eu"}}], userData="TUlNRS1WZXJzaW9uOiAxLjA=", tags=TAGS),
    _e("nodes", "eks/nodeGroup:NodeGroup", {**MORE, "scalingConfig": {"minSize": 2, "desiredSize": 3, "maxSize": 12}, "labels": {"role": "data"}},
       clusterName="${cluster.name}", nodeGroupName="trading", nodeRoleArn="${node-role.arn}", subnetIds=["${a.id}", "${b.id}"],
       version="1.34", amiType="AL2023_x86_64_STANDARD", capacityType="ON_DEMAND", scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 10},
       updateConfig={"maxUnavailable": 1}, nodeRepairConfig={"enabled": True}, launchTemplate={"id": "${template.id}", "version": "1"},
       labels={"role": "trading"}, taints=[{"key": "trading", "value": "true", "effect": "NO_SCHEDULE"}], tags=TAGS),
    _e("bucket", "s3/bucket:Bucket", MORE, bucket="nautilus-x-archive", forceDestroy=False, tags=TAGS),
    _e("tgw", "ec2transitgateway/transitGateway:TransitGateway", {**MORE, "dnsSupport": "disable", "description": "changed"},
       description="x", amazonSideAsn=64600, autoAcceptSharedAttachments="disable", defaultRouteTableAssociation="disable",
       defaultRouteTablePropagation="disable", dnsSupport="enable", multicastSupport="disable",
       securityGroupReferencingSupport="disable", vpnEcmpSupport="enable", tags=TAGS),
    _e("tgw-west", "ec2transitgateway/transitGateway:TransitGateway", description="west", amazonSideAsn=4200000601,
       defaultRouteTableAssociation="disable", defaultRouteTablePropagation="disable", region="eu-west-1"),
    _e("tgw-vpc", "ec2transitgateway/vpcAttachment:VpcAttachment", {**MORE, "subnetIds": ["${a.id}"]}, transitGatewayId="${tgw.id}",
       vpcId="${vpc.id}", subnetIds=["${a.id}", "${b.id}"], applianceModeSupport="disable", dnsSupport="enable", ipv6Support="disable",
       transitGatewayDefaultRouteTableAssociation=False, transitGatewayDefaultRouteTablePropagation=False, tags=TAGS),
    _e("tgw-table", "ec2transitgateway/routeTable:RouteTable", MORE, transitGatewayId="${tgw.id}", tags=TAGS),
    _e("tgw-lookup", "ec2transitgateway/routeTableAssociation:RouteTableAssociation", transitGatewayAttachmentId="${tgw-vpc.id}",
       transitGatewayRouteTableId="${tgw-table.id}"),
    _e("tgw-static", "ec2transitgateway/route:Route", destinationCidrBlock="10.0.0.0/16", transitGatewayAttachmentId="${tgw-vpc.id}",
       transitGatewayRouteTableId="${tgw-table.id}"),
    _e("tgw-hole", "ec2transitgateway/route:Route", destinationCidrBlock="10.8.0.0/16", blackhole=True,
       transitGatewayRouteTableId="${tgw-table.id}"),
    _e("tgw-route", "ec2/route:Route", routeTableId="${table.id}", destinationCidrBlock="10.9.0.0/16", transitGatewayId="${tgw.id}"),
    _e("tgw-flow", "ec2/flowLog:FlowLog", MORE, transitGatewayId="${tgw.id}", logDestinationType="cloud-watch-logs",
       logDestination="${group.arn}", iamRoleArn="${flow-role.arn}", maxAggregationInterval=60, tags=TAGS),
    _e("cgw", "ec2/customerGateway:CustomerGateway", MORE, type="ipsec.1", ipAddress="34.1.2.3", bgpAsn="64700", deviceName="x-0", tags=TAGS),
    _e("cgw-long", "ec2/customerGateway:CustomerGateway", type="ipsec.1", ipAddress="34.1.2.3", bgpAsnExtended="4200000700"),
    _e("vpn", "ec2/vpnConnection:VpnConnection", {**MORE, "tunnel1DpdTimeoutSeconds": 45}, type="ipsec.1", customerGatewayId="${cgw.id}",
       transitGatewayId="${tgw.id}", staticRoutesOnly=False, enableAcceleration=False, tunnelInsideIpVersion="ipv4",
       tunnel1InsideCidr="169.254.10.0/30", tunnel2InsideCidr="169.254.10.4/30", tunnel1PresharedKey="k" * 64, tunnel2PresharedKey="l" * 64,
       tunnel1IkeVersions=["ikev2"], tunnel1Phase1EncryptionAlgorithms=["AES256-GCM-16"], tunnel1Phase1IntegrityAlgorithms=["SHA2-384"],
       tunnel1Phase1DhGroupNumbers=[20], tunnel1Phase1LifetimeSeconds=28800, tunnel1Phase2EncryptionAlgorithms=["AES256-GCM-16"],
       tunnel1Phase2IntegrityAlgorithms=["SHA2-384"], tunnel1Phase2DhGroupNumbers=[20], tunnel1Phase2LifetimeSeconds=3600,
       tunnel1DpdTimeoutAction="restart", tunnel1DpdTimeoutSeconds=30, tunnel1StartupAction="start",
       tunnel1LogOptions={"cloudwatchLogOptions": {"logEnabled": True, "logGroupArn": "${group.arn}", "logOutputFormat": "json",
                          "bgpLogEnabled": True, "bgpLogGroupArn": "${group.arn}", "bgpLogOutputFormat": "json"}}, tags=TAGS),
    _e("tgw-learn", "ec2transitgateway/routeTablePropagation:RouteTablePropagation", transitGatewayRouteTableId="${tgw-table.id}",
       transitGatewayAttachmentId="${vpn.transitGatewayAttachmentId}"),
    _e("tgw-peering", "ec2transitgateway/peeringAttachment:PeeringAttachment", MORE, transitGatewayId="${tgw.id}",
       peerTransitGatewayId="${tgw-west.id}", peerRegion="eu-west-1", peerAccountId=ACCOUNT, tags=TAGS),
    _e("tgw-accept", "ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter", MORE, transitGatewayAttachmentId="${tgw-peering.id}",
       region="eu-west-1", tags=TAGS),
    _e("tgw-over", "ec2transitgateway/route:Route", destinationCidrBlock="10.9.0.0/16", transitGatewayAttachmentId="${tgw-accept.id}",
       transitGatewayRouteTableId="${tgw-table.id}"),
    _e("vpc-west", "ec2/vpc:Vpc", cidrBlock="10.9.0.0/16", region="eu-west-1"),
    _e("pcx", "ec2/vpcPeeringConnection:VpcPeeringConnection", MORE, vpcId="${vpc.id}", peerVpcId="${vpc-west.id}", peerOwnerId=ACCOUNT,
       peerRegion="eu-west-1", autoAccept=False, tags=TAGS),
    _e("pcx-accept", "ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", MORE, vpcPeeringConnectionId="${pcx.id}", autoAccept=True,
       region="eu-west-1", tags=TAGS),
    _e("pcx-route", "ec2/route:Route", routeTableId="${table.id}", destinationCidrBlock="10.9.128.0/17", vpcPeeringConnectionId="${pcx-accept.id}"),
    _e("port", "directconnect/connection:Connection", MORE, name="x-a", bandwidth="10Gbps", location="EqFA5", requestMacsec=True, tags=TAGS),
    _e("exchange", "directconnect/gateway:Gateway", MORE, name="x", amazonSideAsn="4200064600", tags=TAGS),
    _e("exchange-tgw", "directconnect/gatewayAssociation:GatewayAssociation", {"allowedPrefixes": ["10.0.0.0/17"]},
       dxGatewayId="${exchange.id}", associatedGatewayId="${tgw.id}", allowedPrefixes=["10.0.0.0/16"]),
    _e("exchange-learn", "ec2transitgateway/routeTablePropagation:RouteTablePropagation", transitGatewayRouteTableId="${tgw-table.id}",
       transitGatewayAttachmentId="${exchange-tgw.transitGatewayAttachmentId}"),
    _e("session", "directconnect/transitVirtualInterface:TransitVirtualInterface", {**MORE, "mtu": 1500}, name="x-a", connectionId="${port.id}",
       dxGatewayId="${exchange.id}", addressFamily="ipv4", vlan=100, amazonAddress="169.254.20.1/30", customerAddress="169.254.20.2/30",
       bgpAsn=64800, mtu=8500, sitelinkEnabled=False, tags=TAGS),
    _e("macsec", "directconnect/macsecKeyAssociation:MacsecKeyAssociation", connectionId="${port.id}", ckn="0" * 63 + "A", cak="1" * 63 + "B"),
    _e("balancer", "lb/loadBalancer:LoadBalancer", {**MORE, "enableCrossZoneLoadBalancing": False}, name="x-entry", loadBalancerType="network",
       internal=True, ipAddressType="ipv4", subnets=["${a.id}", "${b.id}"], securityGroups=["${web.id}"], enableDeletionProtection=False,
       enableCrossZoneLoadBalancing=True, enforceSecurityGroupInboundRulesOnPrivateLinkTraffic="on", tags=TAGS),
    _e("targets", "lb/targetGroup:TargetGroup", {**MORE, "deregistrationDelay": 60, "stickiness": {"type": "source_ip", "enabled": False}},
       name="x-trading", vpcId="${vpc.id}", targetType="ip", ipAddressType="ipv4", protocol="TCP", port=8000, preserveClientIp="false",
       proxyProtocolV2=False, connectionTermination=True, deregistrationDelay=30, stickiness={"type": "source_ip", "enabled": True},
       healthCheck={"enabled": True, "protocol": "TCP", "port": "8000", "interval": 5, "timeout": 3, "healthyThreshold": 2,
                    "unhealthyThreshold": 2}, tags=TAGS),
    _e("listener", "lb/listener:Listener", MORE, loadBalancerArn="${balancer.arn}", protocol="TCP", port=443,
       defaultActions=[{"type": "forward", "targetGroupArn": "${targets.arn}"}], tags=TAGS),
    _e("accelerator", "globalaccelerator/accelerator:Accelerator", {**MORE, "enabled": False}, name="x-anycast", ipAddressType="IPV4", enabled=True,
       attributes={"flowLogsEnabled": False}, tags=TAGS),
    _e("ports", "globalaccelerator/listener:Listener", {"clientAffinity": "NONE"}, acceleratorArn="${accelerator.arn}", protocol="TCP",
       clientAffinity="SOURCE_IP", portRanges=[{"fromPort": 443, "toPort": 443}, {"fromPort": 8443, "toPort": 8443}]),
    _e("endpoints", "globalaccelerator/endpointGroup:EndpointGroup", {"trafficDialPercentage": 25}, listenerArn="${ports.arn}",
       endpointGroupRegion=REGION, trafficDialPercentage=100, healthCheckProtocol="TCP", healthCheckPort=443, healthCheckIntervalSeconds=10,
       thresholdCount=1, endpointConfigurations=[{"endpointId": "${balancer.arn}", "weight": 128, "clientIpPreservationEnabled": True}]),
    _e("zone", "route53/zone:Zone", {**MORE, "comment": "changed"}, name="prod.nautilus.example", comment="names", forceDestroy=False, tags=TAGS),
    _e("soa", "route53/record:Record", {"ttl": 30}, zoneId="${zone.zoneId}", name="prod.nautilus.example", type="SOA", ttl=10, allowOverwrite=True,
       records=["ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 10"]),
    _e("signing", "kms/key:Key", description="signing", policy=signing_policy(), customerMasterKeySpec="ECC_NIST_P256", keyUsage="SIGN_VERIFY",
       deletionWindowInDays=30, multiRegion=False, region="us-east-1", tags=TAGS),
    _e("signer", "route53/keySigningKey:KeySigningKey", {"status": "INACTIVE"}, hostedZoneId="${zone.zoneId}",
       keyManagementServiceArn="${signing.arn}", name="nautilus", status="ACTIVE"),
    _e("signature", "route53/hostedZoneDnsSec:HostedZoneDnsSec", {"signingStatus": "NOT_SIGNING"}, hostedZoneId="${signer.hostedZoneId}",
       signingStatus="SIGNING"),
    _e("queries", "cloudwatch/logGroup:LogGroup", name="/aws/route53/prod.nautilus.example", retentionInDays=400, region="us-east-1"),
    _e("queries-policy", "cloudwatch/logResourcePolicy:LogResourcePolicy", policyName="x-queries", region="us-east-1",
       policyDocument=queries_policy()),
    _e("query-log", "route53/queryLog:QueryLog", zoneId="${zone.zoneId}", cloudwatchLogGroupArn="${queries.arn}"),
    _e("check", "route53/healthCheck:HealthCheck", {**MORE, "failureThreshold": 2}, type="TCP", ipAddress="75.2.3.4", port=443, requestInterval=10,
       failureThreshold=1, measureLatency=True, regions=["eu-west-1", "us-east-1", "us-west-2"], tags=TAGS),
    _e("answer", "route53/record:Record", {"weightedRoutingPolicies": [{"weight": 75}]}, zoneId="${zone.zoneId}",
       name="active.trading-eu.prod.nautilus.example", type="A", setIdentifier="eu-aws", healthCheckId="${check.id}",
       aliases=[{"name": "${accelerator.dnsName}", "zoneId": "${accelerator.hostedZoneId}", "evaluateTargetHealth": False}],
       weightedRoutingPolicies=[{"weight": 100}]),
    _e("first", "route53/record:Record", zoneId="${zone.zoneId}", name="trading-eu.prod.nautilus.example", type="A", setIdentifier="active",
       aliases=[{"name": "active.trading-eu.prod.nautilus.example", "zoneId": "${zone.zoneId}", "evaluateTargetHealth": True}],
       failoverRoutingPolicies=[{"type": "PRIMARY"}]),
    _e("second", "route53/record:Record", {"ttl": 30}, zoneId="${zone.zoneId}", name="trading-eu.prod.nautilus.example", type="A",
       setIdentifier="eu-gcp", ttl=10, records=["34.1.2.3"], healthCheckId="${check.id}", failoverRoutingPolicies=[{"type": "SECONDARY"}]),
    _e("fast", "route53/record:Record", zoneId="${zone.zoneId}", name="risk-eu.prod.nautilus.example", type="A", setIdentifier="eu-gcp", ttl=10,
       records=["34.1.2.3"], healthCheckId="${check.id}", latencyRoutingPolicies=[{"region": "eu-west-1"}]),
    _e("near", "route53/record:Record", zoneId="${zone.zoneId}", name="client-eu.prod.nautilus.example", type="A", setIdentifier="eu-gcp", ttl=10,
       records=["34.1.2.3"], healthCheckId="${check.id}",
       geoproximityRoutingPolicy={"coordinates": [{"latitude": "50.45", "longitude": "3.82"}]}),
    _e("home", "route53/record:Record", zoneId="${zone.zoneId}", name="report-eu.prod.nautilus.example", type="A", setIdentifier="de", ttl=10,
       records=["34.1.2.3"], healthCheckId="${check.id}", geolocationRoutingPolicies=[{"country": "DE"}]),
    _e("halted", "route53/record:Record", zoneId="${zone.zoneId}", name="trading-in.prod.nautilus.example", type="TXT", ttl=10, records=["halted"]),
    _e("topic", "sns/topic:Topic", {**MORE, "displayName": "changed"}, name="x-triggers", displayName="Triggers", kmsMasterKeyId="${key.arn}", tags=TAGS),
    _e("topic-policy", "sns/topicPolicy:TopicPolicy", arn="${topic.arn}", policy=allow("sns:Publish", Principal={"Service": "cloudwatch.amazonaws.com"})),
    _e("alarm", "cloudwatch/metricAlarm:MetricAlarm", {**MORE, "threshold": 10}, name="x-errors", alarmDescription="errors",
       comparisonOperator="GreaterThanThreshold", threshold=5, evaluationPeriods=3, datapointsToAlarm=3, treatMissingData="notBreaching",
       actionsEnabled=True, alarmActions=["${topic.arn}"], okActions=["${topic.arn}"],
       metricQueries=[{"id": "resets", "returnData": False, "metric": {"namespace": "AWS/NetworkELB", "metricName": "TCP_Target_Reset_Count",
                       "period": 60, "stat": "Sum", "dimensions": {"LoadBalancer": "${balancer.arnSuffix}"}}},
                      {"id": "errors", "expression": "100 * resets", "label": "errors %", "returnData": True}], tags=TAGS),
    _e("maintenance", "cloudwatch/eventRule:EventRule", {**MORE, "description": "changed"}, name="x-maintenance", description="maintenance",
       eventPattern='{"source":["aws.health"]}', state="ENABLED", tags=TAGS),
    _e("told", "cloudwatch/eventTarget:EventTarget", rule="${maintenance.name}", targetId="topic", arn="${topic.arn}"),
)  # fmt: skip
BY_NAME = {example.name: example for example in EXAMPLES}


class World:
    """The resources made so far, and the core's part: seeds, prior outputs, and what is there of a type."""

    def __init__(self, target: handler.Target = TARGET) -> None:
        self.target = target
        self.made: dict[str, tuple[Example, handler.Request, handler.Result]] = {}

    def resolve(self, value: Any) -> Any:
        if isinstance(value, str):
            if match := re.fullmatch(r"\$\{([\w-]+)\.(\w+)\}", value):
                result = self.made[match[1]][2]
                return result.id if match[2] == "id" else result.outputs[match[2]]
            return value
        if isinstance(value, dict):
            return {key: self.resolve(item) for key, item in value.items()}
        return [self.resolve(item) for item in value] if isinstance(value, list) else value

    def request(self, example: Example, change: Mapping[str, Any] | None = None, **more: Any) -> handler.Request:
        inputs = {key: value for key, value in {**example.inputs, **(change or {})}.items() if value is not None}
        return handler.Request(
            urn=f"urn:pulumi:prod-emea::nautilus::{example.type}::{example.name}",
            type=example.type,
            name=example.name,
            inputs=self.resolve(inputs),
            target=self.target,
            preview=False,
            among=lambda kind: [
                {**item[2].outputs, "id": item[2].id} for item in self.made.values() if item[0].type == kind
            ],
            **more,
        )

    def create(self, name: str, /, **change: Any) -> handler.Result:
        example = BY_NAME[name]
        request = self.request(example, change)
        result = verb(example.type, "create")(request)
        self.made[name] = (example, request, result)
        return result

    def upto(self, name: str) -> World:
        """Make everything before `name` in the table."""
        for example in EXAMPLES[: [item.name for item in EXAMPLES].index(name)]:
            if example.name not in self.made:
                self.create(example.name)
        return self

    def problems(self, name: str, /, **change: Any) -> list[handler.Problem]:
        request = self.request(BY_NAME[name], change)
        return list(verb(request.type, "refuse")(replace(request, preview=True)))

    def again(self, name: str) -> handler.Request:
        """The request of a read, update or delete of something made."""
        _, request, result = self.made[name]
        return replace(request, id=result.id, prior=result.outputs)

    def rows(self) -> list[handler.Row]:
        """The ledger's rows, as the core would hand them over at a start."""
        return [
            handler.Row(
                sequence=number, stack="prod-emea", urn=request.urn, id=result.id, type=request.type, package="aws",
                target=handler.Target(cloud="aws", account=request.target.account, region=request.target.region),
                fidelity=HANDLERS[request.type].fidelity, seed=request.seed, inputs=request.inputs, outputs=result.outputs,
            )
            for number, (_, request, result) in enumerate(self.made.values())
        ]  # fmt: skip


def verb(kind: str, name: str) -> Any:
    found = getattr(HANDLERS[kind], name)
    assert found is not None
    return found


def fresh() -> None:
    """An emulator as in a new process."""
    emulator.reset()
    row.forget()
