package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// Lists of debts and the page of funds show figures only; a debt itself is logged.
func init() {
	sansDonnees = append(sansDonnees, "/comptabilite/indus", "/comptabilite/enveloppes/dotations")
}

func (i *interieurFaux) CompterLesIndus(*gin.Context) (map[opco.EtatIndu]int, error) { return nil, nil }

func (i *interieurFaux) Indus(*gin.Context, store.FiltreIndus) ([]store.LigneIndu, string, error) {
	return nil, "", nil
}

// dette is a debt followed by the pages.
type dette struct {
	*visiteur
	id string
}

// etatIndu is where the debt stands, and what is left of it.
func (d dette) veutEtat(etat opco.EtatIndu, reste opco.Montant) {
	d.t.Helper()
	i, err := d.store.Indu(d.t.Context(), opco.Portee{Interne: true}, d.id)
	if err != nil || i.Etat != etat || i.Reste() != reste {
		d.t.Fatalf("the debt is « %s » with %s left (%v), want « %s » with %s", i.Etat, i.Reste(), err, etat, reste)
	}
}

// ouvrir has the debt begin, as its procedure does.
func (d dette) ouvrir() {
	d.t.Helper()
	as, err := d.store.EnAttente(d.t.Context(), 0, 100)
	for _, a := range as {
		if err == nil && a.Objet == opco.ObjetIndu(d.id) {
			_, err = d.store.Record(d.t.Context(), opco.Demarche{Objet: a.Objet, Rang: 1, ActeID: a.ID})
		}
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// faire sends the form of an acte as qui, from the page where they read it.
func (d dette) faire(qui, base string, acte opco.TypeActe, veut int, champs ...string) string {
	d.t.Helper()
	c := d.autre().entrer(qui, motDemo)
	page := c.lire(base + "/" + d.id)
	if veut == 303 && !strings.Contains(page, `value="`+string(acte)+`"`) {
		d.t.Fatalf("%s is not offered to %s: %s", acte, qui, page)
	}
	f := url.Values{"acte_id": {uuid.NewString()}, "fait": {string(acte)}}
	for i := 0; i+1 < len(champs); i += 2 {
		f.Set(champs[i], champs[i+1])
	}
	statut, vers, corps := c.envoyer(base+"/"+d.id, f)
	if statut != veut {
		d.t.Fatalf("%s by %s: %d to %q, want %d: %s", acte, qui, statut, vers, veut, corps)
	}
	return corps
}

// paye is a paid dossier and its invoice.
type paye struct {
	Dossier string `db:"dossier"`
	Facture string `db:"facture"`
}

// payePourOF1 gives OF1 a paid dossier: a sown organisme has no account.
func (v *visiteur) payePourOF1() (x paye) {
	v.t.Helper()
	err := v.store.DB.Get(&x, `SELECT r.dossier, r.facture FROM reglement r JOIN dossier d ON d.id = r.dossier
		WHERE r.etat = 'EXECUTE' AND r.montant > 20000 AND (d.contenu #>> '{demande,subrogation}')::boolean ORDER BY r.id LIMIT 1`)
	if err == nil {
		_, err = v.store.DB.Exec(`UPDATE dossier SET organisme = $2, contenu = jsonb_set(contenu, '{demande,organisme,siret}', to_jsonb($2::text)) WHERE id = $1`, x.Dossier, "99900136500017")
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return x
}

// TestADebtByThePages takes S17 through the pages: a contrôle finds a debt on a paid
// invoice, another person notifies it, the organisme contests, a responsable answers, a
// transfer brings a part back, and the rest is given up by two persons.
func TestADebtByThePages(t *testing.T) {
	v := visiterBanque(t)
	x := v.payePourOF1()
	ges := v.autre().entrer("gestionnaire", motDemo)
	adresse := "/instruction/dossiers/" + x.Dossier + "/actes/indu"
	ges.veut("no reason", 422, "", `href="#champ-raison"`)(ges.envoyer(adresse, url.Values{"acte_id": {uuid.NewString()}, "facture": {x.Facture}, "cause": {"CONTROLE"}, "montant": {"200"}}))
	ges.veut("too much", 422, "", `href="#champ-montant"`)(ges.envoyer(adresse, url.Values{"acte_id": {uuid.NewString()}, "facture": {x.Facture}, "cause": {"CONTROLE"}, "montant": {"90 000 000"}, "raison": {"Trop."}}))
	d := v.constater(x)
	d.veutEtat(opco.InduConstate, 20000)
	if got := ges.lire("/instruction/dossiers/" + x.Dossier + "/service-fait"); !strings.Contains(got, adresseDette(d)) {
		t.Error("the dossier does not lead to its debt")
	}
	of := v.autre().entrer("of1", motDemo)
	of.veut("before it is notified", 404, "", "")(of.envoyer("/organisme/indus/"+d.id, nil))
	d.faire("comptable", "/comptabilite/indus", opco.ActeNotifierIndu, 303)
	d.veutEtat(opco.InduNotifie, 20000)
	for _, page := range []string{of.lire("/organisme/indus"), of.lire("/organisme/dossiers/" + x.Dossier + "/factures")} {
		if !strings.Contains(page, "/organisme/indus/"+d.id) || !strings.Contains(page, "200,00 €") {
			t.Errorf("the debtor does not see the debt: %s", page)
		}
	}
	if got := of.lire("/organisme/indus/" + d.id); !strings.Contains(got, "Dix heures certifiées") || !strings.Contains(got, "Vous pouvez contester jusqu’au") || strings.Contains(got, "Ce qui s’est passé") {
		t.Errorf("the debtor does not read why and until when: %s", got)
	}
	autre := v.autre().entrer("of3", motDemo)
	autre.veut("another organisme", 404, "", "")(autre.envoyer("/organisme/indus/"+d.id, nil))
	d.faire("of1", "/organisme/indus", opco.ActeContesterIndu, 422)
	d.faire("of1", "/organisme/indus", opco.ActeCompenser, 422, "reglement", x.Dossier+" r1")
	d.faire("of1", "/organisme/indus", opco.ActeContesterIndu, 303, "raison", "Les heures ont été suivies à distance.")
	d.veutEtat(opco.InduConteste, 20000)
	if got := v.autre().entrer("responsable", motDemo).lire("/comptabilite/indus?etat=contestes"); !strings.Contains(got, adresseDette(d)) {
		t.Error("the responsable does not find what is contested")
	}
	d.faire("responsable", "/comptabilite/indus", opco.ActeMaintenirIndu, 303, "raison", "Le relevé de connexions dit le contraire.")
	d.veutEtat(opco.InduNotifie, 20000)
	remboursement := []string{"montant", "50,00", "date", "2026-06-11", "reference", "CAMT-50"}
	d.faire("comptable", "/comptabilite/indus", opco.ActeRembourserIndu, 422, "montant", "500", "date", "2026-06-11", "reference", "CAMT-500")
	d.faire("comptable", "/comptabilite/indus", opco.ActeRembourserIndu, 303, remboursement...)
	d.faire("comptable", "/comptabilite/indus", opco.ActeRembourserIndu, 422, remboursement...)
	d.veutEtat(opco.InduNotifie, 15000)
	_, err := v.store.DB.Exec(`WITH r AS (INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par)
			VALUES ('camt-essai', 'camt.xml', 'camt.054', '', 1, 1, now(), 'p') RETURNING empreinte)
		INSERT INTO entree_bancaire (cle, retour, end_to_end_id, statut, montant, jour, etat, phrase, donneur, libelle, ref_banque, ref_cle, affectable)
		SELECT 'essai', empreinte, '', 'CREDIT', 3000, '2026-06-11', 'QUARANTAINE', 'De l’argent est arrivé de Formalia.', 'Formalia <b>', 'Remboursement', 'B-77', 'B77', true FROM r`)
	if err != nil {
		t.Fatal(err)
	}
	cpt := v.autre().entrer("comptable", motDemo)
	if got := cpt.lire("/comptabilite/quarantaine"); !strings.Contains(got, "Formalia") || !strings.Contains(got, "Ouvrez l’indu") {
		t.Errorf("the quarantine does not say who pays nor what to do: %s", got)
	}
	d.faire("comptable", "/comptabilite/indus", opco.ActeRembourserIndu, 422, "montant", "30,01", "entree", "essai")
	d.faire("comptable", "/comptabilite/indus", opco.ActeRembourserIndu, 303, "montant", "30", "entree", "essai")
	d.veutEtat(opco.InduNotifie, 12000)
	if got := cpt.lire("/comptabilite/retours/camt-essai"); !strings.Contains(got, "Affectée") {
		t.Errorf("the entry is not said affected: %s", got)
	}
	d.faire("responsable", "/comptabilite/indus", opco.ActeProposerAbandon, 303, "raison", "L’organisme est en liquidation.")
	if got := of.lire("/organisme/indus/" + d.id); strings.Contains(got, "bandon") {
		t.Errorf("the debtor reads what the house considers: %s", got)
	}
	if got := of.lire("/organisme/indus"); strings.Contains(got, "bandon") {
		t.Errorf("the debtor reads in the list what the house considers: %s", got)
	}
	d.faire("comptable", "/comptabilite/indus", opco.ActeConfirmerAbandon, 303)
	d.veutEtat(opco.InduAbandonne, 0)
}

func adresseDette(d dette) string { return "/comptabilite/indus/" + d.id }

// TestAnEnvelopeIsCredited: a comptable credits a versement volontaire once, and closes
// a year that is over.
func TestAnEnvelopeIsCredited(t *testing.T) {
	v := visiterBanque(t)
	cpt := v.autre().entrer("comptable", motDemo)
	page := cpt.lire("/comptabilite/enveloppes/dotations")
	f := url.Values{"acte_id": {cache(t, page, "acte_id")}, "siren": {"999 001 019"}, "fonds": {opco.FondsVV}, "montant": {"1 500,00"}, "reference": {"VV-2026-7"}}
	solde := func() (m opco.Montant) {
		t.Helper()
		err := v.store.DB.Get(&m, `SELECT COALESCE(-sum(s.montant), 0) FROM solde s JOIN enveloppe e ON e.id = s.enveloppe WHERE e.siren = '999001019' AND e.fonds = $1 AND s.compte = 'SOURCE'`, opco.FondsVV)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	avant := solde()
	cpt.veut("a year", 422, "", `href="#champ-annee"`)(cpt.envoyer("/comptabilite/enveloppes/dotations", avec(f, "annee", "2026")))
	for range 2 { // sent twice, it is one
		cpt.veut("a credit", 303, "/comptabilite/enveloppes?siren=999001019", "")(cpt.envoyer("/comptabilite/enveloppes/dotations", f))
	}
	if got := solde() - avant; got != 150000 {
		t.Errorf("credited %s, want 1 500,00 €", got)
	}
	cpt.veut("the same reference", 409, "", "déjà été créditée")(cpt.envoyer("/comptabilite/enveloppes/dotations", avec(f, "acte_id", uuid.NewString())))
	cpt.veut("an unsure closing", 422, "", `href="#champ-certain"`)(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2025"}}))
	cpt.veut("the present year", 409, "", "")(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2026"}, "certain": {"oui"}}))
	cpt.veut("a closing", 303, "/comptabilite/enveloppes/dotations", "")(cpt.envoyer("/comptabilite/enveloppes/exercices", url.Values{"exercice": {"2025"}, "certain": {"oui"}}))
	if got := cpt.lire("/comptabilite/enveloppes/dotations"); !strings.Contains(got, "Exercice 2025") {
		t.Errorf("the closed year is not listed: %s", got)
	}
}
