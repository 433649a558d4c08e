"""Labels, help texts and errors of the profile form for assistive technology."""

import re

import pytest


@pytest.fixture
def field(client_for, student):
    """Return a function that returns the HTML of a field of the profile form, after submitting `data`."""

    def field(name, **data):
        client = client_for(student)
        html = (client.post("/account/", data) if data else client.get("/account/")).content.decode()
        return re.search(rf'<div id="div_id_{name}".*?</div>\s*</div>', html, re.DOTALL)[0]

    return field


def test_field_has_label_and_help_text(field):
    html = field("location")

    assert re.search(r'<label for="id_location"[^>]*>\s*Location\s*</label>', html)
    assert 'aria-describedby="id_location_helptext"' in html
    assert '<div id="id_location_helptext" class="form-text">Class or house' in html


def test_field_is_described_by_its_error(field):
    html = field("location", email="sam@school.example", location="x")

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_location_helptext id_location_error"' in html
    assert re.search(r'<div id="id_location_error" class="invalid-feedback">\s*<strong>[^<]+</strong>\s*</div>', html)


def test_checkbox_comes_before_its_label(field, student):
    type(student).objects.filter(pk=student.pk).update(avatar="avatars/a.webp")
    html = field("remove_avatar")

    assert html.index('type="checkbox"') < html.index('for="id_remove_avatar" class="form-check-label"')
