"""What all benchmarks share: how a script starts and ends, interleaved rounds, training tasks, result files."""
