"""碳衡 Tanheng: the domain. No Django, no network; usable from a notebook."""
