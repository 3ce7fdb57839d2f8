"""Any input is a value or a problem in words: what `make fuzz` tries with millions of inputs, `make test` with a few."""
