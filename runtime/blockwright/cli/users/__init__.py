"""``blockwright users``: the accounts of an app and all that its owner decides about them."""
