package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LigneDossier is a dossier in a list. Amounts are in cents. JoursRestants
// counts calendar days to Limite, negative when it has passed; nil without one.
type LigneDossier struct {
	ID                string       `db:"id" json:"id"`
	Numero            string       `db:"numero" json:"numero"`
	Etat              opco.Etat    `db:"etat" json:"etat"`
	Libelle           string       `db:"-" json:"libelle"`
	Rang              int64        `db:"rang" json:"rang"`
	Etablissement     string       `db:"etablissement" json:"etablissement"`
	Entreprise        string       `db:"entreprise_nom" json:"entreprise"`
	Organisme         string       `db:"organisme" json:"organisme"`
	OrganismeNom      string       `db:"organisme_nom" json:"organisme_nom"`
	IDCC              string       `db:"idcc" json:"idcc,omitempty"`
	Intitule          string       `db:"intitule" json:"intitule"`
	Debut             opco.Date    `db:"debut" json:"debut,omitempty"`
	Fin               opco.Date    `db:"fin" json:"fin,omitempty"`
	DeposeLe          *time.Time   `db:"depose_le" json:"depose_le,omitempty"`
	Demande           opco.Montant `db:"demande" json:"demande"`
	Accorde           opco.Montant `db:"accorde" json:"accorde"`
	Engage            opco.Montant `db:"engage" json:"engage"`
	Accepte           opco.Montant `db:"accepte" json:"accepte"`
	Paye              opco.Montant `db:"paye" json:"paye"`
	Instructeur       string       `db:"instructeur" json:"instructeur,omitempty"`
	InstructeurNom    string       `db:"instructeur_nom" json:"instructeur_nom,omitempty"`
	Limite            opco.Date    `db:"limite" json:"limite,omitempty"`
	JoursRestants     *int         `db:"-" json:"jours_restants,omitempty"`
	ProchaineEcheance *time.Time   `db:"prochaine_echeance" json:"prochaine_echeance,omitempty"`
	QuiAgit           string       `db:"-" json:"qui_agit"`
	Lien              string       `db:"-" json:"lien,omitempty"` // why its reader, of the OPCO, may not treat it
	CreeLe            time.Time    `db:"cree_le" json:"cree_le"`
	ModifieLe         time.Time    `db:"modifie_le" json:"modifie_le"`
}

const colonnesLigne = `id, numero, etat, rang, etablissement, entreprise_nom, organisme, organisme_nom, idcc, intitule, debut, fin,
	depose_le, demande, accorde, engage, accepte, paye, instructeur, instructeur_nom, limite, prochaine_echeance, cree_le, modifie_le`

// Filtre says which dossiers a reader looks for; a zero field does not filter.
// Apres is the Suivant of the page before.
type Filtre struct {
	Etats                  []opco.Etat
	File                   File
	Texte                  string
	Etablissement          string
	Organisme              string
	DebutDu, DebutAu       opco.Date
	MontantMin, MontantMax opco.Montant
	Instructeur            string
	Apres                  string
	Limite                 int
}

// PageDossiers is a page of a list. Suivant is "" on the last one.
type PageDossiers struct {
	Dossiers []LigneDossier
	Suivant  string
}

// clause collects the conditions of a query and their arguments.
type clause struct {
	ou   []string
	args []any
}

// et adds a condition whose %s are the numbered arguments.
func (c *clause) et(condition string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		condition = strings.Replace(condition, "%s", fmt.Sprintf("$%d", len(c.args)), 1)
	}
	c.ou = append(c.ou, condition)
}

func (c *clause) where() string { return "(" + strings.Join(c.ou, ") AND (") + ")" }

// dansPortee keeps the dossiers that p may see: all that was sent for the staff
// of the OPCO; for a company those of its établissements; for an organisme those
// only that were sent and name it. The same SIRET may be both: the role says as
// which one reads.
func (c *clause) dansPortee(p opco.Portee) {
	switch {
	case p.Interne:
		c.et(`d.etat NOT IN ('BROUILLON', 'SUPPRIME')`)
	case p.Role == opco.RoleOrganisme:
		c.et(`d.etat NOT IN ('BROUILLON', 'SUPPRIME')`)
		c.et(`d.organisme = ANY (%s)`, pq.Array(p.SIRETs))
	default:
		c.et(`d.etat <> 'SUPPRIME'`)
		c.et(`d.etablissement = ANY (%s)`, pq.Array(p.SIRETs))
	}
}

// objetEnPortee keeps the rows of an object that p may see, from a table that names
// it in its column objet: any for the staff, those of its dossiers for an
// organisation.
func (c *clause) objetEnPortee(p opco.Portee, objet string) {
	c.et(`objet = %s`, objet)
	if p.Interne {
		return
	}
	d := clause{args: c.args}
	d.dansPortee(p)
	d.identifie(`d.id`, strings.TrimPrefix(objet, opco.ObjetDossier("")))
	c.args = d.args
	c.et(`EXISTS (SELECT 1 FROM dossier d WHERE ` + d.where() + `)`)
}

// identifie keeps the row whose column of type uuid is id; what is not written as
// a UUID names nothing. The index of the column serves it.
func (c *clause) identifie(colonne, id string) {
	if !uuidTexte(id) {
		c.et(`false`)
		return
	}
	c.et(colonne+` = %s::uuid`, id)
}

// Dossiers returns a page of the dossiers within reach that match f: those of a
// queue by legal deadline then start, others from the newest. A cursor that we
// did not make is Invalid.
func (s *Store) Dossiers(ctx context.Context, p opco.Portee, f Filtre) (PageDossiers, error) {
	var c clause
	c.dansPortee(p)
	c.filtrer(f)
	cle, ordre := `to_char(d.cree_le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`, `d.cree_le DESC, d.id DESC`
	if f.File != "" {
		cle, ordre = cleFile, cleFile+`, d.id`
	}
	if err := c.apres(f); err != nil {
		return PageDossiers{}, err
	}
	limite := f.Limite
	if limite < 1 || limite > 100 {
		limite = 50
	}
	var ls []struct {
		LigneDossier
		Cle string `db:"cle"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesLigne+`, `+cle+` AS cle FROM dossier d WHERE `+c.where()+
			` ORDER BY `+ordre+fmt.Sprintf(` LIMIT %d`, limite+1), c.args...)
	})
	if err != nil {
		return PageDossiers{}, fmt.Errorf("listing dossiers: %w", err)
	}
	var page PageDossiers
	if len(ls) > limite {
		ls = ls[:limite]
		page.Suivant = curseur(ls[limite-1].Cle, ls[limite-1].ID)
	}
	page.Dossiers = make([]LigneDossier, len(ls))
	for i, l := range ls {
		page.Dossiers[i] = l.LigneDossier
	}
	return page, s.completer(ctx, p, page.Dossiers)
}

// cleFile orders a queue: the legal deadline, else the start of the training.
const cleFile = `COALESCE(d.limite, d.debut, DATE '9999-12-31')::text`

func (c *clause) filtrer(f Filtre) {
	if len(f.Etats) > 0 {
		c.et(`d.etat = ANY (%s)`, pq.Array(f.Etats))
	}
	for _, x := range files {
		if x.File == f.File {
			c.et(x.condition)
		}
	}
	for _, x := range []struct{ condition, valeur string }{
		{`d.etablissement = %s`, f.Etablissement}, {`d.organisme = %s`, f.Organisme}, {`d.instructeur = %s`, f.Instructeur},
		{`d.debut >= %s::date`, string(f.DebutDu)}, {`d.debut <= %s::date`, string(f.DebutAu)},
	} {
		if x.valeur != "" {
			c.et(x.condition, x.valeur)
		}
	}
	if f.MontantMin > 0 {
		c.et(`d.demande >= %s`, int64(f.MontantMin))
	}
	if f.MontantMax > 0 {
		c.et(`d.demande <= %s`, int64(f.MontantMax))
	}
	c.chercher(f.Texte)
}

// apres starts the page after the cursor of f.
func (c *clause) apres(f Filtre) error {
	if f.Apres == "" {
		return nil
	}
	var k [2]string
	brut, err := base64.RawURLEncoding.DecodeString(f.Apres)
	if err != nil || json.Unmarshal(brut, &k) != nil || !uuidTexte(k[1]) {
		return opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	if f.File != "" {
		c.et(`(`+cleFile+`, d.id) > (%s, %s::uuid)`, k[0], k[1])
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, k[0])
	if err != nil {
		return opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	c.et(`(d.cree_le, d.id) < (%s, %s::uuid)`, t, k[1])
	return nil
}

func curseur(cle, id string) string {
	b, _ := json.Marshal([2]string{cle, id}) // two strings always encode
	return base64.RawURLEncoding.EncodeToString(b)
}

// uuidTexte reports whether s is written as a UUID.
func uuidTexte(s string) bool {
	return len(s) == 36 && strings.Trim(s, "0123456789abcdef-") == "" && strings.Count(s, "-") == 4 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-'
}

// Ligne returns one dossier as lists show it, within reach of p.
func (s *Store) Ligne(ctx context.Context, p opco.Portee, id string) (LigneDossier, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, id)
	var l LigneDossier
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, `SELECT `+colonnesLigne+` FROM dossier d WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return l, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	ls := []LigneDossier{l}
	err = s.completer(ctx, p, ls)
	return ls[0], err
}

// completer says of each line what its columns imply on the present business day,
// for the reader p.
func (s *Store) completer(ctx context.Context, p opco.Portee, ls []LigneDossier) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	jour := opco.JourDe(le)
	for i := range ls {
		l := &ls[i]
		l.Libelle, l.QuiAgit = l.Etat.String(), QuiAgit(l.Etat)
		if l.Limite != "" {
			n := int(l.Limite.Minuit().Add(12*time.Hour).Sub(jour.Minuit()) / (24 * time.Hour))
			l.JoursRestants = &n
		}
	}
	return s.direLiens(ctx, p, ls)
}

// QuiAgit names who must act next on a dossier in état e, as a sentence subject.
func QuiAgit(e opco.Etat) string {
	switch e {
	case opco.EtatBrouillon, opco.EtatACompleter:
		return "L’entreprise"
	case opco.EtatTransmise, opco.EtatEnInstruction, opco.EtatSFEnControle:
		return "L’OPCO"
	case opco.EtatEnValidation:
		return "Un responsable de l’OPCO"
	case opco.EtatAccordee, opco.EtatAccordeePartielle, opco.EtatEnRealisation:
		return "L’organisme de formation"
	case opco.EtatAttenteServiceFait, opco.EtatSFNonConforme:
		return "Celui qui facture : l’organisme de formation ou l’entreprise"
	case opco.EtatEnReglement:
		return "La comptabilité de l’OPCO, puis la banque"
	case opco.EtatRegleePartielle:
		return "L’organisme de formation"
	}
	return "Personne"
}
