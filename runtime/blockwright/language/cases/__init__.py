"""The tests that authors write for their flows: ``written`` as they stand in a file, ``checked`` as they are run."""
