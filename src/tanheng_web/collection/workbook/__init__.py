"""The Excel workbook: what it looks like, what may be opened, how it is read and what is wrong in it. No database here."""
