package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// fileVue is the advisers' queue as the tests read it.
type fileVue struct {
	Demandes []struct {
		Compte      string `json:"compte"`
		Nom         string `json:"nom"`
		AValider    int    `json:"a_valider"`
		Sites       int    `json:"sites"`
		JoursOuvres int    `json:"jours_ouvres"`
		Retard      bool   `json:"retard"`
		Concorde    bool   `json:"concorde"`
		Lien        bool   `json:"lien"`
	} `json:"demandes"`
	Suivant   string                                                        `json:"suivant"`
	Compteurs struct{ Comptes, Droits, Retard, Aujourdhui, Precisions int } `json:"compteurs"`
}

func (g *guichet) file(qui, requete string) fileVue {
	g.t.Helper()
	var f fileVue
	g.exiger(g.appeler(qui, "GET", "/api/habilitations"+requete, nil), 200).lire(g.t, &f)
	return f
}

// comptes lists the accounts of a page of the queue.
func (f fileVue) comptes() []string {
	var ids []string
	for _, d := range f.Demandes {
		ids = append(ids, d.Compte)
	}
	return ids
}

// ecart is blocE1 with a masse salariale that is one euro wrong.
func ecart() objet {
	b := blocE1()
	b["masse_salariale"] = 31248100
	return b
}

// TestFileDesDemandes: grouped by account, the most urgent first, with filters,
// counters, working days left and pages; the next one leaves out what the adviser
// set aside and where they have a link.
func TestFileDesDemandes(t *testing.T) {
	g := ouvrir(t)
	a, _ := g.actif("un@exemple.test", blocE1())
	g.horloge(24 * time.Hour)
	b, _ := g.actif("deux@exemple.test", ecart())
	c, s := g.actif("trois@exemple.test", blocOF1())
	if f := g.file("conseiller", ""); !slices.Equal(f.comptes(), []string{a, b}) || f.Compteurs.Comptes != 2 || f.Compteurs.Droits != 8 {
		t.Fatalf("got %v %+v, want %s then %s", f.comptes(), f.Compteurs, a, b)
	} else if d := f.Demandes; !d[0].Concorde || d[1].Concorde || d[0].AValider != 4 || d[0].Sites != 2 || d[0].JoursOuvres != 1 || d[1].JoursOuvres != 2 {
		t.Errorf("the lines say %+v", d)
	}
	g.exiger(s.appeler("POST", "/api/compte/espaces/organisme", objet{"acte_id": nouvelID()}), 200)
	for _, tt := range []struct {
		requete string
		veut    []string
	}{
		{"?profil=organisme", []string{c}}, {"?service=CONTRIBUTIONS", []string{a, b}}, {"?siren=999001365", []string{c}}, {"?siren=999001084", nil},
		{"?texte=sorbier", []string{a, b}}, {"?retard=true", nil}, {"?etat=PRECISION_DEMANDEE", nil}, {"?limite=1", []string{a}},
	} {
		if f := g.file("conseiller", tt.requete); !slices.Equal(f.comptes(), tt.veut) {
			t.Errorf("%s: got %v, want %v", tt.requete, f.comptes(), tt.veut)
		}
	}
	vus, apres := []string{}, ""
	for range 4 {
		f := g.file("responsable", "?limite=1&apres="+apres)
		vus = append(vus, f.comptes()...)
		if apres = f.Suivant; apres == "" {
			break
		}
	}
	if !slices.Equal(vus, []string{a, b, c}) {
		t.Errorf("page by page: %v", vus)
	}
	suivante := func(requete string) string {
		var v struct{ Compte string }
		g.exiger(g.appeler("conseiller", "GET", "/api/habilitations/suivante"+requete, nil), 200).lire(t, &v)
		return v.Compte
	}
	if x := suivante(""); x != a {
		t.Errorf("next is %s, want %s", x, a)
	}
	if x := suivante("?sauf=" + a); x != b {
		t.Errorf("after the one set aside comes %s, want %s", x, b)
	}
	g.exiger(g.appeler("conseiller", "POST", "/api/agents/"+g.compteDemo("conseiller")+"/liens",
		objet{"acte_id": nouvelID(), "siren": "999001019", "raison": "Mon conjoint y travaille."}), 200)
	if x := suivante(""); x != c {
		t.Errorf("with a link, next is %s, want %s", x, c)
	}
	if f := g.file("conseiller", ""); !f.Demandes[0].Lien || f.Demandes[2].Lien {
		t.Errorf("links: %+v", f.Demandes)
	}
	g.exiger(g.appeler("conseiller", "POST", "/api/comptes/"+a+"/droits", objet{"acte_id": nouvelID(),
		"reponses": []objet{{"habilitation": droit("entreprise", "99900101900010", opco.ServiceDossiers), "accorder": true}}}), 403)
	g.horloge(10 * 24 * time.Hour)
	if f := g.file("conseiller2", "?retard=true"); len(f.Demandes) != 3 || !f.Demandes[0].Retard || f.Demandes[0].JoursOuvres >= 0 || f.Compteurs.Retard != 3 {
		t.Errorf("late: %+v", f)
	}
	g.exiger(g.appeler("conseiller", "GET", "/api/habilitations?apres=zzz", nil), 422)
	for _, qui := range []string{"comptable", "ops", "admin", "e1", "of1"} {
		g.exiger(g.appeler(qui, "GET", "/api/habilitations", nil), 403)
	}
}

// TestDeciderDroits: a refusal wants its motif, a gestionnaire decides only where all
// evidence agrees, an account of the staff is not found here, and what was asked
// comes back with its answer.
func TestDeciderDroits(t *testing.T) {
	g := ouvrir(t)
	bon, s := g.actif("bon@exemple.test", blocE1())
	douteux, _ := g.actif("douteux@exemple.test", ecart())
	dossiers := droit("entreprise", "99900101900010", opco.ServiceDossiers)
	contributions := droit("entreprise", "99900101900010", opco.ServiceContributions)
	decider := func(qui, compte string, reponses ...objet) reponse {
		return g.appeler(qui, "POST", "/api/comptes/"+compte+"/droits", objet{"acte_id": nouvelID(), "reponses": reponses})
	}
	oui := objet{"habilitation": dossiers, "accorder": true}
	for _, tt := range []struct {
		nom, qui, compte string
		reponse          objet
		statut           int
	}{
		{"no motif", "conseiller", bon, objet{"habilitation": dossiers, "accorder": false}, 422},
		{"a motif that is not of rights", "conseiller", bon, objet{"habilitation": dossiers, "accorder": false, "motif": "PLAFOND_HORAIRE"}, 422},
		{"a right that the account has not", "conseiller", bon, objet{"habilitation": "entreprise:99900108400014:CONTRIBUTIONS", "accorder": true}, 404},
		{"gestionnaire, evidence that differs", "gestionnaire", douteux, oui, 403},
		{"gestionnaire, all agrees", "gestionnaire", bon, oui, 200},
		{"decided already", "conseiller", bon, oui, 409},
		{"an auditor", "auditeur", bon, oui, 403},
		{"an account of the staff", "conseiller", g.compteDemo("gestionnaire"), oui, 404},
		{"a missing account", "conseiller", nouvelID(), oui, 404},
	} {
		if r := decider(tt.qui, tt.compte, tt.reponse); r.statut != tt.statut {
			t.Errorf("%s: got %d %s", tt.nom, r.statut, r.corps)
		}
	}
	question := objet{"acte_id": nouvelID(), "habilitations": []string{contributions}, "question": "Qui déclare pour ce site ?"}
	g.exiger(g.appeler("conseiller", "POST", "/api/comptes/"+bon+"/precision", question), 200)
	if f := g.file("conseiller", "?etat=PRECISION_DEMANDEE"); !slices.Contains(f.comptes(), bon) || f.Compteurs.Precisions != 1 {
		t.Errorf("the question is not in the queue: %+v", f)
	}
	for _, d := range s.moi().Droits {
		if d.ID == contributions && (d.Etat != "PRECISION_DEMANDEE" || !strings.Contains(d.Phrase, "Qui déclare")) {
			t.Errorf("the applicant reads %+v", d)
		}
	}
	g.exiger(s.appeler("POST", "/api/compte/precisions", objet{"acte_id": nouvelID(), "habilitations": []string{contributions}, "reponse": "Le siège."}), 200)
	g.exiger(decider("conseiller", bon, objet{"habilitation": contributions, "accorder": false, "motif": "SERVICE_INADAPTE", "precision": "Le siège déclare."}), 200)
	g.exiger(s.appeler("POST", "/api/compte/reprises", objet{"acte_id": nouvelID(), "habilitations": []string{contributions}}), 200)
	if e, _ := s.moi().droit(contributions); e != "A_VALIDER" && e != "DEMANDEE" {
		t.Errorf("asked again, the right is %s", e)
	}
	g.exiger(g.appeler("gestionnaire", "POST", "/api/comptes/"+bon+"/retrait", objet{"acte_id": nouvelID(), "habilitations": []string{dossiers}, "raison": "x"}), 403)
	g.exiger(g.appeler("responsable", "POST", "/api/comptes/"+bon+"/retrait", objet{"acte_id": nouvelID(), "habilitations": []string{dossiers}, "raison": "Départ."}), 200)
	g.exiger(s.appeler("GET", "/api/compte", nil), 401)
	var motifs struct{ Motifs []struct{ Code string } }
	g.exiger(g.appeler("conseiller", "GET", "/api/motifs?usage=habilitation", nil), 200).lire(t, &motifs)
	if len(motifs.Motifs) < 5 {
		t.Errorf("motifs: %+v", motifs)
	}
}

// TestChercherComptes: the staff finds accounts by what they hold, page by page, and
// never those of colleagues.
func TestChercherComptes(t *testing.T) {
	g := ouvrir(t)
	id, _ := g.actif("chercher@exemple.test", blocE1())
	type page struct {
		Comptes []struct{ ID, Email string } `json:"comptes"`
		Suivant string                       `json:"suivant"`
	}
	lire := func(requete string) page {
		t.Helper()
		var p page
		g.exiger(g.appeler("conseiller", "GET", "/api/comptes"+requete, nil), 200).lire(t, &p)
		return p
	}
	for requete, veut := range map[string]bool{"?texte=chercher": true, "?texte=ROCHE": true, "?texte=99900101900028": true, "?siren=999001019": true,
		"?etat=ACTIF_LIMITE": true, "?etat=CLOS": false, "?texte=personne": false, "?siren=999001084": false} {
		p := lire(requete)
		if slices.ContainsFunc(p.Comptes, func(c struct{ ID, Email string }) bool { return c.ID == id }) != veut {
			t.Errorf("%s: %+v", requete, p)
		}
	}
	vus := map[string]bool{}
	for apres, n := "", 0; n < 50; n++ {
		p := lire("?limite=2&apres=" + apres)
		for _, c := range p.Comptes {
			if vus[c.ID] {
				t.Errorf("%s is listed twice", c.Email)
			}
			vus[c.ID] = true
			if strings.HasSuffix(c.Email, "@opco-demo.test") {
				t.Errorf("the staff is listed: %s", c.Email)
			}
		}
		if apres = p.Suivant; apres == "" {
			break
		}
	}
	if len(vus) < 9 {
		t.Errorf("only %d accounts", len(vus))
	}
	g.exiger(g.appeler("conseiller", "GET", "/api/comptes/"+g.compteDemo("admin"), nil), 404)
	g.exiger(g.appeler("conseiller", "GET", "/api/comptes/"+g.compteDemo("admin")+"/journal", nil), 404)
}
