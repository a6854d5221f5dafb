package web_test

import (
	"strings"
	"testing"
)

// TestADossierLeadsToItsControle: who may read the contrôle of a dossier finds it from the
// page of the dossier, once there is one; nobody else is told that there is.
func TestADossierLeadsToItsControle(t *testing.T) {
	v := visiterBanque(t)
	x := v.payePourOF1()
	mene := func(qui string) bool {
		return strings.Contains(v.autre().entrer(qui, motDemo).lire("/instruction/dossiers/"+x.Dossier), `href="/controle/`+x.Dossier+`"`)
	}
	if mene("responsable") {
		t.Error("a dossier leads to a contrôle that nobody opened")
	}
	v.controler(x.Dossier)
	for qui, veut := range map[string]bool{"responsable": true, "auditeur": true, "gestionnaire": false} {
		if mene(qui) != veut {
			t.Errorf("%s is led to the contrôle: %v, want %v", qui, !veut, veut)
		}
	}
}
