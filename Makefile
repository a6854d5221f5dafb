# Guichet. « make help » lists what can be asked.
.POSIX:
.PHONY: help run build test check scenario chaos exercice bench outils clean-data

GO = go
AVECPG = $(GO) run ./store/storetest/avecpg
OUTILS = $(GO) tool -modfile=tools/go.mod
# A package a line, then what was skipped and why, then what failed, in full, and how many.
TESTER = gotestsum --format=pkgname --format-hide-empty-pkg -- -timeout=30m

help: ## affiche cette aide
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: build ## démarre tout et joue la démonstration (ONCE=1 : s'arrête ensuite)
	@exec bin/guichet-local run $${ONCE:+--une-fois}

build: ## construit bin/guichet et bin/guichet-local
	@mkdir -p bin
	$(GO) build -o bin/guichet ./cmd/guichet
	cd deploy/local && $(GO) build -ldflags='-s -w' -o ../../bin/guichet-local .

test: outils build ## tous les tests : règles, base, procédures, API, pile locale, scénarios
	$(AVECPG) $(OUTILS) $(TESTER) ./...
	cd deploy/local && $(GO) tool -modfile=../../tools/go.mod $(TESTER) ./...
	cd deploy/verification && $(GO) tool -modfile=../../tools/go.mod $(TESTER) ./...
	bin/guichet-local exec -- sh -c 'bin/guichet demo && export GUICHET_ESSAI_PILE=1 && $(OUTILS) $(TESTER) -count=1 -short ./cmd/internal/chaos && $(OUTILS) $(TESTER) -count=1 -run SurLaPile ./cmd/guichet'
	$(MAKE) scenario

scenario: build ## joue les scénarios sur une pile neuve, puis vérifie les invariants (FICHIERS=…, COURSES=1000)
	@sh deploy/scenarios.sh $${FICHIERS}

chaos: build ## casse une pile neuve de toutes les façons promises, puis vérifie ce que la console dit et guérit (EPREUVES=Courriel)
	bin/guichet-local exec -- sh -c 'bin/guichet demo && GUICHET_ESSAI_PILE=1 $(GO) test -count=1 -timeout 60m -v -run "$${EPREUVES:-.}" ./cmd/internal/chaos'

check: outils ## ce qu'un relecteur exige : format, vet, staticcheck, workflowcheck, tests avec détection de courses
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'gofmt changerait :'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(OUTILS) staticcheck ./...
	cd deploy/local && $(GO) vet ./... && $(GO) tool -modfile=../../tools/go.mod staticcheck ./...
	$(OUTILS) workflowcheck ./workflows/... ./cmd/guichet
	$(AVECPG) $(OUTILS) $(TESTER) -race ./...

exercice: build ## joue l'exercice de restauration sur une pile à part (docs/sauvegarde.md)
	sh deploy/sauvegarde/exercice.sh

bench: outils build ## mesure les listes, puis le flux (SEUL=listes, SEUL=flux ; ARGS aux listes, FLUX au flux)
	@code=0; \
	[ "$${SEUL}" = flux ] || $(AVECPG) $(GO) run ./store/storetest/banc $${ARGS} || code=1; \
	[ "$${SEUL}" = listes ] || { $(GO) build -o bin/load ./cmd/internal/load && bin/guichet-local exec -- bin/load $${FLUX} || code=1; }; \
	exit $$code

outils: ## installe ce qui manque aux tests (Debian, root) ou dit quoi installer
	@sh deploy/outils.sh

clean-data: ## efface les données locales après confirmation (OUI=1 : sans la demander)
	@mkdir -p bin
	@cd deploy/local && $(GO) build -ldflags='-s -w' -o ../../bin/guichet-local .
	@exec bin/guichet-local effacer $${OUI:+--oui}
