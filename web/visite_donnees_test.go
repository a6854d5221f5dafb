package web_test

import (
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"guichet/opco"
)

// garnir gives the rooms what they show: to e1 and of1 a dossier to invoice, one that was
// just sent, a draft, a salarié, a document, a debt and new bank details; to the staff a
// request, a contrôle, an action on several dossiers and what is stuck. It returns the pages of what it
// made, for each who walks.
func (v *visiteur) garnir() map[string][]string {
	v.t.Helper()
	rembourse := v.aRembourser()
	le, err := v.store.Maintenant(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	facture := v.aFacturer()
	if err := v.store.RegleHorloge(v.t.Context(), le, true); err != nil {
		v.t.Fatal(err)
	}
	e1 := v.autre().entrer("e1", motDemo)
	e1.deposerPiece(e1.depose(), "PROGRAMME")
	e1.commencer()
	page := e1.lire("/entreprise/salaries/nouveau")
	v.veut("a salarié", 303, "/entreprise/salaries", "")(e1.envoyer("/entreprise/salaries/nouveau", url.Values{"acte_id": {cache(v.t, page, "acte_id")}, "nom": {"Été-Ñoño"}, "prenom": {"Anaïs"},
		"ne_le": {"1980-01-01"}, "csp": {"EMPLOYE"}, "contrat": {"CDI"}, "etablissement": {string(siege)}}))
	v.autre().entrer("of1", motDemo).documente("programme", "categorie", "PROGRAMME_PEDAGOGIQUE", "dossier", facture)
	v.autre().inscrite("promenade@sorbier.example")
	x := v.payePourOF1()
	d := v.constater(x)
	objets := map[string][]string{
		"e2":         {"/entreprise/dossiers/" + rembourse + "/factures/nouvelle"},
		"of1":        {"/organisme/indus/" + d.id, "/organisme/dossiers/" + x.Dossier + "/avoirs/nouveau", "/organisme/dossiers/" + facture + "/factures/nouvelle"},
		"comptable":  {adresseDette(d), "/comptabilite/ribs/" + v.proposeUnRIB()},
		"controleur": {v.controler(x.Dossier)}, "responsable": {"/instruction/dossiers/" + x.Dossier},
		"gestionnaire": {v.agirEnLot(x.Dossier)}, "conseiller": {"/comptes/" + v.compteDe("e1")},
	}
	objets["e1"], objets["ops"] = []string{v.importer()}, v.bloquer(facture)
	d.faire("comptable", "/comptabilite/indus", opco.ActeNotifierIndu, 303)
	return objets
}

// constater has a gestionnaire find a debt on a paid invoice.
func (v *visiteur) constater(x paye) dette {
	v.t.Helper()
	v.veut("a debt", 303, "/instruction/dossiers/"+x.Dossier+"/service-fait", "")(v.autre().entrer("gestionnaire", motDemo).envoyer("/instruction/dossiers/"+x.Dossier+"/actes/indu",
		url.Values{"acte_id": {uuid.NewString()}, "facture": {x.Facture}, "cause": {"CONTROLE"}, "montant": {"200,00"}, "raison": {"Dix heures certifiées n’ont pas été suivies."}}))
	d := dette{v, x.Facture + "-i1"}
	d.ouvrir()
	return d
}

// proposeUnRIB gives of1 new bank details to look at, and returns their id.
func (v *visiteur) proposeUnRIB() string {
	v.t.Helper()
	of1 := v.autre().entrer("of1", motDemo)
	f := formulaireDe(v.t, of1.lire("/organisme/coordonnees"))
	for champ, valeur := range map[string]string{"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AAAAFRPP", "titulaire": "Formalia"} {
		f.Set(champ, valeur)
	}
	if statut, _, page := of1.envoyerAvec("/organisme/coordonnees", f, "rib.pdf", unPDF); statut != 303 {
		v.t.Fatalf("new bank details: %d %.400s", statut, page)
	}
	return f.Get("acte_id")
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

// agirEnLot has a gestionnaire act on several dossiers at once, and returns its page.
func (v *visiteur) agirEnLot(dossier string) string {
	v.t.Helper()
	jour, err := v.store.Maintenant(v.t.Context())
	if err != nil {
		v.t.Fatal(err)
	}
	statut, vers, page := v.autre().entrer("gestionnaire", motDemo).envoyer("/instruction/lots", url.Values{"acte_id": {uuid.NewString()}, "ligne": {dossier},
		"genre": {string(opco.LotAttendre)}, "jusqu_au": {string(opco.JourDe(jour).Jours(7))}, "raison": {"Le devis arrive"}})
	if statut != 303 {
		v.t.Fatalf("an action: %d %.400s", statut, page)
	}
	return vers
}

// bloquer leaves to ops a mail that does not leave and an invoice that nobody can carry on,
// has them intervene, replay and verify, and returns the pages of what they asked.
func (v *visiteur) bloquer(dossier string) []string {
	v.t.Helper()
	for activite, dit := range map[string]string{"Envoyer": "421 4.3.2 Service <b>indisponible</b>, réessayez plus tard.", "Transmettre": "La procédure ne répond pas."} {
		if err := v.store.Signaler(v.t.Context(), "dossier/"+dossier, activite, 3, dit); err != nil {
			v.t.Fatal(err)
		}
	}
	ops, numero := v.autre().entrer("ops", motDemo), v.chezSoi(dossier).Numero
	var pages []string
	for chemin, f := range map[string]url.Values{
		"/ops/interventions": {"verbe": {string(opco.VerbeRelancer)}, "objet": {numero}, "motif": {"La procédure dort depuis hier."}},
		"/ops/rejeux":        {"quoi": {"objet"}, "objet": {numero}},
		"/ops/verification":  {},
	} {
		f.Set("acte_id", uuid.NewString())
		statut, vers, page := ops.envoyer(chemin, f)
		if statut != 303 {
			v.t.Fatalf("%s: %d %.400s", chemin, statut, page)
		}
		pages = append(pages, vers)
	}
	return pages
}

// compteDe is the id of an account.
func (v *visiteur) compteDe(identifiant string) (id string) {
	v.t.Helper()
	if err := v.store.DB.Get(&id, `SELECT compte FROM utilisateur WHERE identifiant = $1`, identifiant); err != nil {
		v.t.Fatal(err)
	}
	return id
}

// importer has e1 bring a demande in a file, and returns the page of the file.
func (v *visiteur) importer() string {
	v.t.Helper()
	e1 := v.autre().entrer("e1", motDemo)
	page := e1.lire("/entreprise/import")
	statut, vers, corps := e1.envoyerAvec("/entreprise/import", url.Values{"acte_id": {cache(v.t, page, "acte_id")}, "pour": {cache(v.t, page, "pour")}}, "plan.csv",
		"demande;etablissement_siret;organisme_siret;organisme_nom;organisme_nda;intitule;nature;duree_heures;debut;fin;couts_pedagogiques;stagiaire_nom;stagiaire_prenom\n"+
			fmt.Sprintf("D1;99900101900010;99900136500017;Formalia;11756099975;Anglais;FORMATION;14;%s;%s;1155;Delacroix;Anaïs\n", jourDans(v.t, v.store, 60), jourDans(v.t, v.store, 61)))
	if statut != 303 {
		v.t.Fatalf("a file of demandes: %d %.400s", statut, corps)
	}
	return vers
}
