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
			k.breaks()
			f = k.bringing(60, 4, 1)
		},
		nature: opco.IncidentCourriel, titre: "Le serveur de courriels ne répond pas", conseil: "Rétablissez le serveur", objets: 50,
		heal: func(k *stack, g group) string {
			k.mails("aucune", "")
			return "serveur rétabli, puis " + k.intervene(opco.VerbeRenvoyer, g.Code)
		},
		after: func(*stack) { f.check() }}
}

// mailRefused is an address that the mail server refuses for good: it is corrected where the OPCO
// keeps it, and only what goes to the new one leaves.
func mailRefused() fault {
	const refused, corrected = "e5@exemple.test", "formation@proprete-azur.test"
	var f *traffic
	return fault{name: "une adresse refusée définitivement",
		inject: func(k *stack) {
			k.mails("permanente", refused)
			k.breaks()
			f = k.bringing(6, 3, 1)
		},
		nature: opco.IncidentCourriel, titre: "Des destinataires sont refusés définitivement", conseil: "Faites corriger l’adresse, puis renvoyez", objets: 1,
		heal: func(k *stack, g group) string {
			k.send("admin", "/api/essai/organisations", map[string]any{"sorte": "entreprise", "siren": "999001290", "nom": "Propreté Azur",
				"sirets": []string{"99900129000017", "99900129000025"}, "iban": "FR7699999000140010020034445", "email": corrected, "idcc": "3043", "effectif": 24,
				"code_adherent": "A100005", "masse_salariale": 702_300_00, "responsable": "Xavier d’Estienne d’Orves",
				"adherente": true, "a_jour": true, "nda_active": true, "subrogation_autorisee": true}, nil)
			return "adresse corrigée, puis " + k.intervene(opco.VerbeRenvoyer, g.Code)
		},
		after: func(k *stack) {
			f.check()
			if n := one[int](k, `SELECT count(*) FROM courrier WHERE etat = 'ENVOYE' AND adresse = $1`, corrected); n == 0 {
				k.Error("nothing left to the new address")
			}
			k.mails("aucune", "")
		}}
}

// The outage of a mail server is one line, whatever the number of dossiers behind it; once it is
// back, each mail leaves, once.
func TestCourrielServeurArrete(t *testing.T) { openStack(t, true).contract(mailDown()) }

// A mail that was refused for good leaves to the address that was corrected since.
func TestCourrielRefuse(t *testing.T) { openStack(t, true).contract(mailRefused()) }
