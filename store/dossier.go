package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// verrouillerDossier reads a dossier under its row lock: it has one writer.
func verrouillerDossier(ctx context.Context, tx *sqlx.Tx, objet string) (*opco.Dossier, error) {
	var brut []byte
	id := strings.TrimPrefix(objet, "dossier/")
	if err := tx.GetContext(ctx, &brut, `SELECT contenu FROM dossier WHERE id = $1 FOR UPDATE`, id); err != nil {
		return nil, introuvable(err, "Ce dossier n’existe pas.")
	}
	return lireContenu(brut)
}

// errIllisible says that what the base holds of a dossier does not read: it is no use to
// try again.
var errIllisible = errors.New("a dossier does not read")

func lireContenu(brut []byte) (*opco.Dossier, error) {
	var d opco.Dossier
	if err := json.Unmarshal(brut, &d); err != nil {
		return nil, fmt.Errorf("%w: %w", errIllisible, err)
	}
	return &d, nil
}

// Dossier returns a whole dossier within reach of p. A dossier of someone else
// is not found, like one that does not exist.
func (s *Store) Dossier(ctx context.Context, p opco.Portee, id string) (*opco.Dossier, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, id)
	var brut []byte
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &brut, `SELECT contenu FROM dossier d WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return nil, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	return lireContenu(brut)
}

// ecrireDossier writes the projection of d: columns for the lists, contenu for
// the page. It moves forward only, and only from the rang before.
func ecrireDossier(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, le time.Time) error {
	r := d.Resume()
	resume, err := json.Marshal(r)
	if err != nil {
		return err
	}
	contenu, err := json.Marshal(d)
	if err != nil {
		return err
	}
	noms, err := nomsDe(ctx, tx, d)
	if err != nil {
		return err
	}
	var prochaine, depose *time.Time
	if len(d.Echeances) > 0 {
		prochaine = &d.Echeances[0].Le
	}
	if !d.DeposeLe.IsZero() {
		depose = &d.DeposeLe
	}
	qui, avant := d.AttenduDehors()
	_, paye := d.Beneficiaire()
	res, err := tx.ExecContext(ctx, `
		INSERT INTO dossier (id, numero, etat, rang, etablissement, siren, organisme, entreprise_nom, organisme_nom, idcc, intitule,
		    debut, fin, depose_le, demande, accorde, engage, accepte, paye, instructeur, instructeur_nom, limite,
		    prochaine_echeance, resume, contenu, recherche, cree_le, modifie_le, attend_de, attend_avant, paye_a)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
		ON CONFLICT (id) DO UPDATE SET
		    numero = EXCLUDED.numero, etat = EXCLUDED.etat, rang = EXCLUDED.rang, etablissement = EXCLUDED.etablissement,
		    siren = EXCLUDED.siren, organisme = EXCLUDED.organisme, entreprise_nom = EXCLUDED.entreprise_nom,
		    organisme_nom = EXCLUDED.organisme_nom, idcc = EXCLUDED.idcc, intitule = EXCLUDED.intitule, debut = EXCLUDED.debut,
		    fin = EXCLUDED.fin, depose_le = EXCLUDED.depose_le, demande = EXCLUDED.demande, accorde = EXCLUDED.accorde,
		    engage = EXCLUDED.engage, accepte = EXCLUDED.accepte, paye = EXCLUDED.paye, instructeur = EXCLUDED.instructeur,
		    instructeur_nom = EXCLUDED.instructeur_nom, limite = EXCLUDED.limite,
		    prochaine_echeance = EXCLUDED.prochaine_echeance, resume = EXCLUDED.resume, contenu = EXCLUDED.contenu,
		    recherche = EXCLUDED.recherche, modifie_le = EXCLUDED.modifie_le, attend_de = EXCLUDED.attend_de,
		    attend_avant = EXCLUDED.attend_avant, paye_a = EXCLUDED.paye_a
		WHERE dossier.rang = EXCLUDED.rang - 1`,
		d.ID, d.Numero, d.Etat, d.Rang, d.Demande.Etablissement, d.Demande.Etablissement.SIREN(), d.Demande.Organisme.SIRET,
		noms.entreprise, noms.organisme, d.IDCC, d.Demande.Intitule, d.Demande.Debut, d.Demande.Fin, depose,
		r.Demande, r.Accorde, r.Engage, r.Accepte, r.Paye, d.InstruitPar.Personne, d.InstruitPar.Nom, limiteDecision(d),
		prochaine, resume, contenu, recherche(d, noms), d.CreeLe, le, qui, avant, paye)
	if err != nil {
		return fmt.Errorf("projecting dossier %s: %w", d.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrTrou
	}
	if err := suivrePieces(ctx, tx, d, le); err != nil {
		return err
	}
	return ecrireStagiaires(ctx, tx, d)
}

// limiteDecision is the last day to answer a dossier that waits for a décision:
// two months from its dépôt (R6332-24).
func limiteDecision(d *opco.Dossier) opco.Date {
	if d.DeposeLe.IsZero() || !d.Etat.AvantDecision() {
		return ""
	}
	return opco.JourDe(d.DeposeLe).Mois(2)
}

type noms struct{ entreprise, organisme string }

func nomsDe(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) (noms, error) {
	n := noms{organisme: d.Demande.Organisme.Nom}
	err := tx.GetContext(ctx, &n.entreprise, `SELECT COALESCE((SELECT nom FROM entreprise WHERE siren = $1), '')`,
		d.Demande.Etablissement.SIREN())
	if err != nil {
		return n, fmt.Errorf("naming the company: %w", err)
	}
	if d.Demande.Interne {
		n.organisme = "Formation interne"
	}
	return n, nil
}

// recherche is what a person may type to find d: numbers, SIRETs, names and
// invoices, without accents or case.
func recherche(d *opco.Dossier, n noms) string {
	textes := []string{n.entreprise, n.organisme, d.Demande.Intitule, d.Demande.ReferenceClient}
	for _, f := range d.Factures {
		textes = append(textes, f.Numero)
	}
	mots := append([]string{d.Numero, string(d.Demande.Etablissement), string(d.Demande.Organisme.SIRET)}, textes...)
	for _, s := range d.Demande.Stagiaires {
		mots = append(mots, s.Prenom+" "+s.Nom)
	}
	cle := opco.CleRecherche(strings.Join(mots, " "))
	return strings.Join(append([]string{cle}, motsColles(strings.Join(textes, " "))...), " ")
}

// ecrireStagiaires keeps the people of a dossier, for the check of double
// financing.
func ecrireStagiaires(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM stagiaire WHERE dossier = $1`, d.ID); err != nil {
		return fmt.Errorf("clearing stagiaires: %w", err)
	}
	for _, x := range d.Demande.Presents() {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO stagiaire (dossier, id, nom, prenom, ne_le, cle, du, au)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			d.ID, x.ID, x.Nom, x.Prenom, x.NeLe, opco.CleNom(x.Prenom+" "+x.Nom), d.Demande.Debut, d.Demande.Fin)
		if err != nil {
			return fmt.Errorf("writing stagiaire %s: %w", x.ID, err)
		}
	}
	return nil
}

// Journal returns the lines of an object within reach of p, oldest first: none of
// an object beyond.
func (s *Store) Journal(ctx context.Context, p opco.Portee, objet string) ([]opco.Passage, error) {
	var c clause
	c.objetEnPortee(p, objet)
	var ls []lignePassage
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesPassage+` FROM passage WHERE `+c.where()+` ORDER BY rang`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the journal of %s: %w", objet, err)
	}
	ps := make([]opco.Passage, len(ls))
	for i, l := range ls {
		if ps[i], err = l.passage(); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

const colonnesPassage = `objet, rang, COALESCE(acte_id::text, '') AS acte_id, type, code, echeance, de, vers, verdict, motif, phrase,
	personne, pour, nom, role, le, effet, resume, precedente, empreinte`

// lignePassage is a row of table passage.
type lignePassage struct {
	Objet      string    `db:"objet"`
	Rang       int64     `db:"rang"`
	ActeID     string    `db:"acte_id"`
	Type       string    `db:"type"`
	Code       string    `db:"code"`
	Echeance   string    `db:"echeance"`
	De         string    `db:"de"`
	Vers       string    `db:"vers"`
	Verdict    string    `db:"verdict"`
	Motif      string    `db:"motif"`
	Phrase     string    `db:"phrase"`
	Personne   string    `db:"personne"`
	Pour       string    `db:"pour"`
	Nom        string    `db:"nom"`
	Role       string    `db:"role"`
	Le         time.Time `db:"le"`
	Effet      opco.Date `db:"effet"`
	Resume     []byte    `db:"resume"`
	Precedente string    `db:"precedente"`
	Empreinte  string    `db:"empreinte"`
}

func (l lignePassage) passage() (opco.Passage, error) {
	p := opco.Passage{Dossier: strings.TrimPrefix(l.Objet, "dossier/"), Rang: l.Rang, ActeID: l.ActeID, Type: opco.TypeActe(l.Type),
		Code: l.Code, De: opco.Etat(l.De), Vers: opco.Etat(l.Vers), Verdict: opco.Verdict(l.Verdict), Motif: l.Motif, Phrase: l.Phrase,
		Par: opco.Acteur{Personne: l.Personne, Pour: l.Pour, Nom: l.Nom, Role: opco.Role(l.Role)}, Le: l.Le.UTC(), Effet: l.Effet}
	return p, json.Unmarshal(l.Resume, &p.Resume)
}
