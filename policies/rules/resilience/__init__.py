"""What keeps clients served when something is lost: recovery, diversity, zones and probes (FLT)."""
