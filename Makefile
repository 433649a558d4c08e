# Everything from nothing: `make run` and `make test` need Python 3.11 or newer and make, and install the rest.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check install --require-hashes
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

# The driver for MySQL is compiled during installation and needs MySQL's headers, so it is installed only if needed.
DATABASE := $(or $(DATABASE_URL),$(shell sed -n 's/^DATABASE_URL=//p' .env 2>/dev/null))
DRIVER := $(if $(findstring mysql,$(DATABASE)),mysqlclient)

.PHONY: run serve test lint format lock clean

run: $(VENV)/.site .env  ## the site on http://127.0.0.1:8000, with a demo school the first time
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@$(BIN)/python manage.py populate --if-empty
	@echo "Homeroom is on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@$(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

serve: $(VENV)/.site  ## the site for real, as .env or the environment says; WORKERS= processes
	@$(BIN)/python manage.py migrate --verbosity 0
	@exec $(BIN)/python manage.py serve --port $(PORT) --workers $(WORKERS)

test: $(VENV)/.dev  ## all the tests, on the database that DATABASE_URL names (SQLite by default)
	@$(BIN)/python -m pytest -q $(TESTS)

lint: $(VENV)/.dev  ## what `make format` would change, and what Django and ruff find wrong
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' | sort | xargs $(BIN)/djade --check --target-version 5.2
	find templates -name '*.html' | sort | xargs $(BIN)/djhtml --check --tabwidth 2
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev  ## Python and templates in their one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-find templates -name '*.html' | sort | xargs $(BIN)/djade --target-version 5.2
	-find templates -name '*.html' | sort | xargs $(BIN)/djhtml --tabwidth 2

lock: $(VENV)/.dev  ## write the lock files; keeps the locked versions that still fit, unless UPGRADE=1
	$(COMPILE) requirements.txt --output-file requirements.lock
	$(COMPILE) requirements-dev.txt --constraints requirements.lock --output-file requirements-dev.lock
	echo "mysqlclient>=2.2,<3" | $(COMPILE) - --output-file mysql.lock

clean:  ## what the targets above made, but for the site's own data in .data and .env
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis

# Settings for a site that never leaves this machine.
.env:
	@$(PYTHON) -c "import secrets; print(f'SECRET_KEY={secrets.token_urlsafe(50)}')" > .env
	@echo "ALLOWED_HOSTS=127.0.0.1,localhost" >> .env
	@echo "HTTPS=off" >> .env

$(VENV)/bin/python:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Homeroom needs Python 3.11 or newer')"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.site: $(VENV)/bin/python requirements.lock
	@echo "Installing what Homeroom needs..."
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-dev.lock
	@echo "Installing what the tests need..."
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/.site

ifneq ($(DRIVER),)
run serve test: $(VENV)/.driver-$(DRIVER)

$(VENV)/.driver-$(DRIVER): $(VENV)/bin/python mysql.lock
	@$(PIP) -r mysql.lock
	@touch $@
endif
