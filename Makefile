# Guichet. « make help » lists what can be asked.
.POSIX:
.PHONY: help run build clean-data

GO = go

help: ## affiche cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: build ## démarre tout et joue la démonstration (ONCE=1 : s'arrête ensuite)
	@exec bin/guichet-local run $${ONCE:+--une-fois}

build: ## construit bin/guichet et bin/guichet-local
	@mkdir -p bin
	$(GO) build -o bin/guichet ./cmd/guichet
	cd deploy/local && $(GO) build -ldflags='-s -w' -o ../../bin/guichet-local .

clean-data: ## efface les données locales après confirmation (OUI=1 : sans la demander)
	@mkdir -p bin
	@cd deploy/local && $(GO) build -ldflags='-s -w' -o ../../bin/guichet-local .
	@exec bin/guichet-local effacer $${OUI:+--oui}
