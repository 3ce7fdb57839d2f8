"""The backends that come with Blockwright. Applications reach them by URL; each module says what it guarantees."""
