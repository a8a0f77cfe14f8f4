# A Makefile fragment: `include sailwright.mk`, then `make render`, `make check`, `make mesh-diff BASE=origin/main`.
SAILWRIGHT ?= sailwright

.PHONY: render check mesh-diff

render:  ## compile the service files into rendered/
	$(SAILWRIGHT) build

check:  ## the pull-request gate
	$(SAILWRIGHT) check $(if $(BASE),--base $(BASE))

mesh-diff:  ## what this branch changes, in the mesh's words
	$(SAILWRIGHT) diff $(if $(BASE),--base $(BASE))
