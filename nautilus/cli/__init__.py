"""The command `nautilus`: drives the engine over the stacks, with the policy gate in front, and says what happened."""
