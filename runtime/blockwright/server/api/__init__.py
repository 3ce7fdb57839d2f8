"""The API of Backendless, as its clients speak it. Each module is one group of addresses below ``/api``."""
