"""The web application of Tanheng: Django, one app per room of the house."""
