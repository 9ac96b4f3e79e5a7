"""The names of the files in a city folder."""

CITY, AREAS, WATER = "city.json", "areas.geojson", "water.geojson"
SHELTERS, HOSPITALS, SIRENS = "shelters.geojson", "hospitals.geojson", "sirens.geojson"
NETWORK = "network.npz"
FILES = frozenset({CITY, AREAS, WATER, SHELTERS, HOSPITALS, SIRENS, NETWORK})
