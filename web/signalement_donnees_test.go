package web_test

import (
	"net/url"

	"github.com/google/uuid"
)

// constater has a gestionnaire find a debt on a paid invoice.
func (v *visiteur) constater(x paye) dette {
	v.t.Helper()
	v.veut("a debt", 303, "/instruction/dossiers/"+x.Dossier+"/service-fait", "")(v.autre().entrer("gestionnaire", motDemo).envoyer("/instruction/dossiers/"+x.Dossier+"/actes/indu",
		url.Values{"acte_id": {uuid.NewString()}, "facture": {x.Facture}, "cause": {"CONTROLE"}, "montant": {"200,00"}, "raison": {"Dix heures certifiées n’ont pas été suivies."}}))
	d := dette{v, x.Facture + "-i1"}
	d.ouvrir()
	return d
}

// controler has a contrôleur open the contrôle of a dossier, and returns its page.
func (v *visiteur) controler(dossier string) string {
	v.t.Helper()
	statut, vers, page := v.autre().entrer("controleur", motDemo).envoyer("/controle", url.Values{"acte_id": {uuid.NewString()},
		"numero": {v.chezSoi(dossier).Numero}, "raison": {"Le prix de l’heure est deux fois celui des autres."}})
	if statut != 303 {
		v.t.Fatalf("a contrôle: %d %.400s", statut, page)
	}
	return vers
}
