"""工序分析 and 碳平衡: what a result says of every sub-process, and how far the carbon of the works closes."""
