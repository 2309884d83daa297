"""A link hands both ends what they need of each other, whatever the clouds (NET-1, NET-2, SEC-1)."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import config
from components.interconnect import link as module
from components.interconnect.args import GatewayFacts, NativeArgs, TunnelArgs
from components.interconnect.builders import Builders, builders
from components.interconnect.hubs import spokes
from components.interconnect.link import Interlink
from components.interconnect.shared_keys import COUNT, LENGTH, lettered
from config.loader import load
from config.model import Cloud, EnvironmentName
from nautilus.federation.link import Fabric, Link, links
from tests.components.conftest import Recording
from tests.fixtures.catalogues import TODAY

CATALOGUE = load(config.root(), today=TODAY)
LINKS = {link.route.id: link for link in links(CATALOGUE, EnvironmentName.PROD)}
DRAWN = "0" + "a" * 63 + "b" * 64 + "9" * 64 + "D" * 64
KEYS = ("a" * 64, "b" * 64, "j" + "9" * 63, "D" * 64)
PASSWORD = "random:index/randomPassword:RandomPassword"


class Provider(pulumi.ProviderResource):
    """A provider of a cloud that is none."""

    def __init__(self, name: str) -> None:
        super().__init__("paper", name)


def paper(cloud: Cloud, made: list[tuple[str, Any]]) -> Builders:
    """Give builders that note what they are asked for; AWS allots four addresses, as it does."""

    class Tunnels(pulumi.ComponentResource):
        def __init__(self, name: str, args: TunnelArgs, opts: pulumi.ResourceOptions) -> None:
            super().__init__(f"nautilus:paper:{cloud.value}-tunnels", name, None, opts)
            made.append((name, args))
            count = 4 if cloud is Cloud.AWS else 2
            self.addresses = tuple(pulumi.Output.from_input(f"{name}-{index}") for index in range(count))
            self.register_outputs({})

    class Native(pulumi.ComponentResource):
        def __init__(self, name: str, args: NativeArgs, opts: pulumi.ResourceOptions) -> None:
            super().__init__(f"nautilus:paper:{cloud.value}-native", name, None, opts)
            made.append((name, args))
            self.register_outputs({})

    def provider(name: str, *_: Any) -> pulumi.ProviderResource:
        return Provider(name)

    secret_of = (lambda index: index % 2) if cloud is Cloud.AZURE else (lambda index: index)
    return Builders(provider=provider, tunnels=Tunnels, link=Native, ids=("hub",), addresses=2, secret_of=secret_of)


def facts(link: Link) -> Mapping[str, GatewayFacts]:
    return {
        end.plan.name: GatewayFacts(
            addresses=()
            if end.plan.cloud is Cloud.AWS
            else tuple(pulumi.Output.from_input(f"{end.plan.name}-{index}") for index in range(2)),
            ids={"hub": pulumi.Output.from_input(f"{end.plan.name}-hub")},
        )
        for end in link.ends
    }


@dataclass
class Built:
    """What one link was made of: each component's arguments by its name, with keys and peers resolved."""

    recording: Recording
    args: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    peers: dict[str, list[str]] = field(default_factory=dict)


def note(known: dict[str, list[str]], name: str, values: tuple[pulumi.Input[str], ...]) -> None:
    """Keep values under a name once they are resolved."""
    pulumi.Output.all(*values).apply(lambda got: known.update({name: got}))


@pytest.fixture
def build(record: Callable[..., Recording], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Built]:
    def run(name: str) -> Built:
        made: list[tuple[str, Any]] = []
        keys: dict[str, list[str]] = {}
        peers: dict[str, list[str]] = {}
        monkeypatch.setattr(module, "builders", lambda cloud: paper(cloud, made))

        def program() -> None:
            link = LINKS[name]
            Interlink(name, link, facts(link), {end.plan.name: Provider(f"{end.plan.name}-provider") for end in link.ends})
            for child, args in made:
                note(keys, child, args.secrets)
                note(peers, child, args.peer_addresses if isinstance(args, TunnelArgs) else ())

        recording = record(program, {PASSWORD: lambda _: {"result": DRAWN}})
        return Built(recording=recording, args=dict(made), keys=keys, peers=peers)

    return run


@pytest.mark.parametrize("name", ["us-east-us-west", "us-east-uk-south", "eu-west-eu-central"])
def test_aws_is_made_first_and_the_other_side_dials_its_four_addresses(name: str, build: Callable[[str], Built]) -> None:
    built = build(name)
    first, second = (end.plan for end in LINKS[name].ends)
    assert list(built.args) == [f"{name}-first", f"{name}-second"]
    assert built.peers[f"{name}-first"] == [f"{second.name}-0", f"{second.name}-1"]
    assert built.peers[f"{name}-second"] == [f"{name}-first-{index}" for index in range(4)]
    assert built.keys == {f"{name}-first": list(KEYS), f"{name}-second": list(KEYS)}
    assert [built.args[child].first for child in built.args] == [True, False]
    assert [built.args[child].end.placement for child in built.args] == [first.name, second.name]
    assert [built.args[child].peer for child in built.args] == [second.name, first.name]


def test_google_uses_the_keys_that_azure_shares_between_tunnels(build: Callable[[str], Built]) -> None:
    name = "us-central-analytics-gcp"
    built = build(name)
    assert [end.plan.cloud for end in LINKS[name].ends] == [Cloud.AZURE, Cloud.GCP]
    assert built.keys[f"{name}-first"] == list(KEYS)
    assert built.keys[f"{name}-second"] == [KEYS[0], KEYS[1], KEYS[0], KEYS[1]]
    assert built.peers[f"{name}-second"] == [f"{name}-first-0", f"{name}-first-1"]


def test_each_end_is_told_the_other_and_what_the_catalogue_says(build: Callable[[str], Built]) -> None:
    name = "us-east-us-west"
    built = build(name)
    link = LINKS[name]
    for place, child in enumerate(built.args):
        args, end, other = built.args[child], link.ends[place], link.ends[1 - place]
        assert (args.end.asn, args.peer_asn) == (end.asn, other.asn)
        assert (args.end.advertises, args.end.learns) == (end.advertises, end.learns)
        assert (args.end.zones, args.end.nodes) == (end.plan.placement.zones, end.plan.nodes)
        assert args.end.labels == end.plan.labels
        assert args.tunnels == link.tunnels
        assert args.deletion_protection is True


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("us-east-ca-east", []),
        ("edge-east-gcp-edge-west-gcp", list(KEYS)),
        ("edge-east-azure-edge-west-azure", list(KEYS)),
    ],
)
def test_a_link_inside_one_cloud_is_one_component(name: str, keys: list[str], build: Callable[[str], Built]) -> None:
    built = build(name)
    (args,) = built.args.values()
    assert list(built.args) == [f"{name}-native"]
    assert built.keys == {f"{name}-native": keys}
    assert [end.placement for end in args.ends] == [end.plan.name for end in LINKS[name].ends]
    assert len(args.providers) == 2
    assert bool(built.recording.of(PASSWORD)) is bool(keys)


def test_one_password_is_drawn_a_link_and_its_generation_draws_it_anew(build: Callable[[str], Built]) -> None:
    built = build("us-east-us-west")
    assert built.recording.of(PASSWORD) == {
        "us-east-us-west-keys": {
            "length": 256,
            "lower": True,
            "upper": True,
            "numeric": True,
            "special": False,
            "keepers": {"link": "us-east-us-west", "generation": "1"},
        }
    }
    assert built.recording.lines() == [
        "nautilus:interconnect:Interlink us-east-us-west",
        "nautilus:paper:aws-tunnels us-east-us-west-first",
        "nautilus:paper:gcp-tunnels us-east-us-west-second",
        "pulumi:providers:paper nautilus-enterprise-us-east-1-provider",
        "pulumi:providers:paper nautilus-enterprise-us-west-1-provider",
        f"{PASSWORD} us-east-us-west-keys",
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=LENGTH))
def test_a_key_begins_with_a_letter_and_loses_nothing_else(text: str) -> None:
    made = lettered(text)
    assert made[0] in string.ascii_letters
    assert (len(made), made[1:]) == (len(text), text[1:])
    assert made == text or text[0] in string.digits


def test_ten_digits_become_ten_letters() -> None:
    assert len({lettered(digit) for digit in string.digits}) == len(string.digits)
    assert len(DRAWN) == COUNT * LENGTH


@pytest.mark.parametrize("cloud", Cloud)
def test_every_cloud_says_what_it_hands_over(cloud: Cloud) -> None:
    made = builders(cloud)
    assert len(set(made.ids)) == len(made.ids) > 0
    assert made.addresses == (0 if cloud is Cloud.AWS else 2)
    assert [made.secret_of(index) for index in range(4)] == ([0, 1, 0, 1] if cloud is Cloud.AZURE else [0, 1, 2, 3])


def test_a_project_has_one_hub_for_all_its_links_inside_google() -> None:
    found = spokes(LINKS.values())
    assert {home: list(plans) for home, plans in found.items()} == {
        "eu": ["nautilus-enterprise-eu-north-1", "nautilus-enterprise-eu-west-1"],
        "us": [
            "nautilus-edge-global-east-1-gcp",
            "nautilus-edge-global-west-1-gcp",
            "nautilus-enterprise-us-west-1",
        ],
    }
    assert spokes(link for link in LINKS.values() if link.fabric is Fabric.TUNNELS) == {}
