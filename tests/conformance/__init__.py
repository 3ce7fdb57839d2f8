"""Runs cases of the DMN compatibility kit: ``python -m tests.conformance CASES.jsonl > RESULTS.jsonl``."""
