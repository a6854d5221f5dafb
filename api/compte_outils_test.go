package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// Passwords that the policy of the sign-up accepts.
const (
	phraseA = "cabestan ruban lierre vapeur"
	phraseB = "tamaris horloge brume semelle"
)

// echoir lets the délais of an account that are due now come, as its procedure would.
func (r *relais) echoir(ctx context.Context, objet string) error {
	if !strings.HasPrefix(objet, "compte/") {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // a procedure goes on when its teller has no more time
	for {
		d, err := r.store.Depart(ctx, objet)
		if err != nil {
			return err
		}
		le, err := r.store.Maintenant(ctx)
		if err != nil || len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(le) {
			return err
		}
		e := d.Resume.Echeances[0]
		if _, err := r.store.Record(ctx, opco.Demarche{Objet: objet, Rang: d.Rang + 1, Echeance: &e}); err != nil {
			return err
		}
	}
}

// epreuve is the right answer to the anti-robot question of a form.
func (g *guichet) epreuve(objetEpreuve string) objet {
	jeton, reponse := g.serveur.EpreuveResolue(objetEpreuve)
	return objet{"jeton": jeton, "reponse": reponse}
}

// blocE1 asks for the two services of E1 on its two sites, with the right evidence
// (S20).
func blocE1() objet {
	return objet{"profil": "entreprise", "branche": "1486", "code_adherent": "A100001", "masse_salariale": 31248000, "responsable": "Jean Sorbier",
		"services": []string{"DOSSIERS_FORMATION", "CONTRIBUTIONS"}, "certifie": true,
		"etablissements": []objet{{"siret": "99900101900010", "fonction": "Directrice"}, {"siret": "99900101900028", "fonction": "Directrice"}}}
}

// blocOF1 asks for the payments of OF1.
func blocOF1() objet {
	return objet{"profil": "organisme", "nda": "11756099975", "facture_ht": 120000, "responsable": "Aline Formalia", "services": []string{"PAIEMENTS_OF"},
		"certifie": true, "etablissements": []objet{{"siret": "99900136500017", "fonction": "Comptable"}}}
}

// attenteMax is how long what happens beside a request may take on a machine that does
// much else; a wait ends as soon as it has happened.
const attenteMax = time.Minute

// jusqua waits until something is true.
func jusqua(t *testing.T, quoi string, vrai func() bool) {
	t.Helper()
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		if vrai() {
			return
		}
	}
	t.Fatalf("never: %s", quoi)
}

func demandeCompte(email string, blocs ...objet) objet {
	return objet{"acte_id": nouvelID(), "email_confirme": email, "cgu": "v1", "blocs": blocs,
		"identite": objet{"civilite": "Mme", "nom": "Roche", "prenom": "Lucie", "email": email, "telephone": "01 99 00 01 10"}}
}

// inscrire signs somebody up and returns the id of the account.
func (g *guichet) inscrire(email string, blocs ...objet) string {
	g.t.Helper()
	d := demandeCompte(email, blocs...)
	d["epreuve"] = g.epreuve("inscription")
	g.exiger(g.appeler("", "POST", "/api/inscriptions", d), 202)
	return g.compteDe(d["acte_id"].(string))
}

// compteDe waits for the verdict of an acte and returns the id of its account.
func (g *guichet) compteDe(acte string) string {
	g.t.Helper()
	r, err := g.store.AttendreVerdict(g.t.Context(), acte, attenteMax)
	if err != nil || r.Verdict == opco.VerdictRecu {
		g.t.Fatalf("acte %s: %s %v", acte, r.Verdict, err)
	}
	return strings.TrimPrefix(r.Acte.Objet, "compte/")
}

// secret is what the last mail of an account carries: a code, a link, a password.
func (g *guichet) secret(compte string) string {
	g.t.Helper()
	for fin := time.Now().Add(attenteMax); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
		var s []string
		err := g.store.DB.Select(&s, `SELECT donnees #>> '{courrier,secret}' FROM courrier
			WHERE objet = 'compte/' || $1 AND donnees #>> '{courrier,secret}' IS NOT NULL ORDER BY rang DESC LIMIT 1`, compte)
		if err != nil {
			g.t.Fatal(err)
		}
		if len(s) > 0 {
			return s[0]
		}
	}
	g.t.Fatalf("account %s has no mail with a secret\n%s", compte, g.log)
	return ""
}

// courriers lists the events of the mails about an account.
func (g *guichet) courriers(compte string) []string {
	g.t.Helper()
	var es []string
	if err := g.store.DB.Select(&es, `SELECT evenement FROM courrier WHERE objet = 'compte/' || $1 ORDER BY rang, id`, compte); err != nil {
		g.t.Fatal(err)
	}
	return es
}

func (g *guichet) confirmer(compte, code, mot string) reponse {
	g.t.Helper()
	return g.appeler("", "POST", "/api/inscriptions/confirmation",
		objet{"compte": compte, "code": code, "mot_de_passe": mot, "version": "v1", "epreuve": g.epreuve("activation")})
}

// actif signs somebody up, activates the account, and returns its id and session.
func (g *guichet) actif(email string, blocs ...objet) (compte string, s seance) {
	g.t.Helper()
	compte = g.inscrire(email, blocs...)
	g.exiger(g.confirmer(compte, g.secret(compte), phraseA), 200)
	return compte, g.entrer(email, phraseA)
}

// seance is somebody at a browser.
type seance struct {
	g      *guichet
	cookie string
}

func (g *guichet) entrer(identifiant, mot string) seance {
	g.t.Helper()
	c := g.seConnecter(identifiant, mot, http.StatusOK)
	return seance{g, c.Name + "=" + c.Value}
}

// suivre takes the session that an answer gives in place of the one that asked.
func (s *seance) suivre(r reponse) {
	s.g.t.Helper()
	for _, c := range (&http.Response{Header: r.entete}).Cookies() {
		if c.Value != "" {
			s.cookie = c.Name + "=" + c.Value
			return
		}
	}
	s.g.t.Fatal("the answer gives no session")
}

func (s seance) appeler(methode, chemin string, corps any) reponse {
	s.g.t.Helper()
	return s.g.appeler("", methode, chemin, corps, "Cookie", s.cookie)
}

// moi reads the account of the session.
func (s seance) moi() compteVu {
	s.g.t.Helper()
	var c compteVu
	s.g.exiger(s.appeler("GET", "/api/compte", nil), 200).lire(s.g.t, &c)
	return c
}

// compteVu is what the tests read of an account.
type compteVu struct {
	ID      string `json:"id"`
	Etat    string `json:"etat"`
	Entites []struct {
		Affichage string `json:"affichage"`
	} `json:"entites"`
	Droits []struct {
		ID      string `json:"id"`
		Etat    string `json:"etat"`
		Ouvert  bool   `json:"ouvert"`
		Phrase  string `json:"phrase"`
		Ensuite string `json:"ensuite"`
	} `json:"droits"`
	Tuiles []opco.Tuile `json:"tuiles"`
}

func (c compteVu) tuile(code string) opco.EtatTuile {
	for _, x := range c.Tuiles {
		if x.Code == code {
			return x.Etat
		}
	}
	return ""
}

func (c compteVu) droit(id string) (etat string, ouvert bool) {
	for _, d := range c.Droits {
		if d.ID == id {
			return d.Etat, d.Ouvert
		}
	}
	return "", false
}

func droit(profil, siret string, s opco.Service) string {
	return opco.CleHabilitation(opco.Role(profil), opco.SIRET(siret), s)
}

// horloge moves business time.
func (g *guichet) horloge(d time.Duration) {
	g.t.Helper()
	le, err := g.store.Maintenant(g.t.Context())
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.store.RegleHorloge(g.t.Context(), le.Add(d), false); err != nil {
		g.t.Fatal(err)
	}
}

// compteDemo is the id of the account of a demo person.
func (g *guichet) compteDemo(identifiant string) string {
	g.t.Helper()
	u, err := g.store.Utilisateur(g.t.Context(), identifiant)
	if err != nil {
		g.t.Fatal(err)
	}
	return u.Compte
}
