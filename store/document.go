package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// LigneDocument is a document that an organisme and the OPCO exchange (AT-16 to
// AT-33): a file, or a letter of the OPCO when Courrier is given. Nom is the name
// that its sender gave the file: a label, never a path.
type LigneDocument struct {
	ID            string            `db:"id" json:"id"`
	Organisme     opco.SIRET        `db:"organisme" json:"organisme"`
	OrganismeNom  string            `db:"organisme_nom" json:"organisme_nom,omitempty"`
	Dossier       string            `db:"dossier" json:"dossier,omitempty"`
	DossierNumero string            `db:"dossier_numero" json:"dossier_numero,omitempty"`
	Beneficiaires string            `db:"beneficiaires" json:"beneficiaires,omitempty"`
	Categorie     string            `db:"categorie" json:"categorie"`
	Rubrique      string            `db:"rubrique" json:"rubrique"` // label of the category on the day of reading
	Libelle       string            `db:"libelle" json:"libelle"`
	Du            opco.Date         `db:"du" json:"du,omitempty"`
	Au            opco.Date         `db:"au" json:"au,omitempty"`
	Nom           string            `db:"nom" json:"nom"`
	Empreinte     string            `db:"empreinte" json:"-"`
	Taille        int64             `db:"taille" json:"taille,omitempty"`
	Format        string            `db:"format" json:"format,omitempty"`
	Courrier      string            `db:"courrier" json:"courrier,omitempty"`
	Etat          opco.EtatDocument `db:"etat" json:"etat"`
	Motif         opco.Motif        `db:"motif" json:"motif,omitempty"`
	Explication   string            `db:"explication" json:"explication,omitempty"`
	Phrase        string            `db:"-" json:"phrase,omitempty"` // « Non conforme : illisible »
	Version       int               `db:"version" json:"version"`
	DeposeNom     string            `db:"depose_nom" json:"depose_nom"`
	DeposeRole    opco.Role         `db:"depose_role" json:"depose_role"`
	DeposeLe      time.Time         `db:"depose_le" json:"depose_le"`
}

// DeLOrganisme reports whether the organisme deposited it, and may change it.
func (l LigneDocument) DeLOrganisme() bool { return l.DeposeRole == opco.RoleOrganisme }

// FiltreDocuments says which documents a reader looks for; a zero field does not
// filter. Libres keeps those of no dossier (AT-20). Texte is a number of dossier, a
// name, a category or a label (AT-21).
type FiltreDocuments struct {
	Libres    bool
	Texte     string
	Categorie string
	Dossier   string // id
	Organisme string // SIRET
	Etat      opco.EtatDocument
	Apres     string
	Limite    int
}

// PageDocuments is a page of documents, newest first. Suivant is "" on the last one.
type PageDocuments struct {
	Documents []LigneDocument
	Suivant   string
}

// requeteDocument names the category as it is called on $1, the business day.
const requeteDocument = `
	SELECT x.id, x.organisme, COALESCE(x.dossier::text, '') AS dossier, COALESCE(d.numero, '') AS dossier_numero,
	       COALESCE((SELECT string_agg(concat_ws(' ', s->>'prenom', s->>'nom'), ', ' ORDER BY n)
	                 FROM jsonb_array_elements(d.contenu#>'{demande,stagiaires}') WITH ORDINALITY AS e(s, n)
	                 WHERE NOT COALESCE((s->>'retire')::boolean, false)), '') AS beneficiaires,
	       COALESCE(d.organisme_nom, '') AS organisme_nom, x.categorie, x.categorie AS rubrique, x.libelle, x.du, x.au, x.nom,
	       COALESCE(x.empreinte, '') AS empreinte, COALESCE(f.taille, 0) AS taille, COALESCE(f.type, 'application/pdf') AS format,
	       COALESCE(x.courrier, '') AS courrier, x.etat, x.motif, x.explication, x.version, x.depose_nom, x.depose_role, x.depose_le
	FROM document x LEFT JOIN dossier d ON d.id = x.dossier LEFT JOIN fichier f ON f.empreinte = x.empreinte
	WHERE `

// documentsLisibles keeps the documents that p may read: those of its
// établissements for an organisme, none for a company, all for the staff.
func documentsLisibles(p opco.Portee) clause {
	var c clause
	c.et(`x.etat <> 'SUPPRIME'`)
	c.chezPaye(p, `x.organisme`)
	return c
}

// Documents lists documents within reach of p.
func (s *Store) Documents(ctx context.Context, p opco.Portee, f FiltreDocuments) (PageDocuments, error) {
	c := documentsLisibles(p)
	if f.Libres {
		c.et(`x.dossier IS NULL`)
	}
	if f.Dossier != "" {
		c.duDossier(f.Dossier)
	}
	for _, x := range []struct{ condition, valeur string }{
		{`x.categorie = %s`, f.Categorie}, {`x.organisme = %s`, f.Organisme}, {`x.etat = %s`, string(f.Etat)}} {
		if x.valeur != "" {
			c.et(x.condition, x.valeur)
		}
	}
	c.chercherDocument(f.Texte)
	if f.Apres != "" {
		le, id, err := lireCurseurTemps(f.Apres)
		if err != nil || !uuidTexte(id) {
			return PageDocuments{}, pageInconnue()
		}
		c.et(`(x.depose_le, x.id) < (%s, %s::uuid)`, le, id)
	}
	page := PageDocuments{Documents: []LigneDocument{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &page.Documents, requeteDocument+c.where()+
			fmt.Sprintf(` ORDER BY x.depose_le DESC, x.id DESC LIMIT %d`, f.Limite+1), c.args...)
	})
	if err != nil {
		return page, fmt.Errorf("listing documents: %w", err)
	}
	if len(page.Documents) > f.Limite {
		page.Documents = page.Documents[:f.Limite]
		d := page.Documents[f.Limite-1]
		page.Suivant = curseur(d.DeposeLe.UTC().Format(time.RFC3339Nano), d.ID)
	}
	return page, s.direDocuments(ctx, page.Documents)
}

// duDossier keeps the documents of a dossier, and the avis of the transfers that pay it.
func (c *clause) duDossier(dossier string) {
	if !uuidTexte(dossier) {
		c.et(`false`)
		return
	}
	c.et(`x.dossier = %s::uuid OR x.courrier = `+avisDuDossier, dossier, dossier)
}

// chercherDocument keeps the documents whose label, category, dossier or
// beneficiaries hold every word of texte; or whose number of dossier is texte,
// written with its signs or without (AT-32).
func (c *clause) chercherDocument(texte string) {
	if strings.TrimSpace(texte) == "" {
		return
	}
	tous := clause{args: c.args}
	for _, m := range motsCherches(texte) {
		tous.et(`x.recherche || ' ' || COALESCE(d.recherche, '') LIKE %s`, m)
	}
	numero := clause{args: tous.args}
	numero.parNumero(texte, `x.recherche`, `regexp_replace(lower(COALESCE(d.numero, '')), '[^a-z0-9]', '', 'g')`)
	c.args = numero.args
	c.et(`(` + tous.where() + `) OR (` + numero.where() + `)`)
}

// motsCherches are the words of texte as LIKE looks for them; one that nothing
// matches when texte holds no letter nor figure.
func motsCherches(texte string) []string {
	mots := strings.Fields(opco.CleRecherche(texte))
	if len(mots) == 0 {
		return []string{"\x01"}
	}
	mots = mots[:min(len(mots), motsMax)]
	for i, m := range mots {
		mots[i] = contenant(m)
	}
	return mots
}

// contenant is a LIKE pattern of what holds s.
func contenant(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

// parNumero keeps the rows one of whose columns holds the letters and figures of
// numero; three at least, for fewer are everywhere.
func (c *clause) parNumero(numero string, colonnes ...string) {
	cle := opco.CleNumero(numero)
	if len(cle) < 3 {
		c.et(`false`)
		return
	}
	conditions := make([]string, len(colonnes))
	for i, x := range colonnes {
		c.args = append(c.args, contenant(cle))
		conditions[i] = fmt.Sprintf(`%s LIKE $%d`, x, len(c.args))
	}
	c.ou = append(c.ou, strings.Join(conditions, ` OR `))
}

// Document returns one document within reach of p, NotFound otherwise.
func (s *Store) Document(ctx context.Context, p opco.Portee, id string) (LigneDocument, error) {
	c := documentsLisibles(p)
	c.identifie(`x.id`, id)
	var l LigneDocument
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, requeteDocument+c.where(), c.args...)
	})
	if err != nil {
		return l, introuvable(err, documentInconnu)
	}
	ls := []LigneDocument{l}
	err = s.direDocuments(ctx, ls)
	return ls[0], err
}

const documentInconnu = "Ce document n’existe pas, ou vous n’y avez pas accès."

// direDocuments names the category of each document, as it is called today, and
// says what is wrong with it.
func (s *Store) direDocuments(ctx context.Context, ls []LigneDocument) error {
	noms, err := s.nomsCategories(ctx)
	if err != nil {
		return err
	}
	for i := range ls {
		l := &ls[i]
		if n, ok := noms[l.Categorie]; ok {
			l.Rubrique = n
		}
		if l.Etat == opco.DocumentNonConforme {
			l.Phrase = opco.NonConformiteDite(l.Motif, l.Explication)
		}
	}
	return nil
}

// nomsCategories names every category there ever was, by its newest label.
func (s *Store) nomsCategories(ctx context.Context) (map[string]string, error) {
	var ls []struct{ Code, Libelle string }
	if err := s.DB.SelectContext(ctx, &ls, `SELECT DISTINCT ON (code) code, libelle FROM categorie_document ORDER BY code, du DESC`); err != nil {
		return nil, fmt.Errorf("naming categories: %w", err)
	}
	noms := make(map[string]string, len(ls))
	for _, l := range ls {
		noms[l.Code] = l.Libelle
	}
	return noms, nil
}

// CategoriesDocument lists what a document may be on a day, in the order in which
// people choose.
func (s *Store) CategoriesDocument(ctx context.Context, jour opco.Date) ([]opco.CategorieDocument, error) {
	cs := []opco.CategorieDocument{}
	err := s.DB.SelectContext(ctx, &cs, requeteCategorie+` ORDER BY ordre, code`, jour)
	if err != nil {
		return nil, fmt.Errorf("listing categories of documents: %w", err)
	}
	return cs, nil
}

const requeteCategorie = `
	SELECT code, libelle, consignes, dossier = 'AVEC' AS avec_dossier, avec_libelle, avec_periode, deposant = 'opco' AS de_l_opco
	FROM categorie_document WHERE du <= $1 AND (au IS NULL OR au >= $1)`
