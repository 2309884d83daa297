"""The rules, one a file, by domain; `policies.kit.registry` says which pack holds which."""
