package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"guichet/opco"
)

// tranche is how many dossiers or lots are in memory at once.
const tranche = 200

// dossierVerifie is a dossier with all that must agree with it.
type dossierVerifie struct {
	ligneVerifiee
	objet      string
	d          *opco.Dossier
	passages   []lignePassage
	factures   map[string]factureVerifiee
	reglements []reglementVerifie
	comptes    map[cleCompte]opco.Montant
	indus      []*opco.Indu
}

type ligneVerifiee struct {
	ID      string       `db:"id"`
	Numero  string       `db:"numero"`
	Etat    string       `db:"etat"`
	Rang    int64        `db:"rang"`
	Demande opco.Montant `db:"demande"`
	Accorde opco.Montant `db:"accorde"`
	Engage  opco.Montant `db:"engage"`
	Accepte opco.Montant `db:"accepte"`
	Paye    opco.Montant `db:"paye"`
	// Prochaine is the next échéance, in microseconds since 1970, 0 when none.
	Prochaine int64  `db:"prochaine"`
	Resume    []byte `db:"resume"`
	Contenu   []byte `db:"contenu"`
	Attend    bool   `db:"attend"` // an acte of its inbox has no verdict yet
}

type factureVerifiee struct {
	Dossier     string       `db:"dossier"`
	ID          string       `db:"id"`
	Etat        string       `db:"etat"`
	Approuve    opco.Montant `db:"approuve"`
	NonApprouve opco.Montant `db:"non_approuve"`
	Impute      opco.Montant `db:"impute"`
	Rendu       opco.Montant `db:"rendu"`
}

type reglementVerifie struct {
	Dossier   string          `db:"dossier"`
	ID        string          `db:"id"`
	Numero    string          `db:"numero"`
	Facture   string          `db:"facture"`
	Tentative int             `db:"tentative"`
	Montant   opco.Montant    `db:"montant"`
	Compense  opco.Montant    `db:"compense"`
	Etat      string          `db:"etat"`
	Brut      json.RawMessage `db:"parts"`
	parts     []opco.PartFonds
}

func (r reglementVerifie) vivant() bool { return opco.EtatReglement(r.Etat).Vivant() }

// cleCompte is one account of one envelope, within a dossier.
type cleCompte struct{ enveloppe, compte string }

// nom is what people call the dossier: its number, else its id.
func (x *dossierVerifie) nom() string {
	if x.Numero != "" {
		return x.Numero
	}
	return "brouillon " + x.ID
}

// dossiers reads every dossier, some at a time, and holds each to the invariants
// that one dossier can break.
func (t *tournee) dossiers(ctx context.Context) error {
	moteur := &moteur{t: t}
	if err := t.tx.GetContext(ctx, &t.avance.Total, `SELECT count(*) FROM dossier`); err != nil {
		return fmt.Errorf("counting dossiers: %w", err)
	}
	dernier := "00000000-0000-0000-0000-000000000000"
	for {
		xs, err := t.lireDossiers(ctx, dernier)
		if err != nil {
			return err
		}
		if len(xs) == 0 {
			return moteur.conclure()
		}
		for _, x := range xs {
			t.tenirDossier(x)
			if err := t.tenirSecondRegard(ctx, x); err != nil {
				return err
			}
		}
		if err := t.piecesSansFichier(ctx, xs); err != nil {
			return err
		}
		if err := moteur.interroger(ctx, xs); err != nil {
			return err
		}
		if err := t.avancer(len(xs)); err != nil {
			return err
		}
		dernier = xs[len(xs)-1].ID
	}
}

func (t *tournee) tenirDossier(x *dossierVerifie) {
	t.tenirJournal(x.objet, x.nom(), x.passages, cycleDossier)
	if x.d == nil {
		t.rompre("I15", x.objet, "%s : le contenu du dossier est illisible", x.nom())
		return
	}
	t.tenirArgent(x)
	t.tenirIndusDuDossier(x)
	t.tenirComptes(x)
	t.tenirFactures(x)
	t.tenirDecisions(x)
	t.tenirLecture(x)
}

// lireDossiers reads the next dossiers after an id, with their journal, their
// money and their invoices.
func (t *tournee) lireDossiers(ctx context.Context, apres string) ([]*dossierVerifie, error) {
	var ls []ligneVerifiee
	err := t.tx.SelectContext(ctx, &ls, `
		SELECT id, numero, etat, rang, demande, accorde, engage, accepte, paye, resume, contenu,
		       COALESCE((extract(epoch FROM prochaine_echeance) * 1000000)::bigint, 0) AS prochaine,
		       EXISTS (SELECT 1 FROM acte a WHERE a.objet = 'dossier/' || dossier.id AND a.etat = 'recu') AS attend
		FROM dossier
		WHERE id > $1::uuid AND ($2::text[] IS NULL OR 'dossier/' || id = ANY ($2))
		ORDER BY id LIMIT $3`, apres, t.perimetre(), tranche)
	if err != nil {
		return nil, fmt.Errorf("reading dossiers: %w", err)
	}
	xs := make([]*dossierVerifie, len(ls))
	parID := make(map[string]*dossierVerifie, len(ls))
	ids, objets := make([]string, len(ls)), make([]string, len(ls))
	for i, l := range ls {
		x := &dossierVerifie{ligneVerifiee: l, objet: opco.ObjetDossier(l.ID), factures: map[string]factureVerifiee{}, comptes: map[cleCompte]opco.Montant{}}
		if d, err := lireContenu(l.Contenu); err == nil {
			x.d = d
		}
		xs[i], parID[l.ID], ids[i], objets[i] = x, x, l.ID, x.objet
	}
	if len(ls) == 0 {
		return nil, nil
	}
	return xs, t.completerDossiers(ctx, parID, ids, objets)
}

func (t *tournee) completerDossiers(ctx context.Context, parID map[string]*dossierVerifie, ids, objets []string) error {
	passages, err := t.passagesDe(ctx, objets)
	if err != nil {
		return err
	}
	for _, p := range passages {
		x := parID[strings.TrimPrefix(p.Objet, "dossier/")]
		x.passages = append(x.passages, p)
	}
	var fs []factureVerifiee
	err = t.tx.SelectContext(ctx, &fs, `SELECT dossier, id, etat, approuve, impute, rendu, non_approuve FROM facture WHERE dossier = ANY ($1::uuid[])`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("reading invoices: %w", err)
	}
	for _, f := range fs {
		parID[f.Dossier].factures[f.ID] = f
	}
	if err := t.lireReglements(ctx, parID, ids); err != nil {
		return err
	}
	if err := t.comptesDIndus(ctx, parID, ids); err != nil {
		return err
	}
	return t.lireComptes(ctx, parID, ids)
}

// passagesDe reads the journals of objects, each in order.
func (t *tournee) passagesDe(ctx context.Context, objets []string) ([]lignePassage, error) {
	var ps []lignePassage
	err := t.tx.SelectContext(ctx, &ps, `SELECT `+colonnesPassage+` FROM passage WHERE objet = ANY ($1) ORDER BY objet, rang`, pq.Array(objets))
	if err != nil {
		return nil, fmt.Errorf("reading journals: %w", err)
	}
	return ps, nil
}

func (t *tournee) lireReglements(ctx context.Context, parID map[string]*dossierVerifie, ids []string) error {
	var rs []reglementVerifie
	err := t.tx.SelectContext(ctx, &rs, `
		SELECT dossier, id, numero, facture, tentative, montant, compense, etat, parts FROM reglement
		WHERE dossier = ANY ($1::uuid[]) ORDER BY facture, tentative`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("reading règlements: %w", err)
	}
	for _, r := range rs {
		if err := json.Unmarshal(r.Brut, &r.parts); err != nil {
			return fmt.Errorf("reading the funds of règlement %s: %w", r.ID, err)
		}
		parID[r.Dossier].reglements = append(parID[r.Dossier].reglements, r)
	}
	return nil
}

func (t *tournee) lireComptes(ctx context.Context, parID map[string]*dossierVerifie, ids []string) error {
	var cs []struct {
		Dossier   string       `db:"dossier"`
		Enveloppe string       `db:"enveloppe"`
		Compte    string       `db:"compte"`
		Montant   opco.Montant `db:"montant"`
	}
	err := t.tx.SelectContext(ctx, &cs, `
		SELECT dossier, enveloppe, compte, sum(montant)::bigint AS montant FROM ecriture
		WHERE dossier = ANY ($1::uuid[]) AND compte NOT IN ('SOURCE', 'ENVELOPPE') GROUP BY 1, 2, 3`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("reading the ledger: %w", err)
	}
	for _, c := range cs {
		parID[c.Dossier].comptes[cleCompte{c.Enveloppe, c.Compte}] = c.Montant
	}
	return nil
}
