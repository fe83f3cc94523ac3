"""The two demonstration plants and how they enter through the product's own doors."""
