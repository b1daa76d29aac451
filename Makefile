# Makes .venv; without it the best on the path does (deploy/local/pythons.py), once.
PYTHON ?= python3
VENV := .venv/bin
PROTOS := $(shell find proto/rondetafel -name '*.proto')
# What `make proto` makes and `make check` compares.
GENERATED := proto/gen services/kit/codes.py services/portal/api/generated docs/api/openapi.json

.DEFAULT_GOAL := help
.PHONY: help run stop recover demo test quick check bench proto assets docs screenshots migration rotate reset lock release audit verb \
  setup generate

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## set up and bring up the whole platform; Ctrl-C stops it and keeps the data
	@exec $(VENV)/python -m deploy.local run

stop: setup ## stop a platform that runs elsewhere, or what a killed one left behind
	@exec $(VENV)/python -m deploy.local stop

recover: setup ## after the loss of the keys by which Keycloak knows this platform: the next start gives it new ones
	@exec $(VENV)/python -m deploy.local recover

demo: setup ## set a new town up, then play one case with seven people, against the running platform
	@exec $(VENV)/python -m tests.e2e.story

test: setup ## run all checks and tests, or make test part=case; make test pages=full takes every look at pages
	@exec $(VENV)/python -m tests $(part) $(if $(pages),--pages $(pages))

quick: setup ## run the checks and the tests of what differs from main, without a platform
	@exec $(VENV)/python -m tests --quick

check: setup ## style, types, import walls, declared packages, and whether what is made from proto/ fits it
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy .
	$(VENV)/lint-imports
	$(VENV)/deptry services deploy tests
	$(VENV)/deptry services --optional-dependencies-dev-groups local,dev --ignore DEP002
	$(VENV)/deptry deploy --optional-dependencies-dev-groups dev --ignore DEP002
	@fresh=$$(mktemp -d) code=0; $(MAKE) --no-print-directory generate INTO=$$fresh || code=1; \
	  for made in $(GENERATED); do diff -r -x __pycache__ $$fresh/$$made $$made || code=1; done; \
	  rm -r "$$fresh"; [ $$code -eq 0 ] || echo "what is made from proto/ does not fit it: run make proto"; exit $$code
	@echo "Known vulnerabilities of the packages are asked for by make audit"

bench: setup ## measure the platform next to the bare limits of this machine; make bench keep=1 keeps the figures in docs
	@exec $(VENV)/python -m tests.bench $(if $(keep),--keep) $(if $(peers),--peers) $(if $(workers),--workers $(workers)) \
	  $(if $(scale),--scale $(scale))

docs: setup ## pictures of the states in docs/domain.md, from the tables of the code
	@$(VENV)/python -m deploy.states

screenshots: setup ## pictures of the main pages of a demo town of its own, into docs/screenshots
	@exec $(VENV)/python -m tests.pages.screenshots

proto: setup ## generate what is made from proto/: its code, lists of codes, the REST API
	@$(MAKE) --no-print-directory generate INTO=.

assets: setup ## remake what the pages take from others, at the versions in deploy/assets (Node, npm)
	@exec $(VENV)/python -m deploy.assets

verb: setup ## the skeleton of a new verb and a test that fails: make verb service=case name=close_case [aggregate=case]
	@$(VENV)/python -m deploy.scaffold $(service) $(name) $(aggregate)

migration: setup ## a new, empty migration: make migration service=case name=add_review_date
	@exec $(VENV)/python -m deploy.local.migration $(service) $(name)

rotate: setup ## new keys for the running platform: make rotate what=root, or what=cells
	@exec $(VENV)/python -m deploy.local rotate-$(what)

reset: setup ## throw away the data and keys of make run; downloads are kept
	@exec $(VENV)/python -m deploy.local reset

release: setup ## from now on the proto files and migrations of today are kept (docs/released)
	@exec $(VENV)/python -m tests.rules.release $(anew)

audit: setup ## known vulnerabilities in requirements.lock
	@exec $(VENV)/python -m tests.rules.audit

# The dependencies of pyproject.toml, resolved anew.
lock: setup
	$(VENV)/uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --upgrade --no-annotate \
	  --custom-compile-command 'make lock' pyproject.toml -o requirements.lock

setup:
	@$(PYTHON) -m deploy.local.bootstrap $(if $(filter file,$(origin PYTHON)),,--this)

generate:
	@mkdir -p $(INTO)/proto/gen
	@PATH="$(CURDIR)/$(VENV):$$PATH" $(VENV)/python -m grpc_tools.protoc --proto_path=proto \
	  --python_out=$(INTO)/proto/gen --grpc_python_out=$(INTO)/proto/gen \
	  --mypy_out=quiet:$(INTO)/proto/gen --mypy_grpc_out=quiet:$(INTO)/proto/gen $(PROTOS)
	@described=$$(mktemp) && $(VENV)/python -m grpc_tools.protoc --proto_path=proto --include_imports --include_source_info \
	  --descriptor_set_out=$$described $(PROTOS) && $(VENV)/python -m deploy.generate $$described $(INTO); \
	  code=$$?; rm "$$described"; exit $$code
