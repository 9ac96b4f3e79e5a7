"""The doors of the web: commands in, views out."""
