"""What every part of a VPC is built with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.network.args import NetworkArgs


@dataclass(frozen=True, kw_only=True)
class Site:
    """The VPC in the making: `name` and `parent` are the component's, `tags` the labels as AWS spells them."""

    name: str
    args: NetworkArgs
    vpc: aws.ec2.Vpc
    tags: Mapping[str, str]
    parent: pulumi.Resource

    @property
    def here(self) -> pulumi.ResourceOptions:
        """Options of a child of the component.

        Every part is one, rules and routes too: who waits for a component waits for its own children only, not for
        what hangs below a group, a table or a role.
        """
        return pulumi.ResourceOptions(parent=self.parent)

    def named(self, role: str) -> Mapping[str, str]:
        """Give the tags of a part, its name included."""
        return {**self.tags, "Name": f"{self.name}-{role}"}
