# Every target sets up what it needs. Works from any directory: make -f path/to/Makefile demo
MAKEFLAGS += --no-print-directory
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
ROOT := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
BIN := .venv/bin
ARGS ?=
JSON ?= benchmark.json
KILLS ?= 300
FREEZES ?= 40
EVENTS ?= 10000
STORM ?= 50
SHOTS ?= build/shots
LOOKS := $(addprefix tests/browser/test_,$(addsuffix .py,console_frame console_journey_pages console_mishaps desk_page erased_page api_access_page panel))
# Half as many again as there are cores: tests wait for other processes more than they compute. Twice as many gain half a
# minute on two cores, and what is timed by the clock is disturbed more often.
WORKERS ?= $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 )))
LOCK := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(UPGRADE)

.PHONY: help setup demo test check fmt docs words pictures shots bench bench-outbound simulate faults events crashes month storm lock wheel clean

help: ## show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(ROOT)/Makefile | expand -t 24

setup: ## install everything into .venv (quick when nothing changed)
	@$(ROOT)/tools/setup

demo: setup ## the whole story in one command: make demo ARGS="--exit --json report.json"
	@$(ROOT)/$(BIN)/landbridge demo $(ARGS)

test: setup ## run all tests: make test ARGS="tests/unit -k lane"
	@cd $(ROOT) && tools/debian-parts && $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: setup ## lint, format, types and who-imports-whom
	@cd $(ROOT) && $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

fmt: setup ## put the code into shape
	@cd $(ROOT) && $(BIN)/ruff check --fix --select I . && $(BIN)/ruff format .

docs: setup ## write docs/reference/ anew from the code
	@cd $(ROOT) && $(BIN)/python -m tools.reference

words: setup ## bring the catalogues of other languages up to date, and list what is not translated
	@cd $(ROOT) && $(BIN)/python -m tools.words

pictures: setup ## take the pictures of the tutorial and of the console anew (docs/images/)
	@cd $(ROOT) && $(BIN)/python -m tools.screenshots && $(BIN)/python -m tools.console_pictures

shots: setup ## pictures of every page and state of the console: make shots SHOTS=./shots
	@cd $(ROOT) && LANDBRIDGE_SHOTS="$(abspath $(SHOTS))" $(BIN)/python -m pytest -q $(LOOKS)

bench: setup ## measure everything: outbound speed, growth, use of the quotas, the console (about 40 minutes)
	@cd $(ROOT) && tools/setup-bench && $(BIN)/python -m benchmarks $(ARGS)

bench-outbound: setup ## engine, bare loop, dlt and Singer side by side: make bench-outbound JSON=FILE
	@cd $(ROOT) && tools/setup-bench && $(BIN)/python -m benchmarks.outbound --json "$(abspath $(JSON))" $(ARGS)

simulate: setup ## a company of a million candidates under the real limits, on a virtual clock
	@cd $(ROOT) && $(BIN)/python -m benchmarks.simulate $(ARGS)

faults: setup ## kill and freeze processes at random, judge by the far sides' own records: make faults KILLS=300
	@cd $(ROOT) && $(BIN)/python -m tests.faults --kills $(KILLS) --freezes $(FREEZES) $(ARGS)

events: setup ## so many changes, each told ten times, mixed up, a tenth never: make events EVENTS=10000
	@cd $(ROOT) && $(BIN)/python -m tests.faults --events $(EVENTS) $(ARGS)

crashes: setup ## kill and freeze workers between every two effects of every flow from LinkedIn: make crashes ARGS="--how kill"
	@cd $(ROOT) && $(BIN)/python -m tests.inbound $(ARGS)

month: setup ## a virtual month of InMails and notes with outages, then 2,000 seats for a day: make month ARGS="--days 7"
	@cd $(ROOT) && $(BIN)/python -m tests.inbound.long_month $(ARGS)

storm: setup ## storm the sandbox with calls made from its OpenAPI document: make storm STORM=200
	@cd $(ROOT) && STORM=$(STORM) $(BIN)/python -m pytest -n auto tests/sandbox/test_linkedin_openapi.py $(ARGS)

lock: setup ## resolve requirements/*.txt anew after a change in pyproject.toml (UPGRADE=--upgrade for newer versions)
	@cd $(ROOT) && $(BIN)/$(LOCK) pyproject.toml -o requirements/run.txt
	@cd $(ROOT) && $(BIN)/$(LOCK) pyproject.toml --group dev -o requirements/dev.txt
	@cd $(ROOT) && $(BIN)/$(LOCK) requirements/bench.in -o requirements/bench.txt

wheel: setup ## build dist/*.whl
	@cd $(ROOT) && $(BIN)/python -m hatchling build -t wheel

clean: ## remove what was built, keep .venv
	@cd $(ROOT) && rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
