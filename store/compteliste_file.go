package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// LigneDemande is an account in the advisers' queue: what it asks for, since when,
// and by when the answer is promised. JoursOuvres counts the working days left,
// negative when the day has passed. Concorde says that every evidence of the boxes
// concerned agrees. Lien says that the reader declared a link with one of the
// organisations: somebody else answers.
type LigneDemande struct {
	Compte      string     `db:"compte" json:"compte"`
	Nom         string     `db:"nom" json:"nom"`
	Prenom      string     `db:"prenom" json:"prenom"`
	Email       string     `db:"email" json:"email"`
	Entites     []Entite   `db:"-" json:"entites"`
	Droits      int32      `db:"droits" json:"droits"`
	Sites       int32      `db:"sites" json:"sites"`
	AValider    int32      `db:"a_valider" json:"a_valider"`
	Precisions  int32      `db:"precisions" json:"precisions"`
	OuverteLe   *time.Time `db:"ouverte_le" json:"ouverte_le,omitempty"`
	Limite      opco.Date  `db:"limite" json:"limite,omitempty"`
	JoursOuvres *int32     `db:"-" json:"jours_ouvres,omitempty"`
	Retard      bool       `db:"-" json:"retard"`
	Concorde    bool       `db:"-" json:"concorde"`
	Lien        bool       `db:"lien" json:"lien"`
}

// FiltreDemandes says which requests an adviser looks for; a zero field does not
// filter. Etat is A_VALIDER unless told. Lecteurs are the person who reads, and the one
// in whose name.
type FiltreDemandes struct {
	Etat     opco.EtatHabilitation
	Profil   opco.Role
	Service  opco.Service
	SIREN    opco.SIREN
	Texte    string
	Retard   bool
	Lecteurs []string
	Apres    string
	Limite   int
}

// PageDemandes is a page of the advisers' queue. Suivant is "" on the last one.
type PageDemandes struct {
	Demandes []LigneDemande
	Suivant  string
}

// cleDemande orders the queue: the day promised, then the oldest.
const cleDemande = `(COALESCE(min(h.limite), DATE '9999-12-31')::text || ' ' || COALESCE(to_char(min(h.ouverte_le) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), ''))`

// Demandes returns a page of the requests that wait, one line an account, the most
// urgent first.
func (s *Store) Demandes(ctx context.Context, f FiltreDemandes) (PageDemandes, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return PageDemandes{}, err
	}
	jour := opco.JourDe(le)
	c, err := f.clause(jour)
	if err != nil {
		return PageDemandes{}, err
	}
	ayant := `true`
	if f.Apres != "" {
		cle, id, err := lireCurseur(f.Apres)
		if err != nil || !uuidTexte(id) {
			return PageDemandes{}, pageInconnue()
		}
		c.args = append(c.args, cle, id)
		ayant = fmt.Sprintf(`(%s, d.id) > ($%d, $%d::uuid)`, cleDemande, len(c.args)-1, len(c.args))
	}
	c.args = append(c.args, pq.Array(f.Lecteurs))
	var ls []ligneDemandeLue
	err = s.DB.SelectContext(ctx, &ls, fmt.Sprintf(`
		SELECT d.id AS compte, d.nom, d.prenom, d.email, `+entitesDe+` AS entites, COALESCE(d.contenu->'preuves', '[]') AS preuves,
		       (SELECT jsonb_agg(DISTINCT x->>'bloc') FROM jsonb_array_elements(d.contenu->'habilitations') x WHERE x->>'etat' = 'A_VALIDER') AS blocs,
		       count(*) AS droits, count(DISTINCT h.siret) AS sites, count(*) FILTER (WHERE h.etat = 'A_VALIDER') AS a_valider,
		       count(*) FILTER (WHERE h.etat = 'PRECISION_DEMANDEE') AS precisions, min(h.ouverte_le) AS ouverte_le, min(h.limite) AS limite,
		       bool_or(EXISTS (SELECT 1 FROM lien_interet l WHERE l.personne = ANY ($%d) AND l.siren = h.siren)) AS lien, `+cleDemande+` AS cle
		FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE `+c.where()+` GROUP BY d.id HAVING `+ayant+` ORDER BY cle, d.id LIMIT %d`, len(c.args), f.Limite+1), c.args...)
	if err != nil {
		return PageDemandes{}, fmt.Errorf("listing requests for rights: %w", err)
	}
	return s.pageDemandes(ls, jour, f.Limite)
}

func (f FiltreDemandes) clause(jour opco.Date) (clause, error) {
	var c clause
	if f.Etat == "" {
		f.Etat = opco.HabAValider
	}
	c.et(`d.etat IN ('ACTIF', 'ACTIF_LIMITE')`)
	c.et(`h.etat = %s`, f.Etat)
	for _, x := range []struct{ condition, valeur string }{
		{`h.profil = %s`, string(f.Profil)}, {`h.service = %s`, string(f.Service)}, {`h.siren = %s`, string(f.SIREN)},
	} {
		if x.valeur != "" {
			c.et(x.condition, x.valeur)
		}
	}
	if f.Retard {
		c.et(`h.limite < %s::date`, jour)
	}
	c.chercher(f.Texte)
	return c, nil
}

type ligneDemandeLue struct {
	LigneDemande
	EntitesLues []byte `db:"entites"`
	Preuves     []byte `db:"preuves"`
	Blocs       []byte `db:"blocs"`
	Cle         string `db:"cle"`
}

func (s *Store) pageDemandes(ls []ligneDemandeLue, jour opco.Date, limite int) (PageDemandes, error) {
	var p PageDemandes
	if len(ls) > limite {
		ls = ls[:limite]
		p.Suivant = curseur(ls[limite-1].Cle, ls[limite-1].Compte)
	}
	p.Demandes = make([]LigneDemande, len(ls))
	for i, l := range ls {
		var preuves []opco.Preuve
		var blocs []string
		for _, x := range []struct {
			brut []byte
			v    any
		}{{l.EntitesLues, &l.Entites}, {l.Preuves, &preuves}, {l.Blocs, &blocs}} {
			if len(x.brut) == 0 {
				continue
			}
			if err := json.Unmarshal(x.brut, x.v); err != nil {
				return p, fmt.Errorf("reading a request: %w", err)
			}
		}
		l.Concorde = concordent(preuves, blocs)
		if l.Limite != "" {
			n := int32(joursOuvres(jour, l.Limite, s.Calendrier(false))) //nolint:gosec // a few days
			l.JoursOuvres, l.Retard = &n, l.Limite < jour
		}
		p.Demandes[i] = l.LigneDemande
	}
	return p, nil
}

// concordent reports whether every evidence of the boxes agrees, and there is some.
func concordent(ps []opco.Preuve, blocs []string) bool {
	n := 0
	for _, p := range ps {
		for _, b := range blocs {
			if p.Bloc != b {
				continue
			}
			if !p.Concorde {
				return false
			}
			n++
		}
	}
	return n > 0
}

// joursOuvres counts the working days from du to au, negative when au is before.
func joursOuvres(du, au opco.Date, c opco.Calendrier) int {
	n, signe := 0, 1
	if au < du {
		du, au, signe = au, du, -1
	}
	for d := du; d < au; {
		if d = d.Jours(1); c.Ouvre(d) {
			n++
		}
	}
	return signe * n
}

// CompteursDemandes counts what waits for an adviser. Comptes are the lines of the
// queue, Droits the rights in it.
type CompteursDemandes struct {
	Comptes    int64 `db:"comptes" json:"comptes"`
	Droits     int64 `db:"droits" json:"droits"`
	Retard     int64 `db:"retard" json:"retard"`
	Aujourdhui int64 `db:"aujourdhui" json:"aujourdhui"`
	Precisions int64 `db:"precisions" json:"precisions"`
}

// CompterDemandes counts the whole queue, accounts late or due today apart.
func (s *Store) CompterDemandes(ctx context.Context) (CompteursDemandes, error) {
	var c CompteursDemandes
	le, err := s.Maintenant(ctx)
	if err != nil {
		return c, err
	}
	err = s.DB.GetContext(ctx, &c, `
		SELECT count(DISTINCT h.compte) FILTER (WHERE h.etat = 'A_VALIDER') AS comptes, count(*) FILTER (WHERE h.etat = 'A_VALIDER') AS droits,
		       count(DISTINCT h.compte) FILTER (WHERE h.etat = 'A_VALIDER' AND h.limite < $1::date) AS retard,
		       count(DISTINCT h.compte) FILTER (WHERE h.etat = 'A_VALIDER' AND h.limite = $1::date) AS aujourdhui,
		       count(DISTINCT h.compte) FILTER (WHERE h.etat = 'PRECISION_DEMANDEE') AS precisions
		FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE d.etat IN ('ACTIF', 'ACTIF_LIMITE') AND h.etat IN ('A_VALIDER', 'PRECISION_DEMANDEE')`, opco.JourDe(le))
	if err != nil {
		return c, fmt.Errorf("counting requests for rights: %w", err)
	}
	return c, nil
}

// DemandeSuivante names the account that the reader takes next: the most urgent
// that is neither theirs nor that of a company with which they have a link, nor one
// of sauf, which they set aside. It is "" when nothing is left for them.
func (s *Store) DemandeSuivante(ctx context.Context, lecteurs, sauf []string) (string, error) {
	sauf = append([]string{}, sauf...)
	var id string
	err := s.DB.GetContext(ctx, &id, `
		SELECT COALESCE((SELECT d.id::text FROM habilitation h JOIN compte d ON d.id = h.compte
		WHERE d.etat IN ('ACTIF', 'ACTIF_LIMITE') AND h.etat = 'A_VALIDER' AND d.personne <> ALL ($1) AND NOT (d.id::text = ANY ($2))
		GROUP BY d.id
		HAVING NOT bool_or(EXISTS (SELECT 1 FROM lien_interet l WHERE l.personne = ANY ($1) AND l.siren = h.siren))
		ORDER BY `+cleDemande+`, d.id LIMIT 1), '')`, pq.Array(lecteurs), pq.Array(sauf))
	if err != nil {
		return "", fmt.Errorf("looking for the next request: %w", err)
	}
	return id, nil
}
