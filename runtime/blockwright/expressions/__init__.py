"""FEEL expressions (OMG DMN 1.5), usable on their own."""
