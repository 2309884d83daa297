"""The backbone's ends: a gateway for each placement, and the links between two of them (NET-1, NET-2, NET-4)."""
