"""The account form, as assistive technology reads it."""

import re

import pytest


@pytest.fixture
def field(client_for, student):
    """Return a function that gives the markup of one field of the account form, after sending `data`."""

    def field(name, **data):
        client = client_for(student)
        html = (client.post("/account/", data) if data else client.get("/account/")).content.decode()
        return re.search(rf'<div id="div_id_{name}".*?</div>\s*</div>', html, re.DOTALL)[0]

    return field


def test_account_field_has_a_label_and_its_help_describes_it(field):
    html = field("location")

    assert re.search(r'<label for="id_location"[^>]*>\s*Location\s*</label>', html)
    assert 'aria-describedby="id_location_helptext"' in html
    assert '<div id="id_location_helptext" class="form-text">Optional' in html


def test_account_field_is_described_by_its_error(field):
    html = field("location", email="sam@school.example", location="x")

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_location_helptext id_location_error"' in html
    assert re.search(r'<div id="id_location_error" class="invalid-feedback"><strong>[^<]+</strong></div>', html)


def test_checkbox_to_remove_the_picture_comes_before_its_label(field, student):
    type(student).objects.filter(pk=student.pk).update(avatar="avatars/a.webp")
    html = field("remove_avatar")

    assert html.index('type="checkbox"') < html.index('for="id_remove_avatar" class="form-check-label"')
