"""A city from an OpenStreetMap extract: what is read, by which rules, and what was left out and why."""
