package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
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

const colonnesLigne = `d.id, d.numero, d.etat, d.rang, d.etablissement, d.entreprise_nom, d.organisme, d.organisme_nom, d.idcc, d.intitule,
	d.debut, d.fin, d.depose_le, d.demande, d.accorde, d.engage, d.accepte, d.paye, d.instructeur, d.instructeur_nom, d.limite,
	d.prochaine_echeance, d.cree_le, d.modifie_le`

// Filtre says which dossiers a reader looks for; a zero field does not filter.
// Apres is the Suivant of the page before, Avant the Precedent of the page after:
// at most one of them.
type Filtre struct {
	Etats                  []opco.Etat
	File                   File
	Texte                  string
	Etablissement          string
	Organisme              string
	DebutDu, DebutAu       opco.Date
	MontantMin, MontantMax opco.Montant
	Instructeur            string
	Tri                    Tri
	Apres, Avant           string
	Limite                 int
	Parmi                  []string // among these dossiers alone, when not nil
	longue                 bool     // of an export: Limite is a long page
}

// PageDossiers is a page of a list. Suivant is "" on the last one, Precedent on the
// first: an address that holds one of them leads to the same place of the list, however
// deep, whatever comes before it in the meantime.
type PageDossiers struct {
	Dossiers           []LigneDossier
	Suivant, Precedent string
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

// filtrer keeps what f asks for.
func (c *clause) filtrer(f Filtre) {
	switch len(f.Etats) {
	case 0:
	case 1:
		c.et(`d.etat = %s`, f.Etats[0])
	default:
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
	if f.Parmi != nil {
		c.et(`d.id = ANY (%s::uuid[])`, pq.Array(f.Parmi))
	}
	c.chercherDossiers(f.Texte)
}

// curseur writes a cursor of two keys.
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

// Parties says whose a dossier is: the SIRETs of its établissement and organisme, and
// whether it was sent, without which it is its company's alone.
type Parties struct {
	ID            string `db:"id"`
	Etablissement string `db:"etablissement"`
	Organisme     string `db:"organisme"`
	Transmis      bool   `db:"transmis"`
}

// PartiesDe reads at once whose dossiers are, among ids that exist: it says to whom
// something may be told, and is told to nobody.
func (s *Store) PartiesDe(ctx context.Context, ids []string) (ps []Parties, err error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !uuidTexte(id) })
	err = s.DB.SelectContext(ctx, &ps, `SELECT id, etablissement, organisme, etat NOT IN ('BROUILLON', 'SUPPRIME') AS transmis
		FROM dossier WHERE id = ANY ($1::uuid[])`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("whose dossiers are: %w", err)
	}
	return ps, nil
}

// completer says of each line what its columns imply on the present business day,
// for the reader p.
func (s *Store) completer(ctx context.Context, p opco.Portee, ls []LigneDossier) error {
	return s.completerLe(ctx, p, ls, time.Time{})
}

// completerLe is completer at the instant le, when its caller has read it; what it does
// not know of that and of the reader's links is read at once.
func (s *Store) completerLe(ctx context.Context, p opco.Portee, ls []LigneDossier, le time.Time) error {
	if len(ls) == 0 {
		return nil
	}
	lecteur := opco.Acteur{Personne: p.Personne, Pour: p.Pour, Role: p.Role}
	liens, err := s.liensEtInstant(ctx, lecteur, &le)
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
	direLiens(lecteur, liens, ls)
	return nil
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
