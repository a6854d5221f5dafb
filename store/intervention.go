package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EtatIntervention is how far an intervention of the ops staff has gone
// (schema/0041_interventions.sql).
type EtatIntervention string

// The états of an intervention.
const (
	InterventionEssai     EtatIntervention = "ESSAI"
	InterventionProposee  EtatIntervention = "PROPOSEE"
	InterventionApprouvee EtatIntervention = "APPROUVEE"
	InterventionEnCours   EtatIntervention = "EN_COURS"
	InterventionVerifiee  EtatIntervention = "VERIFIEE"
	InterventionPartielle EtatIntervention = "PARTIELLE"
	InterventionSansEffet EtatIntervention = "SANS_EFFET"
	InterventionRefusee   EtatIntervention = "REFUSEE"
)

// Finie reports whether nothing more will come of it.
func (e EtatIntervention) Finie() bool {
	switch e {
	case InterventionVerifiee, InterventionPartielle, InterventionSansEffet, InterventionRefusee:
		return true
	}
	return false
}

// The états of one thing that an intervention bears on.
const (
	ElementAttend     = "ATTEND"
	ElementApplicable = "APPLICABLE"
	ElementEcarte     = "ECARTE"
	ElementDemande    = "DEMANDE"
	ElementRefuse     = "REFUSE"
)

// Cible names one thing: an object, and one mail of it when Cle is set.
type Cible struct {
	Objet string `db:"objet" json:"objet"`
	Cle   string `db:"cle" json:"cle,omitempty"`
}

// InterventionVue is a line of the journal of interventions.
type InterventionVue struct {
	ID         string              `db:"id" json:"id"`
	Demande    opco.Intervention   `db:"-" json:"demande"`
	Argent     bool                `db:"argent" json:"argent"`
	Etat       EtatIntervention    `db:"etat" json:"etat"`
	Personne   string              `db:"personne" json:"-"`
	Nom        string              `db:"nom" json:"nom"`
	Role       opco.Role           `db:"role" json:"role"`
	CreeLe     time.Time           `db:"cree_le" json:"cree_le"`
	SecondNom  string              `db:"second_nom" json:"second,omitempty"`
	SecondLe   *time.Time          `db:"second_le" json:"second_le,omitempty"`
	Conclusion string              `db:"conclusion" json:"conclusion,omitempty"`
	LanceeLe   *time.Time          `db:"lancee_le" json:"lancee_le,omitempty"`
	TermineeLe *time.Time          `db:"terminee_le" json:"terminee_le,omitempty"`
	Nombres    NombresIntervention `db:"nombres" json:"nombres"`
	Premier    string              `db:"premier" json:"objet,omitempty"` // the first object, for a line of a list
}

// NombresIntervention counts what an intervention bears on by what became of it.
type NombresIntervention struct {
	Total      int64 `db:"total" json:"total"`
	Attend     int64 `db:"attend" json:"attend"`
	Applicable int64 `db:"applicable" json:"applicable"`
	Ecarte     int64 `db:"ecarte" json:"ecarte"`
	Demande    int64 `db:"demande" json:"demande"`
	Verifie    int64 `db:"verifie" json:"verifie"`
	SansEffet  int64 `db:"sans_effet" json:"sans_effet"`
	Refuse     int64 `db:"refuse" json:"refuse"`
}

// ElementIntervention is one thing that an intervention bears on.
type ElementIntervention struct {
	N          int             `db:"n" json:"n"`
	Objet      string          `db:"objet" json:"objet"`
	Cle        string          `db:"cle" json:"cle,omitempty"`
	Numero     string          `db:"numero" json:"numero,omitempty"` // of its dossier
	Etat       string          `db:"etat" json:"etat"`
	Phrase     string          `db:"phrase" json:"phrase"`
	Effets     []opco.Effet    `db:"-" json:"effets,omitempty"`
	Avant      opco.Releve     `db:"-" json:"avant"`
	Apres      opco.Releve     `db:"-" json:"apres,omitzero"`
	DemandeLe  *time.Time      `db:"demande_le" json:"demande_le,omitempty"`
	ConstateLe *time.Time      `db:"constate_le" json:"constate_le,omitempty"`
	EffetsBrut json.RawMessage `db:"effets" json:"-"`
	AvantBrut  []byte          `db:"avant" json:"-"`
	ApresBrut  []byte          `db:"apres" json:"-"`
}

// lire decodes what was kept of an element.
func (e *ElementIntervention) lire() error {
	err := json.Unmarshal(e.EffetsBrut, &e.Effets)
	for _, x := range []struct {
		brut []byte
		vers *opco.Releve
	}{{e.AvantBrut, &e.Avant}, {e.ApresBrut, &e.Apres}} {
		if len(x.brut) > 0 {
			err = errors.Join(err, json.Unmarshal(x.brut, x.vers))
		}
	}
	if err != nil {
		return fmt.Errorf("reading what an intervention bears on: %w", err)
	}
	return nil
}

const colonnesIntervention = `i.id, i.argent, i.etat, i.personne, i.nom, i.role, i.cree_le, i.second_nom, i.second_le, i.conclusion, i.lancee_le, i.terminee_le, i.demande,
	i.attend + i.applicable + i.ecarte + i.demande_n + i.verifie + i.sans_effet + i.refuse AS "nombres.total", i.attend AS "nombres.attend",
	i.applicable AS "nombres.applicable", i.ecarte AS "nombres.ecarte", i.demande_n AS "nombres.demande", i.verifie AS "nombres.verifie",
	i.sans_effet AS "nombres.sans_effet", i.refuse AS "nombres.refuse",
	COALESCE((SELECT objet FROM intervention_element e WHERE e.intervention = i.id AND e.n = 1), '') AS premier`

// ligneIntervention is a row of table intervention.
type ligneIntervention struct {
	InterventionVue
	Brut json.RawMessage `db:"demande"`
}

func (l ligneIntervention) vue() (InterventionVue, error) {
	if err := json.Unmarshal(l.Brut, &l.Demande); err != nil {
		return InterventionVue{}, fmt.Errorf("reading intervention %s: %w", l.ID, err)
	}
	return l.InterventionVue, nil
}

// Intervention returns one, NotFound when there is none.
func (s *Store) Intervention(ctx context.Context, id string) (InterventionVue, error) {
	var c clause
	c.identifie(`i.id`, id)
	var l ligneIntervention
	if err := s.DB.GetContext(ctx, &l, `SELECT `+colonnesIntervention+` FROM intervention i WHERE `+c.where(), c.args...); err != nil {
		return InterventionVue{}, introuvable(err, "Cette intervention n’existe pas.")
	}
	return l.vue()
}

// FiltreInterventions keeps a part of the journal of interventions.
type FiltreInterventions struct {
	Etat    EtatIntervention
	Objet   string
	Avant   time.Time // before that instant, and
	AvantID string    // at that instant, after that id
}

// Interventions lists the journal of interventions, the newest first, at most limite.
func (s *Store) Interventions(ctx context.Context, f FiltreInterventions, limite int) ([]InterventionVue, error) {
	var c clause
	c.et(`true`)
	if f.Etat != "" {
		c.et(`i.etat = %s`, f.Etat)
	}
	if f.Objet != "" {
		c.et(`i.id IN (SELECT intervention FROM intervention_element WHERE objet = %s)`, f.Objet)
	}
	if !f.Avant.IsZero() {
		c.et(`(i.cree_le < %s OR i.cree_le = %s AND i.id > %s::uuid)`, f.Avant, f.Avant, f.AvantID)
	}
	var ls []ligneIntervention
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesIntervention+` FROM intervention i WHERE `+c.where()+
		fmt.Sprintf(` ORDER BY i.cree_le DESC, i.id LIMIT %d`, min(max(limite, 1), 1000)), c.args...)
	if err != nil {
		return nil, fmt.Errorf("listing interventions: %w", err)
	}
	return vuesInterventions(ls)
}

func vuesInterventions(ls []ligneIntervention) ([]InterventionVue, error) {
	vs := make([]InterventionVue, len(ls))
	var err error
	for i, l := range ls {
		if vs[i], err = l.vue(); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// ElementsIntervention returns what an intervention bears on, in order, after the number apres;
// etats keeps those of these états, all when empty.
func (s *Store) ElementsIntervention(ctx context.Context, id string, etats []string, apres, limite int) ([]ElementIntervention, error) {
	var c clause
	c.identifie(`e.intervention`, id)
	c.et(`e.n > %s`, apres)
	if len(etats) > 0 {
		c.et(`e.etat = ANY (%s)`, pq.Array(etats))
	}
	es := []ElementIntervention{}
	err := s.DB.SelectContext(ctx, &es, `
		SELECT e.n, e.objet, e.cle, e.etat, e.phrase, e.effets, e.avant, e.apres, e.demande_le, e.constate_le,
		       COALESCE((SELECT numero FROM dossier d WHERE d.id = dossier_de(e.objet)), '') AS numero
		FROM intervention_element e WHERE `+c.where()+fmt.Sprintf(` ORDER BY e.n LIMIT %d`, min(max(limite, 1), 1000)), c.args...)
	if err != nil {
		return nil, fmt.Errorf("listing what an intervention bears on: %w", err)
	}
	for i := range es {
		if err := es[i].lire(); err != nil {
			return nil, err
		}
	}
	return es, nil
}

// ObjetDit finds the object that somebody names: by its own name (that of a counter too), or by the number of a dossier
// or of a lot.
func (s *Store) ObjetDit(ctx context.Context, dit string) (string, error) {
	dit = strings.TrimSpace(dit)
	for _, t := range []string{"dossier/", "lot/", "compte/", "indu/", objetCompteur} {
		if strings.HasPrefix(dit, t) && len(dit) > len(t) {
			return dit, nil
		}
	}
	var objet string
	err := s.DB.GetContext(ctx, &objet, `
		SELECT 'dossier/' || id FROM dossier WHERE numero = $1 OR id::text = $1
		UNION ALL SELECT 'lot/' || id FROM lot WHERE id = $1 LIMIT 1`, dit)
	return objet, introuvable(err, "Aucun dossier et aucun lot ne porte le numéro « %s ».", dit)
}

// sousVerrou reads an intervention under its row lock.
func sousVerrou(ctx context.Context, tx *sqlx.Tx, id string) (InterventionVue, error) {
	var c clause
	c.identifie(`i.id`, id)
	var l ligneIntervention
	if err := tx.GetContext(ctx, &l, `SELECT `+colonnesIntervention+` FROM intervention i WHERE `+c.where()+` FOR UPDATE`, c.args...); err != nil {
		return InterventionVue{}, introuvable(err, "Cette intervention n’existe pas.")
	}
	return l.vue()
}
