"""The Pulumi program: reads which stack this is and hands over to it."""

import gc

# The program ends within a minute and throws little away, but the SDKs' classes and the waiting tasks make millions of
# objects that each collection walks through again: without collections it takes less than half the processor time and no
# more memory (1,466 resources: 37 s and 446 MB with, 14 to 17 s and 449 MB without).
gc.disable()

import pulumi  # noqa: E402 - after the line above, on purpose

from stacks import federation, region  # noqa: E402
from stacks.identity import identify  # noqa: E402

stack = identify()
if stack.group is None:
    federation.deploy(stack)
else:
    region.deploy(stack, stack.group)

pulumi.export("environment", stack.environment.value)
