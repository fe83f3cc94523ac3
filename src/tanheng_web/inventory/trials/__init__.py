"""A changed standard tried on the enterprise's own approved data before it is published, and cases frozen from them."""
