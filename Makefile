# The course in one word each; README.md has the same as plain lines, for a machine without make.
# GNU make 3.81 is enough, which is what macOS brings.

# The Python that .venv is made with. Once it is made, its own is asked.
PYTHON ?= $(if $(wildcard .venv/lab.done),.venv/bin/python,python3)

.PHONY: lab test gates refresh bench lock check widget widget-check

lab: .venv/lab.done
	.venv/bin/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(screen) $(root)

test: .venv/test.done
	.venv/bin/python -m pytest

# What a tool can say about the style, before a person looks. CI runs the gates, then the tests.
gates: .venv/test.done widget-check
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy

refresh: .venv/test.done
	.venv/bin/python tests/refresh.py

# Benchmarks are for reading: one at a time, on an idle machine, with what they print.
bench: .venv/test.done
	.venv/bin/python -m pytest -o addopts= -s tests/benchmarks

# uv, because pip cannot lock for every platform at once; in a folder of its own, because .venv
# cannot be installed while a requirement and its lock disagree. Pins that still fit stay.
lock: check
	$(PYTHON) -m venv .venv/uv
	.venv/uv/bin/python -m pip install --quiet uv==0.13.8
	cat requirements.txt tests/requirements.txt binder/requirements.txt | grep -v '^-' | .venv/uv/bin/uv pip compile - pyproject.toml --universal --python-version 3.11 --no-annotate --custom-compile-command 'make lock' --quiet --output-file constraints.txt

# The explorer's script from helpers/widgets/js: only who changes it needs node.
widget: helpers/widgets/js/node_modules/.package-lock.json
	npm --prefix helpers/widgets/js run build

widget-check: helpers/widgets/js/node_modules/.package-lock.json
	npm --prefix helpers/widgets/js run check

helpers/widgets/js/node_modules/.package-lock.json: helpers/widgets/js/package-lock.json
	npm --prefix helpers/widgets/js ci
	touch $@

# A .done file says that an install ran to its end; one that was interrupted runs again.
.venv/lab.done: requirements.txt constraints.txt pyproject.toml | check
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install -r requirements.txt
	touch $@

.venv/test.done: .venv/lab.done tests/requirements.txt
	.venv/bin/python -m pip install -r tests/requirements.txt
	touch $@

# Without a screen, print the address instead of opening it; root, as in a container, has to say so.
screen = $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname)),,--no-browser)
root = $(if $(filter 0,$(shell id -u)),--allow-root)

# Before anything is made: is there a Python, is it one that TensorFlow supports, is it .venv's?
check:
	$(if $(filter 3.11 3.12 3.13,$(found)),,$(error found $(or $(found),no $(PYTHON)), need 3.11-3.13, set PYTHON=python3.12))
	$(if $(filter Darwin-x86_64,$(machine)),$(error found Python for Intel Macs, need one for Apple silicon as TensorFlow has no other, or open the course on Binder: see README.md))
	$(if $(wildcard .venv/bin),$(if $(filter $(found),$(inside)),,$(error found $(or $(inside),a broken Python) in .venv, need $(found) as PYTHON=$(PYTHON) says, remove the old one: rm -rf .venv)))

version = $(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
found = $(call version,$(PYTHON))
inside = $(call version,.venv/bin/python)
machine = $(shell $(PYTHON) -c 'import platform; print(platform.system() + "-" + platform.machine())')
