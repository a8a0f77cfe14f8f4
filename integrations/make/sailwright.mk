# A Makefile fragment: `include sailwright.mk`, then `make build`, `make check`, `make mesh-diff BASE=origin/main`.
# A Makefile that has a `build` of its own adds ours to it: `build: render`.
SAILWRIGHT ?= sailwright

.PHONY: build render check mesh-diff

build: render  ## compile the service files into rendered/

render:
	$(SAILWRIGHT) build

check:  ## the pull-request gate
	$(SAILWRIGHT) check $(if $(BASE),--base $(BASE))

mesh-diff:  ## what this branch changes, in the mesh's words
	$(SAILWRIGHT) diff $(if $(BASE),--base $(BASE))
