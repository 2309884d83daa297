"""The EKS cluster of one placement (CLU-4, KEY-1, SEC-1, KEY-009, AUD-006).

Guarantees a control plane that answers inside the network only, secrets enveloped under the placement's key, all five
control-plane logs kept under the logs' key, access by access entries alone, and add-ons and nodes in the order in which
they need each other. It puts nothing into Kubernetes and registers no storage class: the platform's components do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import pulumi
import pulumi_aws as aws

from components import labels as spelling
from components.cluster.args import ClusterArgs
from components.cluster.aws_add_ons import AddOn, AddOns
from components.cluster.aws_pools import Pools
from components.cluster.aws_roles import GuardedRole, Roles
from components.keys.aws import AwsKeys
from components.network.aws import AwsNetwork
from components.network.aws_log_group import log_group
from components.provider import aws_names as names

LOG_TYPES: Final = ("api", "audit", "authenticator", "controllerManager", "scheduler")

_HTTPS: Final = 443


class AwsCluster(pulumi.ComponentResource):
    """The cluster, with what others need as typed attributes.

    `cluster_id` is its ARN, `security_group_id` the group EKS makes and puts on control plane, nodes and pods;
    `api_security_group_id` is on the control plane only, for callers from elsewhere. `addon_versions` pins add-ons; what
    it leaves out takes EKS's default. `network` and `keys` are waited for as a whole.
    """

    cluster_name: pulumi.Output[str]
    cluster_id: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    certificate_authority: pulumi.Output[str]
    issuer: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    api_security_group_id: pulumi.Output[str]
    node_role_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    node_group_arns: Mapping[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        args: ClusterArgs,
        network: AwsNetwork,
        keys: AwsKeys,
        opts: pulumi.ResourceOptions | None = None,
        *,
        addon_versions: Mapping[AddOn, str] | None = None,
    ) -> None:
        super().__init__("nautilus:cluster:AwsCluster", name, None, opts)
        self._name = name
        self._args = args
        self._tags = spelling.for_aws(args.labels)
        roles = Roles(cluster=name, args=args, tags=self._tags, parent=self)
        logs = log_group(
            f"{name}-control-plane-logs",
            path=f"/aws/eks/{name}/cluster",
            key=args.log_key,
            wanted_days=args.log_retention_days,
            tags=self._tags,
            protected=args.deletion_protection,
            parent=self,
        )
        api = self._api_security_group(network)
        cluster = self._control_plane(network, keys, roles.control_plane(), logs, api)
        self._access(cluster)
        self.security_group_id = cluster.vpc_config.apply(lambda vpc: str(vpc.cluster_security_group_id))

        add_ons = AddOns(name=name, cluster=cluster, versions=addon_versions or {}, tags=self._tags, parent=self)
        worn = (self.security_group_id, network.app_security_group_id)
        early = add_ons.before_nodes(network, roles.network_add_on(), worn)
        nodes = roles.nodes()
        pools = Pools(
            name=name,
            args=args,
            cluster=cluster,
            role_arn=nodes.role.arn,
            subnet_ids=network.private_subnet_ids,
            edge_subnet_ids=network.edge_subnet_ids,
            security_group_ids=worn,
            tags=self._tags,
            # Without the way out, the endpoints and its pods' network a node never becomes ready.
            before=(network, *nodes.guards, *early),
            parent=self,
        ).make()
        add_ons.after_nodes(roles.storage_add_on(), list(pools.values()))

        self.cluster_name = cluster.name
        self.cluster_id = cluster.arn
        self.endpoint = cluster.endpoint
        self.certificate_authority = cluster.certificate_authority.apply(lambda authority: str(authority.data))
        self.issuer = cluster.identities.apply(_issuer)
        self.api_security_group_id = api.id
        self.node_role_arn = nodes.role.arn
        self.log_group_arn = logs.arn
        self.node_group_arns = MappingProxyType({group_id: group.arn for group_id, group in pools.items()})
        self.register_outputs({"cluster_name": self.cluster_name, "endpoint": self.endpoint})

    def _control_plane(
        self,
        network: AwsNetwork,
        keys: AwsKeys,
        role: GuardedRole,
        logs: aws.cloudwatch.LogGroup,
        api: aws.ec2.SecurityGroup,
    ) -> aws.eks.Cluster:
        args = self._args
        return aws.eks.Cluster(
            f"{self._name}-control-plane",
            name=self._name,
            version=args.kubernetes_version,
            role_arn=role.role.arn,
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                subnet_ids=[network.private_subnet_ids[zone] for zone in args.zones],
                security_group_ids=[api.id],
                endpoint_private_access=True,
                endpoint_public_access=False,
            ),
            encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=args.secrets_key), resources=["secrets"]
            ),
            enabled_cluster_log_types=list(LOG_TYPES),
            access_config=aws.eks.ClusterAccessConfigArgs(
                authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
            ),
            # Add-ons are declared one by one: what EKS installs unasked is neither in the plan nor in the state.
            bootstrap_self_managed_addons=False,
            kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                ip_family="ipv4", service_ipv4_cidr=args.services
            ),
            # Standard support only: extended support costs six times as much and hides a missed upgrade.
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            zonal_shift_config=aws.eks.ClusterZonalShiftConfigArgs(enabled=True),
            deletion_protection=args.deletion_protection,
            tags={**self._tags, "Name": self._name},
            # The log group comes first, or EKS makes its own: without the key, and kept for ever.
            opts=pulumi.ResourceOptions(
                parent=self, protect=args.deletion_protection, depends_on=[*role.guards, logs, keys]
            ),
        )

    def _api_security_group(self, network: AwsNetwork) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            f"{self._name}-api",
            name=f"{self._name}-api",
            description="Kubernetes API: 443 from the application tier",
            vpc_id=network.network_id,
            tags={**self._tags, "Name": f"{self._name}-api"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-api-in-app",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=_HTTPS,
            to_port=_HTTPS,
            referenced_security_group_id=network.app_security_group_id,
            tags={**self._tags, "Name": f"{self._name}-api-in-app"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        return group

    def _access(self, cluster: aws.eks.Cluster) -> None:
        """Let the deployer administer and the administrators look: who holds the keys does not hold the cluster."""
        for role, principal, policy in (
            ("deployer", self._args.account.deployer, "AmazonEKSClusterAdminPolicy"),
            ("administrators", self._args.account.administrators, "AmazonEKSViewPolicy"),
        ):
            entry = aws.eks.AccessEntry(
                f"{self._name}-access-{role}",
                cluster_name=cluster.name,
                principal_arn=principal,
                type="STANDARD",
                tags={**self._tags, "Name": f"{self._name}-{role}"},
                opts=pulumi.ResourceOptions(parent=self),
            )
            aws.eks.AccessPolicyAssociation(
                f"{self._name}-access-{role}-policy",
                cluster_name=cluster.name,
                principal_arn=entry.principal_arn,
                policy_arn=names.access_policy(self._args.location, policy),
                access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                opts=pulumi.ResourceOptions(parent=self),
            )


def _issuer(identities: Sequence[aws.eks.outputs.ClusterIdentity]) -> str:
    """Give the issuer of the cluster's service account tokens, empty as long as EKS has not named it."""
    return next((oidc.issuer or "" for identity in identities for oidc in identity.oidcs or ()), "")
