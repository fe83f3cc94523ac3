"""数据质量控制方案: a form that makes the document, kept in versions."""
