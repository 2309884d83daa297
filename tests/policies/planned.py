"""Lawful resources as data; each test changes one thing. Frankfurt on AWS, Belgium on GCP, London on Azure."""

from __future__ import annotations

import json
from typing import Any, Final

from policies.kit.law import law
from tests.policies.analyzer import UNKNOWN, Planned

ACCOUNT: Final = "100000000002"
US_ACCOUNT: Final = "100000000001"
PROJECT: Final = "nautilus-prod-eu"
TAGS: Final = {"nautilus:jurisdiction": "eu", "nautilus:data-class": "pii"}
LABELS: Final = {"nautilus-jurisdiction": "eu", "nautilus-data-class": "pii"}
UK_TAGS: Final = {"nautilus-jurisdiction": "uk", "nautilus-data-class": "pii"}


def catalogue_account(jurisdiction: str, cloud: str, environment: str = "prod") -> Any:
    """Give the account as the shipped catalogue has it."""
    return next(
        account
        for name, known in law().catalogue.environments.items()
        for key, accounts in known.accounts.items()
        for where, account in accounts.items()
        if (str(name), key, str(where)) == (environment, jurisdiction, cloud)
    )


def policy(*principals: Any) -> str:
    """Give a key policy that names each principal in a statement of its own."""
    statements = [{"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"} for who in principals]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


AWS: Final = Planned(
    type="pulumi:providers:aws",
    name="frankfurt",
    props={"region": "eu-central-1", "allowedAccountIds": json.dumps([ACCOUNT])},
)
US_AWS: Final = Planned(
    type="pulumi:providers:aws",
    name="virginia",
    props={"region": "us-east-1", "allowedAccountIds": json.dumps([US_ACCOUNT])},
)
GCP: Final = Planned(type="pulumi:providers:gcp", name="belgium", props={"region": "europe-west1", "project": PROJECT})
_UK: Final = catalogue_account("uk", "azure")
AZURE: Final = Planned(
    type="pulumi:providers:azure-native",
    name="london",
    props={"location": "uksouth", "subscriptionId": _UK.id, "tenantId": _UK.tenant},
)

VPC: Final = Planned(type="aws:ec2/vpc:Vpc", name="vpc", provider=AWS, props={"cidrBlock": "10.0.0.0/16", "tags": TAGS})
KEY: Final = Planned(
    type="aws:kms/key:Key",
    name="key",
    provider=AWS,
    props={
        "multiRegion": False,
        "enableKeyRotation": True,
        "rotationPeriodInDays": 365,
        "deletionWindowInDays": 30,
        "policy": policy({"AWS": f"arn:aws:iam::{ACCOUNT}:role/admin"}, {"Service": "logs.eu-central-1.amazonaws.com"}),
        "tags": TAGS,
    },
)
LOG_GROUP: Final = Planned(
    type="aws:cloudwatch/logGroup:LogGroup",
    name="logs",
    provider=AWS,
    props={"name": "/logs", "kmsKeyId": UNKNOWN, "tags": TAGS},
    sources={"kmsKeyId": (KEY.urn,)},
)
FLOW_LOG: Final = Planned(
    type="aws:ec2/flowLog:FlowLog",
    name="flow",
    provider=AWS,
    props={"logDestination": UNKNOWN, "tags": TAGS},
    sources={"logDestination": (LOG_GROUP.urn,)},
)
EKS: Final = Planned(
    type="aws:eks/cluster:Cluster",
    name="cluster",
    provider=AWS,
    props={"encryptionConfig": {"provider": {"keyArn": UNKNOWN}, "resources": ["secrets"]}, "tags": TAGS},
    sources={"encryptionConfig": (KEY.urn,)},
)
TEMPLATE: Final = Planned(
    type="aws:ec2/launchTemplate:LaunchTemplate",
    name="template",
    provider=AWS,
    props={"blockDeviceMappings": [{"ebs": {"encrypted": "true", "kmsKeyId": UNKNOWN}}], "tags": TAGS},
    sources={"blockDeviceMappings": (KEY.urn,)},
)
AWS_BUCKET: Final = Planned(type="aws:s3/bucket:Bucket", name="bucket", provider=AWS, props={"tags": TAGS})
BUCKET_KEY: Final = Planned(
    type="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    name="bucket-key",
    provider=AWS,
    props={
        "bucket": UNKNOWN,
        "rules": [{"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": UNKNOWN, "sseAlgorithm": "aws:kms"}}],
    },
    sources={"bucket": (AWS_BUCKET.urn,), "rules": (KEY.urn,)},
)

RING: Final = Planned(
    type="gcp:kms/keyRing:KeyRing", name="ring", provider=GCP, props={"location": "europe-west1", "project": PROJECT}
)
CRYPTO_KEY: Final = Planned(
    type="gcp:kms/cryptoKey:CryptoKey",
    name="crypto-key",
    provider=GCP,
    props={
        "keyRing": UNKNOWN,
        "purpose": "ENCRYPT_DECRYPT",
        "rotationPeriod": "31536000s",
        "destroyScheduledDuration": "2592000s",
        "versionTemplate": {"protectionLevel": "HSM", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
        "labels": LABELS,
    },
    sources={"keyRing": (RING.urn,)},
)
GRANT: Final = Planned(
    type="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    name="grant",
    provider=GCP,
    props={"cryptoKeyId": UNKNOWN, "member": f"serviceAccount:service-{ACCOUNT}@compute-system.iam.gserviceaccount.com"},
    sources={"cryptoKeyId": (CRYPTO_KEY.urn,)},
)
GKE: Final = Planned(
    type="gcp:container/cluster:Cluster",
    name="gke",
    provider=GCP,
    props={
        "location": "europe-west1",
        "removeDefaultNodePool": True,
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": UNKNOWN},
        "resourceLabels": LABELS,
    },
    sources={"databaseEncryption": (CRYPTO_KEY.urn,)},
)
GCP_BUCKET: Final = Planned(
    type="gcp:storage/bucket:Bucket",
    name="gcp-bucket",
    provider=GCP,
    props={"location": "EUROPE-WEST1", "encryption": {"defaultKmsKeyName": UNKNOWN}, "labels": LABELS},
    sources={"encryption": (CRYPTO_KEY.urn,)},
)
SINK: Final = Planned(
    type="gcp:logging/projectSink:ProjectSink",
    name="sink",
    provider=GCP,
    props={"destination": f"logging.googleapis.com/projects/{PROJECT}/locations/europe-west1/buckets/logs"},
)

GROUP: Final = Planned(
    type="azure-native:resources:ResourceGroup",
    name="group",
    provider=AZURE,
    props={"resourceGroupName": "rg", "location": "uksouth", "tags": UK_TAGS},
)
VAULT: Final = Planned(
    type="azure-native:keyvault:Vault",
    name="vault",
    provider=AZURE,
    props={
        "resourceGroupName": "rg",
        "location": "UK South",
        "properties": {
            "tenantId": _UK.tenant,
            "sku": {"family": "A", "name": "premium"},
            "enablePurgeProtection": True,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
        },
        "tags": UK_TAGS,
    },
    sources={"resourceGroupName": (GROUP.urn,)},
)
AZURE_KEY: Final = Planned(
    type="azure-native:keyvault:Key",
    name="azure-key",
    provider=AZURE,
    props={
        "vaultName": UNKNOWN,
        "resourceGroupName": "rg",
        "properties": {
            "kty": "RSA-HSM",
            "rotationPolicy": {"lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P365D"}}]},
        },
        "tags": UK_TAGS,
    },
    sources={"vaultName": (VAULT.urn,), "resourceGroupName": (GROUP.urn,)},
)
IDENTITY: Final = Planned(
    type="azure-native:managedidentity:UserAssignedIdentity",
    name="identity",
    provider=AZURE,
    props={"resourceGroupName": "rg", "location": "uksouth", "tags": UK_TAGS},
    sources={"resourceGroupName": (GROUP.urn,)},
)
ASSIGNMENT: Final = Planned(
    type="azure-native:authorization:RoleAssignment",
    name="assignment",
    provider=AZURE,
    props={"principalId": UNKNOWN, "scope": UNKNOWN, "roleDefinitionId": "x"},
    sources={"principalId": (IDENTITY.urn,), "scope": (AZURE_KEY.urn,)},
)
AKS: Final = Planned(
    type="azure-native:containerservice:ManagedCluster",
    name="aks",
    provider=AZURE,
    props={
        "resourceGroupName": "rg",
        "location": "uksouth",
        "securityProfile": {"azureKeyVaultKms": {"enabled": True, "keyId": UNKNOWN}},
        "diskEncryptionSetID": UNKNOWN,
        "tags": UK_TAGS,
    },
    sources={
        "resourceGroupName": (GROUP.urn,),
        "securityProfile": (AZURE_KEY.urn,),
        "diskEncryptionSetID": (AZURE_KEY.urn,),
    },
)

LAWFUL: Final = (
    AWS, GCP, AZURE, VPC, KEY, LOG_GROUP, FLOW_LOG, EKS, TEMPLATE, AWS_BUCKET, BUCKET_KEY, RING, CRYPTO_KEY, GRANT, GKE,
    GCP_BUCKET, SINK, GROUP, VAULT, AZURE_KEY, IDENTITY, ASSIGNMENT, AKS,
)  # fmt: skip
"""A stack of everything above, which every rule lets pass."""
