package env

import (
	"fmt"
	"strings"
)

// Page is docs/configuration.md: every variable, and every work of a worker.
func Page() string {
	var b strings.Builder
	b.WriteString(entetePage)
	for _, v := range Variables() {
		defaut, lu, aide := "", v.Lu, v.Aide
		if v.Defaut != "" {
			defaut = "`" + v.Defaut + "`"
		}
		if lu == "" {
			lu = "toutes"
		}
		if v.Secret {
			aide += " **Secret.**"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", v.Nom, defaut, lu, aide)
	}
	b.WriteString("\n## Les travaux d’un worker\n\n`GUICHET_FILES`, ou `guichet worker --files`, en choisit quelques-uns :\n\n| Travail | Ce qu’il fait |\n|---|---|\n")
	for _, f := range Files {
		fmt.Fprintf(&b, "| `%s` | %s |\n", f, aidesFiles[f])
	}
	return b.String()
}

const entetePage = `# Configuration

Tout se règle par l’environnement. Cette page est écrite depuis le code qui le lit (` + "`go test ./cmd/internal/env -update`" + `) :
aucune autre variable n’est lue par ` + "`guichet api`, `guichet worker`, `guichet migrate`" + ` et les outils qui parlent à la base. Au démarrage,
toutes les fautes sont dites à la fois, et le programme s’arrête. Un secret se donne par un coffre de la plateforme, jamais dans un
fichier suivi.

| Variable | Par défaut | Lue par | Ce qu’elle dit |
|---|---|---|---|
`
