"""The command line: one file a command. Results go to stdout, progress to stderr, mistakes are one sentence."""
