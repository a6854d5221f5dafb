package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ChargePersonne is the load of one person who instructs. Personne "" counts the
// dossiers that are nobody's yet.
type ChargePersonne struct {
	Personne     string `db:"personne"`
	Nom          string `db:"nom"`
	Ouverts      int64  `db:"ouverts"`    // dossiers that wait for the OPCO, entrusted to them or instructed by them
	SousTrois    int64  `db:"sous_trois"` // of them, those due within three working days
	EnRetard     int64  `db:"en_retard"`  // of them, those whose legal day has passed
	Tenus        int64  `db:"tenus"`      // dossiers that they hold now
	Portefeuille int64  `db:"portefeuille"`
}

// ouverts are the dossiers on which the OPCO works, as the index dossier_charge has
// them.
const ouverts = `d.etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'SF_EN_CONTROLE')`

// aQui is to whom an open dossier belongs: who it was entrusted to, else who
// instructs it.
const aQui = `COALESCE(a.personne, d.instructeur)`

// Charge returns the load of each person who instructs, heaviest first. It is for
// the staff of the OPCO: nothing for anybody else.
func (s *Store) Charge(ctx context.Context, p opco.Portee) ([]ChargePersonne, error) {
	if !p.Interne {
		return nil, nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	jour := opco.JourDe(le)
	ls := []ChargePersonne{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			WITH o AS (SELECT `+aQui+` AS personne, count(*) AS ouverts, count(*) FILTER (WHERE d.limite BETWEEN $1 AND $2) AS sous_trois,
			                  count(*) FILTER (WHERE d.limite < $1) AS en_retard, max(d.instructeur_nom) AS nom
			           FROM dossier d LEFT JOIN attribution a ON a.dossier = d.id WHERE `+ouverts+` GROUP BY 1),
			t AS (SELECT personne, count(*) AS tenus FROM prise WHERE expire_le > $3 GROUP BY 1),
			f AS (SELECT personne, count(*) AS lignes FROM portefeuille GROUP BY 1),
			g AS (SELECT r.personne, min(c.prenom || ' ' || c.nom) AS nom FROM role_agent r JOIN compte c ON c.id = r.compte
			      WHERE r.role IN ('gestionnaire', 'responsable') AND NOT r.attend AND NOT r.coupee AND c.etat = 'ACTIF' GROUP BY 1)
			SELECT COALESCE(o.personne, g.personne) AS personne, COALESCE(g.nom, o.nom, '') AS nom, COALESCE(o.ouverts, 0) AS ouverts,
			       COALESCE(o.sous_trois, 0) AS sous_trois, COALESCE(o.en_retard, 0) AS en_retard, COALESCE(t.tenus, 0) AS tenus,
			       COALESCE(f.lignes, 0) AS portefeuille
			FROM o FULL JOIN g ON g.personne = o.personne
			LEFT JOIN t ON t.personne = COALESCE(o.personne, g.personne) LEFT JOIN f ON f.personne = COALESCE(o.personne, g.personne)
			ORDER BY ouverts DESC, nom LIMIT 500`, jour, jour.JoursOuvres(3, s.Calendrier(false)), le)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the load of the team: %w", err)
	}
	return ls, nil
}

// JourRadar counts the dossiers whose legal day comes on Jour, or on the days off
// that follow it; by queue in Files.
type JourRadar struct {
	Jour   opco.Date
	Nombre int64
	Files  map[opco.Etat]int64
}

// Radar is what becomes due: the next working days, and what is already late.
type Radar struct {
	Jours  []JourRadar
	Retard int64
}

// radarJours is how many working days the radar sees.
const radarJours = 10

// RadarEcheances counts the legal days to come of the dossiers on which the OPCO
// works. It is for the staff of the OPCO: nothing for anybody else.
func (s *Store) RadarEcheances(ctx context.Context, p opco.Portee) (Radar, error) {
	var r Radar
	if !p.Interne {
		return r, nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return r, err
	}
	cal, jour := s.Calendrier(false), opco.JourDe(le)
	for i := range radarJours {
		r.Jours = append(r.Jours, JourRadar{Jour: jour.JoursOuvres(i+1, cal), Files: map[opco.Etat]int64{}})
	}
	if cal.Ouvre(jour) {
		r.Jours = append([]JourRadar{{Jour: jour, Files: map[opco.Etat]int64{}}}, r.Jours[:radarJours-1]...)
	}
	suivant := r.Jours[len(r.Jours)-1].Jour.JoursOuvres(1, cal)
	var ls []struct {
		Limite opco.Date `db:"limite"`
		Etat   opco.Etat `db:"etat"`
		Nombre int64     `db:"nombre"`
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT d.limite, d.etat, count(*) AS nombre FROM dossier d
			WHERE `+ouverts+` AND d.limite < $1 GROUP BY 1, 2`, suivant)
	})
	if err != nil {
		return r, fmt.Errorf("reading the legal days to come: %w", err)
	}
	for _, l := range ls {
		r.compter(l.Limite, l.Etat, l.Nombre, jour)
	}
	return r, nil
}

// compter puts what is due on a day in the last working day before it: a day off is
// due on the working day that comes first.
func (r *Radar) compter(limite opco.Date, e opco.Etat, n int64, jour opco.Date) {
	if limite < jour {
		r.Retard += n
		return
	}
	dernier := 0
	for i := range r.Jours {
		if r.Jours[i].Jour <= limite {
			dernier = i
		}
	}
	r.Jours[dernier].Nombre += n
	r.Jours[dernier].Files[e] += n
}

// SecondRegard is a proposed décision that waits for a responsable.
type SecondRegard struct {
	Dossier    string        `db:"id"`
	Numero     string        `db:"numero"`
	Entreprise string        `db:"entreprise_nom"`
	Intitule   string        `db:"intitule"`
	Demande    opco.Montant  `db:"demande"`
	Limite     opco.Date     `db:"limite"`
	Proposee   opco.Decision `db:"-"`
}

// SecondsRegards is a page of the proposed décisions that wait for a responsable, by
// legal day; the whole count comes with it. suivant is the apres of the next page,
// "" on the last one. It is for the staff of the OPCO: nothing for anybody else.
func (s *Store) SecondsRegards(ctx context.Context, p opco.Portee, apres string, limite int) (xs []SecondRegard, nombre int64, suivant string, err error) {
	if !p.Interne {
		return nil, 0, "", nil
	}
	var c clause
	c.et(`d.etat = 'EN_VALIDATION'`)
	compte := c.where()
	if err := c.apresLimite(apres); err != nil {
		return nil, 0, "", err
	}
	var ls []struct {
		SecondRegard
		Brut []byte `db:"proposition"`
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &nombre, `SELECT count(*) FROM dossier d WHERE `+compte); err != nil {
			return fmt.Errorf("counting: %w", err)
		}
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT d.id, d.numero, d.entreprise_nom, d.intitule, d.demande, d.limite, COALESCE(d.contenu->'proposition', '{}') AS proposition
			FROM dossier d WHERE `+c.where()+fmt.Sprintf(` ORDER BY COALESCE(d.limite, DATE '9999-12-31'), d.id LIMIT %d`, limite+1), c.args...)
	})
	if err != nil {
		return nil, 0, "", fmt.Errorf("reading the second regards: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		suivant = curseurLimite(ls[limite-1].Limite, ls[limite-1].Dossier)
	}
	for _, l := range ls {
		if err := json.Unmarshal(l.Brut, &l.Proposee); err != nil {
			return nil, 0, "", fmt.Errorf("reading the proposal of %s: %w", l.Dossier, err)
		}
		xs = append(xs, l.SecondRegard)
	}
	return xs, nombre, suivant, nil
}

// apresLimite starts the page of a list by legal day after a cursor.
func (c *clause) apresLimite(apres string) error {
	if apres == "" {
		return nil
	}
	jour, id, err := lireCurseur(apres)
	if _, mauvais := opco.ParseDate(jour); err != nil || mauvais != nil || !uuidTexte(id) {
		return opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	c.et(`(COALESCE(d.limite, DATE '9999-12-31'), d.id) > (%s::date, %s::uuid)`, jour, id)
	return nil
}

// curseurLimite is where a list by legal day stopped; a dossier without one comes
// last.
func curseurLimite(limite opco.Date, id string) string {
	if limite == "" {
		limite = "9999-12-31"
	}
	return curseur(string(limite), id)
}

// DossiersDe is a page of the open dossiers of one person, by legal day; of nobody
// when personne is "". suivant is the apres of the next page, "" on the last one.
func (s *Store) DossiersDe(ctx context.Context, p opco.Portee, personne, apres string, limite int) (ls []LigneDossier, suivant string, err error) {
	ls = []LigneDossier{}
	if !p.Interne {
		return ls, "", nil
	}
	var c clause
	c.dansPortee(p)
	c.et(ouverts)
	c.et(aQui+` = %s`, personne)
	if err := c.apresLimite(apres); err != nil {
		return nil, "", err
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesLigne+` FROM dossier d LEFT JOIN attribution a ON a.dossier = d.id
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY COALESCE(d.limite, DATE '9999-12-31'), d.id LIMIT %d`, limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing the dossiers of a person: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		suivant = curseurLimite(ls[limite-1].Limite, ls[limite-1].ID)
	}
	return ls, suivant, s.completer(ctx, p, ls)
}
