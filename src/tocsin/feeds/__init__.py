"""The ways in: what other warning services publish, looked at again and again."""
