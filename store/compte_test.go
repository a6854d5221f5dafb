package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// lundi is a Monday on which the tests of accounts begin.
const lundi = "2026-06-01 09:00:00"

var (
	demandeur  = opco.Acteur{Nom: "Le demandeur", Role: opco.RoleDemandeur}
	conseiller = opco.Acteur{Personne: "p-con", Nom: "Inès Conseille", Role: opco.RoleConseiller}
)

// ouvrirComptes is a base with the demonstration, at the beginning of a Monday.
func ouvrirComptes(t *testing.T) *conduite {
	t.Helper()
	c := conduire(t)
	c.a(lundi)
	return c
}

// envoi is an acte on an account, as the counter receives it.
type envoi struct {
	compte  string
	t       opco.TypeActe
	par     opco.Acteur
	via     string // account through which it is done
	session string
	secret  string // hash of the password chosen with it
	retrait bool
	charge  any
}

// envoyer puts e in the inbox and returns its id.
func (c *conduite) poserActe(e envoi) string {
	c.t.Helper()
	b, err := json.Marshal(e.charge)
	if err != nil {
		c.t.Fatal(err)
	}
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(e.compte), Type: e.t, Par: e.par, Charge: b, Compte: e.via, Session: e.session}
	switch {
	case e.secret != "":
		_, err = c.s.RecevoirAvecSecret(c.ctx, a, e.secret)
	case e.retrait:
		_, err = c.s.RecevoirRetrait(c.ctx, a)
	default:
		_, err = c.s.Recevoir(c.ctx, a)
	}
	if err != nil {
		c.t.Fatalf("%s: %v", e.t, err)
	}
	return a.ID
}

// agir receives e, records it, lets what is due come, and returns what became of it.
func (c *conduite) agir(e envoi) store.Recu {
	c.t.Helper()
	id := c.poserActe(e)
	c.inscrireActe(e.compte, id)
	c.echoirCompte(e.compte)
	r, err := c.s.Acte(c.ctx, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *conduite) inscrireActe(compte, acte string) opco.Issue {
	c.t.Helper()
	d, err := c.s.Depart(c.ctx, opco.ObjetCompte(compte))
	if err != nil {
		c.t.Fatal(err)
	}
	i, err := c.s.Record(c.ctx, opco.Demarche{Objet: opco.ObjetCompte(compte), Rang: d.Rang + 1, ActeID: acte})
	if err != nil {
		c.t.Fatal(err)
	}
	return i
}

// echoirCompte lets every échéance come that is due at the business instant.
func (c *conduite) echoirCompte(id string) {
	c.t.Helper()
	for {
		d, err := c.s.Depart(c.ctx, opco.ObjetCompte(id))
		if err != nil {
			c.t.Fatal(err)
		}
		le, err := c.s.Maintenant(c.ctx)
		if err != nil {
			c.t.Fatal(err)
		}
		if len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(le) {
			return
		}
		e := d.Resume.Echeances[0]
		if _, err := c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &e}); err != nil {
			c.t.Fatalf("%s %s: %v", e.Type, e.Code, err)
		}
	}
}

// appliquer wants e to be applied, refuser wants it refused with a code.
func (c *conduite) appliquer(e envoi) {
	c.t.Helper()
	if r := c.agir(e); r.Verdict != opco.VerdictApplique {
		c.t.Fatalf("%s: got %s %s « %s », want applied", e.t, r.Verdict, r.Code, r.Phrase)
	}
}

func (c *conduite) refuser(e envoi, genre opco.Kind, code string) {
	c.t.Helper()
	if r := c.agir(e); r.Verdict != opco.VerdictRefuse || r.Genre != genre || r.Code != code || r.Phrase == "" {
		c.t.Fatalf("%s: got %s %s %s « %s », want refused, %s %s", e.t, r.Verdict, r.Genre, r.Code, r.Phrase, genre, code)
	}
}

func (c *conduite) unCompte(id string) *opco.Compte {
	c.t.Helper()
	l, err := c.s.CompteLu(c.ctx, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return &l.Compte
}

// secret is what the last mail of an account carries before it leaves.
func (c *conduite) secret(id string, e opco.Evenement) string {
	c.t.Helper()
	var s string
	err := c.s.DB.Get(&s, `SELECT COALESCE(donnees #>> '{courrier,secret}', '') FROM courrier WHERE objet = $1 AND evenement = $2 ORDER BY rang DESC LIMIT 1`,
		opco.ObjetCompte(id), e)
	if err != nil {
		c.t.Fatalf("no mail %s: %v", e, err)
	}
	return s
}

// courriersDe lists the events told about an account, in order.
func (c *conduite) courriersDe(id string) (es []string) {
	c.t.Helper()
	if err := c.s.DB.Select(&es, `SELECT evenement FROM courrier WHERE objet = $1 ORDER BY rang, detail`, opco.ObjetCompte(id)); err != nil {
		c.t.Fatal(err)
	}
	return es
}

// inscription is the registration of S20, under an e-mail.
func inscription(email opco.Email) opco.ChargeInscrire {
	return opco.ChargeInscrire{CGU: "v1", Politique: opco.PolitiqueGuichet,
		Identite: opco.Identite{Civilite: "Mme", Prenom: "Éloïse", Nom: "Œuvrard", Email: email, Telephone: "01 99 00 01 10"},
		Blocs: []opco.BlocDemande{{Profil: opco.RoleEntreprise, Branche: "1486", CodeAdherent: "A100001", MasseSalariale: 312_480_00,
			Responsable: "Jean Sorbier", Services: []opco.Service{opco.ServiceDossiers, opco.ServiceContributions}, Certifie: true,
			Etablissements: []opco.EtablissementVoulu{{SIRET: "99900101900010", Fonction: "Directrice"}, {SIRET: "99900101900028", Fonction: "Directrice"}}}}}
}

const droitE1 = "entreprise:99900101900010:DOSSIERS_FORMATION"

// hacheEssai stands for the argon2id hash of a chosen password.
const hacheEssai = "$argon2id$essai"

// inscrit signs somebody up and returns the id of the account and its code.
func (c *conduite) inscrit(email opco.Email) (id, code string) {
	c.t.Helper()
	id = uuid.NewString()
	c.appliquer(envoi{compte: id, t: opco.ActeInscrire, par: demandeur, charge: inscription(email)})
	return id, c.secret(id, opco.CourrierCode)
}

// actif signs somebody up, confirms the e-mail and returns the id.
func (c *conduite) actif(email opco.Email) string {
	c.t.Helper()
	id, code := c.inscrit(email)
	c.appliquer(confirmer(id, code))
	return id
}

func confirmer(id, code string) envoi {
	return envoi{compte: id, t: opco.ActeConfirmerEmail, par: demandeur, secret: hacheEssai, charge: opco.ChargeCode{Empreinte: opco.EmpreinteCode(code)}}
}

func accorder(id string, droits ...string) envoi {
	var rs []opco.ReponseDroit
	for _, d := range droits {
		rs = append(rs, opco.ReponseDroit{Habilitation: d, Accorder: true})
	}
	return envoi{compte: id, t: opco.ActeDeciderDroits, par: conseiller, charge: opco.ChargeDecision{Reponses: rs}}
}

// S20 to the advisor's answer: the projection, the login, the mails and the secrets
// follow each step.
func TestCompteDInscriptionADroit(t *testing.T) {
	c := ouvrirComptes(t)
	id, code := c.inscrit("eloise@sorbier.test")
	if x := c.unCompte(id); x.Etat != opco.CompteEmailAConfirmer || x.Rang != 2 {
		t.Fatalf("got %s rang %d, want EMAIL_A_CONFIRMER rang 2", x.Etat, x.Rang)
	}
	if _, err := c.s.Utilisateur(c.ctx, "eloise@sorbier.test"); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v, want no login before the e-mail is proved", err)
	}
	c.refuser(confirmer(id, "0000-0000-0000"), opco.Invalid, "CODE_FAUX")
	if x := c.unCompte(id); x.Code.Essais != 1 || x.Etat != opco.CompteEmailAConfirmer || x.Rang != 3 {
		t.Errorf("got %d tries, %s, rang %d; want the wrong try kept and the état where it was", x.Code.Essais, x.Etat, x.Rang)
	}
	c.appliquer(confirmer(id, code))
	x := c.unCompte(id)
	if x.Etat != opco.CompteActifLimite || len(x.Preuves) == 0 {
		t.Fatalf("got %s and %d preuves, want ACTIF_LIMITE with evidence", x.Etat, len(x.Preuves))
	}
	for _, p := range x.Preuves {
		if !p.Concorde {
			t.Errorf("%s: got « %s » against « %s », want agreement", p.Question, p.Donne, p.Connu)
		}
	}
	var mdp string
	if err := c.s.DB.Get(&mdp, `SELECT mot_de_passe FROM utilisateur WHERE compte = $1`, id); err != nil || mdp != hacheEssai {
		t.Errorf("got password %q, %v; want the hash chosen with the acte", mdp, err)
	}
	c.compter(0, `SELECT count(*) FROM secret_acte`)
	c.appliquer(accorder(id, droitE1))
	if x := c.unCompte(id); x.Etat != opco.CompteActif {
		t.Errorf("got %s, want ACTIF with its first right", x.Etat)
	}
	c.compter(1, `SELECT count(*) FROM habilitation WHERE compte = $1 AND etat = 'ACCORDEE' AND decidee_par = 'p-con'`, id)
	if got := c.courriersDe(id); !slices.Equal(got, []string{"CODE_ACTIVATION", "COMPTE_ACTIF_LIMITE", "DROITS_ACCORDES"}) {
		t.Errorf("got mails %v", got)
	}
	var noms []string
	if err := c.s.DB.Select(&noms, `SELECT DISTINCT nom FROM passage WHERE objet = $1 ORDER BY nom`, opco.ObjetCompte(id)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(noms, []string{"Guichet", "Inès Conseille", "Le demandeur"}) {
		t.Errorf("got %v in the journal, want no name of an applicant", noms)
	}
}

func (c *conduite) compter(want int, requete string, args ...any) {
	c.t.Helper()
	var got int
	if err := c.s.DB.Get(&got, requete, args...); err != nil {
		c.t.Fatal(err)
	}
	if got != want {
		c.t.Errorf("%s: got %d, want %d", strings.Join(strings.Fields(requete), " "), got, want)
	}
}

// Recording again, late or out of order changes nothing.
func TestCompteRecordRepris(t *testing.T) {
	c := ouvrirComptes(t)
	id, code := c.inscrit("eloise@sorbier.test")
	acte := c.poserActe(confirmer(id, code))
	dem := opco.Demarche{Objet: opco.ObjetCompte(id), Rang: 3, ActeID: acte}
	un, err := c.s.Record(c.ctx, dem)
	if err != nil {
		t.Fatal(err)
	}
	deux, err := c.s.Record(c.ctx, dem)
	if err != nil || un.Rang != deux.Rang || un.Verdict != deux.Verdict || un.Resume.Etat != deux.Resume.Etat {
		t.Errorf("got %+v then %+v, %v; want the same", un, deux, err)
	}
	for _, rang := range []int64{2, 5} {
		if _, err := c.s.Record(c.ctx, opco.Demarche{Objet: dem.Objet, Rang: rang, ActeID: acte}); !errors.Is(err, store.ErrTrou) {
			t.Errorf("rang %d: got %v, want a gap", rang, err)
		}
	}
	c.compter(3, `SELECT count(*) FROM passage WHERE objet = $1`, dem.Objet)
	c.compter(1, `SELECT count(*) FROM courrier WHERE objet = $1 AND evenement = 'COMPTE_ACTIF_LIMITE'`, dem.Objet)
}

// An account is born with its first acte, whatever becomes of it; nothing else
// makes one, and nothing personal is left of one that is refused at birth.
func TestCompteNaissance(t *testing.T) {
	c := ouvrirComptes(t)
	id := uuid.NewString()
	_, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(id), Type: opco.ActeModifierCompte, Par: demandeur})
	if !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v, want NotFound for an acte on no account", err)
	}
	ch := inscription("eloise@sorbier.test")
	ch.CGU = "v0"
	acte := c.poserActe(envoi{compte: id, t: opco.ActeInscrire, par: demandeur, charge: ch})
	if d, err := c.s.Depart(c.ctx, opco.ObjetCompte(id)); err != nil || d.Rang != 0 || d.Prochain != 1 {
		t.Errorf("got %+v, %v; want an object at rang 0 that waits for its first acte", d, err)
	}
	c.inscrireActe(id, acte)
	if r, _ := c.s.Acte(c.ctx, acte); r.Genre != opco.Invalid || r.Champ != "cgu" {
		t.Errorf("got %s on %q, want invalide on cgu", r.Genre, r.Champ)
	}
	c.sansTrace("eloise", "Œuvrard")
	mal := uuid.NewString()
	c.refuser(envoi{compte: mal, t: opco.ActeInscrire, par: demandeur, charge: inscription("ELOISE@sorbier.test")}, opco.Invalid, "")
	c.sansTrace("eloise")
	b, _ := json.Marshal(ch)
	_, err = c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(id), Type: opco.ActeInscrire, Par: demandeur, Charge: b})
	if !errors.Is(err, opco.Conflict) {
		t.Errorf("got %v, want Conflict for a second birth", err)
	}
}

// sansTrace looks for words in every row of every table.
func (c *conduite) sansTrace(mots ...string) {
	c.t.Helper()
	var tables []string
	if err := c.s.DB.Select(&tables, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`); err != nil {
		c.t.Fatal(err)
	}
	for _, table := range tables {
		for _, m := range mots {
			var lignes []string
			err := c.s.DB.Select(&lignes, fmt.Sprintf(`SELECT left(x::text, 2000) FROM %q x WHERE x::text ILIKE '%%' || $1 || '%%'`, table), m)
			if err != nil {
				c.t.Fatal(err)
			}
			for _, l := range lignes {
				c.t.Errorf("%q is still in %s: %s", m, table, l)
			}
		}
	}
}

// Whoever asks to withdraw is obeyed when the request is received, before any
// engine; the verdict settles it, and a refusal gives back what was cut.
func TestCompteRetraitImmediat(t *testing.T) {
	c := ouvrirComptes(t)
	id := c.actif("eloise@sorbier.test")
	autre := "entreprise:99900101900028:DOSSIERS_FORMATION"
	c.appliquer(accorder(id, droitE1, autre))
	c.s.DB.MustExec(`INSERT INTO session (token, data, expiry, id, compte) VALUES ('t', '', now() + interval '1 hour', 's1', $1)`, id)
	nouvelles, stop := c.s.Ecouter()
	defer stop()
	un := c.poserActe(retirer(id, droitE1))
	c.compter(1, `SELECT count(*) FROM habilitation WHERE compte = $1 AND coupee AND id = $2`, id, droitE1)
	c.compter(0, `SELECT count(*) FROM session WHERE compte = $1`, id)
	attendreCompte(t, nouvelles, id)
	if u, err := c.s.Utilisateur(c.ctx, "eloise@sorbier.test"); err != nil || slices.Contains(u.SIRETs, "99900101900010") || !slices.Contains(u.SIRETs, "99900101900028") {
		t.Errorf("got %v, %v; want the other site only", u.SIRETs, err)
	}
	deux := c.poserActe(retirer(id, autre))
	c.inscrireActe(id, un)
	c.compter(1, `SELECT count(*) FROM habilitation WHERE compte = $1 AND id = $2 AND etat = 'RETIREE' AND NOT coupee`, id, droitE1)
	c.compter(1, `SELECT count(*) FROM habilitation WHERE compte = $1 AND id = $2 AND etat = 'ACCORDEE' AND coupee`, id, autre)
	c.inscrireActe(id, deux)
	c.compter(0, `SELECT count(*) FROM habilitation WHERE compte = $1 AND (coupee OR etat = 'ACCORDEE')`, id)

	c.appliquer(envoi{compte: id, t: opco.ActeRedemanderDroit, par: opco.Acteur{Personne: id, Nom: "É. Œ.", Role: opco.RoleEntreprise}, via: id,
		charge: opco.ChargeDroits{Habilitations: []string{droitE1}}})
	c.appliquer(accorder(id, droitE1))
	e := retirer(id, droitE1)
	e.charge = opco.ChargeDroits{Habilitations: []string{droitE1}} // no reason: refused
	acte := c.poserActe(e)
	c.compter(0, `SELECT count(*) FROM habilitation WHERE compte = $1 AND coupee`, id)
	if i := c.inscrireActe(id, acte); i.Verdict != opco.VerdictRefuse {
		t.Fatalf("got %s, want a withdrawal without reason refused", i.Verdict)
	}
	c.compter(1, `SELECT count(*) FROM habilitation WHERE compte = $1 AND etat = 'ACCORDEE' AND NOT coupee`, id)
}

func retirer(id string, droits ...string) envoi {
	return envoi{compte: id, t: opco.ActeRetirerDroits, par: conseiller, retrait: true,
		charge: opco.ChargeDroits{Habilitations: droits, Motif: "DEPART", Raison: "La personne a quitté l’entreprise."}}
}

func attendreCompte(t *testing.T, ns <-chan store.Nouvelle, id string) {
	t.Helper()
	fin := time.After(time.Minute)
	for {
		select {
		case n := <-ns:
			if n.Sujet == "compte" && n.ID == id {
				return
			}
		case <-fin:
			t.Fatal("nothing was told of the account")
		}
	}
}
