"""The admin of rooms and posts, one module for each subject."""

from posts.admin import members, notifications, posts, rooms
