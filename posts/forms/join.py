"""The form for join codes."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ErrorMessagesMixin, ThrottledMixin
from accounts.models.throttle import Kind
from accounts.text import LineField
from accounts.throttling import address_counter, counter, reserve
from posts import joining
from posts.refusals import DeclinedRecently, InvalidJoinCode


class JoinForm(ThrottledMixin, ErrorMessagesMixin, forms.Form):
    """A join code. A valid form has the `room` with this code and the `membership` of the user, or None."""

    code = LineField(
        label=_("Join code"),
        max_length=40,
        help_text=_("From your teacher, for example ABCD-EFGH."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_code(self):
        """Find the room. A code that cannot be used counts as a guess."""
        code, user = self.cleaned_data["code"], self.request.user
        by_user = counter(Kind.JOIN, user.pk, username=user.username)
        attempt = reserve(by_user, address_counter(self.request))
        try:
            self.room, self.membership = joining.room_to_join(user, code)
        except InvalidJoinCode as refusal:
            raise ValidationError(str(refusal), code="invalid_code") from refusal
        except DeclinedRecently:
            attempt.refund()
            raise
        attempt.refund()
        return code


class LeaveForm(forms.Form):
    """Confirm leaving a room. Its owner chooses the next owner from `co_teachers`, which is None for other users."""

    successor = forms.ChoiceField(
        label=_("New owner of the room"),
        error_messages={"required": _("Choose a co-teacher."), "invalid_choice": _("Choose one of the co-teachers.")},
    )

    def __init__(self, *args, co_teachers=None, **kwargs):
        super().__init__(*args, **kwargs)
        if co_teachers is None:
            del self.fields["successor"]
            return
        self.co_teachers = {user.username: user for user in co_teachers}
        names = [(name, user.full_name or name) for name, user in self.co_teachers.items()]
        self.fields["successor"].choices = [("", _("Choose a co-teacher")), *names]

    def clean_successor(self):
        return self.co_teachers[self.cleaned_data["successor"]]
