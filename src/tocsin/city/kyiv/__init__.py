"""
Plain facts about Kyiv, and outlines drawn by hand, for the demo city. Nothing here is copied from a map:
coordinates are rounded, and no line of it is fit for anything but a demonstration.
"""
