"""Rooms, memberships, posts, attachments, reactions and notifications."""

from posts.models.attachment import Attachment
from posts.models.membership import Membership
from posts.models.notification import Notification, group_notifications
from posts.models.post import Page, Post, PostKey
from posts.models.reaction import Emoji, Reaction, reactions_to
from posts.models.room import RESERVED_SLUGS, Room, new_join_code, new_slug_suffix
