"""A room with 500 members and 100,000 posts."""

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import Student
from posts.models import Membership, Post, Room

MEMBERS, POSTS = 500, 100_000


def fill_room(room):
    """Add MEMBERS students and POSTS posts to `room`."""
    password = make_password(None)
    names = [f"pupil{number}" for number in range(MEMBERS)]
    users = [
        Student(username=name, username_key=name, email=f"{name}@school.example", role="student", password=password)
        for name in names
    ]
    Student.objects.bulk_create(users)
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)
    columns = [field.column for field in Post._meta.concrete_fields if field.name != "id"]
    Post.objects.bulk_create(Post(room=room, author=users[0], body=f"Post {number}") for number in range(1000))
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        for _copy in range(POSTS // 1000 - 1):
            # The names are constants of the model.
            cursor.execute(
                f"INSERT INTO posts_post ({quoted}) SELECT {quoted} FROM posts_post WHERE room_id = %s "
                "ORDER BY id LIMIT 1000",
                [room.pk],
            )
    newest = Post.objects.latest("pk").pk
    Room.objects.filter(pk=room.pk).update(newest_post=newest)
