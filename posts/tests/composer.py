"""Helpers for browser tests of the composer."""

from posts.models import Post


def write_post(page, text, press="Enter"):
    page.locator("textarea").fill(text)
    page.locator("textarea").press(press)


def post_bodies():
    return list(Post.objects.order_by("pk").values_list("body", flat=True))
