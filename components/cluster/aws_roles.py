"""The IAM roles of an EKS cluster (SEC-1).

Guarantees one role a job with the policies that job needs: the control plane's, the nodes', and one for each add-on that
calls AWS, taken through pod identity by its own service account alone. No role can be taken by another account's
resources, and no key is handed to anyone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.cluster.args import ClusterArgs
from components.provider import aws_names as names
from components.provider.aws_policy import Conditions, allow, document_output, trust

SYSTEM_NAMESPACE = "kube-system"


@dataclass(frozen=True, kw_only=True)
class GuardedRole:
    """A role and what must be attached before it is of use; depend on `guards`."""

    role: aws.iam.Role
    guards: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The roles of one cluster, made for `cluster` (its name) by `parent`."""

    cluster: str
    args: ClusterArgs
    tags: Mapping[str, str]
    parent: pulumi.Resource

    def control_plane(self) -> GuardedRole:
        """Give the role that EKS takes to run this cluster."""
        return self._role(
            "control-plane",
            f"Control plane of {self.cluster}",
            trust(names.principal("eks"), conditions=self._of_this_cluster()),
            ("AmazonEKSClusterPolicy",),
        )

    def nodes(self) -> GuardedRole:
        """Give the role of the nodes: join, pull images, be reached by session; no network interfaces, no volumes."""
        return self._role(
            "nodes",
            f"Nodes of {self.cluster}",
            trust(names.principal("ec2")),
            ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"),
        )

    def network_add_on(self) -> GuardedRole:
        """Give the role of the VPC CNI."""
        return self._pod_role("vpc-cni", "aws-node", ("AmazonEKS_CNI_Policy",))

    def storage_add_on(self) -> GuardedRole:
        """Give the role of the EBS driver, which may also use the volumes' key, for volumes of EC2 only."""
        made = self._pod_role("ebs-csi", "ebs-csi-controller-sa", ("service-role/AmazonEBSCSIDriverPolicy",))
        through = {"kms:ViaService": names.via_service(self.args.location, "ec2")}
        grants = {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}}
        key = aws.iam.RolePolicy(
            f"{self.cluster}-ebs-csi-key",
            name="volumes-key",
            role=made.role.name,
            policy=document_output(
                allow(
                    "Use",
                    (
                        *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext"),
                        *("kms:ReEncryptFrom", "kms:ReEncryptTo"),
                    ),
                    resources=(self.args.volumes_key,),
                    conditions={"StringEquals": through},
                ),
                allow("Grant", ("kms:CreateGrant",), resources=(self.args.volumes_key,), conditions=grants),
            ),
            opts=pulumi.ResourceOptions(parent=self.parent),
        )
        return GuardedRole(role=made.role, guards=(*made.guards, key))

    def _of_this_cluster(self) -> Conditions:
        cluster = names.arn(self.args.location, self.args.account, "eks", f"cluster/{self.cluster}")
        return {
            "StringEquals": {"aws:SourceAccount": self.args.account.id},
            "ArnEquals": {"aws:SourceArn": cluster},
        }

    def _pod_role(self, role: str, service_account: str, policies: Sequence[str]) -> GuardedRole:
        of_this_cluster = self._of_this_cluster()
        conditions = {
            **of_this_cluster,
            "StringEquals": {
                **of_this_cluster["StringEquals"],
                "aws:RequestTag/kubernetes-namespace": SYSTEM_NAMESPACE,
                "aws:RequestTag/kubernetes-service-account": service_account,
            },
        }
        # Pod identity passes the pod's namespace and service account as session tags; hence TagSession.
        may_take = trust(names.principal("pods.eks"), ("sts:AssumeRole", "sts:TagSession"), conditions)
        return self._role(role, f"Add-on {role} of {self.cluster}", may_take, policies)

    def _role(self, role: str, description: str, may_take: str, policies: Sequence[str]) -> GuardedRole:
        made = aws.iam.Role(
            f"{self.cluster}-{role}-role",
            name=f"{self.cluster}-{role}",
            description=description,
            assume_role_policy=may_take,
            max_session_duration=3600,
            tags={**self.tags, "Name": f"{self.cluster}-{role}"},
            opts=pulumi.ResourceOptions(parent=self.parent),
        )
        attached = tuple(
            aws.iam.RolePolicyAttachment(
                f"{self.cluster}-{role}-{policy.rpartition('/')[2]}",
                role=made.name,
                policy_arn=names.managed_policy(self.args.location, policy),
                opts=pulumi.ResourceOptions(parent=self.parent),
            )
            for policy in policies
        )
        return GuardedRole(role=made, guards=attached)
