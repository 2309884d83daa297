"""What may leave its jurisdiction, and by which way: peering, transit and failover targets (REP)."""
