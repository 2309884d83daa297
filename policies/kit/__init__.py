"""What every rule stands on: reading what Pulumi plans, where it lies, three verdicts, and messages that say what to do."""
