"""Cards with the passwords of pupils whose accounts a class list created."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.utils import timezone

from accounts.audit import fields_of
from accounts.models import User
from accounts.passwords import WORDS, new_password, words
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page, is_signed_in, sign_in
from posts import actions
from posts.class_lists import Outcome, Row
from posts.models import Membership
from posts.tests.factories import MembershipFactory
from posts.tests.html_checks import check_page
from posts.tests.support import FETCH, html_of, parse_html

URL = "/rooms/chemistry/members/cards/"


@pytest.fixture
def teachers_client(client_for, teacher, room):
    return client_for(teacher)


@pytest.fixture
def import_pupils(room, teacher):
    """Return a function that imports a list of new pupils: `number` of them, or with the usernames given."""

    def run(*names, number=0):
        names = names or [f"pupil{index:03}" for index in range(number)]
        rows = [Row(1, name, name.title(), "Lund", outcome=Outcome.NEW) for name in names]
        actions.import_class_list(room, rows, teacher)
        return list(User.objects.filter(username__in=names).order_by("pk"))

    return run


def cards_of(response):
    """Return {username: password} of the cards in a response."""
    return {card.user.username: card.password for card in response.context["batch"].cards}


def test_pupil_signs_in_with_the_card_and_chooses_a_password(client, teachers_client, import_pupils):
    import_pupils("ida")
    response = teachers_client.post(URL)
    (password,) = cards_of(response).values()
    assert f"Password: {password}" in Page(response).text()

    sign_in(client, "ida", password)

    assert client.get("/home/", follow=True).redirect_chain[-1][0].startswith("/account/password/")
    chosen = {"old_password": password, "new_password1": "my own long one", "new_password2": "my own long one"}
    assert client.post("/account/password/?next=/rooms/chemistry/", chosen)["Location"] == "/rooms/chemistry/"
    assert client.get("/rooms/chemistry/").status_code == 200


def test_passwords_are_only_in_the_response(teachers_client, import_pupils, teacher):
    (ida,) = import_pupils("ida")
    LogEntry.objects.all().delete()

    response = teachers_client.post(URL)

    password = cards_of(response)["ida"]
    ida.refresh_from_db()
    assert (ida.check_password(password), ida.must_change_password) == (True, True)
    assert password not in ida.password
    assert response["Cache-Control"] == "no-store"
    assert password not in html_of(teachers_client.get(URL))
    (entry,) = LogEntry.objects.all()
    assert (entry.user, entry.object_id, fields_of(entry)) == (teacher, str(ida.pk), ["password"])
    assert password not in entry.change_message


def test_batches_of_25_without_scripts(teachers_client, import_pupils):
    pupils = import_pupils(number=60)
    response, batches = teachers_client.post(URL), []
    while True:
        batches.append(list(cards_of(response)))
        check_page(html_of(response), URL)
        form = parse_html(html_of(response)).find(".//main//form")
        if form is None:
            break
        assert "Next 25" in "".join(form.itertext())
        response = teachers_client.post(URL, {"after": form.find(".//input[@name='after']").get("value")})

    assert [len(batch) for batch in batches] == [25, 25, 10]
    assert [name for batch in batches for name in batch] == [pupil.username for pupil in pupils]
    assert "60 of 60 cards" in Page(response).text()


def test_scripts_get_only_the_cards(teachers_client, import_pupils):
    pupils = import_pupils(number=30)

    html = html_of(teachers_client.post(URL, headers=FETCH))

    assert "<main" not in html
    assert html.count("data-card>") == 25
    found = re.findall(r'data-(done|total|after)="(\d*)"', html)
    assert found == [("done", "25"), ("total", "30"), ("after", str(pupils[24].pk))]


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 50, "\0", "٣"])
def test_invalid_position_starts_at_the_first_pupil(teachers_client, import_pupils, after):
    import_pupils("ida")

    assert list(cards_of(teachers_client.post(URL, {"after": after}))) == ["ida"]


def test_lost_cards_are_replaced_until_the_first_sign_in(client, teachers_client, import_pupils):
    import_pupils("ida", "ben")
    old = cards_of(teachers_client.post(URL))
    new = cards_of(teachers_client.post(URL))
    assert old.keys() == new.keys()

    sign_in(client, "ida", old["ida"])
    assert not is_signed_in(client)
    sign_in(client, "ida", new["ida"])

    assert list(cards_of(teachers_client.post(URL))) == ["ben"]


def test_other_members_get_no_card(teachers_client, import_pupils, room, outsider, teacher):
    import_pupils("removed", "teacher2", "inactive", "left")
    Membership.objects.filter(user__username="removed").update(state="removed")
    User.objects.filter(username="teacher2").update(role="teacher", approved_at=timezone.now())
    User.objects.filter(username="inactive").update(is_active=False)
    actions.leave_room(User.objects.get(username="left"), room)
    actions.add_member(Membership(user=outsider, room=room), teacher)
    before = list(User.objects.order_by("pk").values_list("password", flat=True))

    assert cards_of(teachers_client.post(URL)) == {}

    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == before
    assert "There are no cards to print" in html_of(teachers_client.get(URL))


def test_page_explains_who_gets_cards_and_how_to_replace_one(teachers_client, import_pupils):
    assert "a class list of this room created" in html_of(teachers_client.get(URL))

    import_pupils("ida")
    assert "If only one card is lost" in html_of(teachers_client.get(URL))


def test_card_links_to_the_sign_in_page_of_the_configured_site(teachers_client, import_pupils, settings):
    settings.SITE_URL = "https://homeroom.school.example:8443"
    import_pupils("Ida.W-1")

    response = teachers_client.post(URL)

    (card,) = response.context["batch"].cards
    assert card.sign_in_url == "https://homeroom.school.example:8443/login/?username=Ida.W-1"
    assert "Site: homeroom.school.example:8443" in Page(response).text()
    path = card.sign_in_url.removeprefix(settings.SITE_URL)
    assert Page(Client().get(path)).value("username") == "Ida.W-1"


def test_pupil_who_signs_in_meanwhile_keeps_the_password(teachers_client, import_pupils, monkeypatch):
    (ida,) = import_pupils("ida")
    before, hash_password = ida.password, actions.class_lists.make_password

    def sign_in_meanwhile(password):
        User.objects.filter(pk=ida.pk).update(last_login=timezone.now())
        return hash_password(password)

    monkeypatch.setattr(actions.class_lists, "make_password", sign_in_meanwhile)

    assert cards_of(teachers_client.post(URL)) == {}
    assert User.objects.get(pk=ida.pk).password == before


def test_initial_passwords_are_random_and_valid(db):
    user = StudentFactory.build(username="tiger", first_name="Lemon", email="tiger.lemon.cloud@school.example")
    passwords = {new_password(user) for _number in range(500)}

    assert len(passwords) == 500
    assert len(set(words())) == len(words()) >= 1024  # 10 bits each
    assert WORDS * 10 >= 40
    assert all(re.fullmatch("[a-z]{3,7}", word) for word in words())
    for password in passwords:
        assert 10 <= len(password) <= 40
        validate_password(password, user)


def test_queries_of_the_page_do_not_depend_on_the_number_of_pupils(
    teachers_client, import_pupils, room, django_assert_num_queries
):
    import_pupils(number=30)
    MembershipFactory.create_batch(5, room=room)
    teachers_client.get(URL)

    with django_assert_num_queries(6):
        teachers_client.get(URL)
