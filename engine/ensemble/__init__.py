"""Ensembles: thousands of networks trained as stacks, in shards, on several processes."""
