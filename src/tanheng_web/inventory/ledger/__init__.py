"""碳账本: every emission entry ever posted, and the proof that it agrees with results and reports."""
