"""Rooms, memberships, posts and notifications."""

from posts.models.membership import Membership
from posts.models.notification import Notification
from posts.models.post import Page, Post, PostKey
from posts.models.room import RESERVED_SLUGS, Room
