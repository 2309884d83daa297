"""Global traffic: regional entries, anycast balancers, DNS at three providers, static assets and failover triggers."""
