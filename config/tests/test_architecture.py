"""Rules of the layout: imports, top-level names and migrations."""

import ast
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import call_command

TOP = {
    "config",
    "accounts",
    "posts",
    "templates",
    "static",
    "manage.py",
    "requirements.txt",
    "requirements-dev.txt",
    "requirements.lock",
    "requirements-dev.lock",
    "mysql.lock",
    "pytest.ini",
    "conftest.py",
    "Makefile",
    "README.md",
    "STYLE.md",
    "CHANGELOG.md",
    "GUARANTEES.md",
    "SECURITY.md",
    "LICENSE",
}

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


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


@pytest.mark.parametrize("pattern", ["*/actions/*.py", "*/models/*.py", "posts/access.py", "posts/live/*.py"])
def test_public_functions_of_the_lower_layers_have_type_annotations(pattern):
    missing = []
    for path in settings.BASE_DIR.glob(pattern):
        tree = ast.parse(path.read_text())
        # In models, only querysets: Django calls the methods of models with its own arguments.
        scopes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        if path.parent.name == "models":
            scopes = [node for node in scopes if node.name.endswith("QuerySet")]
        functions = [node for scope in [tree, *scopes] for node in scope.body if isinstance(node, FUNCTIONS)]
        for function in functions:
            arguments = [*function.args.args, *function.args.kwonlyargs]
            untyped = [each for each in arguments if each.annotation is None and each.arg != "self"]
            if not function.name.startswith("_") and (untyped or function.returns is None):
                missing.append(f"{path.name}: {function.name}")

    assert missing == []


def test_top_level_contains_only_the_expected_names():
    command = ["git", "ls-files"]
    git = shutil.which("git") and subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    if not git or git.returncode:
        pytest.skip("requires a git checkout")
    names = {path.split("/")[0] for path in git.stdout.splitlines()}

    assert {name for name in names if not name.startswith(".")} <= TOP


def test_files_that_the_readme_names_exist():
    text = (settings.BASE_DIR / "README.md").read_text()
    paths = re.findall(r"`((?:accounts|config|posts|templates|static)/[\w./]+)`", text)

    assert len(paths) > 25
    assert [path for path in paths if not (settings.BASE_DIR / path).exists()] == []


@pytest.mark.guarantee("migrations")
@pytest.mark.django_db
def test_migrations_match_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
