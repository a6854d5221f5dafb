package chaos

import (
	"testing"

	"guichet/opco"
)

// mailDown is an outage of the mail server, with many dossiers behind one line.
func mailDown() fault {
	var f *traffic
	return fault{name: "serveur de courriels arrêté",
		inject: func(k *stack) {
			k.mails("arret", "")
			f = k.bring(60, 4)
		},
		nature: opco.IncidentCourriel, titre: "Le serveur de courriels ne répond pas", conseil: "Rétablissez le serveur", objets: 50,
		heal: func(k *stack, g group) string {
			k.mails("aucune", "")
			return "serveur rétabli, puis " + k.intervene(opco.VerbeRenvoyer, g.Code)
		},
		after: func(k *stack) { f.check() }}
}

// The outage of a mail server is one line, whatever the number of dossiers behind it; once it is
// back, each mail leaves, once.
func TestCourrielServeurArrete(t *testing.T) { openStack(t, true).contract(mailDown()) }
