"""Forms for rooms. The admin uses them, too."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ErrorMessagesMixin
from accounts.text import LineField, TextField, isolate
from posts.models import Room

USES = _("Enter a number from 1 to 10,000.")
LENGTH = _("Enter a number from 1 to 1,000.")


class LocalDateTimeField(forms.DateTimeField):
    """A date and a time in the school's time zone."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            message = _("The clocks change at this time, so it is not clear. Choose another time.")
            raise ValidationError(message, code=error.code) from error


class RoomForm(ErrorMessagesMixin, forms.ModelForm):
    """Base class: the name and the options of a room."""

    class Meta:
        model = Room
        fields = ("name", "description", "joining")
        field_classes = {"name": LineField, "description": TextField, "code_expires_at": LocalDateTimeField}
        labels = {
            "post_max_length": _("Maximum length of a post"),
            "joining": _("How people join"),
            "code_expires_at": _("Join code expires"),
            "code_max_uses": _("Maximum uses of the join code"),
            "attachments": _("Allow pictures and files"),
        }
        help_texts = {
            "name": _("For example “Biology 10A”."),
            "description": _("Optional. Shown to members, and to people who have the join code."),
            "post_max_length": _("Up to 1,000 characters. Leave empty for the default of your school."),
            "code_expires_at": _("Leave empty for a code that does not expire."),
            "code_max_uses": _("Leave empty for no limit. Requests to join count as uses."),
            "attachments": _("Everyone can post pictures, and teachers can post files."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 2}),
            "joining": forms.RadioSelect,
            "code_expires_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
        error_messages = {
            "code_max_uses": {"min_value": USES, "max_value": USES},
            "post_max_length": {"min_value": LENGTH, "max_value": LENGTH},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "joining" in self.fields:
            self.fields["joining"].required = False

    def clean_joining(self):
        return self.cleaned_data["joining"] or self.instance.joining


class RoomCreationForm(RoomForm):
    """A new room. Only its name is required. `copy_from` is the one of `rooms` whose members are copied, or None."""

    MORE = ("description", "joining", "copy_from")  # shown under "More options"

    copy_from = forms.ChoiceField(
        label=_("Copy the members of"),
        required=False,
        help_text=_("For a new school year. The members are notified, and co-teachers stay co-teachers."),
    )

    def __init__(self, *args, rooms, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autofocus"] = True
        rooms = rooms.order_by(F("archived_at").desc(nulls_first=True), "name")
        self._rooms = {room.slug: room for room in rooms if not room.is_common}
        self.fields["copy_from"].choices = [("", _("No room")), *map(_choice, self._rooms.values())]

    def clean_copy_from(self):
        return self._rooms.get(self.cleaned_data["copy_from"])

    @property
    def main_fields(self):
        return [field for field in self if field.name not in self.MORE]

    @property
    def more_fields(self):
        return [self[name] for name in self.MORE]

    @property
    def is_more_open(self):
        return bool(self.initial.get("copy_from")) or any(field.errors for field in self.more_fields)


class RoomsForm(ErrorMessagesMixin, forms.Form):
    """Some of `rooms`. The page for confirmation sets `is_confirmed`."""

    rooms = forms.MultipleChoiceField(label=_("Rooms"), widget=forms.CheckboxSelectMultiple)
    is_confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, rooms, **kwargs):
        super().__init__(*args, **kwargs)
        self._rooms = {room.slug: room for room in rooms}
        self.fields["rooms"].choices = list(map(_choice, rooms))
        self.fields["rooms"].error_messages["required"] = _("Choose at least one room.")

    def clean_rooms(self):
        return [self._rooms[slug] for slug in self.cleaned_data["rooms"]]


class FirstRoomForm(RoomForm):
    """The name of a teacher's first room. `RoomCreationForm` validates it."""

    class Meta(RoomForm.Meta):
        fields = ("name",)


class RoomSettingsField(forms.BoundField):
    """A field that describes only its visible input. Django also describes a hidden one, which HTML forbids."""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if widget is not None and widget.is_hidden:
            attrs.pop("aria-describedby", None)
        return attrs


class RoomSettingsForm(RoomForm):
    """The settings of a room. The page also submits the values with which it was loaded.

    `changes` therefore contains only the user's changes, and does not undo changes that another owner made meanwhile.
    """

    CODE_FIELDS = ("joining", "code_expires_at", "code_max_uses")  # not of the common room
    bound_field_class = RoomSettingsField

    class Meta(RoomForm.Meta):
        fields = (
            "name",
            "description",
            "post_max_length",
            "joining",
            "code_expires_at",
            "code_max_uses",
            "attachments",
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.CODE_FIELDS if self.instance.is_common else ():
            self.fields.pop(name, None)
        if "post_max_length" in self.fields:  # not if the user can only view the room in the admin
            self.fields["post_max_length"].widget.attrs["placeholder"] = settings.POST_MAX_LENGTH
        for name, field in self.fields.items():
            field.show_hidden_initial = not self.is_bound or self.add_initial_prefix(name) in self.data

    def clean_code_expires_at(self):
        expires_at = self.cleaned_data["code_expires_at"]
        if expires_at and expires_at <= timezone.now() and "code_expires_at" in self.changed_data:
            raise ValidationError(_("Choose a time in the future."), code="past")
        return expires_at

    @cached_property
    def changed_data(self):
        """Return the names of the fields that the user changed. A field that was not submitted is not changed."""
        return [name for name in super().changed_data if not self._is_omitted(name)]

    def _is_omitted(self, name):
        if isinstance(self.fields[name].widget, forms.CheckboxInput):
            # Browsers omit a box that is not checked, but then submit the loaded value.
            return self.add_prefix(name) not in self.data and self.add_initial_prefix(name) not in self.data
        return self.fields[name].widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    @property
    def changes(self):
        """Return the changed fields and their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    @property
    def loaded_values(self):
        """Return hidden fields that crispy-forms omits: the loaded values of radio buttons."""
        radios = [field for field in self if isinstance(field.field.widget, forms.RadioSelect)]
        return [field.as_hidden(only_initial=True) for field in radios if field.field.show_hidden_initial]


def _choice(room):
    name = isolate(room.name)
    return room.slug, _("%(room)s (archived)") % {"room": name} if room.is_archived else name
