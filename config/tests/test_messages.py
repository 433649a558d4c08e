"""Translations of the interface."""

import re

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

from config.tests.messages import interface_texts

FOLDER = settings.LOCALE_PATHS[0]
TRANSLATIONS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# Marked texts, comments, tags and variables of templates, and classes.
MARKED = re.compile(
    r"{% blocktranslate .*?{% endblocktranslate %}|{% block \w*class %}.*?{% endblock %}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
HTML = re.compile(r"<(svg|script)\b.*?</\1>|<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL)
LABEL = re.compile(r'\b(?:alt|aria-label|label|placeholder|title)="([^"]*)"')
NAMES = {"Homeroom", "@room", "Kim", "Sam", "Ms Hale"}


def catalogue(language, read, suffix):
    with open(FOLDER / language / "LC_MESSAGES" / f"django.{suffix}", "rb") as file:
        return read(file)


def texts(messages):
    """Return the texts with their translations."""
    return {
        (tuple(message.id), *message.string) if message.pluralizable else (message.id, message.string)
        for message in messages
        if message.id
    }


def is_translated(message):
    return all(message.string if message.pluralizable else [message.string])


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_text_has_a_translation(language):
    messages = [message for message in catalogue(language, read_po, "po") if message.id]

    assert {message.id for message in messages} == interface_texts(), "run `make messages`, then translate"
    assert [message.id for message in messages if message.fuzzy or not is_translated(message)] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_have_the_same_placeholders(language):
    errors = catalogue(language, read_po, "po").check()

    assert [(message.id, str(error)) for message, found in errors for error in found] == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_compiled_translations_are_current(language):
    assert texts(catalogue(language, read_mo, "mo")) == texts(catalogue(language, read_po, "po"))


def test_texts_of_templates_are_marked():
    found = set()
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        source = MARKED.sub("", path.read_text())
        texts = [*HTML.sub("\n", source).splitlines(), *LABEL.findall(source)]
        found |= {text.strip(" ·") for text in texts if re.search("[a-z]{2}", text)}

    assert found - NAMES == set()
