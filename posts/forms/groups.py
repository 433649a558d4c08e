"""Forms that split a room into groups."""

import random
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.forms.base import ErrorMessagesMixin
from accounts.models import User
from accounts.text import isolate

MIN_GROUPS, MAX_GROUPS = 2, 12
MAX_CHOSEN = 100  # students whose groups can be chosen; the page has a field for each
NUMBER = _("Enter a number from 2 to 12.")


class GroupsForm(ErrorMessagesMixin, forms.Form):
    """The number of groups of `students`, and how to make them."""

    number = forms.IntegerField(
        label=_("Number of groups"),
        min_value=MIN_GROUPS,
        max_value=MAX_GROUPS,
        initial=4,
        error_messages={"min_value": NUMBER, "max_value": NUMBER},
    )
    method = forms.ChoiceField(
        label=_("Who is in which group"),
        choices={"random": _("Choose at random"), "choose": _("I choose")},
        initial="random",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, students: Sequence[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.students = students

    def clean_number(self):
        number = self.cleaned_data["number"]
        if number > len(self.students):
            message = ngettext(
                "This room has only %(count)d student.", "This room has only %(count)d students.", len(self.students)
            )
            raise ValidationError(message, code="too_many", params={"count": len(self.students)})
        return number

    def clean_method(self):
        method = self.cleaned_data["method"]
        if method == "choose" and len(self.students) > MAX_CHOSEN:
            message = _("You can only choose groups of up to %(limit)d students. Use “Choose at random”.")
            raise ValidationError(message, code="too_many", params={"limit": MAX_CHOSEN})
        return method

    def random_groups(self) -> list[list[int]]:
        """Return the ids of the students in random groups, whose sizes differ by at most one."""
        ids = [student.pk for student in self.students]
        random.shuffle(ids)
        return [ids[start :: self.cleaned_data["number"]] for start in range(self.cleaned_data["number"])]


class ChosenGroupsForm(ErrorMessagesMixin, forms.Form):
    """The group of each of `students`, from 1 to `number`, or none."""

    def __init__(self, *args, students: Sequence[User], number: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.number = number
        choices = [(str(group), str(group)) for group in range(1, number + 1)]
        for student in students:
            self.fields[f"student_{student.pk}"] = forms.ChoiceField(
                label=isolate(student.full_name or student.username),
                choices=[("", _("None")), *choices],
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one of the groups.")},
            )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and (empty := [number for number, ids in enumerate(self.groups(), 1) if not ids]):
            message = _("Group %(number)d has no students. Choose at least one student for each group.")
            raise ValidationError(message, code="empty", params={"number": empty[0]})
        return cleaned

    def groups(self) -> list[list[int]]:
        """Return the ids of the students in each group."""
        groups: list[list[int]] = [[] for _number in range(self.number)]
        for name, value in self.cleaned_data.items():
            if value:
                groups[int(value) - 1].append(int(name.removeprefix("student_")))
        return groups
