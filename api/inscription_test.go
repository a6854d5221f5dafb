package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// TestInscriptionS20 plays S20 through the counter: sign-up for two profiles, limited
// access, evidence, task at activation for the company and at the first click for the
// organisme, partial approval.
func TestInscriptionS20(t *testing.T) {
	g := ouvrir(t)
	id, s := g.actif("lucie.roche@sorbier.test", blocE1(), blocOF1())
	c := s.moi()
	if c.Etat != "ACTIF_LIMITE" || c.tuile("ESPACE_ENTREPRISE") != opco.TuileLimitee || c.tuile("ESPACE_ORGANISME") != opco.TuileAOuvrir {
		t.Fatalf("after activation: %+v", c)
	}
	if len(c.Entites) != 3 || c.Entites[0].Affichage != "Atelier Numérique Sorbier ("+opco.SIRET("99900101900010").Affiche()+")" {
		t.Errorf("entities: %+v", c.Entites)
	}
	if r := g.exiger(s.appeler("GET", "/api/dossiers", nil), 403); r.probleme(t).Code != "ACCES_LIMITE" {
		t.Errorf("limited access answers %s", r.corps)
	}
	if corps := string(g.exiger(s.appeler("GET", "/api/compte", nil), 200).corps); strings.Contains(corps, "connu") || strings.Contains(corps, "preuve") {
		t.Errorf("the applicant reads the evidence: %s", corps)
	}
	var examen struct {
		Blocs []struct {
			Profil  string        `json:"profil"`
			Ouvert  bool          `json:"ouvert"`
			Preuves []opco.Preuve `json:"preuves"`
		} `json:"blocs"`
		Collegues []struct{ Nom string } `json:"collegues"`
	}
	g.exiger(g.appeler("conseiller", "GET", "/api/comptes/"+id, nil), 200).lire(t, &examen)
	for _, b := range examen.Blocs {
		if b.Ouvert != (b.Profil == "entreprise") {
			t.Errorf("the task of the box %s is open: %v", b.Profil, b.Ouvert)
		}
		for _, p := range b.Preuves {
			if !p.Concorde {
				t.Errorf("evidence %s does not agree: %s", p.Question, p.Phrase)
			}
		}
	}
	if len(examen.Collegues) == 0 {
		t.Error("the advisor does not see who else belongs to the company")
	}
	g.exiger(s.appeler("POST", "/api/compte/espaces/organisme", objet{"acte_id": nouvelID()}), 200)
	if e, _ := s.moi().droit(droit("organisme", "99900136500017", opco.ServicePaiements)); e != "A_VALIDER" {
		t.Errorf("after the first click the organisme right is %s", e)
	}
	reponses := []objet{}
	for _, x := range []struct {
		siret    string
		service  opco.Service
		accorder bool
	}{{"99900101900010", opco.ServiceDossiers, true}, {"99900101900028", opco.ServiceDossiers, true},
		{"99900101900010", opco.ServiceContributions, true}, {"99900101900028", opco.ServiceContributions, false}} {
		r := objet{"habilitation": droit("entreprise", x.siret, x.service), "accorder": x.accorder}
		if !x.accorder {
			r["motif"] = "SERVICE_INADAPTE"
		}
		reponses = append(reponses, r)
	}
	g.exiger(g.appeler("conseiller", "POST", "/api/comptes/"+id+"/droits", objet{"acte_id": nouvelID(), "reponses": reponses}), 200)
	c = s.moi()
	if e, ouvert := c.droit(droit("entreprise", "99900101900028", opco.ServiceContributions)); e != "REFUSEE" || ouvert {
		t.Errorf("the refused right is %s, open %v", e, ouvert)
	}
	if e, ouvert := c.droit(droit("entreprise", "99900101900010", opco.ServiceContributions)); e != "ACCORDEE" || !ouvert || c.Etat != "ACTIF" {
		t.Errorf("the granted right is %s, open %v, the account %s", e, ouvert, c.Etat)
	}
	g.exiger(s.appeler("GET", "/api/dossiers", nil), 200)
	if es := g.courriers(id); !slices.Contains(es, "DROITS_ACCORDES") || !slices.Contains(es, "DROITS_REFUSES") {
		t.Errorf("mails: %v", es)
	}
	var j struct {
		Passages []struct{ Type, Phrase string } `json:"passages"`
	}
	g.exiger(s.appeler("GET", "/api/compte/journal", nil), 200).lire(t, &j)
	if slices.ContainsFunc(j.Passages, func(p struct{ Type, Phrase string }) bool { return p.Type == "verifier_droits" }) || len(j.Passages) < 4 {
		t.Errorf("the holder reads %+v", j.Passages)
	}
}

// TestInscriptionRefusee: every field to correct is told at once, on its path, and
// nothing is kept; an unknown field is refused.
func TestInscriptionRefusee(t *testing.T) {
	g := ouvrir(t)
	bloc := func(f func(o objet)) objet { b := blocE1(); f(b); return b }
	for _, tt := range []struct {
		nom    string
		corps  func() objet
		champs []string
	}{
		{"the second address differs", func() objet { d := demandeCompte("a@b.test", blocE1()); d["email_confirme"] = "c@b.test"; return d }, []string{"email_confirme"}},
		{"old conditions", func() objet { d := demandeCompte("a@b.test", blocE1()); d["cgu"] = "v0"; return d }, []string{"cgu"}},
		{"no code, no masse", func() objet {
			return demandeCompte("a@b.test", bloc(func(o objet) { delete(o, "code_adherent"); delete(o, "masse_salariale") }))
		}, []string{"blocs[0].code_adherent", "blocs[0].masse_salariale"}},
		{"not certified", func() objet { return demandeCompte("a@b.test", bloc(func(o objet) { o["certifie"] = false })) }, []string{"blocs[0].certifie"}},
		{"service of the other profile", func() objet {
			return demandeCompte("a@b.test", bloc(func(o objet) { o["services"] = []string{"PAIEMENTS_OF"} }))
		}, []string{"blocs[0].services"}},
		{"no service", func() objet { return demandeCompte("a@b.test", bloc(func(o objet) { o["services"] = []string{} })) }, []string{"blocs[0].services"}},
	} {
		d := tt.corps()
		d["epreuve"] = g.epreuve("inscription")
		r := g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 422)
		for _, champ := range tt.champs {
			if !slices.Contains(champsRefuses(t, r), champ) {
				t.Errorf("%s: the refusal names %v, not %s", tt.nom, champsRefuses(t, r), champ)
			}
		}
	}
	d := demandeCompte("a@b.test", blocE1())
	d["epreuve"], d["role"] = g.epreuve("inscription"), "admin"
	g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 400)
	d = demandeCompte("a@b.test", blocE1())
	d["epreuve"] = objet{"jeton": "faux", "reponse": "12"}
	if r := g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 422); r.probleme(t).Champ != "epreuve" {
		t.Errorf("a robot is told %s", r.corps)
	}
	var n int
	if err := g.store.DB.Get(&n, `SELECT count(*) FROM acte WHERE type = 'inscrire'`); err != nil || n != 0 {
		t.Errorf("%d inscriptions were kept, %v", n, err)
	}
}

// TestInscriptionRepetee: the same acte sent again makes one account and one mail,
// though its question has served.
func TestInscriptionRepetee(t *testing.T) {
	g := ouvrir(t)
	d := demandeCompte("deux.fois@exemple.test", blocE1())
	d["epreuve"] = g.epreuve("inscription")
	a := g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 202)
	id := g.compteDe(d["acte_id"].(string))
	g.secret(id)
	b := g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 202)
	if string(a.corps) != string(b.corps) || len(g.courriers(id)) != 1 {
		t.Errorf("second answer %s, mails %v", b.corps, g.courriers(id))
	}
	var n int
	if err := g.store.DB.Get(&n, `SELECT count(*) FROM compte WHERE email = 'deux.fois@exemple.test'`); err != nil || n != 1 {
		t.Errorf("%d accounts, %v", n, err)
	}
}

// meme compares two answers byte for byte, but for what names the request.
func (g *guichet) meme(quoi string, a, b reponse) {
	g.t.Helper()
	if a.statut != b.statut || string(sansReference(a)) != string(sansReference(b)) {
		g.t.Errorf("%s: %d %s / %d %s", quoi, a.statut, a.corps, b.statut, b.corps)
	}
	for _, h := range []http.Header{a.entete, b.entete} {
		h.Del("Date")
		h.Del("X-Reference")
		h.Del("Content-Length")
	}
	if fmt.Sprint(a.entete) != fmt.Sprint(b.entete) {
		g.t.Errorf("%s: the headers differ: %v / %v", quoi, a.entete, b.entete)
	}
}

// TestEnumeration: sign-up, resend, activation, lost password and reset answer the
// same for an address that has an account, waits for one, or is unknown
// (reliability.md 3.7).
func TestEnumeration(t *testing.T) {
	g := ouvrir(t)
	g.actif("connue@exemple.test", blocE1())
	attente := g.inscrire("attente@exemple.test", blocE1())
	g.secret(attente)
	const inconnue = "inconnue@exemple.test"
	sansAdresse := func(r reponse, email string) reponse {
		r.corps = []byte(strings.ReplaceAll(string(r.corps), email, "X"))
		return r
	}
	for _, tt := range []struct {
		nom    string
		faire  func(email string) reponse
		statut int
	}{
		{"inscription", func(e string) reponse {
			d := demandeCompte(e, blocE1())
			d["epreuve"] = g.epreuve("inscription")
			return g.appeler("", "POST", "/api/inscriptions", d)
		}, 202},
		{"renvoi", func(e string) reponse { return g.appeler("", "POST", "/api/inscriptions/renvoi", objet{"email": e}) }, 202},
		{"oubli", func(e string) reponse {
			return g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": e})
		}, 202},
		{"confirmation", func(e string) reponse {
			return g.appeler("", "POST", "/api/inscriptions/confirmation",
				objet{"email": e, "code": "AAAA-BBBB-CCCC", "mot_de_passe": phraseB, "epreuve": g.epreuve("activation")})
		}, 422},
	} {
		base := sansAdresse(g.exiger(tt.faire(inconnue), tt.statut), inconnue)
		for _, e := range []string{"connue@exemple.test", "attente@exemple.test"} {
			g.meme(tt.nom+" "+e, base, sansAdresse(g.exiger(tt.faire(e), tt.statut), e))
		}
	}
	reinit := func(compte string) reponse {
		return g.appeler("", "POST", "/api/mot-de-passe/reinitialisation", objet{"compte": compte, "jeton": "AAAABBBBCCCCDDDDEEEEFFFFGG",
			"identifiant": "connue@exemple.test", "mot_de_passe": phraseB, "epreuve": g.epreuve("reinitialisation")})
	}
	g.meme("reset", g.exiger(reinit(nouvelID()), 422), g.exiger(reinit(attente), 422))
}

// TestEnumerationTemps: the time of an answer leaves on the same step whether the
// account exists or not.
func TestEnumerationTemps(t *testing.T) {
	g := ouvrir(t)
	g.actif("connue@exemple.test", blocE1())
	duree := func(e string) time.Duration {
		debut := time.Now()
		g.exiger(g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": e}), 202)
		return time.Since(debut)
	}
	for range 3 {
		a, b := duree("connue@exemple.test"), duree(nouvelID()+"@exemple.test")
		if a < 290*time.Millisecond || b < 290*time.Millisecond {
			t.Errorf("answered in %s and %s: the step is not waited for", a, b)
		}
	}
}

// TestSollicitations: what one mailbox may be sent is bounded, in the same words
// whether it is known, whatever the label after « + » and the case.
func TestSollicitations(t *testing.T) {
	g := ouvrir(t)
	id := g.inscrire("jean.dupont@exemple.test", blocE1())
	g.secret(id)
	renvoyer := func(e string) reponse { return g.appeler("", "POST", "/api/inscriptions/renvoi", objet{"email": e}) }
	for i, e := range []string{"jean.dupont@exemple.test", "Jean.Dupont+un@exemple.test", "JEAN.DUPONT+deux@EXEMPLE.test"} {
		if r := renvoyer(e); r.statut != 202 {
			t.Fatalf("resend %d: got %d %s", i+1, r.statut, r.corps)
		}
	}
	connu := g.exiger(renvoyer("jean.dupont@exemple.test"), 429)
	for range 3 {
		g.exiger(renvoyer("personne@exemple.test"), 202)
	}
	g.meme("over the limit", connu, g.exiger(renvoyer("personne+x@exemple.test"), 429))
	g.horloge(61 * time.Minute)
	g.exiger(renvoyer("jean.dupont@exemple.test"), 202)
	for range 5 {
		g.exiger(g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": "e1"}), 202)
	}
	g.exiger(g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": "E1"}), 429)
}

// TestCodeFaux: five wrong codes kill the code and not the account; the old code is
// dead after a resend; the one of an expired request works again after another (S20).
func TestCodeFaux(t *testing.T) {
	g := ouvrir(t)
	id := g.inscrire("codes@exemple.test", blocE1())
	code := g.secret(id)
	for range 5 {
		g.exiger(g.confirmer(id, "AAAA-BBBB-CCCC", phraseA), 422)
	}
	g.attendre(id, `contenu #>> '{code,mort}' = 'true'`)
	if r := g.confirmer(id, code, phraseA); r.statut != 409 || r.probleme(t).Code != "CODE_MORT" {
		t.Errorf("the right code after five wrong ones: %d %s", r.statut, r.corps)
	}
	renvoyer := func() {
		g.exiger(g.appeler("", "POST", "/api/inscriptions/renvoi", objet{"email": "codes@exemple.test"}), 202)
		ancien := code
		for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
			if code = g.secret(id); code != ancien {
				return
			}
		}
		t.Fatal("no new code")
	}
	ancien := code
	renvoyer()
	g.exiger(g.confirmer(id, ancien, phraseA), 422)
	g.horloge(73 * time.Hour)
	if err := g.relais.echoir(t.Context(), "compte/"+id); err != nil {
		t.Fatal(err)
	}
	if r := g.confirmer(id, code, phraseA); r.statut != 409 || r.probleme(t).Code != "CODE_EXPIRE" {
		t.Errorf("the right code after 73 h: %d %s", r.statut, r.corps)
	}
	renvoyer()
	g.exiger(g.confirmer(id, strings.ToLower(strings.ReplaceAll(code, "-", " ")), phraseA), 200)
	if r := g.confirmer(id, code, phraseA); r.statut != 409 || r.probleme(t).Code != "DEJA_CONFIRME" {
		t.Errorf("the same code twice: %d %s", r.statut, r.corps)
	}
}

// attendre waits until the account is as the condition says.
func (g *guichet) attendre(compte, condition string) {
	g.t.Helper()
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		var ok bool
		if err := g.store.DB.Get(&ok, `SELECT COALESCE((SELECT `+condition+` FROM compte WHERE id = $1), false)`, compte); err != nil {
			g.t.Fatal(err)
		}
		if ok {
			return
		}
	}
	g.t.Fatalf("account %s never is: %s\n%s", compte, condition, g.log)
}

// TestMotDePasseRefuse: a weak password is refused with what to change, and the code
// has not served.
func TestMotDePasseRefuse(t *testing.T) {
	g := ouvrir(t)
	id := g.inscrire("lucie@exemple.test", blocE1())
	code := g.secret(id)
	for _, mot := range []string{"court", "azertyuiopazerty", "lucie roche cabestan", "atelier numérique sorbier"} {
		if r := g.confirmer(id, code, mot); r.statut != 422 || r.probleme(t).Champ != "mot_de_passe" {
			t.Errorf("%q: %d %s", mot, r.statut, r.corps)
		}
	}
	g.exiger(g.confirmer(id, code, phraseA), 200)
	for _, tt := range []struct {
		corps  objet
		statut int
		admis  bool
	}{
		{objet{"mot_de_passe": phraseA}, 200, true},
		{objet{"mot_de_passe": "azertyuiopazerty"}, 200, false},
		{objet{"mot_de_passe": "Atlas1!", "politique": "MYATLAS"}, 200, true},
		{objet{"mot_de_passe": "Atlas1!", "politique": "ATNET"}, 200, false},
		{objet{"mot_de_passe": "Atlas1!", "politique": "AUTRE"}, 422, false},
	} {
		r := g.exiger(g.appeler("", "POST", "/api/mot-de-passe/force", tt.corps), tt.statut)
		var v struct {
			Admis bool `json:"admis"`
		}
		if err := json.Unmarshal(r.corps, &v); err != nil || v.Admis != tt.admis {
			t.Errorf("%v: %s", tt.corps, r.corps)
		}
	}
	if strings.Contains(g.log.String(), "Atlas1!") || strings.Contains(g.log.String(), "azertyuiop") {
		t.Error("a password is in the log")
	}
}

// TestMotDePasseOublie plays AT-10: the link, the identifier and the new password;
// the link serves once, the sessions are cut, the old password opens nothing.
func TestMotDePasseOublie(t *testing.T) {
	g := ouvrir(t)
	id, s := g.actif("oubli@exemple.test", blocE1())
	ancien := g.secret(id)
	g.exiger(g.appeler("", "POST", "/api/mot-de-passe/oubli", objet{"identifiant": "OUBLI@exemple.test"}), 202)
	g.attendre(id, `contenu ->> 'reinitialise' IS NOT NULL`)
	lien := g.secret(id)
	if lien == ancien {
		t.Fatal("no link was sent")
	}
	changer := func(compte, jeton, identifiant, mot string) reponse {
		return g.appeler("", "POST", "/api/mot-de-passe/reinitialisation", objet{"compte": compte, "jeton": jeton, "identifiant": identifiant,
			"mot_de_passe": mot, "epreuve": g.epreuve("reinitialisation")})
	}
	g.exiger(changer(id, lien, "e1", phraseB), 422)
	g.exiger(changer(id, lien, "oubli@exemple.test", "court"), 422)
	g.exiger(s.appeler("GET", "/api/compte", nil), 200)
	g.exiger(changer(id, lien, "oubli@exemple.test", phraseB), 200)
	g.exiger(s.appeler("GET", "/api/compte", nil), 401)
	g.exiger(g.appeler("", "POST", "/api/session", objet{"identifiant": "oubli@exemple.test", "mot_de_passe": phraseA}), 401)
	g.entrer("oubli@exemple.test", phraseB)
	g.exiger(changer(id, lien, "oubli@exemple.test", phraseA), 422)
}

// TestParametresInscription: what the form needs, the year computed (MA-26).
func TestParametresInscription(t *testing.T) {
	g := ouvrir(t)
	var p struct {
		Branches   []struct{ Idcc string } `json:"branches"`
		AnneeMasse int                     `json:"annee_masse"`
		Profils    []struct {
			Profil   string `json:"profil"`
			Services []struct {
				Code  string
				Coche bool
			} `json:"services"`
		} `json:"profils"`
		Regle      string           `json:"regle"`
		Telephones []opco.LigneAide `json:"telephones"`
	}
	g.exiger(g.appeler("", "GET", "/api/inscriptions/parametres", nil), 200).lire(t, &p)
	if p.AnneeMasse != 2025 || len(p.Branches) < 3 || len(p.Telephones) != 3 || p.Regle == "" || len(p.Profils) != 2 {
		t.Errorf("got %+v", p)
	}
	if ss := p.Profils[0].Services; len(ss) != 5 || !ss[0].Coche || !ss[1].Coche || ss[3].Coche {
		t.Errorf("services: %+v", ss)
	}
}
