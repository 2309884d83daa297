"""AWS: a regional resource lies where its `region` says, else where its provider does."""

from __future__ import annotations

from typing import Final

from policies.kit.location_entry import Entry, How

PACKAGE: Final = "aws"

TABLE: Final[tuple[tuple[str, Entry], ...]] = (
    (
        """
    backup/plan:Plan backup/selection:Selection backup/vault:Vault backup/vaultLockConfiguration:VaultLockConfiguration
    cloudwatch/logGroup:LogGroup cloudwatch/logDestination:LogDestination
    cloudwatch/logSubscriptionFilter:LogSubscriptionFilter cloudwatch/metricStream:MetricStream
    ebs/encryptionByDefault:EncryptionByDefault ebs/defaultKmsKey:DefaultKmsKey ebs/volume:Volume
    ec2/defaultNetworkAcl:DefaultNetworkAcl ec2/defaultRouteTable:DefaultRouteTable
    ec2/defaultSecurityGroup:DefaultSecurityGroup ec2/eip:Eip ec2/flowLog:FlowLog
    ec2/internetGateway:InternetGateway ec2/launchTemplate:LaunchTemplate ec2/natGateway:NatGateway
    ec2/networkAcl:NetworkAcl ec2/networkAclAssociation:NetworkAclAssociation ec2/networkAclRule:NetworkAclRule
    ec2/placementGroup:PlacementGroup ec2/route:Route ec2/routeTable:RouteTable
    ec2/routeTableAssociation:RouteTableAssociation ec2/securityGroup:SecurityGroup
    ec2/securityGroupRule:SecurityGroupRule ec2/subnet:Subnet ec2/vpc:Vpc ec2/vpcDhcpOptions:VpcDhcpOptions
    ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation ec2/vpcEndpoint:VpcEndpoint
    ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation
    eks/accessEntry:AccessEntry eks/accessPolicyAssociation:AccessPolicyAssociation eks/addon:Addon eks/cluster:Cluster
    eks/nodeGroup:NodeGroup eks/podIdentityAssociation:PodIdentityAssociation
    kms/alias:Alias kms/externalKey:ExternalKey kms/grant:Grant kms/key:Key kms/keyPolicy:KeyPolicy
    kms/replicaExternalKey:ReplicaExternalKey kms/replicaKey:ReplicaKey
    s3/bucket:Bucket s3/bucketLogging:BucketLogging s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration
    s3/bucketPolicy:BucketPolicy s3/bucketPublicAccessBlock:BucketPublicAccessBlock
    s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
    s3/bucketVersioning:BucketVersioning
    vpc/securityGroupEgressRule:SecurityGroupEgressRule vpc/securityGroupIngressRule:SecurityGroupIngressRule
    """,
        Entry(how=How.OWN, properties=("region",)),
    ),
    (
        """
    iam/instanceProfile:InstanceProfile iam/openIdConnectProvider:OpenIdConnectProvider iam/policy:Policy iam/role:Role
    iam/rolePolicy:RolePolicy iam/rolePolicyAttachment:RolePolicyAttachment iam/serviceLinkedRole:ServiceLinkedRole
    """,
        Entry(how=How.NOWHERE, reason="IAM is one per account and holds who may do what, no customer data"),
    ),
    (
        "dynamodb/globalTable:GlobalTable cloudfront/distribution:Distribution",
        Entry(how=How.REFUSED, reason="it copies data to regions of several jurisdictions"),
    ),
)
