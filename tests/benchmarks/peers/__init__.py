"""The same six charts in other tools, for comparison; installed only by the benchmark, in an environment of its own."""
