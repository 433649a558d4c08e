"""Operations on rooms, members, posts and notifications.

Each runs in one transaction: check access under the lock, write, notify, record and wake the live streams.
"""

from posts.actions.class_lists import import_class_list, make_cards, reset_password
from posts.actions.groups import archive_groups, create_groups
from posts.actions.join import join_room
from posts.actions.members import (
    accept_request,
    accept_requests,
    add_member,
    add_to_common_room,
    cancel_request,
    decline_request,
    demote_member,
    leave_room,
    promote_member,
    record_export,
    remove_member,
)
from posts.actions.notifications import notify_approved, read_notifications, set_notification_level
from posts.actions.posts import edit_post, remove_post, restore_post, write_post
from posts.actions.reactions import react
from posts.actions.rooms import (
    archive_rooms,
    change_owner,
    create_room,
    delete_room,
    renew_join_codes,
    repair_newest_posts,
    unarchive_rooms,
    update_room,
)
from posts.actions.unread import mark_all_read, mark_read, mark_unread
