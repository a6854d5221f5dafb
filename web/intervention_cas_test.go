package web_test

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guichet/opco"
)

// cas opens an incident and returns the page of its case.
func (v *visiteur) cas(objet, activite, erreur string) string {
	v.t.Helper()
	ctx, numero := v.t.Context(), 0
	err := v.store.Signaler(ctx, objet, activite, 3, erreur)
	if err == nil {
		err = v.store.DB.GetContext(ctx, &numero, `SELECT numero FROM incident WHERE id = $1`, objet+"/"+activite)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return v.lire("/ops/cas/" + strconv.Itoa(numero))
}

// cibleDuBouton is what the button of a verb asks to act on, "" when the page does not offer it.
func cibleDuBouton(t *testing.T, page string, verbe opco.Verbe) string {
	t.Helper()
	for _, m := range regexp.MustCompile(`href="/ops/interventions/nouvelle\?([^"]*)"`).FindAllStringSubmatch(page, -1) {
		q, err := url.ParseQuery(html.UnescapeString(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		if q.Get("verbe") == string(verbe) {
			return q.Get("objet")
		}
	}
	return ""
}

// TestTheMailOfACaseIsActedOnAlone: from the case of one mail, it alone is sent or given up, not the others
// of its dossier that have not left either.
func TestTheMailOfACaseIsActedOnAlone(t *testing.T) {
	v := visiterEtude(t)
	objet := opco.ObjetDossier(v.entrer("e1", motDemo).depose())
	ops := v.autre().entrer("ops", motDemo)
	v.store.DB.MustExec(`UPDATE courrier SET etat = 'REFUSE', essais = 3, erreur = '550' WHERE objet = $1`, objet)
	v.store.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, detail, adresse, donnees, etat, essais, erreur, le)
		SELECT id || '-bis', objet, rang, evenement, pour, detail || 'bis', adresse, donnees, etat, essais, erreur, le FROM courrier WHERE objet = $1`, objet)
	var courriel string
	if err := v.store.DB.Get(&courriel, `SELECT min(id) FROM courrier WHERE objet = $1`, objet); err != nil {
		t.Fatal(err)
	}
	page := ops.cas(objet, "courrier/"+courriel, "550 5.1.1 unknown mailbox")
	for _, verbe := range []opco.Verbe{opco.VerbeRenvoyer, opco.VerbePasser} {
		if dit := cibleDuBouton(t, page, verbe); dit != courriel {
			t.Errorf("%s bears on « %s », not on the mail of the case", verbe, dit)
		}
	}
	vers := ops.demandeOps("/ops/interventions", url.Values{"verbe": {string(opco.VerbePasser)}, "objet": {cibleDuBouton(t, page, opco.VerbePasser)}, "motif": {"La boîte n’existe plus."}})
	es, err := v.store.ElementsIntervention(t.Context(), vers[strings.LastIndex(vers, "/")+1:], nil, 0, 10)
	if err != nil || len(es) != 1 || es[0].Cle != courriel {
		t.Errorf("got %+v, %v: it bears on more than the mail of the case", es, err)
	}
}

// TestACounterIsOnlyCountedAgain: the case of a counter offers that and nothing that needs a procedure.
func TestACounterIsOnlyCountedAgain(t *testing.T) {
	v := visiterEtude(t)
	ops := v.entrer("ops", motDemo)
	const objet = "compteur/*/TRANSMISE"
	page := ops.cas(objet, "divergence/I37", "le compteur dit 3, on en compte 2")
	if dit := cibleDuBouton(t, page, opco.VerbeReconstruire); dit != objet {
		t.Errorf("offered to rebuild « %s »", dit)
	}
	if cibleDuBouton(t, page, opco.VerbeRehydrater) != "" || cibleDuBouton(t, page, "") != "" || strings.Contains(page, "Rejouer à blanc") {
		t.Error("offered what needs a procedure")
	}
	vers := ops.demandeOps("/ops/interventions", url.Values{"verbe": {string(opco.VerbeReconstruire)}, "objet": {objet}, "motif": {"La vérification de la nuit."}})
	if es, err := v.store.ElementsIntervention(t.Context(), vers[strings.LastIndex(vers, "/")+1:], nil, 0, 10); err != nil || len(es) != 1 || es[0].Objet != objet {
		t.Errorf("got %+v, %v", es, err)
	}
}
