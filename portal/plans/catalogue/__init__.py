"""What is sold: products and their categories, as plans and deals name them."""
