"""URLs of lists in the admin."""

ROOMS = "/admin/posts/room/"
MEMBERSHIPS = "/admin/posts/membership/"
POSTS = "/admin/posts/post/"
NOTIFICATIONS = "/admin/posts/notification/"
