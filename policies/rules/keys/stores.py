"""Which types keep data, and where each names the key that encrypts it: the table that the KEY rules read.

Guarantees one row a type. A type that keeps data only in another's name (an agent pool's disks are its cluster's) has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policies.kit.location import Place, follow, locate, place_of
from policies.kit.props import Props
from policies.kit.resource import Resource, Stack

KEY_TYPES: Final = frozenset(
    {
        "aws:kms/externalKey:ExternalKey",
        "aws:kms/key:Key",
        "aws:kms/replicaExternalKey:ReplicaExternalKey",
        "aws:kms/replicaKey:ReplicaKey",
        "azure-native:compute:DiskEncryptionSet",
        "azure-native:keyvault:Key",
        "gcp:kms/cryptoKey:CryptoKey",
    }
)
"""What a key reference may lead to."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """One type's key: `path` is where the key is named, under each element of `each` where there is a list of them.

    `on` is a switch that has to be true beside the key, `equals` a value that has to stand there; `unless` a switch that,
    when true, means that the type keeps nothing by this path. `inline` is false where another resource may hold the path,
    `optional` true where there need be no element at all.
    """

    path: str
    each: str | None = None
    on: str | None = None
    equals: tuple[str, str] | None = None
    unless: str | None = None
    inline: bool = True
    optional: bool = False

    @property
    def top(self) -> str:
        """The top-level property, by which the stack knows what the key was computed from."""
        return (self.each or self.path).split(".", 1)[0]

    def required(self, resource: Resource) -> bool:
        """Give whether the key has to stand in this resource's own inputs. Raises Undecided if that is unknown."""
        if self.optional and not resource.props.present(self.top):
            return False
        return self.inline and not (self.unless is not None and resource.props.flag(self.unless))

    def parts(self, resource: Resource) -> Iterator[Props]:
        """Give the properties under which the key is named, one element at a time. Raises Undecided if unknown."""
        if self.each is None:
            yield resource.props
        else:
            yield from resource.props.each(self.each)


STORES: Final[Mapping[str, tuple[Store, ...]]] = {
    "aws:backup/vault:Vault": (Store(path="kmsKeyArn"),),
    "aws:cloudwatch/logGroup:LogGroup": (Store(path="kmsKeyId"),),
    "aws:ebs/volume:Volume": (Store(path="kmsKeyId", on="encrypted"),),
    "aws:ec2/launchTemplate:LaunchTemplate": (Store(path="ebs.kmsKeyId", each="blockDeviceMappings", on="ebs.encrypted"),),
    "aws:eks/cluster:Cluster": (Store(path="encryptionConfig.provider.keyArn"),),
    "aws:s3/bucket:Bucket": (
        Store(
            path="serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault.kmsMasterKeyId",
            inline=False,
        ),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        Store(
            path="applyServerSideEncryptionByDefault.kmsMasterKeyId",
            each="rules",
            equals=("applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms"),
        ),
    ),
    "aws:sns/topic:Topic": (Store(path="kmsMasterKeyId"),),
    "gcp:compute/disk:Disk": (Store(path="diskEncryptionKey.kmsKeySelfLink"),),
    "gcp:compute/regionDisk:RegionDisk": (Store(path="diskEncryptionKey.kmsKeyName"),),
    "gcp:container/cluster:Cluster": (
        Store(path="databaseEncryption.keyName", equals=("databaseEncryption.state", "ENCRYPTED")),
        Store(path="nodeConfig.bootDiskKmsKey", unless="removeDefaultNodePool"),
        Store(path="nodeConfig.bootDiskKmsKey", each="nodePools", optional=True),
    ),
    "gcp:container/nodePool:NodePool": (Store(path="nodeConfig.bootDiskKmsKey"),),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": (Store(path="cmekSettings.kmsKeyName"),),
    "gcp:pubsub/topic:Topic": (Store(path="kmsKeyName"),),
    "gcp:storage/bucket:Bucket": (Store(path="encryption.defaultKmsKeyName"),),
    "azure-native:compute:Disk": (Store(path="encryption.diskEncryptionSetId"),),
    "azure-native:compute:DiskEncryptionSet": (Store(path="activeKey.keyUrl"),),
    "azure-native:containerservice:ManagedCluster": (
        Store(path="securityProfile.azureKeyVaultKms.keyId", on="securityProfile.azureKeyVaultKms.enabled"),
        Store(path="diskEncryptionSetID"),
    ),
    "azure-native:operationalinsights:Workspace": (Store(path="features.clusterResourceId"),),
    "azure-native:storage:StorageAccount": (
        Store(path="encryption.keyVaultProperties.keyName", equals=("encryption.keySource", "Microsoft.Keyvault")),
    ),
}
"""Type to its keys."""

_VAULT: Final = "azure-native:keyvault:Vault"


def keys_of(resource: Resource, stack: Stack, store: Store) -> tuple[Resource, ...]:
    """Give the key resources that a store's key reference was computed from, as far as this stack holds them."""
    return tuple(found for found in stack.sources(resource, store.top) if found.type in KEY_TYPES)


def place_of_key(resource: Resource, stack: Stack, store: Store, text: str | None) -> Place | None:
    """Give where the key lies that a store names: what it was computed from, what its text says, or its vault."""
    for key in keys_of(resource, stack, store):
        if (place := locate(key, stack)) is not None:
            return place
    if text is None:
        return None
    if text.startswith("https://") and ".vault." in text:
        holder = stack.ids.get((_VAULT, text.removeprefix("https://").split(".", 1)[0].lower()))
        return locate(holder, stack) if holder is not None else None
    if "." not in store.path and store.each is None and (place := follow(resource, stack, store.top)) is not None:
        return place
    named = next((found for kind in KEY_TYPES if (found := stack.ids.get((kind, text.lower()))) is not None), None)
    return locate(named, stack) if named is not None else place_of(text, "gcp:kms/")
