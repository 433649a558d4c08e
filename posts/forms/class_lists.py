"""The form that reads a class list and checks each of its lines."""

from collections import Counter

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.forms.base import LOOKALIKE, ErrorMessagesMixin, ProfileMeta, unique_error
from accounts.models import Student, User
from posts.class_lists import MAX_BYTES, Outcome, decode, parse, write
from posts.models import Membership

TOO_LARGE = _("Use a list of at most 1 MB.")
CHANGED = _("This username has been taken since you checked the list.")


class PupilForm(ErrorMessagesMixin, forms.ModelForm):
    """The fields of one pupil. Only its fields are used, because a form for each row would be slow."""

    class Meta(ProfileMeta):
        model = Student
        fields = ("username", "first_name", "last_name", "email")
        labels = {}
        widgets = {}


class ClassListForm(ErrorMessagesMixin, forms.Form):
    """A class list: a file, or rows that were pasted. After validation, `lines` are its rows, with their errors.

    The text of a file is shown in the field `rows`. With `is_confirmed`, the rows contain what the user has confirmed.
    """

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        help_text=_("From Excel, LibreOffice or Google Sheets, at most 1 MB and 1,000 people."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/plain"}),
    )
    rows = forms.CharField(
        label=_("Or paste the rows from your spreadsheet"),
        required=False,
        strip=False,
        max_length=MAX_BYTES,
        help_text=_(
            "Username, name and email address (optional), for example: sam.okafor, Sam Okafor. With a header in the "
            "first line, the columns can be in any order, and first and last name can be separate."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args, room, visible_users, is_confirmed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.room, self.visible_users, self.is_confirmed = room, visible_users, is_confirmed
        self.lines = []
        self.fields["rows"].error_messages["max_length"] = TOO_LARGE
        del self.fields["rows"].widget.attrs["maxlength"]  # browsers would cut off the list

    def clean_file(self):
        """Return the text of the file."""
        file = self.cleaned_data["file"]
        if file is None:
            return ""
        if file.size > MAX_BYTES:
            raise ValidationError(TOO_LARGE, code="too_large")
        return decode(file.read())

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        text = cleaned["file"] or cleaned["rows"]
        if not text.strip():
            raise ValidationError({"file": ValidationError(_("Choose a file, or paste the rows."), code="required")})
        self._show(text)
        try:
            self.lines = parse(text)
        except ValidationError as error:
            raise ValidationError({"rows": error}) from error
        if self.is_confirmed:
            # Without the outcomes. The numbers of the lines refer to this text.
            self._show(write(self.lines))
            for number, line in enumerate(self.lines, start=2):
                line.line = number
        self.check_lines()
        return cleaned

    def check_lines(self):
        """Set outcomes and errors of the lines. Reads accounts and memberships with a fixed number of queries."""
        confirmed = [line.outcome for line in self.lines]
        self._find_duplicates("username")
        self._find_accounts()
        if self.is_confirmed:
            for line, outcome in zip(self.lines, confirmed, strict=True):
                if outcome and line.outcome and line.is_new != (outcome == Outcome.NEW):
                    line.errors.append(CHANGED)
        new, fields = [line for line in self.lines if line.is_new], PupilForm().fields
        for line in new:
            _clean(line, fields)
            line.email = User.objects.normalize_email(line.email)
        self._find_duplicates("email")
        self._find_conflicts(new)
        self._count_errors()

    def add_conflict(self):
        """Check the lines again, because another request has changed the accounts in the meantime."""
        for line in self.lines:
            line.errors.clear()
        self.check_lines()
        if not self.errors:
            self.add_error(None, ValidationError(_("Nothing was imported. Try again."), code="race"))

    @property
    def confirmed_rows(self):
        """Return the text of the lines with their outcomes, which the user submits again to confirm them."""
        return write(self.lines, with_outcome=True)

    @property
    def outcomes(self):
        """Return {outcome: number of lines}."""
        return Counter(str(line.outcome) for line in self.lines)

    def _show(self, text):
        """Show `text` in the field `rows`."""
        self.data = self.data.copy()
        self.data["rows"] = text

    def _find_duplicates(self, name):
        first = {}
        for line in self.lines:
            key = (getattr(line, name) or "").lower()
            if key and first.setdefault(key, line) is not line:
                message = _("The %(field)s is also in line %(line)d.")
                values = {"field": User._meta.get_field(name).verbose_name, "line": first[key].line}
                line.errors.append(message % values)

    def _find_accounts(self):
        """Set the outcome of each line: existing usernames first, because older ones may not be valid today."""
        keys = [line.username.lower() for line in self.lines if line.username.isascii() and line.username.isprintable()]
        users = {user.username_key: user for user in User.objects.filter(username_key__in=keys)}
        pks = [user.pk for user in users.values()]
        members = Membership.objects.filter(room=self.room, user__in=pks).members()
        members = set(members.values_list("user", flat=True))
        visible = set(self.visible_users.filter(pk__in=pks).values_list("pk", flat=True))
        for line in self.lines:
            user = users.get(line.username.lower())
            if user is None:
                line.outcome, line.user_id = Outcome.NEW, None
            elif user.is_active and user.is_student:
                _use_account(line, user, is_member=user.pk in members, is_visible=user.pk in visible)
            else:
                line.outcome, line.user_id = "", None
                line.errors += unique_error("username").messages

    def _find_conflicts(self, lines):
        """Add errors to the lines of new accounts whose username or email address conflicts with another account."""
        names = [line.username for line in lines]
        lookalikes = User.objects.with_protected_names().find_lookalikes(names) if names else {}
        emails = [line.email for line in lines if line.email]
        taken = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        for line in lines:
            if line.username in lookalikes:
                line.errors.append(LOOKALIKE)
            if line.email in taken:
                line.errors += unique_error("email").messages

    def _count_errors(self):
        number = sum(bool(line.errors) for line in self.lines)
        if number:
            message = ngettext_lazy(
                "Correct the line that is shown below.", "Correct the %(number)d lines that are shown below.", number
            )
            self.add_error("rows", ValidationError(message, code="invalid_lines", params={"number": number}))


def _clean(line, fields):
    """Clean the values of a line as the registration and profile forms do, and add their errors."""
    for name, field in fields.items():
        try:
            value = field.clean(getattr(line, name))
            User._meta.get_field(name).run_validators(value)
            setattr(line, name, value)
        except ValidationError as error:
            line.errors += [f"{field.label}: {message}" for message in error.messages]


def _use_account(line, user, is_member, is_visible):
    """Replace the values of a line by the values of an existing student, without the name if the user cannot see it."""
    line.outcome, line.user_id = Outcome.MEMBER if is_member else Outcome.ADDED, user.pk
    line.username, line.email = user.username, ""
    line.first_name, line.last_name = (user.first_name, user.last_name) if is_visible else ("", "")
