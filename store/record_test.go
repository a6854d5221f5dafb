package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// conduite drives dossiers through the store as a procedure would, on a clock of
// its own, without an engine.
type conduite struct {
	t   *testing.T
	s   *store.Store
	ctx context.Context
}

func conduire(t *testing.T) *conduite {
	t.Helper()
	return &conduite{t: t, s: storetest.Demo.Ouvrir(t), ctx: t.Context()}
}

// a sets business time, Paris.
func (c *conduite) a(quand string) {
	c.t.Helper()
	le, err := time.ParseInLocation("2006-01-02 15:04:05", quand, opco.Paris)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.s.RegleHorloge(c.ctx, le, true); err != nil {
		c.t.Fatal(err)
	}
}

var (
	e1  = opco.Acteur{Personne: "p-e1", Nom: "Rose Sorbier", Role: opco.RoleEntreprise, SIRET: "99900101900010"}
	of1 = opco.Acteur{Personne: "p-of1", Nom: "Omar Formalia", Role: opco.RoleOrganisme, SIRET: "99900136500017"}
	ges = opco.Acteur{Personne: "p-ges", Nom: "Gaëlle Instruit", Role: opco.RoleGestionnaire}
	res = opco.Acteur{Personne: "p-res", Nom: "Rémi Regarde", Role: opco.RoleResponsable}
)

// demande is S01: two stagiaires, 14 h each, 600,00 € each.
func demande() opco.Demande {
	return opco.Demande{
		Etablissement: "99900101900010", Subrogation: true, Intitule: "Sécurité des données", Nature: opco.NatureFormation,
		Organisme: opco.OrganismeDemande{SIRET: "99900136500017", Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais",
			CodePostal: "75001", Ville: "Paris"},
		Duree: 14 * 60, Debut: "2026-04-13", Fin: "2026-04-14",
		Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 120000}},
		Stagiaires: []opco.Stagiaire{
			{ID: "s1", Nom: "Lefèvre-N'Guyên", Prenom: "Zoé-Maëlle", Heures: 14 * 60, Peda: 60000},
			{ID: "s2", Nom: "d’Haultepenne", Prenom: "Éric", Heures: 14 * 60, Peda: 60000},
		},
	}
}

// creer opens a brouillon and returns its id.
func (c *conduite) creer(d opco.Demande, par opco.Acteur) string {
	c.t.Helper()
	id := uuid.NewString()
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(id), Type: opco.ActeCreer, Par: par}
	if _, err := c.s.AppliquerDirect(c.ctx, a, &opco.Dossier{ID: id, Demande: d}); err != nil {
		c.t.Fatal(err)
	}
	return id
}

// faire receives an acte and records it as the procedure does; it returns the
// issue.
func (c *conduite) faire(id string, t opco.TypeActe, par opco.Acteur, charge any) opco.Issue {
	c.t.Helper()
	r := c.recevoir(id, t, par, charge)
	d, err := c.s.Depart(c.ctx, opco.ObjetDossier(id))
	if err != nil {
		c.t.Fatal(err)
	}
	i, err := c.s.Record(c.ctx, opco.Demarche{Objet: opco.ObjetDossier(id), Rang: d.Rang + 1, ActeID: r.Acte.ID})
	if err != nil {
		c.t.Fatalf("%s: %v", t, err)
	}
	if i.Verdict == opco.VerdictRefuse {
		r, _ := c.s.Acte(c.ctx, r.Acte.ID)
		c.t.Logf("%s refused: %s %s", t, r.Code, r.Phrase)
	}
	return i
}

func (c *conduite) recevoir(id string, t opco.TypeActe, par opco.Acteur, charge any) store.Recu {
	c.t.Helper()
	b, err := json.Marshal(charge)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(id), Type: t, Par: par, Charge: b})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// echoir lets every échéance come that is due at the business instant.
func (c *conduite) echoir(id string) opco.Issue {
	c.t.Helper()
	for {
		d, err := c.s.Depart(c.ctx, opco.ObjetDossier(id))
		if err != nil {
			c.t.Fatal(err)
		}
		maintenant, err := c.s.Maintenant(c.ctx)
		if err != nil {
			c.t.Fatal(err)
		}
		if len(d.Resume.Echeances) == 0 || d.Resume.Echeances[0].Le.After(maintenant) {
			return opco.Issue{Rang: d.Rang, Resume: d.Resume}
		}
		e := d.Resume.Echeances[0]
		if _, err := c.s.Record(c.ctx, opco.Demarche{Objet: d.Objet, Rang: d.Rang + 1, Echeance: &e}); err != nil {
			c.t.Fatalf("%s %s: %v", e.Type, e.Code, err)
		}
	}
}

func (c *conduite) solde(enveloppe string) (m opco.Montant) {
	c.t.Helper()
	err := c.s.DB.Get(&m, `SELECT montant FROM solde WHERE enveloppe = $1 AND compte = 'ENVELOPPE' AND dossier = ''`, enveloppe)
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *conduite) attendre(i opco.Issue, want opco.Etat) {
	c.t.Helper()
	if i.Resume.Etat != want {
		c.t.Fatalf("got état %s, want %s", i.Resume.Etat, want)
	}
}

var aVenir = opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention, opco.PieceDevis}}

// pieces are what a complete dossier holds.
func pieces() opco.ChargeJoindre {
	return opco.ChargeJoindre{Pieces: []opco.Piece{
		{ID: uuid.NewString(), Type: opco.PieceProgramme, Titre: "Programme", Etat: opco.PieceRecue},
		{ID: uuid.NewString(), Type: opco.PieceConvention, Titre: "Convention", Etat: opco.PieceRecue},
	}}
}

// deposer sends a demande and brings it to instruction.
func (c *conduite) deposer(d opco.Demande, par opco.Acteur) string {
	c.t.Helper()
	id := c.creer(d, par)
	c.attendre(c.faire(id, opco.ActeDeposer, par, aVenir), opco.EtatTransmise)
	c.attendre(c.faire(id, opco.ActeDemanderComplement, ges, opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{
		{Type: opco.PieceProgramme, Motif: opco.MotifManquante}, {Type: opco.PieceConvention, Motif: opco.MotifManquante}}}), opco.EtatACompleter)
	c.attendre(c.faire(id, opco.ActeJoindre, par, pieces()), opco.EtatEnInstruction)
	return id
}

func TestS01UntilEnReglement(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	c.a("2026-03-09 09:00:00")
	i := c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{})
	c.attendre(i, opco.EtatAccordee)
	if i.Resume.Accorde != 120000 {
		t.Errorf("got %s granted, want 1 200,00", i.Resume.Accorde)
	}
	if got := c.solde("999001019/2026/MUTUALISE"); got != 480000 {
		t.Errorf("envelope holds %s, want 4 800,00", got)
	}
	c.a("2026-04-13 00:00:01")
	c.attendre(c.echoir(id), opco.EtatEnRealisation)
	c.a("2026-04-15 00:00:01")
	c.attendre(c.echoir(id), opco.EtatAttenteServiceFait)
	c.a("2026-04-20 11:00:00")
	c.attendre(c.faire(id, opco.ActeCertifier, of1, certificats(14*60, 14*60)), opco.EtatSFEnControle)
	c.attendre(c.faire(id, opco.ActeFacturer, of1, facture(c, id, "F-2026-118", 120000)), opco.EtatSFEnControle)
	i = c.faire(id, opco.ActeConstater, ges, opco.ChargeConstater{})
	c.attendre(i, opco.EtatEnReglement)
	d, err := c.s.Dossier(t.Context(), opco.Portee{Interne: true}, id)
	if err != nil {
		t.Fatal(err)
	}
	f := d.Factures[0]
	if f.Etat != opco.FactureApprouvee || f.Approuve != 120000 || f.EcheanceLe != "2026-05-20" {
		t.Errorf("got invoice %s, %s due %s; want APPROUVEE, 1 200,00, 2026-05-20", f.Etat, f.Approuve, f.EcheanceLe)
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM reglement WHERE dossier = $1 AND montant = 120000 AND etat = 'A_PAYER'`, id); err != nil || n != 1 {
		t.Errorf("got %d règlements of 1 200,00 to pay, %v; want 1", n, err)
	}
}

func certificats(minutes ...opco.Minutes) opco.ChargeCertifier {
	var c opco.ChargeCertifier
	for i, s := range demande().Stagiaires {
		c.Certificats = append(c.Certificats, opco.Certificat{ID: uuid.NewString(), Nom: s.Nom, Prenom: s.Prenom, Intitule: demande().Intitule,
			Nature: opco.NatureFormation, Du: demande().Debut, Au: demande().Fin, Heures: minutes[i], Emetteur: "99900136500017",
			SigneLe: "2026-04-15", Signe: true})
	}
	return c
}

func facture(c *conduite, id, numero string, montant opco.Montant) opco.ChargeFacturer {
	c.t.Helper()
	d, err := c.s.Dossier(c.ctx, opco.Portee{Interne: true}, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return opco.ChargeFacturer{Facture: opco.Facture{ID: uuid.NewString(), Numero: numero, Emetteur: "99900136500017",
		Destinataire: "99900171200010", Date: "2026-04-20", ReferenceDossier: d.Numero,
		Lignes:  []opco.LigneFacture{{Ligne: opco.LignePeda, Montant: montant}},
		TotalHT: montant, TotalTTC: montant, IBAN: "FR7699999000150010020035594"}}
}

// The same step asked twice is one line of the journal and the same answer; a
// step that skips a line is refused loudly.
func TestRecordIsIdempotentAndNeverSkips(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.creer(demande(), e1)
	r := c.recevoir(id, opco.ActeDeposer, e1, aVenir)
	dem := opco.Demarche{Objet: opco.ObjetDossier(id), Rang: 2, ActeID: r.Acte.ID}
	if _, err := c.s.Record(t.Context(), opco.Demarche{Objet: dem.Objet, Rang: 3, ActeID: r.Acte.ID}); !errors.Is(err, store.ErrTrou) {
		t.Fatalf("got %v for a skipped line, want ErrTrou", err)
	}
	un, err := c.s.Record(t.Context(), dem)
	if err != nil {
		t.Fatal(err)
	}
	deux, err := c.s.Record(t.Context(), dem)
	if err != nil || deux.Rang != un.Rang || deux.Resume.Etat != un.Resume.Etat {
		t.Errorf("got %+v, %v the second time; want %+v", deux, err, un)
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM passage WHERE objet = $1`, dem.Objet); err != nil || n != 2 {
		t.Errorf("got %d journal lines, %v; want 2", n, err)
	}
	autre := c.recevoir(id, opco.ActeAnnuler, e1, opco.ChargeRaison{})
	if _, err := c.s.Record(t.Context(), opco.Demarche{Objet: dem.Objet, Rang: 2, ActeID: autre.Acte.ID}); !errors.Is(err, store.ErrTrou) {
		t.Errorf("got %v for another step at a written rang, want ErrTrou", err)
	}
}

// S06: relances at J+10 and J+20, sans suite at the end of J+30; an answer on the
// last minute wins, even when it reaches the procedure after the timer.
func TestS06Relances(t *testing.T) {
	tests := []struct {
		name, reponse string
		want          opco.Etat
		relances      int
	}{
		{"nothing comes", "", opco.EtatSansSuite, 2},
		{"the programme comes on the last minute", "2026-07-02 23:59:59", opco.EtatEnInstruction, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := conduire(t)
			c.a("2026-06-01 09:00:00")
			d := demande()
			d.Debut, d.Fin = "2026-07-20", "2026-07-21"
			id := c.creer(d, e1)
			c.faire(id, opco.ActeDeposer, e1, aVenir)
			c.a("2026-06-02 10:00:00")
			c.faire(id, opco.ActeDemanderComplement, ges, opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{
				{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}})
			if tt.reponse != "" {
				c.a("2026-07-02 23:00:00")
				c.echoir(id)
				c.a(tt.reponse)
				r := c.recevoir(id, opco.ActeJoindre, e1, pieces())
				c.a("2026-07-03 00:05:00")
				dep, _ := c.s.Depart(t.Context(), opco.ObjetDossier(id))
				e := dep.Resume.Echeances[0]
				i, err := c.s.Record(t.Context(), opco.Demarche{Objet: dep.Objet, Rang: dep.Rang + 1, Echeance: &e})
				if err != nil || i.Verdict != opco.VerdictRecu {
					t.Fatalf("the timer got %q, %v; it must let the acte received in time go first", i.Verdict, err)
				}
				i, err = c.s.Record(t.Context(), opco.Demarche{Objet: dep.Objet, Rang: dep.Rang + 1, ActeID: r.Acte.ID})
				if err != nil {
					t.Fatal(err)
				}
				c.attendre(i, tt.want)
			} else {
				c.a("2026-07-03 00:00:00")
				c.attendre(c.echoir(id), tt.want)
			}
			var effet opco.Date
			var n int
			if err := c.s.DB.Get(&n, `SELECT count(*) FROM courrier WHERE evenement = 'RELANCE_COMPLEMENT' AND pour = 'entreprise' AND objet = $1`, opco.ObjetDossier(id)); err != nil || n != tt.relances {
				t.Errorf("got %d relances, %v; want %d", n, err, tt.relances)
			}
			if tt.want == opco.EtatSansSuite {
				err := c.s.DB.Get(&effet, `SELECT effet FROM passage WHERE objet = $1 AND vers = 'SANS_SUITE'`, opco.ObjetDossier(id))
				if err != nil || effet != "2026-07-02" {
					t.Errorf("got date d'effet %s, %v; want 2026-07-02", effet, err)
				}
			}
		})
	}
}

// While its dépôt waits for a verdict a brouillon neither changes nor goes away
// behind the procedure's back; afterwards a deletion is the procedure's.
func TestBrouillonUnderDepot(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.creer(demande(), e1)
	c.recevoir(id, opco.ActeDeposer, e1, opco.ChargeDeposer{}) // not certified: it will be refused
	portee := opco.Portee{SIRETs: []string{e1.SIRET}}
	d := demande()
	d.Lignes[0].Montant = 100
	if _, err := c.s.EnregistrerBrouillon(t.Context(), portee, id, 1, d); !errors.Is(err, opco.Conflict) {
		t.Errorf("got %v while the dépôt waits, want a Conflict", err)
	}
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(id), Type: opco.ActeSupprimer, Par: e1}
	r, err := c.s.AppliquerDirect(t.Context(), a, nil)
	if err != nil || r.Verdict != opco.VerdictRecu {
		t.Errorf("got %q, %v for a deletion under a procedure; want it received", r.Verdict, err)
	}
	var rang int64
	if err := c.s.DB.Get(&rang, `SELECT rang FROM dossier WHERE id = $1`, id); err != nil || rang != 1 {
		t.Errorf("got rang %d, %v; want 1: nothing moved", rang, err)
	}
}

// What the memory refuses after the rules agreed is a refusal like another: the
// acte has its sentence and nothing of the step remains.
func TestRefusalByTheMemory(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{})
	c.a("2026-04-15 00:00:01")
	c.echoir(id)
	c.faire(id, opco.ActeCertifier, of1, certificats(14*60, 14*60))
	c.faire(id, opco.ActeFacturer, of1, facture(c, id, "F-1", 120000))
	// The payee vanishes while the step is being written.
	_, err := c.s.DB.Exec(`
		ALTER TABLE qualiopi DROP CONSTRAINT qualiopi_siren_fkey;
		CREATE FUNCTION effacer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM organisme WHERE siren = '999001365'; RETURN NULL; END $$;
		CREATE TRIGGER effacer AFTER UPDATE ON facture FOR EACH ROW EXECUTE FUNCTION effacer()`)
	if err != nil {
		t.Fatal(err)
	}
	i := c.faire(id, opco.ActeConstater, ges, opco.ChargeConstater{})
	if i.Verdict != opco.VerdictRefuse || i.Resume.Etat != opco.EtatSFEnControle {
		t.Errorf("got %s, %s; want a refusal in SF_EN_CONTROLE", i.Verdict, string(i.Resume.Etat))
	}
	var n int
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM ecriture WHERE type = 'SERVICE_FAIT'`); err != nil || n != 0 {
		t.Errorf("got %d ledger lines, %v; want none", n, err)
	}
}
