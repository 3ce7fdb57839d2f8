"""Any input is a value or a problem in words: `make fuzz` tries millions of inputs, `make test` a few."""
