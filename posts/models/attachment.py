"""Pictures and files in posts."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from posts.models.post import Post

SHOWN_WIDTH, SHOWN_HEIGHT = 320, 240  # pixels, of a picture in the conversation


class AttachmentQuerySet(models.QuerySet):
    def of_author(self, user: User) -> Self:
        return self.filter(post__author=user)


class Attachment(models.Model):
    """The picture or the file of a post. `manage.py prune` deletes the file after the row."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="attachment", verbose_name=_("post"))
    # Under a random name.
    file = models.FileField(_("file"), upload_to="attachments", max_length=100, unique=True)
    media_type = models.CharField(_("type"), max_length=100)
    # The name with which a file is downloaded, "" for a picture.
    name = models.CharField(_("name"), max_length=100, blank=True)
    # Of the file that the user submitted, so that submitting it twice creates one post.
    digest = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size"))  # bytes
    # Of a picture: pixels, and its description for users who do not see it.
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    alt = models.CharField(_("description"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        default_permissions = ()

    def __str__(self):
        return self.name or self.alt or self.media_type

    def get_absolute_url(self):
        return reverse("attachment", args=[self.file.name.removeprefix("attachments/")])

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def shown_size(self) -> tuple[int, int]:
        """The width and the height of a picture in the conversation."""
        scale = min(1, SHOWN_WIDTH / self.width, SHOWN_HEIGHT / self.height)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))
