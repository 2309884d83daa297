"""The Pulumi program: reads which stack this is and hands over to it."""

import pulumi

from stacks import federation, region
from stacks.identity import identify

stack = identify()
if stack.group is None:
    federation.deploy(stack)
else:
    region.deploy(stack, stack.group)

pulumi.export("environment", stack.environment.value)
