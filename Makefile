# The targets require Python 3.11 or newer and make. They install everything else. `make help` lists them.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
# Arguments for pytest. Three processes, because tests with browsers and servers are idle part of the time.
TESTS ?= --numprocesses=3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check install --require-hashes
BABEL = PYTHONPATH=. $(BIN)/pybabel --quiet
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# The MySQL driver is compiled during installation and requires MySQL's headers, so it is installed only if it is needed.
DATABASE := $(or $(DATABASE_URL),$(shell sed -n 's/^DATABASE_URL=//p' .env 2>/dev/null))
DRIVER := $(if $(findstring mysql,$(DATABASE)),mysqlclient)

# With it, each process that the tests start would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve test lint format messages lock clean help

run: $(VENV)/.site .env  ## Start a development site on http://127.0.0.1:8000, with a demo school on first start (PORT=8001)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@$(BIN)/python manage.py populate --if-empty
	@echo "Homeroom is on http://127.0.0.1:$(PORT) (press Ctrl-C to stop)"
	@$(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

serve: $(VENV)/.site  ## Start the production server, configured by .env or the environment (PORT=8000 WORKERS=2)
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py serve --port $(PORT) --workers $(WORKERS)

test: $(VENV)/.dev  ## Run all tests on the database in DATABASE_URL, by default SQLite (TESTS=accounts)
	@$(BIN)/python -m pytest -q $(TESTS)

lint: $(VENV)/.dev  ## Check style, Django's system checks and missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' | sort | xargs $(BIN)/djade --check --target-version 5.2
	find templates -name '*.html' | sort | xargs $(BIN)/djhtml --check --tabwidth 2
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev  ## Format Python code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-find templates -name '*.html' | sort | xargs $(BIN)/djade --target-version 5.2
	-find templates -name '*.html' | sort | xargs $(BIN)/djhtml --tabwidth 2

messages: $(VENV)/.dev  ## Update and compile the translations in config/locale
	$(BABEL) extract --mapping .babel.cfg --keyword gettext_lazy --keyword ngettext_lazy:1,2 --no-location --sort-output \
	  --output $(VENV)/messages.pot .
	$(BABEL) update --input-file $(VENV)/messages.pot --output-dir config/locale --domain django --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date --width 120
	$(BABEL) compile --directory config/locale --domain django

lock: $(VENV)/.dev  ## Update the lock files from requirements*.txt (UPGRADE=1 for the newest versions)
	$(COMPILE) requirements.txt --output-file requirements.lock
	$(COMPILE) requirements-dev.txt --constraints requirements.lock --output-file requirements-dev.lock
	echo "mysqlclient>=2.2,<3" | $(COMPILE) - --output-file mysql.lock

clean:  ## Delete installed packages and caches, but not the site's data in .data and .env
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Settings for a development site on this machine.
.env:
	@$(PYTHON) -c "import secrets; print(f'SECRET_KEY={secrets.token_urlsafe(50)}')" > .env
	@echo "ALLOWED_HOSTS=127.0.0.1,localhost" >> .env
	@echo "HTTPS=off" >> .env
	@echo "SITE_URL=http://127.0.0.1:$(PORT)" >> .env

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Homeroom requires Python 3.11 or newer')"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.site: $(VENV)/bin/python requirements.lock
	@echo "Installing dependencies..."
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-dev.lock
	@echo "Installing development dependencies..."
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.site

ifneq ($(DRIVER),)
run serve test: $(VENV)/.driver-$(DRIVER)

$(VENV)/.driver-$(DRIVER): $(VENV)/bin/python mysql.lock
	@$(PIP) -r mysql.lock
	@touch $@
endif
