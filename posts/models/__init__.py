"""Rooms, memberships, posts and notifications."""

from posts.models.membership import Membership
from posts.models.notification import Notification
from posts.models.post import Page, Post, PostKey
from posts.models.room import RESERVED_SLUGS, Room

__all__ = ["RESERVED_SLUGS", "Membership", "Notification", "Page", "Post", "PostKey", "Room"]
