"""Structure of the project."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

TOP_LEVEL = {
    "config", "accounts", "posts", "templates", "static", "manage.py", "requirements.txt", "requirements-dev.txt",
    "requirements.lock", "requirements-dev.lock", "mysql.lock", "pytest.ini", "conftest.py",
    "Makefile", "README.md", "LICENSE",
}  # fmt: skip


def find_imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize(("package", "forbidden"), [("accounts", ("posts",)), ("config", ("posts", "accounts"))])
def test_lower_packages_do_not_import_higher_packages(package, forbidden):
    sources = [path for path in (settings.BASE_DIR / package).rglob("*.py") if "tests" not in path.parts]

    assert len(sources) > 4
    for path in sources:
        for module in find_imports(path):
            assert module.split(".")[0] not in forbidden, f"{path} imports {module}"


def test_top_level_contains_only_listed_names():
    names = {path.name for path in Path(settings.BASE_DIR).iterdir() if not path.name.startswith(".")}

    assert names - {"__pycache__"} <= TOP_LEVEL


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
