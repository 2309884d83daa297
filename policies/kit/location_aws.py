"""AWS: a regional resource lies where its `region` says, else where its provider does."""

from __future__ import annotations

from typing import Final

from policies.kit.location_entry import Entry, How

PACKAGE: Final = "aws"

TABLE: Final[tuple[tuple[str, Entry], ...]] = (
    (
        """
    backup/plan:Plan backup/selection:Selection backup/vault:Vault backup/vaultLockConfiguration:VaultLockConfiguration
    cloudwatch/eventRule:EventRule cloudwatch/eventTarget:EventTarget
    cloudwatch/logResourcePolicy:LogResourcePolicy cloudwatch/metricAlarm:MetricAlarm
    cloudwatch/logGroup:LogGroup cloudwatch/logDestination:LogDestination
    cloudwatch/logSubscriptionFilter:LogSubscriptionFilter cloudwatch/metricStream:MetricStream
    ebs/encryptionByDefault:EncryptionByDefault ebs/defaultKmsKey:DefaultKmsKey ebs/volume:Volume
    ec2/availabilityZoneGroup:AvailabilityZoneGroup ec2/defaultNetworkAcl:DefaultNetworkAcl
    ec2/defaultRouteTable:DefaultRouteTable
    ec2/defaultSecurityGroup:DefaultSecurityGroup ec2/eip:Eip ec2/flowLog:FlowLog
    ec2/internetGateway:InternetGateway ec2/launchTemplate:LaunchTemplate ec2/natGateway:NatGateway
    ec2/networkAcl:NetworkAcl ec2/networkAclAssociation:NetworkAclAssociation ec2/networkAclRule:NetworkAclRule
    ec2/placementGroup:PlacementGroup ec2/route:Route ec2/routeTable:RouteTable
    ec2/routeTableAssociation:RouteTableAssociation ec2/securityGroup:SecurityGroup
    ec2/securityGroupRule:SecurityGroupRule ec2/vpc:Vpc ec2/vpcDhcpOptions:VpcDhcpOptions
    ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation ec2/vpcEndpoint:VpcEndpoint
    ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation
    directconnect/connection:Connection directconnect/gatewayAssociation:GatewayAssociation
    directconnect/macsecKeyAssociation:MacsecKeyAssociation
    directconnect/transitVirtualInterface:TransitVirtualInterface
    ec2/customerGateway:CustomerGateway ec2/vpcPeeringConnection:VpcPeeringConnection
    ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter ec2/vpnConnection:VpnConnection
    ec2transitgateway/peeringAttachment:PeeringAttachment
    ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter ec2transitgateway/route:Route
    ec2transitgateway/routeTable:RouteTable ec2transitgateway/routeTableAssociation:RouteTableAssociation
    ec2transitgateway/routeTablePropagation:RouteTablePropagation
    ec2transitgateway/transitGateway:TransitGateway ec2transitgateway/vpcAttachment:VpcAttachment
    eks/accessEntry:AccessEntry eks/accessPolicyAssociation:AccessPolicyAssociation eks/addon:Addon eks/cluster:Cluster
    eks/nodeGroup:NodeGroup eks/podIdentityAssociation:PodIdentityAssociation
    kms/alias:Alias kms/externalKey:ExternalKey kms/grant:Grant kms/key:Key kms/keyPolicy:KeyPolicy
    kms/replicaExternalKey:ReplicaExternalKey kms/replicaKey:ReplicaKey
    lb/listener:Listener lb/loadBalancer:LoadBalancer lb/targetGroup:TargetGroup
    s3/bucket:Bucket s3/bucketLogging:BucketLogging s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration
    s3/bucketPolicy:BucketPolicy s3/bucketPublicAccessBlock:BucketPublicAccessBlock
    s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration
    s3/bucketVersioning:BucketVersioning
    sns/topic:Topic sns/topicPolicy:TopicPolicy
    vpc/securityGroupEgressRule:SecurityGroupEgressRule vpc/securityGroupIngressRule:SecurityGroupIngressRule
    """,
        Entry(how=How.OWN, properties=("region",)),
    ),
    # A Local or Wavelength Zone is not where its region is: us-east-1-bue-1a lies in Argentina.
    ("ec2/subnet:Subnet", Entry(how=How.OWN, properties=("availabilityZone", "availabilityZoneId", "region"))),
    (
        """
    iam/instanceProfile:InstanceProfile iam/openIdConnectProvider:OpenIdConnectProvider iam/policy:Policy iam/role:Role
    iam/rolePolicy:RolePolicy iam/rolePolicyAttachment:RolePolicyAttachment iam/serviceLinkedRole:ServiceLinkedRole
    """,
        Entry(how=How.NOWHERE, reason="IAM is one per account and holds who may do what, no customer data"),
    ),
    (
        "directconnect/gateway:Gateway",
        Entry(
            how=How.NOWHERE,
            reason="a Direct Connect gateway is a table of routes in every region; what it joins has a place of its own",
        ),
    ),
    (
        """
    route53/healthCheck:HealthCheck route53/hostedZoneDnsSec:HostedZoneDnsSec route53/keySigningKey:KeySigningKey
    route53/queryLog:QueryLog route53/record:Record route53/zone:Zone
    """,
        Entry(
            how=How.NOWHERE,
            reason="Route 53 answers everywhere with names and public addresses, which are public by nature, and keeps no "
            "customer data; the log group that takes its query logs has a place of its own",
        ),
    ),
    (
        """
    globalaccelerator/accelerator:Accelerator globalaccelerator/endpointGroup:EndpointGroup
    globalaccelerator/listener:Listener
    """,
        Entry(
            how=How.NOWHERE,
            reason="Global Accelerator passes clients' encrypted packets from Amazon's edge to a region, ends no TLS and "
            "keeps nothing of them; it holds addresses, ports and weights, and what it leads to has a place of its own",
        ),
    ),
    (
        "dynamodb/globalTable:GlobalTable cloudfront/distribution:Distribution",
        Entry(how=How.REFUSED, reason="it copies data to regions of several jurisdictions"),
    ),
)
