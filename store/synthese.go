package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EmploiFonds is what became of the money of a fund (domain.md 5.5), in cents. Each
// figure holds the next: Engage is all that was granted, Facture what of it is approved
// on invoices, Paye what of that left, less what came back.
type EmploiFonds struct {
	Engage  opco.Montant `db:"engage" json:"engage"`
	Facture opco.Montant `db:"facture" json:"facture"`
	Paye    opco.Montant `db:"paye" json:"paye"`
}

// AFacturer is what is granted and not invoiced yet.
func (e EmploiFonds) AFacturer() opco.Montant { return e.Engage - e.Facture }

// APayer is what is approved and not paid yet.
func (e EmploiFonds) APayer() opco.Montant { return e.Facture - e.Paye }

// LigneSynthese is a year and a fund. Enveloppe = Engage + Reste at any time, over the
// envelopes that have a ceiling: SansPlafond counts the others, whose Engage is not in
// EngagePlafonne. Prevision is Engage and what the demandes being examined would take,
// in the order in which funds are used.
type LigneSynthese struct {
	Annee          int          `db:"annee" json:"annee"`
	Fonds          string       `db:"fonds" json:"fonds"`
	Enveloppes     int64        `db:"enveloppes" json:"enveloppes"`
	SansPlafond    int64        `db:"sans_plafond" json:"sans_plafond"`
	Enveloppe      opco.Montant `db:"enveloppe" json:"enveloppe"`
	EngagePlafonne opco.Montant `db:"engage_plafonne" json:"engage_plafonne"`
	Reste          opco.Montant `db:"reste" json:"reste"`
	Prevision      opco.Montant `db:"prevision" json:"prevision"`
	EmploiFonds
}

// Synthese is one year. Annees are the years that have money, the last first; 0 is
// money that does not end with the year. Demandes is what the demandes being examined
// ask for, AuDela what of it the envelopes opened for the year would not cover.
type Synthese struct {
	Annee    int             `json:"annee"`
	Annees   []int           `json:"annees"`
	Fonds    []LigneSynthese `json:"fonds"`
	Demandes opco.Montant    `json:"demandes"`
	AuDela   opco.Montant    `json:"au_dela"`
}

// Total adds the funds up.
func (x Synthese) Total() LigneSynthese {
	t := LigneSynthese{Annee: x.Annee}
	for _, f := range x.Fonds {
		t.Enveloppes += f.Enveloppes
		t.SansPlafond += f.SansPlafond
		t.Enveloppe += f.Enveloppe
		t.EngagePlafonne += f.EngagePlafonne
		t.Reste += f.Reste
		t.Prevision += f.Prevision
		t.Engage += f.Engage
		t.Facture += f.Facture
		t.Paye += f.Paye
	}
	return t
}

// emploi sums the balances of s: the accounts that follow one another.
const emploi = `
	COALESCE(sum(s.montant) FILTER (WHERE s.compte NOT IN ('SOURCE', 'ENVELOPPE')), 0)::bigint AS engage,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte IN ('SERVICE_FAIT', 'ORDONNANCE', 'PAYE', 'TROP_PERCU', 'INDU')), 0)::bigint AS facture,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte IN ('PAYE', 'TROP_PERCU', 'INDU')), 0)::bigint AS paye`

// enInstruction are the états of a demande that waits for its décision.
const enInstruction = `('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION')`

// SyntheseFinanciere reads the money of a year within reach of p: of its companies, or
// of all for the staff. annee is -1 for the last year that began.
func (s *Store) SyntheseFinanciere(ctx context.Context, p opco.Portee, annee int) (Synthese, error) {
	x := Synthese{Annee: annee, Annees: []int{}, Fonds: []LigneSynthese{}}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return x, err
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		c := enveloppesLisibles(p)
		if err := sqlx.SelectContext(ctx, q, &x.Annees, `SELECT DISTINCT e.annee FROM enveloppe e WHERE `+c.where()+` ORDER BY e.annee DESC`, c.args...); err != nil {
			return fmt.Errorf("reading the years of envelopes: %w", err)
		}
		if annee < 0 {
			x.Annee = derniereAnnee(x.Annees, opco.JourDe(le).Annee())
		}
		return synthetiser(ctx, q, p, &x)
	})
	return x, err
}

// derniereAnnee is the last of the years that is not after now.
func derniereAnnee(annees []int, maintenant int) int {
	for _, a := range annees {
		if a != 0 && a <= maintenant {
			return a
		}
	}
	return maintenant
}

func synthetiser(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, x *Synthese) error {
	e := enveloppesLisibles(p)
	e.et(`e.annee = %s`, x.Annee)
	d := clause{args: e.args}
	d.dansPortee(p)
	d.et(`extract(year FROM d.debut) = %s`, x.Annee)
	// What a company asks for is taken from its envelopes in their rank: avant is what
	// the envelopes before this one have to give.
	avec := fmt.Sprintf(`
		WITH e AS (SELECT e.id, e.siren, e.fonds, e.ordre, b.* FROM enveloppe e
		           CROSS JOIN LATERAL (SELECT %s, %s FROM solde s WHERE s.enveloppe = e.id) b WHERE %s),
		     a AS (SELECT d.siren, sum(d.demande)::bigint AS montant FROM dossier d WHERE %s AND d.etat IN %s GROUP BY d.siren),
		     r AS (SELECT e.*, COALESCE(sum(e.disponible) OVER (PARTITION BY e.siren ORDER BY e.ordre, e.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS avant,
		                  COALESCE(a.montant, 0) AS attendu FROM e LEFT JOIN a ON a.siren = e.siren),
		     t AS (SELECT r.*, greatest(0, least(r.disponible, r.attendu - r.avant))::bigint AS pris FROM r)`,
		emploi, soldesBornes, e.where(), d.where(), enInstruction)
	err := sqlx.SelectContext(ctx, q, &x.Fonds, avec+fmt.Sprintf(`
		SELECT %d AS annee, fonds, count(*) AS enveloppes, count(*) FILTER (WHERE dotation >= %[2]d) AS sans_plafond,
		       COALESCE(sum(dotation) FILTER (WHERE dotation < %[2]d), 0)::bigint AS enveloppe, COALESCE(sum(disponible) FILTER (WHERE dotation < %[2]d), 0)::bigint AS reste,
		       COALESCE(sum(engage) FILTER (WHERE dotation < %[2]d), 0)::bigint AS engage_plafonne,
		       sum(engage)::bigint AS engage, sum(facture)::bigint AS facture, sum(paye)::bigint AS paye, sum(engage + pris)::bigint AS prevision
		FROM t GROUP BY fonds ORDER BY min(ordre), fonds`, x.Annee, opco.MontantMax), d.args...)
	if err != nil {
		return fmt.Errorf("summing the funds of %d: %w", x.Annee, err)
	}
	var attente struct {
		Demandes opco.Montant `db:"demandes"`
		Pris     opco.Montant `db:"pris"`
	}
	err = sqlx.GetContext(ctx, q, &attente, avec+` SELECT COALESCE((SELECT sum(montant) FROM a), 0)::bigint AS demandes, COALESCE((SELECT sum(pris) FROM t), 0)::bigint AS pris`, d.args...)
	if err != nil {
		return fmt.Errorf("summing the demandes of %d: %w", x.Annee, err)
	}
	x.Demandes, x.AuDela = attente.Demandes, attente.Demandes-attente.Pris
	return nil
}

const soldesBornes = `
	-COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'SOURCE'), 0)::bigint AS dotation,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'ENVELOPPE'), 0)::bigint AS disponible`

// FiltreEngagements says which dossiers are read; an empty Fonds or Etablissement does
// not filter, nor does an Annee below 0. Apres is the suivant of the page before.
type FiltreEngagements struct {
	Annee         int
	Fonds         string
	Etablissement string
	Apres         string
	Limite        int
}

// LigneEngagement is what one dossier holds of a fund of a year.
type LigneEngagement struct {
	Dossier       string     `db:"dossier" json:"dossier"`
	Numero        string     `db:"numero" json:"numero"`
	Intitule      string     `db:"intitule" json:"intitule"`
	Entreprise    string     `db:"entreprise_nom" json:"entreprise"`
	Etablissement opco.SIRET `db:"etablissement" json:"etablissement"`
	Organisme     string     `db:"organisme_nom" json:"organisme"`
	Etat          opco.Etat  `db:"etat" json:"etat"`
	Debut         opco.Date  `db:"debut" json:"debut,omitempty"`
	Annee         int        `db:"annee" json:"annee"`
	Fonds         string     `db:"fonds" json:"fonds"`
	EmploiFonds
}

// Engagements lists what each dossier within reach of p holds of each fund. suivant is
// the apres of the next page, "" on the last one.
func (s *Store) Engagements(ctx context.Context, p opco.Portee, f FiltreEngagements) (ls []LigneEngagement, suivant string, err error) {
	c, err := f.clause(p)
	if err != nil {
		return nil, "", err
	}
	limite := longueur(ctx, f.Limite)
	ls = []LigneEngagement{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`
			SELECT s.dossier, d.numero, d.intitule, d.entreprise_nom, d.etablissement, d.organisme_nom, d.etat, d.debut, e.annee, e.fonds, %s
			FROM enveloppe e JOIN solde s ON s.enveloppe = e.id JOIN dossier d ON d.id = NULLIF(s.dossier, '')::uuid
			WHERE %s GROUP BY s.dossier, e.fonds, e.annee, d.id ORDER BY s.dossier, e.fonds, e.annee LIMIT %d`, emploi, c.where(), limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing commitments: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		l := ls[limite-1]
		suivant = curseur(l.Dossier, fmt.Sprintf("%s/%d", l.Fonds, l.Annee))
	}
	return ls, suivant, nil
}

func (f FiltreEngagements) clause(p opco.Portee) (clause, error) {
	c := enveloppesLisibles(p)
	c.dansPortee(p)
	if f.Annee >= 0 {
		c.et(`e.annee = %s`, f.Annee)
	}
	if f.Fonds != "" {
		c.et(`e.fonds = %s`, f.Fonds)
	}
	if f.Etablissement != "" {
		c.et(`d.etablissement = %s`, f.Etablissement)
	}
	if f.Apres == "" {
		return c, nil
	}
	dossier, reste, err := lireCurseur(f.Apres)
	fonds, annee, ok := strings.Cut(reste, "/")
	n, mauvais := strconv.ParseInt(annee, 10, 32)
	if err != nil || mauvais != nil || !ok || !uuidTexte(dossier) {
		return c, pageInconnue()
	}
	c.et(`(s.dossier, e.fonds, e.annee) > (%s, %s, %s)`, dossier, fonds, n)
	return c, nil
}

// LigneSite is what the dossiers of one établissement hold of the money of a year.
type LigneSite struct {
	Etablissement opco.SIRET `db:"etablissement" json:"etablissement"`
	Dossiers      int64      `db:"dossiers" json:"dossiers"`
	EmploiFonds
}

// EmploiParSite sums the commitments of a year by établissement within reach of p, a
// company: at most its own établissements. The staff reads by company.
func (s *Store) EmploiParSite(ctx context.Context, p opco.Portee, annee int) ([]LigneSite, error) {
	ls := []LigneSite{}
	if p.Interne {
		return ls, nil
	}
	c, err := FiltreEngagements{Annee: annee}.clause(p)
	if err != nil {
		return nil, err
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`
			SELECT d.etablissement, count(DISTINCT d.id) AS dossiers, %s
			FROM enveloppe e JOIN solde s ON s.enveloppe = e.id JOIN dossier d ON d.id = NULLIF(s.dossier, '')::uuid
			WHERE %s GROUP BY d.etablissement ORDER BY d.etablissement LIMIT %d`, emploi, c.where(), etablissementsMax), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("summing by établissement: %w", err)
	}
	return ls, nil
}

// SalarieForme is a stagiaire of a dossier that was granted.
type SalarieForme struct {
	Dossier       string     `db:"dossier"`
	ID            string     `db:"id"`
	Nom           string     `db:"nom"`
	Prenom        string     `db:"prenom"`
	NeLe          opco.Date  `db:"ne_le"`
	Etablissement opco.SIRET `db:"etablissement"`
	Numero        string     `db:"numero"`
	Intitule      string     `db:"intitule"`
	Organisme     string     `db:"organisme_nom"`
	Etat          opco.Etat  `db:"etat"`
	Du            opco.Date  `db:"du"`
	Au            opco.Date  `db:"au"`
}

// etatsFormes are the états of a formation that began and was granted.
var etatsFormes = []opco.Etat{opco.EtatEnRealisation, opco.EtatAttenteServiceFait, opco.EtatSFEnControle, opco.EtatSFNonConforme, opco.EtatEnReglement,
	opco.EtatRegleePartielle, opco.EtatReglee, opco.EtatCloturee}

// SalariesFormes lists the people whose formation began in a year and was granted,
// within reach of p, a company; annee is -1 for all. suivant is the apres of the next
// page.
func (s *Store) SalariesFormes(ctx context.Context, p opco.Portee, annee int, apres string, limite int) (ls []SalarieForme, suivant string, err error) {
	var c clause
	c.dansPortee(p)
	c.et(`d.siren = ANY (%s)`, pq.Array(sirens(p)))
	c.et(`d.etat = ANY (%s) AND d.accorde > 0`, pq.Array(etatsFormes))
	if annee >= 0 {
		c.et(`extract(year FROM d.debut) = %s`, annee)
	}
	if apres != "" {
		dossier, id, err := lireCurseur(apres)
		if err != nil || !uuidTexte(dossier) {
			return nil, "", pageInconnue()
		}
		c.et(`(t.dossier, t.id) > (%s::uuid, %s)`, dossier, id)
	}
	limite = longueur(ctx, limite)
	ls = []SalarieForme{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`
			SELECT t.dossier::text AS dossier, t.id, t.nom, t.prenom, t.ne_le, d.etablissement, d.numero, d.intitule, d.organisme_nom, d.etat,
			       COALESCE(t.du, d.debut) AS du, COALESCE(t.au, d.fin) AS au
			FROM stagiaire t JOIN dossier d ON d.id = t.dossier WHERE %s ORDER BY t.dossier, t.id LIMIT %d`, c.where(), limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing who was trained: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		suivant = curseur(ls[limite-1].Dossier, ls[limite-1].ID)
	}
	return ls, suivant, nil
}
