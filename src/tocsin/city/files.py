"""The names of the files in a city folder."""

CITY, AREAS, WATER = "city.json", "areas.geojson", "water.geojson"
SHELTERS, HOSPITALS, SIRENS = "shelters.geojson", "hospitals.geojson", "sirens.geojson"
FIRE_STATIONS = "fire_stations.geojson"
NETWORK, BUILDINGS = "network.npz", "buildings.npz"
IMPORT, TILES = "import.json", "tiles.pmtiles"
EVERYWHERE = frozenset({CITY, AREAS, WATER, SHELTERS, HOSPITALS, SIRENS, NETWORK})
"""What every city has."""
IMPORTED = frozenset({FIRE_STATIONS, BUILDINGS, IMPORT, TILES})
"""What only an imported one has."""
FILES = EVERYWHERE | IMPORTED
