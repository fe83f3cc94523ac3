"""核查意见: internal audit and third-party verification of a result."""
