package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"guichet/opco"
)

// Mesures are the figures of one group of what was measured in a period
// (domain.md 5.3). Moitie and NeufSurDix are the calendar days within which half,
// and nine in ten, were done: percentile_cont over whole days. Premiers counts the
// demandes that were complete at their first send.
type Mesures struct {
	Cle        string  `db:"cle" json:"cle,omitempty"` // Monday of the week, IDCC, id of the person or of the team; "" for all
	Nom        string  `db:"nom" json:"nom,omitempty"` // of the person, of the team
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
	Equipe      string // id of a unit
}

// StatistiquesDe are the figures of one measure: all, by week, by branch, by person and
// by team. A team is the unit of the OPCO that follows the company (AK-13), as it is
// followed today; its key is "" for the companies that no unit follows. Groups are at
// most groupesMax, those with the most first.
type StatistiquesDe struct {
	Tout     Mesures   `json:"tout"`
	Semaines []Mesures `json:"semaines"`
	Branches []Mesures `json:"branches"`
	Gens     []Mesures `json:"gens"`
	Equipes  []Mesures `json:"equipes"`
}

// Statistiques are the figures that the house promises to measure.
type Statistiques struct {
	Completude StatistiquesDe `json:"completude"`
	Decision   StatistiquesDe `json:"decision"`
	Paiement   StatistiquesDe `json:"paiement"`
}

// periodeMax is the longest period, in days; groupesMax the most groups of an answer.
const (
	periodeMax = 366
	groupesMax = 100
)

// Statistiques computes the figures of a period of at most a year. They name no
// organisation: they are for the staff of the OPCO only.
func (s *Store) Statistiques(ctx context.Context, f FiltreMesures) (Statistiques, error) {
	var st Statistiques
	if err := f.valider(); err != nil {
		return st, err
	}
	us, err := s.Unites(ctx)
	if err != nil {
		return st, err
	}
	for _, x := range []struct {
		genre GenreMesure
		dans  *StatistiquesDe
	}{{MesureCompletude, &st.Completude}, {MesureDecision, &st.Decision}, {MesurePaiement, &st.Paiement}} {
		if err := s.mesurer(ctx, x.genre, f, us, x.dans); err != nil {
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

// dansMesure reads the measures of a genre with the company that each is about.
const dansMesure = ` FROM mesure m LEFT JOIN reglement r ON m.genre = 'PAIEMENT' AND r.id = m.cle
	LEFT JOIN dossier d ON d.id = COALESCE(r.dossier, CASE WHEN m.genre <> 'PAIEMENT' AND m.cle ~ '^[0-9a-f]{8}-[0-9a-f]{4}-' THEN m.cle::uuid END)
	LEFT JOIN etablissement t ON t.siret = d.etablissement `

// requeteMesures groups in one pass: grouping() tells which group a row is of.
const requeteMesures = `
	SELECT grouping(semaine, idcc, instructeur, equipe) AS groupe,
	       COALESCE(CASE grouping(semaine, idcc, instructeur, equipe) WHEN 7 THEN semaine::text WHEN 11 THEN idcc WHEN 13 THEN instructeur WHEN 14 THEN equipe END, '') AS cle,
	       COALESCE(max(instructeur_nom) FILTER (WHERE instructeur_nom <> ''), '') AS nom, count(*) AS nombre,
	       percentile_cont(0.5) WITHIN GROUP (ORDER BY jours) AS moitie, percentile_cont(0.9) WITHIN GROUP (ORDER BY jours) AS neuf_sur_dix,
	       count(*) FILTER (WHERE premier) AS premiers
	FROM (SELECT date_trunc('week', m.jour)::date AS semaine, m.idcc, m.instructeur, m.instructeur_nom, m.jours, m.premier, COALESCE(u.equipe, '') AS equipe` + dansMesure + `
	      LEFT JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[]) u (siren, idcc, code_postal, equipe)
	             ON u.siren = d.siren AND u.idcc = m.idcc AND u.code_postal = COALESCE(t.code_postal, '')
	      WHERE %s) x
	WHERE %s
	GROUP BY GROUPING SETS ((), (semaine), (idcc), (instructeur), (equipe))`

// suivi is a company as a unit is found for it.
type suivi struct {
	SIREN      opco.SIREN `db:"siren"`
	IDCC       string     `db:"idcc"`
	CodePostal string     `db:"code_postal"`
}

// equipesSuivies finds the team of each company measured: four columns of one length.
func (s *Store) equipesSuivies(ctx context.Context, c clause, us []LigneUnite) (colonnes [4][]string, err error) {
	if len(us) == 0 {
		return colonnes, nil
	}
	unites := make([]opco.Unite, len(us))
	for i, u := range us {
		unites[i] = u.Unite
	}
	var xs []suivi
	err = s.DB.SelectContext(ctx, &xs, `SELECT DISTINCT d.siren, m.idcc, COALESCE(t.code_postal, '') AS code_postal`+dansMesure+`WHERE d.id IS NOT NULL AND `+c.where(), c.args...)
	if err != nil {
		return colonnes, fmt.Errorf("looking for the teams of what was measured: %w", err)
	}
	for _, x := range xs {
		u, ok := opco.UniteDe(unites, opco.Entreprise{SIREN: x.SIREN, IDCC: x.IDCC}, x.CodePostal)
		if !ok {
			continue
		}
		for i, v := range []string{string(x.SIREN), x.IDCC, x.CodePostal, u.ID} {
			colonnes[i] = append(colonnes[i], v)
		}
	}
	return colonnes, nil
}

func (s *Store) mesurer(ctx context.Context, genre GenreMesure, f FiltreMesures, us []LigneUnite, dans *StatistiquesDe) error {
	c := f.clause(genre)
	suivies, err := s.equipesSuivies(ctx, c, us)
	if err != nil {
		return err
	}
	c.args = append(c.args, pq.Array(suivies[0]), pq.Array(suivies[1]), pq.Array(suivies[2]), pq.Array(suivies[3]))
	n, equipe := len(c.args), `true`
	if f.Equipe != "" {
		c.args = append(c.args, f.Equipe)
		equipe = fmt.Sprintf(`equipe = $%d`, n+1)
	}
	rang := func(i int) string { return fmt.Sprintf("$%d", i) }
	var ls []ligneMesures
	err = s.DB.SelectContext(ctx, &ls, `SELECT * FROM (`+fmt.Sprintf(requeteMesures, rang(n-3), rang(n-2), rang(n-1), rang(n), c.where(), equipe)+`) y
		WHERE nombre > 0 ORDER BY groupe, CASE WHEN groupe = 7 THEN cle END, nombre DESC, cle`, c.args...)
	if err != nil {
		return fmt.Errorf("measuring %s: %w", genre, err)
	}
	*dans = ranger(ls, us)
	return nil
}

// clause keeps the measures of a genre that f asks for, its team aside.
func (f FiltreMesures) clause(genre GenreMesure) clause {
	var c clause
	c.et(`m.genre = %s`, genre)
	c.et(`m.jour BETWEEN %s AND %s`, f.Du, f.Au)
	if f.IDCC != "" {
		c.et(`m.idcc = %s`, f.IDCC)
	}
	if f.Instructeur != "" {
		c.et(`m.instructeur = %s`, f.Instructeur)
	}
	return c
}

// ligneMesures is a group as the query returns it.
type ligneMesures struct {
	Groupe int `db:"groupe"`
	Mesures
}

// ranger puts each group in its list.
func ranger(ls []ligneMesures, us []LigneUnite) StatistiquesDe {
	d := StatistiquesDe{Semaines: []Mesures{}, Branches: []Mesures{}, Gens: []Mesures{}, Equipes: []Mesures{}}
	noms := map[string]string{}
	for _, u := range us {
		noms[u.ID] = u.Nom
	}
	for _, l := range ls {
		m := l.Mesures
		if l.Groupe != 13 {
			m.Nom = ""
		}
		switch l.Groupe {
		case 7:
			d.Semaines = append(d.Semaines, m)
		case 11:
			d.Branches = append(d.Branches, m)
		case 13:
			d.Gens = append(d.Gens, m)
		case 14:
			m.Nom = noms[m.Cle]
			d.Equipes = append(d.Equipes, m)
		default:
			d.Tout = m
		}
	}
	for _, x := range []*[]Mesures{&d.Branches, &d.Gens, &d.Equipes} {
		*x = (*x)[:min(len(*x), groupesMax)]
	}
	return d
}
