"""The standard blocks, from flows and from Python."""
