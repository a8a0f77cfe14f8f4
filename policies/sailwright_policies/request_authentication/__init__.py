"""RequestAuthentications: tokens and the keys that prove them."""
