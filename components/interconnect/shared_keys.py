"""The pre-shared keys of a link's four tunnels (NET-1, SEC-1).

Guarantees four different keys of 64 letters and digits each, which every cloud takes, drawn at random, secret wherever they
appear, and drawn anew where the route's `key_generation` changes. They lie in the state of the stack that makes the link,
encrypted by its secrets provider, and nowhere else of ours. It hands them to nobody: the link does.
"""

from __future__ import annotations

import string

import pulumi
import pulumi_random as random

from config.model import Route

COUNT = 4
LENGTH = 64
"""The most that AWS takes (EC2 API, PreSharedKey: 8 to 64 letters, digits, periods and underscores, no zero first)."""


def shared_keys(name: str, route: Route, opts: pulumi.ResourceOptions) -> tuple[pulumi.Output[str], ...]:
    """Give the keys of tunnels 0 to 3.

    `random` has no region and no account, so its default provider is as good as any.
    """
    drawn = random.RandomPassword(
        name,
        length=COUNT * LENGTH,
        lower=True,
        upper=True,
        numeric=True,
        special=False,
        keepers={"link": route.id, "generation": str(route.key_generation)},
        opts=opts,
    )
    return tuple(_part(drawn.result, index) for index in range(COUNT))


def _part(drawn: pulumi.Output[str], index: int) -> pulumi.Output[str]:
    return drawn.apply(lambda text: lettered(text[index * LENGTH : (index + 1) * LENGTH]))


def lettered(text: str) -> str:
    """Give a text that begins with a letter: a digit in the first place becomes one of ten letters, the rest stays.

    AWS refuses a zero there, and a letter is what every cloud's rules allow.
    """
    return text if text[:1].isalpha() else string.ascii_letters[int(text[0])] + text[1:]
