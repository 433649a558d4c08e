"""Proxy models: the users with one role."""

from django.utils.translation import gettext_lazy as _

from accounts.models.user import Role, RoleManager, User


class RoleMixin:
    """Set the proxy model's role on new users, regardless of the role passed."""

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.role = self.ROLE
        super().save(*args, **kwargs)


class Student(RoleMixin, User):
    ROLE = Role.STUDENT
    objects = RoleManager()

    class Meta:
        proxy = True
        verbose_name = _("student")
        verbose_name_plural = _("students")


class Teacher(RoleMixin, User):
    """A teacher, approved or pending."""

    ROLE = Role.TEACHER
    objects = RoleManager()

    class Meta:
        proxy = True
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
