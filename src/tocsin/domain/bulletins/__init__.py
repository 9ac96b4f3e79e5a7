"""Bulletins: what the public is told of the casualties, when, in which words, and on whose word."""

from tocsin.domain.bulletins.bulletin import BULLETINS, decide, evolve
from tocsin.domain.bulletins.terms import (
    MOST_PHOTOS,
    ApproveBulletin,
    BulletinApproved,
    BulletinDrafted,
    BulletinPublished,
    BulletinRetracted,
    Bulletins,
    Content,
    DraftBulletin,
    Issue,
    Photo,
    PublishBulletin,
    Published,
    RetractBulletin,
    Stage,
    Version,
)

__all__ = [
    "BULLETINS",
    "MOST_PHOTOS",
    "ApproveBulletin",
    "BulletinApproved",
    "BulletinDrafted",
    "BulletinPublished",
    "BulletinRetracted",
    "Bulletins",
    "Content",
    "DraftBulletin",
    "Issue",
    "Photo",
    "PublishBulletin",
    "Published",
    "RetractBulletin",
    "Stage",
    "Version",
    "decide",
    "evolve",
]
