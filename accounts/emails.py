"""Emails to users. The worker renders those in EMAIL_FUNCTIONS when it sends them."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User


def render_email(name: str, user: User, **context) -> EmailMessage:
    """Return an email to `user` from the templates that start with `name`, in the language of the user."""
    context |= {"user": user, "site_url": settings.SITE_URL}
    with translation.override(user.language or translation.get_language()):
        subject = render_to_string(f"registration/{name}_subject.txt", context).strip()
        return EmailMessage(subject, render_to_string(f"registration/{name}_email.txt", context), to=[user.email])


def password_reset(email: str) -> EmailMessage | None:
    """Return an email with a reset link to the active user with this address, or None if there is none."""
    user = User.objects.active().filter(email=email).first() if email else None
    if user is None:
        return None
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return render_email("password_reset", user, uid=uid, token=default_token_generator.make_token(user))


def account_approved(user: int) -> EmailMessage | None:
    """Return an email that informs a teacher (an id) of their approval, or None if it has been revoked."""
    teacher = User.objects.active().filter(pk=user, email__isnull=False).first()
    return render_email("account_approved", teacher) if teacher and teacher.is_teacher else None
