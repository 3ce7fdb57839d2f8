"""The history of the tables, for Alembic; each step goes up and down."""
