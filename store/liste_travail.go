package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Perimetre says whose dossiers a queue shows.
type Perimetre string

// The perimeters: what the reader follows, holds or was entrusted, and what nobody
// follows; or everything.
const (
	PerimetreMien   Perimetre = "mien"
	PerimetreEquipe Perimetre = "equipe"
)

// Tenue by whom, in a filter: nobody, the reader, somebody.
const (
	PriseLibre  = "libre"
	PriseMienne = "mienne"
	PriseTenue  = "tenue"
)

// FiltreFile says which dossiers of a queue a reader looks for. Without a File it
// looks in every état of work. EnAttente keeps what was set aside, which is left out
// otherwise.
type FiltreFile struct {
	Filtre
	Perimetre Perimetre
	EnAttente bool
	IDCC      string
	Etiquette string // its id
	Prise     string
	EnRetard  bool // whose legal deadline has passed
	LimiteAu  opco.Date
}

// EtiquettePosee is a label on a dossier.
type EtiquettePosee struct {
	ID  string `db:"id" json:"id"`
	Nom string `db:"nom" json:"nom"`
	Ton string `db:"ton" json:"ton"`
}

// LigneFile is a dossier in a queue: how long is left, what it waits for, who acts, who
// holds it. JoursOuvres counts the working days left before Limite, nil without one.
type LigneFile struct {
	LigneDossier
	JoursOuvres *int             `json:"jours_ouvres,omitempty"`
	Pression    opco.Pression    `json:"pression,omitempty"`
	Blocage     opco.Blocage     `json:"blocage"`
	Prise       *PriseVue        `json:"prise,omitempty"`
	Attente     *AttenteVue      `json:"attente,omitempty"`
	AttribueA   string           `json:"attribue_a,omitempty"`
	AttribueID  string           `json:"-"` // id of that person
	Etiquettes  []EtiquettePosee `json:"etiquettes"`
	PayerAvant  opco.Date        `json:"payer_avant,omitempty"` // earliest due day of an open invoice
	Pourquoi    string           `json:"-"`                     // why it is the next one; of the first line that is free
}

// priorite is what orders the line.
func (l LigneFile) priorite() opco.Priorite {
	p := opco.Priorite{Limite: l.Limite, Debut: l.Debut, Enjeu: l.Demande, Depuis: l.CreeLe}
	if !l.Etat.AvantDecision() {
		p.Enjeu = l.Engage + l.Accepte - l.Paye
	}
	if l.DeposeLe != nil {
		p.Depuis = *l.DeposeLe
	}
	return p
}

// libre reports whether the line may be taken by its reader.
func (l LigneFile) libre() bool { return l.Prise == nil && l.Attente == nil && l.Lien == "" }

// motiver says, of the first line that is free, why it is the next one.
func motiver(ls []LigneFile, jour opco.Date, c opco.Calendrier) {
	premier := slices.IndexFunc(ls, LigneFile.libre)
	if premier < 0 {
		return
	}
	var suivant *opco.Priorite
	if i := slices.IndexFunc(ls[premier+1:], LigneFile.libre); i >= 0 {
		x := ls[premier+1+i].priorite()
		suivant = &x
	}
	ls[premier].Pourquoi = ls[premier].priorite().Pourquoi(suivant, jour, c)
}

// PageFile is a page of a queue. Suivant is "" on the last one. Nombre counts the
// whole filter, or how far it was counted when Plus.
type PageFile struct {
	Dossiers []LigneFile
	Suivant  string
	Nombre   int64
	Plus     bool
}

// travail adds the conditions of f, beside the reach of the reader.
func (c *clause) travail(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, f FiltreFile, le time.Time) error {
	c.filtrer(f.Filtre)
	if f.File == "" && len(f.Etats) == 0 {
		c.et(`d.etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME')`)
	}
	c.attendre(f.EnAttente, `d.id`, le)
	return c.cadrer(ctx, q, p, f, le)
}

// attendre keeps the dossiers, whose id is in a column, that wait, or those that do not.
func (c *clause) attendre(enAttente bool, id string, le time.Time) {
	attente := `EXISTS (SELECT 1 FROM attente x WHERE x.dossier = ` + id + ` AND x.reveil_le > %s)`
	if !enAttente {
		attente = `NOT ` + attente
	}
	c.et(attente, le)
}

// cadrer keeps what f asks of a queue beside its état and its words.
func (c *clause) cadrer(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, f FiltreFile, le time.Time) error {
	if f.IDCC != "" {
		c.et(f.File.ordre()+`idcc = %s`, f.IDCC)
	}
	if f.File.argent() && f.Instructeur != "" {
		c.et(`q.instructeur = %s`, f.Instructeur)
	}
	if f.Etiquette != "" {
		if !uuidTexte(f.Etiquette) {
			c.et(`false`)
		} else {
			c.et(`EXISTS (SELECT 1 FROM etiquette_dossier x WHERE x.dossier = d.id AND x.etiquette = %s::uuid)`, f.Etiquette)
		}
	}
	// ordre_limite is the limite of those that have one, and what the queues begin with.
	if f.EnRetard {
		c.et(f.File.ordre()+`ordre_limite < %s::date`, string(opco.JourDe(le)))
	}
	if f.LimiteAu != "" {
		c.et(f.File.ordre()+`ordre_limite <= %s::date`, string(f.LimiteAu))
	}
	moi := pq.Array((opco.Acteur{Personne: p.Personne, Pour: p.Pour}).Personnes())
	c.tenues(f.Prise, moi, le)
	if f.Perimetre != PerimetreMien {
		return nil
	}
	return c.mien(ctx, q, p, moi, le)
}

// tenues keeps the dossiers that are free, held, or held by the reader.
func (c *clause) tenues(prise string, moi any, le time.Time) {
	const tenue = `EXISTS (SELECT 1 FROM prise x WHERE x.dossier = d.id AND x.expire_le > %s`
	switch prise {
	case PriseLibre:
		c.et(`NOT `+tenue+`)`, le)
	case PriseTenue:
		c.et(tenue+`)`, le)
	case PriseMienne:
		c.et(tenue+` AND x.personne = ANY (%s))`, le, moi)
	}
}

// mien keeps what the reader follows: what they hold or were entrusted, what they
// instruct, what their portefeuille names, and what no portefeuille does. Who acts for
// somebody follows what that person does.
func (c *clause) mien(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, moi any, le time.Time) error {
	var ls []LignePortefeuille
	err := sqlx.SelectContext(ctx, q, &ls, `SELECT personne, idcc, departement, siren FROM portefeuille ORDER BY id LIMIT $1`, portefeuillesMax)
	if err != nil {
		return fmt.Errorf("reading portefeuilles: %w", err)
	}
	var miennes []LignePortefeuille
	for _, l := range ls {
		if l.Personne == p.Personne || l.Personne == p.Pour {
			miennes = append(miennes, l)
		}
	}
	m, args := couvert(miennes)
	t, tous := couvert(ls)
	condition := `EXISTS (SELECT 1 FROM prise x WHERE x.dossier = d.id AND x.expire_le > %s AND x.personne = ANY (%s))
		OR d.instructeur = ANY (%s)
		OR EXISTS (SELECT 1 FROM attribution x WHERE x.dossier = d.id AND x.personne = ANY (%s))
		OR NOT EXISTS (SELECT 1 FROM attribution x WHERE x.dossier = d.id) AND (` + m + ` OR NOT ` + t + `)`
	c.et(condition, append(append([]any{le, moi, moi, moi}, args...), tous...)...)
	return nil
}

// FileDeTravail returns a page of a queue, the most urgent first, and how many
// dossiers the whole filter holds. A cursor that we did not make is Invalid, and so is a
// filter that nothing can answer in time.
func (s *Store) FileDeTravail(ctx context.Context, p opco.Portee, f FiltreFile) (PageFile, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return PageFile{}, err
	}
	page := PageFile{}
	var ls []ligneFileLue
	limite := f.Limite
	if limite < 1 || limite > 100 {
		limite = 50
	}
	limite = longueur(ctx, limite)
	err = enTemps(ctx, func(ctx context.Context) error {
		return s.lire(ctx, p, func(q sqlx.QueryerContext) error {
			r, err := f.preparer(ctx, q, p, le, limite+1, &page)
			if err != nil || r.texte == "" { // a word that nothing holds
				return err
			}
			return sqlx.SelectContext(ctx, q, &ls, r.texte, r.args...)
		})
	})
	if err != nil {
		return page, fmt.Errorf("listing a queue: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		page.Suivant = curseurDe(ls[limite-1].Cle)
	}
	page.Dossiers, err = s.lignesFile(ctx, p, ls, le)
	return page, err
}

// preparer writes the query of the first n rows after the cursor of f, and says in page how
// many dossiers the whole filter holds.
func (f FiltreFile) preparer(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, le time.Time, n int, page *PageFile) (r requete, err error) {
	compte := photoDe(ctx) == nil // an export counts as it goes
	x, ok, err := f.enMarche(ctx, q, p, le, n)
	if err != nil || ok && x.vaine() {
		return r, err
	}
	if ok {
		if compte {
			if page.Nombre, page.Plus, err = x.nombre(ctx, q); err != nil {
				return r, err
			}
		}
		r, err = x.lignes(p, colonnesLigne+`, d.travail`)
		return r.entourer(le), err
	}
	var c clause
	c.dansPortee(p)
	if err := c.travail(ctx, q, p, f, le); err != nil {
		return r, err
	}
	if compte {
		if page.Nombre, page.Plus, err = f.nombre(ctx, q, p, c, le); err != nil {
			return r, err
		}
	}
	return f.ecrirePage(c, le, n)
}

// ecrirePage writes the query of the first n rows after the cursor of f, whose
// conditions are c, with what is around each dossier at the instant le.
func (f FiltreFile) ecrirePage(c clause, le time.Time, n int) (requete, error) {
	t := f.File.tri()
	if err := c.borner(t, f.Apres, false); err != nil {
		return requete{}, err
	}
	return requete{`SELECT ` + colonnesLigne + `, d.travail, ` + t.cle() + ` AS cle FROM ` + f.File.source() + ` WHERE ` + c.where() +
		` ORDER BY ` + t.ordre(false) + fmt.Sprintf(` LIMIT %d`, n), c.args}.entourer(le), nil
}

// entourer reads what is around the dossiers of a page at the instant le: the page first,
// so that the way to it is chosen for itself, then what is around its rows, in their order.
func (r requete) entourer(le time.Time) requete {
	c := clause{args: r.args}
	colonnes := colonnesLigne + c.alentours(le) + `, d.cle`
	return requete{`SELECT ` + colonnes + ` FROM (SELECT x.*, row_number() OVER () AS place FROM (` + r.texte + `) x) d ORDER BY d.place`, c.args}
}

// LigneDeFile returns one dossier as queues show it, within reach of p.
func (s *Store) LigneDeFile(ctx context.Context, p opco.Portee, id string) (LigneFile, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return LigneFile{}, err
	}
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, id)
	var l ligneFileLue
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		colonnes := colonnesLigne + c.alentours(le)
		return sqlx.GetContext(ctx, q, &l, `SELECT `+colonnes+`, '' AS cle FROM dossier d WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return LigneFile{}, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	ls, err := s.lignesFile(ctx, p, []ligneFileLue{l}, le)
	if err != nil {
		return LigneFile{}, err
	}
	return ls[0], nil
}
