"""Facts as others read them. Pure: text in, text out."""
