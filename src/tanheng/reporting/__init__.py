"""From a result document to the report that an authority reads: docx, PDF and xlsx."""
