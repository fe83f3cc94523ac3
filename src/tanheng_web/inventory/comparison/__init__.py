"""碳比对: results of two standards, periods, plants or processes side by side, and against values of the industry."""
