package store

import (
	"context"
	"fmt"

	"guichet/opco"
)

// Mesures are the figures of one group of what was measured in a period
// (domain.md 5.3). Moitie and NeufSurDix are the calendar days within which half,
// and nine in ten, were done: percentile_cont over whole days. Premiers counts the
// demandes that were complete at their first send.
type Mesures struct {
	Cle        string  `db:"cle" json:"cle,omitempty"` // Monday of the week, IDCC, or id of the person; "" for all
	Nom        string  `db:"nom" json:"nom,omitempty"` // of the person
	Nombre     int64   `db:"nombre" json:"nombre"`
	Moitie     float64 `db:"moitie" json:"moitie"`
	NeufSurDix float64 `db:"neuf_sur_dix" json:"neuf_sur_dix"`
	Premiers   int64   `db:"premiers" json:"premiers"`
}

// GenreMesure is what is measured.
type GenreMesure string

// The measures.
const (
	MesureCompletude GenreMesure = "COMPLETUDE" // complete at the first send
	MesureDecision   GenreMesure = "DECISION"   // complete → décision
	MesurePaiement   GenreMesure = "PAIEMENT"   // invoice → execution
)

// FiltreMesures is the period, both days included, and whose figures: a zero field
// does not filter.
type FiltreMesures struct {
	Du, Au      opco.Date
	IDCC        string
	Instructeur string
}

// StatistiquesDe are the figures of one measure: all, by week, by branch and by
// person. Teams are at most equipesMax, those with the most first.
type StatistiquesDe struct {
	Tout     Mesures   `json:"tout"`
	Semaines []Mesures `json:"semaines"`
	Branches []Mesures `json:"branches"`
	Gens     []Mesures `json:"gens"`
}

// Statistiques are the figures that the house promises to measure.
type Statistiques struct {
	Completude StatistiquesDe `json:"completude"`
	Decision   StatistiquesDe `json:"decision"`
	Paiement   StatistiquesDe `json:"paiement"`
}

// periodeMax is the longest period, in days; equipesMax the most teams of an answer.
const (
	periodeMax = 366
	equipesMax = 100
)

// Statistiques computes the figures of a period of at most a year. They name no
// organisation: they are for the staff of the OPCO only.
func (s *Store) Statistiques(ctx context.Context, f FiltreMesures) (Statistiques, error) {
	var st Statistiques
	if err := f.valider(); err != nil {
		return st, err
	}
	for _, x := range []struct {
		genre GenreMesure
		dans  *StatistiquesDe
	}{{MesureCompletude, &st.Completude}, {MesureDecision, &st.Decision}, {MesurePaiement, &st.Paiement}} {
		if err := s.mesurer(ctx, x.genre, f, x.dans); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (f FiltreMesures) valider() error {
	for _, x := range []struct {
		champ string
		jour  opco.Date
	}{{"du", f.Du}, {"au", f.Au}} {
		if _, err := opco.ParseDate(string(x.jour)); err != nil {
			return opco.Champf(x.champ, "Cette date n’est pas valable : écrivez-la comme 2026-04-13.")
		}
	}
	if f.Au < f.Du {
		return opco.Champf("au", "La période finit avant de commencer : corrigez l’une des deux dates.")
	}
	if f.Au.Depuis(f.Du) >= periodeMax {
		return opco.Champf("au", "La période dépasse un an : choisissez-en une plus courte.")
	}
	return nil
}

// requeteMesures groups in one pass: grouping() tells which group a row is of.
const requeteMesures = `
	SELECT grouping(semaine, idcc, instructeur) AS groupe,
	       COALESCE(CASE grouping(semaine, idcc, instructeur) WHEN 3 THEN semaine::text WHEN 5 THEN idcc WHEN 6 THEN instructeur END, '') AS cle,
	       COALESCE(max(instructeur_nom) FILTER (WHERE instructeur_nom <> ''), '') AS nom, count(*) AS nombre,
	       percentile_cont(0.5) WITHIN GROUP (ORDER BY jours) AS moitie, percentile_cont(0.9) WITHIN GROUP (ORDER BY jours) AS neuf_sur_dix,
	       count(*) FILTER (WHERE premier) AS premiers
	FROM (SELECT date_trunc('week', jour)::date AS semaine, idcc, instructeur, instructeur_nom, jours, premier FROM mesure m WHERE %s) x
	GROUP BY GROUPING SETS ((), (semaine), (idcc), (instructeur))`

func (s *Store) mesurer(ctx context.Context, genre GenreMesure, f FiltreMesures, dans *StatistiquesDe) error {
	var c clause
	c.et(`m.genre = %s`, genre)
	c.et(`m.jour BETWEEN %s AND %s`, f.Du, f.Au)
	if f.IDCC != "" {
		c.et(`m.idcc = %s`, f.IDCC)
	}
	if f.Instructeur != "" {
		c.et(`m.instructeur = %s`, f.Instructeur)
	}
	var ls []struct {
		Groupe int `db:"groupe"`
		Mesures
	}
	err := s.DB.SelectContext(ctx, &ls, `SELECT * FROM (`+fmt.Sprintf(requeteMesures, c.where())+`) y
		WHERE nombre > 0 ORDER BY groupe, CASE WHEN groupe = 3 THEN cle END, nombre DESC, cle`, c.args...)
	if err != nil {
		return fmt.Errorf("measuring %s: %w", genre, err)
	}
	*dans = StatistiquesDe{Semaines: []Mesures{}, Branches: []Mesures{}, Gens: []Mesures{}}
	for _, l := range ls {
		switch l.Groupe {
		case 3:
			l.Nom = ""
			dans.Semaines = append(dans.Semaines, l.Mesures)
		case 5:
			l.Nom = ""
			dans.Branches = append(dans.Branches, l.Mesures)
		case 6:
			dans.Gens = append(dans.Gens, l.Mesures)
		default:
			l.Nom = ""
			dans.Tout = l.Mesures
		}
	}
	dans.Branches, dans.Gens = dans.Branches[:min(len(dans.Branches), equipesMax)], dans.Gens[:min(len(dans.Gens), equipesMax)]
	return nil
}
