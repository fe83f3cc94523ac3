"""The Excel workbook: its looks, what may be opened, how it is read, what is wrong in it. No database here."""
