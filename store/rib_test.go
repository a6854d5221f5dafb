package store_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"guichet/banque"
	"guichet/opco"
	"guichet/store"
)

const (
	ibanNeuf = "FR7699999000770070070077737" // the new account of OF2 in S11
	ibanE2   = "FR7699999000110010020031192"
)

func (c *conduite) ecrit(a opco.Acteur) store.GesteDocument {
	return store.GesteDocument{Acte: uuid.NewString(), Par: a, Portee: opco.Portee{Role: a.Role, Personne: a.Personne, SIRETs: []string{a.SIRET}}}
}

func preuve() store.FichierDocument {
	return store.FichierDocument{Nom: "rib.pdf", Empreinte: strings.Repeat("a", 64), Taille: 10, Format: "application/pdf", Garder: func() error { return nil }}
}

// proposer proposes a RIB and applies what it asks of lots.
func (c *conduite) proposer(a opco.Acteur, iban string) (string, error) {
	c.t.Helper()
	bic := "AAAAFRPP"
	if iban[:2] != "FR" {
		bic = "AAAA" + iban[:2] + "PP"
	}
	v, as, err := c.s.ProposerRIB(c.ctx, c.ecrit(a), opco.SIRET(a.SIRET), opco.SaisieRIB{IBAN: iban, BIC: bic, Titulaire: "Compétences Plus Démo"}, preuve())
	for _, x := range as {
		c.enregistrer(x)
	}
	return v.ID, err
}

func (c *conduite) gesteRIB(id string, g opco.GesteRIB, par opco.Acteur) error {
	c.t.Helper()
	as, err := c.s.AgirSurRIB(c.ctx, id, store.GesteDeRIB{Acte: uuid.NewString(), Geste: g, Raison: "Vu avec la banque.", Par: par})
	for _, x := range as {
		c.enregistrer(x)
	}
	return err
}

// rib reads a RIB, once what has ended has ended.
func (c *conduite) rib(id string) store.RIBVu {
	c.t.Helper()
	if _, err := c.s.EchoirRIBs(c.ctx); err != nil {
		c.t.Fatal(err)
	}
	v, err := c.s.RIB(c.ctx, opco.Portee{Interne: true, Role: opco.RoleComptable}, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

var (
	cpt3 = opco.Acteur{Personne: "p-cpt3", Nom: "Cyr Relit", Role: opco.RoleComptable}
	res2 = opco.Acteur{Personne: "p-res2", Nom: "Rita Regarde", Role: opco.RoleResponsable}
)

// veut fails unless err is a refusal of that code.
func veut(t *testing.T, quoi string, err error, code string) {
	t.Helper()
	var e *opco.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("%s: got %v, want %s", quoi, err, code)
	}
}

// S11: a RIB changes by its payee, is seen by two persons who do not pay it, waits
// 48 h, and only then is paid; the line of a lot already built leaves it at once.
func TestRIB(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	lot := c.lotPropose(false)
	id, err := c.proposer(of2, ibanNeuf)
	if err != nil {
		t.Fatal(err)
	}
	if l := c.lot(lot); len(l.Lignes) != 2 || l.Somme() != 403500 || !strings.Contains(l.Ecartees[0].Raison, "RIB") {
		t.Fatalf("got %d lines, %s, out %v; want the line of OF2 out", len(l.Lignes), l.Somme(), l.Ecartees)
	}
	_, err = c.proposer(of2, ibanE2)
	veut(t, "a second change", err, "RIB_EN_COURS")
	_, err = c.construire(cpt, opco.ChargeConstruireLot{Reglements: c.aRegler(s09), Execution: "2026-05-04"})
	veut(t, "paying while it changes", err, "RIB_CHANGE")
	var mails []string
	if err := c.s.DB.Select(&mails, `SELECT adresse FROM courrier WHERE evenement = 'RIB_PROPOSE'`); err != nil || !slices.Equal(mails, []string{"of2@exemple.test"}) {
		t.Errorf("got mails to %v (%v), want the old contact told once", mails, err)
	}
	if err := c.gesteRIB(id, opco.GesteValider, cpt3); opco.KindOf(err) != opco.Conflict {
		t.Errorf("validated before anybody looked: %v", err)
	}
	if err := c.gesteRIB(id, opco.GesteVoir, res); err != nil {
		t.Fatal(err)
	}
	meme := res
	meme.Role = opco.RoleComptable
	veut(t, "one person twice", c.gesteRIB(id, opco.GesteValider, meme), "MEME_PERSONNE")
	if err := c.gesteRIB(id, opco.GesteValider, cpt3); err != nil {
		t.Fatal(err)
	}
	c.a("2026-05-06 08:59:00")
	if v := c.rib(id); v.Etat != opco.RIBValide {
		t.Errorf("got %s a minute before the end of the hold, want VALIDE", v.Etat)
	}
	c.a("2026-05-06 09:00:30")
	if v := c.rib(id); v.Etat != opco.RIBActif || len(v.Journal) != 4 {
		t.Errorf("got %s, journal %v; want ACTIF with four lines", v.Etat, v.Journal)
	}
	for _, par := range []opco.Acteur{cpt3, {Personne: "p-res", Role: opco.RoleComptable, Nom: "R"}} {
		_, err = c.construire(par, opco.ChargeConstruireLot{Reglements: c.aRegler(s09), Execution: "2026-05-06"})
		veut(t, "who looked at it pays it", err, "QUATRE_YEUX")
	}
	deux, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: c.aRegler(s09), Execution: "2026-05-06"})
	if err != nil {
		t.Fatal(err)
	}
	if l := c.lot(deux); l.Lignes[0].IBAN != ibanNeuf {
		t.Errorf("paid on %s, want the new account", l.Lignes[0].IBAN)
	}
	i, _ := c.faireLot(deux, opco.ActeValiderLot, cpt3, opco.ChargeValiderLot{Nombre: 1, Somme: 224000})
	if i.Verdict != opco.VerdictRefuse {
		t.Error("who looked at the RIB validated its lot")
	}
	c.envoyer(deux)
}

// What gives a RIB away is said, and stops nobody alone.
func TestSignauxRIB(t *testing.T) {
	c := conduire(t)
	c.a("2026-05-04 09:00:00")
	tests := []struct {
		name, iban string
		codes      []string
	}{
		{"its own", ibanNeuf, []string{}},
		{"of a company", ibanE2, []string{"IBAN_PARTAGE"}},
		{"abroad", "BE68539007547034", []string{"IBAN_ETRANGER"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := c.proposer(of2, tt.iban)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, s := range c.rib(id).Signaux {
				got = append(got, s.Code)
			}
			if !slices.Equal(got, tt.codes) {
				t.Errorf("got %v, want %v", got, tt.codes)
			}
			if err := c.gesteRIB(id, opco.GesteRefuser, res); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// Nothing but the procedure changes an account once it has a RIB, and an
// organisation reads its own RIBs only, without who looked at them.
func TestRIBTenu(t *testing.T) {
	c := conduire(t)
	c.a("2026-05-04 09:00:00")
	id, err := c.proposer(of2, ibanNeuf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.DB.Exec(`UPDATE organisme SET iban = $1 WHERE siren = '999001431'`, ibanE2); err == nil || !strings.Contains(err.Error(), "without its procedure") {
		t.Errorf("got %v, want the account held", err)
	}
	if err := c.s.ChargerDemo(c.ctx); err != nil {
		t.Error(err)
	}
	autre := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of1.SIRET}}
	if _, err := c.s.RIB(t.Context(), autre, id); opco.KindOf(err) != opco.NotFound {
		t.Errorf("another organisme reads it: %v", err)
	}
	v, err := c.s.RIB(t.Context(), opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{of2.SIRET}}, id)
	if err != nil || v.VuPar.Nom != "" || v.Etat != opco.RIBPropose {
		t.Errorf("got %+v (%v), want its own", v, err)
	}
	if _, err := c.s.DB.Exec(`UPDATE rib SET etat = 'VALIDE', vu_par = 'x', valide_par = 'x', actif_le = now() WHERE id = $1`, id); err == nil {
		t.Error("one person validated a RIB alone")
	}
}

// A proof that its form keeps no more, because it was purged or sent since it was read,
// proves nothing: its bytes may be gone. The proposal is refused whole.
func TestRIBSansSaPreuve(t *testing.T) {
	c := conduire(t)
	c.a("2026-05-04 09:00:00")
	g, f := c.ecrit(of2), preuve()
	f.DeCote = uuid.NewString()
	if err := c.s.MettreDeCote(c.ctx, store.MiseDeCote{ID: f.DeCote, Nom: f.Nom, Empreinte: f.Empreinte, Taille: f.Taille, Format: f.Format, Personne: of2.Personne,
		DeposeNom: of2.Nom, DeposeRole: of2.Role}, f.Garder); err != nil {
		t.Fatal(err)
	}
	x := opco.SaisieRIB{IBAN: ibanNeuf, BIC: "AAAAFRPP", Titulaire: "Compétences Plus Démo"}
	if err := c.s.RetirerDeCote(c.ctx, of2.Personne, "", f.DeCote); err != nil {
		t.Fatal(err)
	}
	var refus *opco.Error
	if _, _, err := c.s.ProposerRIB(c.ctx, g, opco.SIRET(of2.SIRET), x, f); !errors.As(err, &refus) || refus.Champ != "fichier" {
		t.Errorf("without its file: got %v, want a refusal on the file", err)
	}
	if _, err := c.s.RIB(c.ctx, g.Portee, g.Acte); opco.KindOf(err) != opco.NotFound {
		t.Errorf("without its file: %v, want no proposal", err)
	}
	if _, err := c.s.DB.Exec(`UPDATE mise_de_cote SET retire_le = NULL`); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.s.ProposerRIB(c.ctx, g, opco.SIRET(of2.SIRET), x, f); err != nil {
		t.Errorf("with its file: %v", err)
	}
	if ms, err := c.s.MisesDeCote(c.ctx, g.Portee, ""); err != nil || len(ms) != 0 {
		t.Errorf("sent and still aside: %d (%v)", len(ms), err)
	}
}

// archiver produces the payment file of a lot, which stays in the house.
func (c *conduite) archiver(id string) {
	c.t.Helper()
	l := c.lot(id)
	b, err := banque.Fichier(l)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.s.ArchiverFichier(c.ctx, id, l.Sceau, bytes.NewReader(b)); err != nil {
		c.t.Fatal(err)
	}
}

// rejeter sends a lot of the bank and has it refuse the transfers to iban.
func (c *conduite) rejeter(lot, iban, motif string) {
	c.t.Helper()
	fichier := c.envoyer(lot)
	pain002, camt, err := banque.Simulateur{Rejets: map[string]string{iban: motif}}.Repondre(fichier, quand(c.t, "2026-05-04 17:00"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.importer("statut.xml", pain002)
	c.importer("debits.xml", camt)
}

// dernier is the id of the last règlement of a dossier.
func (c *conduite) dernier(dossier string) string {
	rs := c.dossier(dossier).Reglements
	return rs[len(rs)-1].ID
}

// The database itself holds what the rules hold: nothing is validated on an account
// that changes, and who looked at an account signs no lot that pays it.
func TestRIBContraintes(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	lot := c.unSeul(c.aRegler(s09)[0])
	id, _, err := c.s.ProposerRIB(c.ctx, c.ecrit(of2), opco.SIRET(of2.SIRET), opco.SaisieRIB{IBAN: ibanNeuf, BIC: "AAAAFRPP", Titulaire: "C"}, preuve())
	if err != nil {
		t.Fatal(err)
	}
	tenu := func(quoi, contrainte, q string, args ...any) {
		t.Helper()
		var e *pq.Error
		if _, err := c.s.DB.Exec(q, args...); !errors.As(err, &e) || e.Constraint != contrainte {
			t.Errorf("%s: got %v, want %s", quoi, err, contrainte)
		}
	}
	tenu("validated while it changes", "reglement_rib", `UPDATE reglement SET etat = 'VALIDE' WHERE lot = $1`, lot)
	tenu("a second change", "rib_en_cours", `INSERT INTO rib (id, siren, sorte, nom, iban, preuve, etat, propose_par, propose_le, modifie_le)
		SELECT gen_random_uuid(), siren, sorte, nom, iban, preuve, etat, propose_par, now(), now() FROM rib WHERE id = $1`, id.ID)
	tenu("validated by who proposed it", "rib_deux_personnes", `UPDATE rib SET etat = 'VU', vu_par = propose_par WHERE id = $1`, id.ID)
	tenu("in service without a second person", "rib_valide", `UPDATE rib SET etat = 'VALIDE', vu_par = 'x' WHERE id = $1`, id.ID)
	tenu("looked at in the name of who proposed it", "rib_personnes_distinctes", `UPDATE rib SET etat = 'VU', vu_par = 'x', vu_pour = propose_par WHERE id = $1`, id.ID)
	tenu("two who act for the same absent one", "rib_personnes_distinctes", `UPDATE rib SET etat = 'VALIDE', actif_le = now(), vu_par = 'x', vu_pour = 'z',
		valide_par = 'y', valide_pour = 'z' WHERE id = $1`, id.ID)
	tenu("lifted by two who act for the same absent one", "rib_levee_personnes_distinctes", `UPDATE rib SET leve_par = 'x', leve_pour = 'z', rendu_par = 'y', rendu_pour = 'z' WHERE id = $1`, id.ID)
	c.s.DB.MustExec(`UPDATE rib SET etat = 'REMPLACE' WHERE siren = '999001431' AND etat = 'ACTIF'`)
	c.s.DB.MustExec(`UPDATE rib SET etat = 'ACTIF', vu_par = 'x', valide_par = $2, actif_le = now() WHERE id = $1`, id.ID, cpt.Personne)
	tenu("paid by who looked at it", "reglement_rib_personnes", `UPDATE reglement SET etat = 'VALIDE' WHERE lot = $1`, lot)
}
