package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guichet/opco"
)

// ligneFileLue is a dossier with what is around it: what its état makes it wait for, who
// holds it, what waits, the labels, to whom and when to pay.
type ligneFileLue struct {
	LigneDossier
	Travail    []byte    `db:"travail"`
	Prise      []byte    `db:"prise"`
	Attente    []byte    `db:"attente"`
	Etiquettes []byte    `db:"etiquettes"`
	Attribue   string    `db:"attribue"`
	AttribueID string    `db:"attribue_id"`
	Payer      opco.Date `db:"payer"`
	Cle        string    `db:"cle"`
}

// alentours are the columns of what is around the dossiers d at the instant le.
func (c *clause) alentours(le time.Time) string {
	c.args = append(c.args, le)
	return strings.ReplaceAll(`, d.travail,
		(SELECT to_jsonb(x) FROM prise x WHERE x.dossier = d.id AND x.expire_le > $le) AS prise,
		(SELECT to_jsonb(x) FROM attente x WHERE x.dossier = d.id AND x.reveil_le > $le) AS attente,
		(SELECT jsonb_agg(jsonb_build_object('id', t.id, 'nom', t.nom, 'ton', t.ton) ORDER BY lower(t.nom))
		 FROM etiquette_dossier x JOIN etiquette t ON t.id = x.etiquette WHERE x.dossier = d.id) AS etiquettes,
		COALESCE((SELECT x.nom FROM attribution x WHERE x.dossier = d.id), '') AS attribue,
		COALESCE((SELECT x.personne FROM attribution x WHERE x.dossier = d.id), '') AS attribue_id,
		(SELECT min(x.echeance_le) FROM facture x WHERE x.dossier = d.id AND facture_a_traiter(x.etat)) AS payer`,
		`$le`, fmt.Sprintf(`$%d`, len(c.args)))
}

// lignesFile says of each line what is around its dossier.
func (s *Store) lignesFile(ctx context.Context, p opco.Portee, lues []ligneFileLue, le time.Time) ([]LigneFile, error) {
	dossiers := make([]LigneDossier, len(lues))
	for i, l := range lues {
		dossiers[i] = l.LigneDossier
	}
	if err := s.completerLe(ctx, p, dossiers, le); err != nil {
		return nil, err
	}
	r, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return nil, err
	}
	ls := make([]LigneFile, len(lues))
	jours := joursOuvresDepuis(opco.JourDe(le), s.Calendrier(false))
	for i := range lues {
		if ls[i], err = lues[i].enFile(p, dossiers[i], le); err != nil {
			return nil, err
		}
		if l := cmp.Or(ls[i].Limite, ls[i].PayerAvant); l != "" {
			n := jours(l)
			ls[i].JoursOuvres, ls[i].Pression = &n, r.File.PressionDe(n)
		}
	}
	motiver(ls, opco.JourDe(le), s.Calendrier(false))
	return ls, nil
}

// joursOuvresDepuis counts the working days from a day, once for each day asked: the
// dossiers of a queue share their deadlines.
func joursOuvresDepuis(jour opco.Date, c opco.Calendrier) func(opco.Date) int {
	vus := map[opco.Date]int{}
	return func(l opco.Date) int {
		n, ok := vus[l]
		if !ok {
			n = opco.JoursOuvresEntre(jour, l, c)
			vus[l] = n
		}
		return n
	}
}

// enFile reads the line of the dossier d, for the reader p.
func (lue ligneFileLue) enFile(p opco.Portee, d LigneDossier, le time.Time) (LigneFile, error) {
	l := LigneFile{LigneDossier: d, AttribueA: lue.Attribue, AttribueID: lue.AttribueID, PayerAvant: lue.Payer, Etiquettes: []EtiquettePosee{}}
	travail := opco.Dossier{Etat: d.Etat} // an état that is not of work says it all
	var v *priseLue
	for _, x := range []struct {
		brut []byte
		dans any
	}{{lue.Travail, &travail}, {lue.Prise, &v}, {lue.Attente, &l.Attente}, {lue.Etiquettes, &l.Etiquettes}} {
		if len(x.brut) == 0 {
			continue
		}
		if err := json.Unmarshal(x.brut, x.dans); err != nil {
			return l, fmt.Errorf("reading what is around dossier %s: %w", d.ID, err)
		}
	}
	l.Blocage = travail.Blocage()
	if v != nil {
		vue := PriseVue{Personne: v.Personne, Nom: v.Nom, Role: v.Role, Pour: v.Pour, File: v.File, Pourquoi: v.Pourquoi, Depuis: v.Depuis, ExpireLe: v.ExpireLe}
		vue.vue(opco.Acteur{Personne: p.Personne, Pour: p.Pour}, le)
		l.Prise = &vue
	}
	return l, nil
}

// priseLue is a row of prise, as JSON.
type priseLue struct {
	Personne string    `json:"personne"`
	Nom      string    `json:"nom"`
	Role     opco.Role `json:"role"`
	Pour     string    `json:"pour"`
	File     File      `json:"file"`
	Pourquoi string    `json:"pourquoi"`
	Depuis   time.Time `json:"depuis"`
	ExpireLe time.Time `json:"expire_le"`
}
