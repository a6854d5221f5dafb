package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LigneSalarie is a salarié as a list shows them. Version is what their next writer
// must have read.
type LigneSalarie struct {
	opco.Salarie
	EtablissementNom string    `db:"etablissement_nom" json:"etablissement_nom,omitempty"`
	Version          int64     `db:"version" json:"version"`
	ModifieLe        time.Time `db:"modifie_le" json:"modifie_le"`
}

// FiltreSalaries says which salariés a reader looks for; a zero field does not filter.
// Apres is the Suivant of the page before.
type FiltreSalaries struct {
	Texte         string
	Etablissement string
	Apres         string
	Limite        int
}

// PageSalaries is a page of a list. Suivant is "" on the last one.
type PageSalaries struct {
	Salaries []LigneSalarie
	Suivant  string
}

// FormationSuivie is a dossier that a salarié is a stagiaire of. Sure is false when it
// gives no date of birth: it may be somebody of the same name.
type FormationSuivie struct {
	Dossier  string    `db:"dossier" json:"dossier"`
	Numero   string    `db:"numero" json:"numero"`
	Etat     opco.Etat `db:"etat" json:"etat"`
	Intitule string    `db:"intitule" json:"intitule"`
	Debut    opco.Date `db:"debut" json:"debut,omitempty"`
	Fin      opco.Date `db:"fin" json:"fin,omitempty"`
	Sure     bool      `db:"sure" json:"sure"`
}

// GesteSalarie is a line of the journal of a salarié: which fields were written, not
// what they held.
type GesteSalarie struct {
	Le     time.Time      `db:"le" json:"le"`
	Nom    string         `db:"nom" json:"nom"`
	Geste  string         `db:"geste" json:"geste"` // ajout, modification, retrait
	Champs pq.StringArray `db:"champs" json:"champs"`
}

// ligneSalarie is a row of table salarie.
type ligneSalarie struct {
	ID               string       `db:"id"`
	Nom              string       `db:"nom"`
	Prenom           string       `db:"prenom"`
	NeLe             opco.Date    `db:"ne_le"`
	CSP              opco.CSP     `db:"csp"`
	Contrat          opco.Contrat `db:"contrat"`
	Etablissement    opco.SIRET   `db:"etablissement"`
	EtablissementNom string       `db:"etablissement_nom"`
	Version          int64        `db:"version"`
	ModifieLe        time.Time    `db:"modifie_le"`
	Tri              string       `db:"tri"`
	Cle              string       `db:"cle"`
	Retire           bool         `db:"retire"`
}

func (l ligneSalarie) salarie() opco.Salarie {
	return opco.Salarie{ID: l.ID, Nom: l.Nom, Prenom: l.Prenom, NeLe: l.NeLe, CSP: l.CSP, Contrat: l.Contrat, Etablissement: l.Etablissement}
}

func (l ligneSalarie) lue() LigneSalarie {
	return LigneSalarie{Salarie: l.salarie(), EtablissementNom: l.EtablissementNom, Version: l.Version, ModifieLe: l.ModifieLe}
}

const colonnesSalarie = `s.id, s.nom, s.prenom, s.ne_le, s.csp, s.contrat, s.etablissement, s.version, s.modifie_le, s.tri, s.cle, s.retire`

const salarieIntrouvable = "Cette personne n’est pas dans votre liste de salariés, ou vous n’y avez pas accès."

// salariesDe keeps the salariés of the établissements of p who are still there.
func (c *clause) salariesDe(p opco.Portee) {
	if p.Interne || p.Role != opco.RoleEntreprise {
		c.et(`false`) // only their own company knows them
		return
	}
	c.et(`s.siren = ANY (%s)`, pq.Array(sirens(p)))
	c.et(`s.etablissement = ANY (%s)`, pq.Array(p.SIRETs))
	c.et(`NOT s.retire`)
}

// Salaries returns a page of the salariés of the établissements of p, by family name.
// A cursor that we did not make is Invalid.
func (s *Store) Salaries(ctx context.Context, p opco.Portee, f FiltreSalaries) (PageSalaries, error) {
	var c clause
	c.salariesDe(p)
	if f.Etablissement != "" {
		c.et(`s.etablissement = %s`, f.Etablissement)
	}
	mots := strings.Fields(opco.CleRecherche(f.Texte))
	if f.Texte != "" && len(mots) == 0 {
		c.et(`false`)
	}
	for _, m := range mots[:min(len(mots), motsMax)] {
		c.et(`s.tri LIKE %s`, contenant(m))
	}
	if f.Apres != "" {
		tri, id, err := lireCurseur(f.Apres)
		if err != nil || !uuidTexte(id) {
			return PageSalaries{}, opco.Champf("apres", "Cette page n’existe pas : reprenez la liste depuis le début.")
		}
		c.et(`(s.tri, s.id) > (%s, %s::uuid)`, tri, id)
	}
	limite := f.Limite
	if limite < 1 || limite > 100 {
		limite = 50
	}
	var ls []ligneSalarie
	err := enTemps(ctx, func(ctx context.Context) error {
		return s.lire(ctx, p, func(q sqlx.QueryerContext) error {
			return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesSalarie+` FROM salarie s WHERE `+c.where()+
				fmt.Sprintf(` ORDER BY s.tri, s.id LIMIT %d`, limite+1), c.args...)
		})
	})
	if err != nil {
		return PageSalaries{}, fmt.Errorf("listing salariés: %w", err)
	}
	page := PageSalaries{Salaries: []LigneSalarie{}}
	if len(ls) > limite {
		ls = ls[:limite]
		page.Suivant = curseur(ls[limite-1].Tri, ls[limite-1].ID)
	}
	if err := s.nommerSites(ctx, ls); err != nil {
		return page, err
	}
	for _, l := range ls {
		page.Salaries = append(page.Salaries, l.lue())
	}
	return page, nil
}

// nommerSites gives each line the name of its établissement, which is no secret.
func (s *Store) nommerSites(ctx context.Context, ls []ligneSalarie) error {
	var sirets []string
	for _, l := range ls {
		sirets = append(sirets, string(l.Etablissement))
	}
	noms, err := s.NomsEtablissements(ctx, sirets)
	for i := range ls {
		ls[i].EtablissementNom = noms[string(ls[i].Etablissement)]
	}
	return err
}

// NomsEtablissements names établissements, by SIRET; those that nobody knows are left
// out. The name and the town of an établissement are public.
func (s *Store) NomsEtablissements(ctx context.Context, sirets []string) (map[string]string, error) {
	var ls []struct{ Siret, Nom, Ville string }
	err := s.DB.SelectContext(ctx, &ls, `SELECT siret, nom, ville FROM etablissement WHERE siret = ANY ($1)`, pq.Array(sirets))
	if err != nil {
		return nil, fmt.Errorf("naming établissements: %w", err)
	}
	noms := map[string]string{}
	for _, l := range ls {
		noms[l.Siret] = l.Nom
		if l.Ville != "" {
			noms[l.Siret] += ", " + l.Ville
		}
	}
	return noms, nil
}

// Salarie returns a salarié of an établissement of p, with the writings of their line,
// newest first.
func (s *Store) Salarie(ctx context.Context, p opco.Portee, id string) (LigneSalarie, []GesteSalarie, error) {
	var c clause
	c.salariesDe(p)
	c.identifie(`s.id`, id)
	ls := make([]ligneSalarie, 1)
	gestes := []GesteSalarie{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &ls[0], `SELECT `+colonnesSalarie+` FROM salarie s WHERE `+c.where(), c.args...); err != nil {
			return err
		}
		return sqlx.SelectContext(ctx, q, &gestes, `SELECT le, nom, geste, champs FROM salarie_journal WHERE salarie = $1 ORDER BY le DESC LIMIT 50`, id)
	})
	if err != nil {
		return LigneSalarie{}, nil, introuvable(err, salarieIntrouvable)
	}
	err = s.nommerSites(ctx, ls)
	return ls[0].lue(), gestes, err
}

// FormationsDe returns the dossiers of p of which a salarié is a stagiaire, the latest
// first, fifty at most.
func (s *Store) FormationsDe(ctx context.Context, p opco.Portee, id string) ([]FormationSuivie, error) {
	var c clause
	c.salariesDe(p)
	c.identifie(`s.id`, id)
	c.dansPortee(p)
	fs := []FormationSuivie{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &fs, `
			SELECT d.id AS dossier, d.numero, d.etat, d.intitule, d.debut, d.fin, t.ne_le IS NOT NULL AS sure
			FROM salarie s JOIN stagiaire t ON t.cle = s.cle AND (t.ne_le = s.ne_le OR t.ne_le IS NULL)
			JOIN dossier d ON d.id = t.dossier AND d.siren = s.siren
			WHERE `+c.where()+` ORDER BY d.debut DESC NULLS FIRST, d.id LIMIT 50`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing the trainings of a salarié: %w", err)
	}
	return fs, nil
}

// EcrireSalarie adds a salarié (version 0) or replaces what is known of one (the
// version that was read), on an établissement that p may write, and returns the new
// version. Adding again the same person under the same id changes nothing. Invalid
// when x may not be kept, Conflict when somebody wrote in between or when the company
// has that person already.
func (s *Store) EcrireSalarie(ctx context.Context, p opco.Portee, par opco.Acteur, x opco.Salarie, version int64) (int64, error) {
	x = x.Normalise()
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	if errs := x.Valider(opco.JourDe(le)); len(errs) > 0 {
		return 0, errs[0]
	}
	if !slices.Contains(p.SIRETs, string(x.Etablissement)) {
		return 0, opco.Champf("etablissement", "Cet établissement n’est pas l’un des vôtres. Choisissez-le dans votre liste.")
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		avant, err := verrouillerSalarie(ctx, tx, p, x.ID, version)
		if err != nil {
			return err
		}
		if version == 0 && avant != nil && avant.salarie() == x {
			version = avant.Version - 1 // the same addition, sent again
			return nil
		}
		if version == 0 && avant != nil {
			return opco.Errorf(opco.Conflict, "Cette personne a déjà été ajoutée : ouvrez-la depuis la liste.").AvecCode("SALARIE_REUTILISE")
		}
		return ecrireSalarie(ctx, tx, par, x, avant, le)
	})
	if contrainte(err) == "salarie_unique" {
		return 0, opco.Champf("nom", "%s %s, né(e) le %s, est déjà dans vos salariés.", x.Prenom, x.Nom, x.NeLe.Longue()).AvecCode("SALARIE_CONNU")
	}
	return version + 1, err
}

// verrouillerSalarie locks a salarié that p may write; nil when nobody bears that id
// and version is 0.
func verrouillerSalarie(ctx context.Context, tx *sqlx.Tx, p opco.Portee, id string, version int64) (*ligneSalarie, error) {
	var l ligneSalarie
	if !uuidTexte(id) {
		return nil, opco.Errorf(opco.NotFound, salarieIntrouvable)
	}
	err := tx.GetContext(ctx, &l, `SELECT `+colonnesSalarie+` FROM salarie s WHERE s.id = $1 FOR UPDATE`, id)
	switch {
	case errors.Is(err, sql.ErrNoRows) && version == 0:
		return nil, nil //nolint:nilnil // somebody new
	case err != nil:
		return nil, introuvable(err, salarieIntrouvable)
	case l.Retire || !slices.Contains(p.SIRETs, string(l.Etablissement)):
		return nil, opco.Errorf(opco.NotFound, salarieIntrouvable)
	case version != 0 && l.Version != version:
		return nil, opco.Errorf(opco.Conflict, "Quelqu’un a modifié cette personne entre-temps. Rechargez la page avant de la modifier.").AvecCode("VERSION_DEPASSEE")
	}
	return &l, nil
}

func ecrireSalarie(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, x opco.Salarie, avant *ligneSalarie, le time.Time) error {
	geste, champs := "ajout", []string{}
	if avant != nil {
		geste, champs = "modification", changes(avant.salarie(), x)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO salarie (id, siren, etablissement, nom, prenom, cle, tri, ne_le, csp, contrat, cree_le, cree_par, modifie_le, modifie_par)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $12)
		ON CONFLICT (id) DO UPDATE SET siren = $2, etablissement = $3, nom = $4, prenom = $5, cle = $6, tri = $7, ne_le = $8, csp = $9,
		    contrat = $10, modifie_le = $11, modifie_par = $12, version = salarie.version + 1`,
		x.ID, x.Etablissement.SIREN(), x.Etablissement, x.Nom, x.Prenom, x.Cle(), opco.CleRecherche(x.Nom+" "+x.Prenom), x.NeLe, x.CSP, x.Contrat, le, par.Personne)
	if err != nil {
		return fmt.Errorf("writing salarié %s: %w", x.ID, err)
	}
	return journalSalarie(ctx, tx, par, x.ID, geste, champs, le)
}

// changes names the fields that differ.
func changes(a, b opco.Salarie) []string {
	champs := []string{}
	for _, x := range []struct{ nom, a, b string }{
		{"nom", a.Nom, b.Nom}, {"prenom", a.Prenom, b.Prenom}, {"ne_le", string(a.NeLe), string(b.NeLe)}, {"csp", string(a.CSP), string(b.CSP)},
		{"contrat", string(a.Contrat), string(b.Contrat)}, {"etablissement", string(a.Etablissement), string(b.Etablissement)},
	} {
		if x.a != x.b {
			champs = append(champs, x.nom)
		}
	}
	return champs
}

func journalSalarie(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, id, geste string, champs []string, le time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO salarie_journal (salarie, le, personne, nom, geste, champs) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, le, par.Personne, par.Nom, geste, pq.Array(champs))
	if err != nil {
		return fmt.Errorf("writing the journal of salarié %s: %w", id, err)
	}
	return nil
}

// RetirerSalarie takes a salarié off the lists of an établissement that p may write;
// their dossiers stay. Conflict when somebody wrote in between.
func (s *Store) RetirerSalarie(ctx context.Context, p opco.Portee, par opco.Acteur, id string, version int64) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if version < 1 {
			return opco.Champf("version", "Dites quelle version de cette personne vous avez lue.")
		}
		if _, err := verrouillerSalarie(ctx, tx, p, id, version); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE salarie SET retire = true, modifie_le = $2, modifie_par = $3, version = version + 1 WHERE id = $1`, id, le, par.Personne)
		if err != nil {
			return fmt.Errorf("withdrawing salarié %s: %w", id, err)
		}
		return journalSalarie(ctx, tx, par, id, "retrait", []string{}, le)
	})
}

// SalariesParID returns those of the salariés named ids that p reaches, in the order of
// ids. Ids that name nobody are left out.
func (s *Store) SalariesParID(ctx context.Context, p opco.Portee, ids []string) ([]opco.Salarie, error) {
	var c clause
	c.salariesDe(p)
	var surs []string
	for _, id := range ids {
		if uuid.Validate(id) == nil {
			surs = append(surs, id)
		}
	}
	c.et(`s.id = ANY (%s::uuid[])`, pq.Array(surs))
	var ls []ligneSalarie
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesSalarie+` FROM salarie s WHERE `+c.where()+` LIMIT 500`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading salariés: %w", err)
	}
	var xs []opco.Salarie
	for _, id := range surs {
		if i := slices.IndexFunc(ls, func(l ligneSalarie) bool { return l.ID == id }); i >= 0 {
			xs = append(xs, ls[i].salarie())
		}
	}
	return xs, nil
}
