"""Operations on rooms, members, posts and notifications.

Each runs in one transaction: check access under the lock, write, notify, record and wake the live streams.
"""

from posts.actions.members import accept_member, add_member, add_to_common_room, decline_request, remove_member
from posts.actions.notifications import read_notifications
from posts.actions.posts import edit_post, mark_read, remove_post, write_post
from posts.actions.rooms import (
    archive_rooms,
    change_owner,
    create_room,
    delete_room,
    renew_join_codes,
    repair_newest_posts,
    unarchive_rooms,
)
