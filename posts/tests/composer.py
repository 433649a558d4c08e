"""Helpers for browser tests of the composer."""

from posts.models import Post


def write_post(page, text, press="Enter"):
    page.locator("textarea").fill(text)
    page.locator("textarea").press(press)


def choose_reply(page, post):
    """Select `post` as the one that the composer replies to."""
    page.locator(f"#post-{post.pk}").hover()
    page.locator(f"#post-{post.pk} .post-tool.is-reply").click()


def hold_posts(page, path="/rooms/common/"):
    """Hold the requests that create posts. Return a function that continues or aborts them."""
    held, released = [], []

    def handle(route):
        if route.request.method == "POST" and not released:
            held.append(route)
        else:
            route.continue_()

    def release(fail=False):
        released.append(True)
        for route in held:
            if fail:
                route.abort()
            else:
                route.continue_()

    page.route(f"**{path}", handle)
    return release


def post_bodies():
    return list(Post.objects.order_by("pk").values_list("body", flat=True))
