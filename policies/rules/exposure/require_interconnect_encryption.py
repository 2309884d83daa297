"""NET-008: what joins two placements outside one cloud's own network is encrypted, by strong suites stated in full (NET-4).

Tunnels: IKEv2, AES-256, an elliptic or large group, and no default left to the cloud, whose defaults admit AES-128, SHA-1
and group 2. Leased ports: MACsec, and no way on without it. Peering inside one cloud is encrypted by that cloud between
regions (the route says `provider`), which nothing here can set. A key shorter than its suite asks is refused by the cloud.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Final

from policies.kit.law import Law
from policies.kit.props import Props
from policies.kit.resource import Resource
from policies.kit.rule import Fault, Rule, Severity, control, show

_AES: Final = frozenset({"AES256", "AES256-GCM-16", "AES-CBC-256", "AES-GCM-16-256", "GCMAES256"})
_SHA: Final = frozenset({"SHA2-256", "SHA2-384", "SHA2-512", "SHA256", "SHA384", "GCMAES256"})
_PRF: Final = frozenset({"PRF-HMAC-SHA2-256", "PRF-HMAC-SHA2-384", "PRF-HMAC-SHA2-512"})
_GROUPS: Final = frozenset(map(float, (15, 16, 17, 18, 19, 20, 21, 24)))
_GOOGLE_GROUPS: Final = frozenset({"Group-15", "Group-16", "Group-18", "Group-19", "Group-20", "Group-21"})
_AZURE_GROUPS: Final = frozenset({"ECP256", "ECP384", "DHGroup24", "PFS24"})
_MACSEC: Final = frozenset({"GcmAes256", "GcmAesXpn256"})


def _all(props: Props, path: str, allowed: Container[object], says: str) -> Iterator[Fault]:
    """Judge a list of suites: it is there, and every element is a strong one."""
    found = props.get(path)
    values = found if isinstance(found, list) else [] if found is None else [found]
    if not values:
        yield Fault(f"{path} is not set, so that weaker defaults count", allowed=f"{path}: {says}")
    weak = [value for value in values if value not in allowed]
    if weak:
        yield Fault(f"{path} holds {', '.join(map(show, weak))}", allowed=f"{path}: {says}")


def _connection(resource: Resource) -> Iterator[Fault]:
    """Both tunnels of an AWS connection."""
    for place in (1, 2):
        tunnel = f"tunnel{place}"
        yield from _all(resource.props, f"{tunnel}IkeVersions", {"ikev2"}, "ikev2 alone")
        for phase in (1, 2):
            yield from _all(resource.props, f"{tunnel}Phase{phase}EncryptionAlgorithms", _AES, "AES-256")
            yield from _all(resource.props, f"{tunnel}Phase{phase}IntegrityAlgorithms", _SHA, "SHA-2")
            yield from _all(resource.props, f"{tunnel}Phase{phase}DhGroupNumbers", _GROUPS, "group 15 or above")


def _tunnel(resource: Resource) -> Iterator[Fault]:
    props = resource.props
    if props.number("ikeVersion") != 2:  # noqa: PLR2004 - the version's own number
        yield Fault(f"ikeVersion is {show(props.number('ikeVersion'))}", allowed="2")
    for path, allowed, says in (
        ("cipherSuite.phase1.encryptions", _AES, "AES-256"),
        ("cipherSuite.phase1.prves", _PRF, "SHA-2"),
        ("cipherSuite.phase1.dhs", _GOOGLE_GROUPS, "group 15 or above"),
        ("cipherSuite.phase2.encryptions", _AES, "AES-256"),
        ("cipherSuite.phase2.pfs", _GOOGLE_GROUPS, "group 15 or above"),
    ):
        yield from _all(props, path, allowed, says)


def _azure_connection(resource: Resource) -> Iterator[Fault]:
    links = list(resource.props.each("vpnLinkConnections"))
    if not links:
        yield Fault("vpnLinkConnections is not set", allowed="a policy of its own for each link")
    for link in links:
        name = link.text("name") or "?"
        if link.text("vpnConnectionProtocolType") != "IKEv2":
            yield Fault(f"link {name} speaks {show(link.text('vpnConnectionProtocolType') or 'nothing')}", allowed="IKEv2")
        policies = list(link.each("ipsecPolicies"))
        if not policies:
            yield Fault(f"link {name} has no IPsec policy, so that weaker defaults count", allowed="a policy that is stated")
        for policy in policies:
            for path, allowed, says in (
                ("ikeEncryption", _AES, "AES-256"),
                ("ikeIntegrity", _SHA, "SHA-2"),
                ("dhGroup", _AZURE_GROUPS, "ECP256, ECP384 or group 24"),
                ("ipsecEncryption", _AES, "AES-256"),
                ("ipsecIntegrity", _SHA, "SHA-2"),
                ("pfsGroup", _AZURE_GROUPS, "ECP256, ECP384 or group 24"),
            ):
                yield from _all(policy, path, allowed, says)


def _leased_aws(resource: Resource) -> Iterator[Fault]:
    if not resource.props.flag("requestMacsec"):
        yield Fault("requestMacsec is not true", allowed="a connection that can do MACsec")


def _leased_gcp(resource: Resource) -> Iterator[Fault]:
    props = resource.props
    if not props.flag("macsecEnabled"):
        yield Fault("macsecEnabled is not true", allowed="MACsec on every circuit")
    if props.flag("macsec.failOpen"):
        yield Fault("macsec.failOpen is true, so that it goes on unencrypted", allowed="macsec.failOpen: false")


def _leased_azure(resource: Resource) -> Iterator[Fault]:
    links = list(resource.props.each("links"))
    if not links:
        yield Fault("links is not set, so that they have no MACsec", allowed="MACsec on both links")
    for link in links:
        if not link.present("macSecConfig.cakSecretIdentifier") or not link.present("macSecConfig.cknSecretIdentifier"):
            yield Fault(f"link {link.text('name') or '?'} has no MACsec key", allowed="MACsec on both links")
        yield from _all(link, "macSecConfig.cipher", _MACSEC, "AES-256")


_JUDGES: Final[Mapping[str, Callable[[Resource], Iterator[Fault]]]] = {
    "aws:ec2/vpnConnection:VpnConnection": _connection,
    "aws:directconnect/connection:Connection": _leased_aws,
    "gcp:compute/vPNTunnel:VPNTunnel": _tunnel,
    "gcp:compute/interconnect:Interconnect": _leased_gcp,
    "azure-native:network:VpnConnection": _azure_connection,
    "azure-native:network:ExpressRoutePort": _leased_azure,
}


def _check(resource: Resource, _law: Law) -> Iterator[Fault]:
    yield from _JUDGES[resource.type](resource)


RULE = Rule(
    id="NET-008",
    title="interconnects encrypted",
    clause=control("NET-008", "NET-4"),
    severity=Severity.CRITICAL,
    allowed="IPsec with AES-256 stated in full, or MACsec on a leased port",
    fix="take the link from components/interconnect, which states its suites",
    resource=_check,
    types=frozenset(_JUDGES),
)
