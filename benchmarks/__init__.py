"""Benchmarks: one script per claim, which measures Inkling and its peers in the same run. README.md lists them."""
