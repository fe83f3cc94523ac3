"""What the accounts are made with: factors, materials, standards and their history."""
