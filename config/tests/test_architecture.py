"""Rules of the layout: imports, top-level names and migrations."""

import ast
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import call_command

TOP = {
    "config", "accounts", "posts", "templates", "static", "manage.py", "requirements.txt", "requirements-dev.txt",
    "requirements.lock", "requirements-dev.lock", "mysql.lock", "pytest.ini", "conftest.py",
    "Makefile", "README.md", "STYLE.md", "CHANGELOG.md", "SECURITY.md", "LICENSE",
}  # fmt: skip


def imported_modules(path):
    """Return the names of the modules that a source file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize(("package", "forbidden"), [("accounts", ("posts",)), ("config", ("posts", "accounts"))])
def test_package_does_not_import_higher_packages(package, forbidden):
    sources = [path for path in (settings.BASE_DIR / package).rglob("*.py") if "tests" not in path.parts]

    assert len(sources) > 4
    for path in sources:
        for module in imported_modules(path):
            assert module.split(".")[0] not in forbidden, f"{path} imports {module}"


def test_top_level_contains_only_the_expected_names():
    command = ["git", "ls-files"]
    git = shutil.which("git") and subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if not git or git.returncode:
        pytest.skip("requires a git checkout")
    names = {path.split("/")[0] for path in git.stdout.splitlines()}

    assert {name for name in names if not name.startswith(".")} <= TOP


@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
