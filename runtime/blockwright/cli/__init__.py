"""The command ``blockwright``. Each command's own module imports the engine and services only when it runs."""
