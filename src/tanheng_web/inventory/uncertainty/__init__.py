"""不确定性: how sure a result is and what moves it, as studies of stored runs."""
