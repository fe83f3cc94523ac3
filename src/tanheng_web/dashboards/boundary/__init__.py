"""核算边界 and the consolidated result of a group."""
