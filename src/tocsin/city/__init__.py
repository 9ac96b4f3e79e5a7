"""The place itself: areas, shelters, hospitals, sirens and the walking network, in one folder."""
