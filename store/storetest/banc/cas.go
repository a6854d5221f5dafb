package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// cas is one thing that people ask of a base, over several values drawn from it.
type cas struct {
	nom string
	// valeurs is the query of the values; "" for one that needs none.
	valeurs string
	// appel asks it of the store, in pages of page rows (0: as people do), and returns
	// how many rows came.
	appel func(ctx context.Context, b *base, v string, page int) (int, error)
	// json and page are the addresses of the same through HTTP, as the demo account qui;
	// nil without one.
	json, page func(v string) string
	qui        string
}

var agent = opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "personne-gestionnaire"}

// of is the great organisme, which one dossier in twenty names; ent the great company,
// which one in a hundred does. They are the readers of two demo accounts.
var (
	of  = opco.Portee{Role: opco.RoleOrganisme, Personne: "personne-of1", SIRETs: []string{grandOrganisme, "99900136500025"}}
	ent = opco.Portee{Role: opco.RoleEntreprise, Personne: "personne-e1", SIRETs: []string{grandeEntreprise, "99900101900028"}}
)

// liste is the case of a list of the staff under a filter.
func liste(nom, valeurs string, filtre func(v string) store.Filtre) cas {
	c := listeDe(nom, valeurs, func(string) opco.Portee { return agent }, filtre)
	c.qui, c.json = "gestionnaire", func(v string) string { return "/api/dossiers?" + parametres(filtre(v)).Encode() }
	return c
}

// listeDe is the case of a list of an organisation.
func listeDe(nom string, valeurs string, p func(v string) opco.Portee, filtre func(v string) store.Filtre) cas {
	return cas{nom: nom, valeurs: valeurs, appel: func(ctx context.Context, b *base, v string, page int) (int, error) {
		f := filtre(v)
		f.Limite = page
		lue, err := b.store.Dossiers(ctx, p(v), f)
		return len(lue.Dossiers), err
	}}
}

// parHTTP asks c through HTTP too.
func (c cas) parHTTP(qui string, json, page func(v string) string) cas {
	c.qui, c.json, c.page = qui, json, page
	return c
}

// enPage asks c as a page too.
func (c cas) enPage(page func(v string) string) cas { return c.parHTTP(c.qui, c.json, page) }

func sous(chemin, champ string) func(v string) string {
	return func(v string) string { return chemin + url.Values{champ: {v}}.Encode() }
}

func fixe(adresse string) func(string) string { return func(string) string { return adresse } }

func parametres(f store.Filtre) url.Values {
	u := url.Values{}
	for nom, v := range map[string]string{"file": string(f.File), "texte": f.Texte, "etablissement": f.Etablissement, "organisme": f.Organisme,
		"instructeur": f.Instructeur, "debut_du": string(f.DebutDu), "debut_au": string(f.DebutAu), "apres": f.Apres, "avant": f.Avant} {
		if v != "" {
			u.Set(nom, v)
		}
	}
	for _, e := range f.Etats {
		u.Add("etat", string(e))
	}
	return u
}

func sans(string) store.Filtre    { return store.Filtre{} }
func texte(v string) store.Filtre { return store.Filtre{Texte: v} }
func duGrand(string) opco.Portee  { return of }
func deGrande(string) opco.Portee { return ent }
func entreprise(v string) opco.Portee {
	return opco.Portee{Role: opco.RoleEntreprise, Personne: "p", SIRETs: []string{v}}
}

// profond is the query of cursors anywhere in the list of the rows that condition
// keeps: those of rows drawn from it.
func profond(cle, condition string) string {
	return `SELECT ` + cle + ` FROM dossier ` + echantillon + ` WHERE ` + condition + ` LIMIT 40`
}

// echantillon stands for a sample of about 3,000 rows of a table, whatever its size.
const echantillon = `TABLESAMPLE`

const (
	envoye   = `etat NOT IN ('BROUILLON', 'SUPPRIME')`
	cleAge   = `jsonb_build_array(cree_le AT TIME ZONE 'UTC', id)::text`
	cleFile  = `jsonb_build_array(ordre_limite, ordre_debut, ordre_enjeu, ordre_depot AT TIME ZONE 'UTC', id)::text`
	auHasard = ` ORDER BY md5(id::text) LIMIT 40`
)

func curseur(v string) string { return base64.RawURLEncoding.EncodeToString([]byte(v)) }

// lesCas are the lists, searches and counters that issue 4 names.
func lesCas() []cas {
	cs := []cas{
		liste("liste de l’OPCO, première page", "", sans),
		liste("liste de l’OPCO, page profonde", profond(cleAge, envoye), func(v string) store.Filtre { return store.Filtre{Apres: curseur(v)} }),
		liste("liste de l’OPCO, page précédente profonde", profond(cleAge, envoye), func(v string) store.Filtre { return store.Filtre{Avant: curseur(v)} }),
		liste("un état, première page", `SELECT unnest(ARRAY ['CLOTUREE', 'REFUSEE', 'SF_NON_CONFORME', 'EN_VALIDATION', 'ACCORDEE'])`,
			func(v string) store.Filtre { return store.Filtre{Etats: []opco.Etat{opco.Etat(v)}} }),
		liste("un état, page profonde", profond(cleAge, `etat = 'CLOTUREE'`),
			func(v string) store.Filtre {
				return store.Filtre{Etats: []opco.Etat{opco.EtatCloturee}, Apres: curseur(v)}
			}),
		liste("plusieurs états", "", func(string) store.Filtre {
			return store.Filtre{Etats: []opco.Etat{opco.EtatEnValidation, opco.EtatSFNonConforme, opco.EtatAccordeePartielle, opco.EtatRefusee}}
		}),
		liste("une période de début", `SELECT (date '2025-09-01' + 30 * k)::text FROM generate_series(0, 11) k`, func(v string) store.Filtre {
			return store.Filtre{DebutDu: opco.Date(v), DebutAu: opco.Date(v).Jours(14)}
		}),
		liste("un organisme", `SELECT organisme FROM dossier TABLESAMPLE WHERE organisme <> '`+grandOrganisme+`'`+auHasard, func(v string) store.Filtre { return store.Filtre{Organisme: v} }),
		liste("un établissement", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, func(v string) store.Filtre { return store.Filtre{Etablissement: v} }),
		liste("un instructeur et un état", `SELECT instructeur FROM dossier TABLESAMPLE WHERE instructeur <> ''`+auHasard,
			func(v string) store.Filtre {
				return store.Filtre{Instructeur: v, Etats: []opco.Etat{opco.EtatCloturee}}
			}),
	}
	for _, f := range store.FilesOrdonnees() {
		cs = append(cs, liste("file « "+store.Files()[f]+" »", "", func(string) store.Filtre { return store.Filtre{File: f} }))
	}
	cs = append(cs,
		liste("file « Attendus », page profonde", profond(cleFile, `etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')`), func(v string) store.Filtre { return store.Filtre{File: store.FileACompleter, Apres: curseur(v)} }))
	cs = append(cs, lesVues()...)
	cs = append(cs, lesRecherches()...)
	return append(cs, lesOrganisations()...)
}

// lesVues are the queues as the staff open them, with what is around each dossier and
// the count of the whole filter: those that a view would keep.
func lesVues() []cas {
	return []cas{
		vue("vue : tout le travail", "", "perimetre=equipe", func(string) store.FiltreFile { return store.FiltreFile{Perimetre: store.PerimetreEquipe} }),
		vue("vue : instruction d’une branche", `SELECT unnest(ARRAY ['1486', '1516', '2691'])`, "file=instruction&perimetre=equipe&branche=1486", func(v string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, Perimetre: store.PerimetreEquipe, IDCC: v}
		}),
		vue("vue : factures à traiter", "", "file=factures&perimetre=equipe", func(string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileFactures}, Perimetre: store.PerimetreEquipe}
		}),
		vue("vue : mon portefeuille, instruction", "", "file=instruction", func(string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, Perimetre: store.PerimetreMien}
		}),
		vue("vue : en retard", "", "perimetre=equipe&retard=oui", func(string) store.FiltreFile {
			return store.FiltreFile{Perimetre: store.PerimetreEquipe, EnRetard: true}
		}),
		vue("vue : attendus d’un instructeur", `SELECT instructeur FROM dossier TABLESAMPLE WHERE instructeur <> ''`+auHasard, "", func(v string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileACompleter, Instructeur: v}, Perimetre: store.PerimetreEquipe}
		}),
		vue("file et recherche : nom de famille", `SELECT nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 40`, "", func(v string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction, Texte: v}, Perimetre: store.PerimetreEquipe}
		}),
		vue("file et recherche : début d’un mot", `SELECT left(split_part(intitule, ' ', 1), 4) FROM dossier TABLESAMPLE`+auHasard, "", func(v string) store.FiltreFile {
			return store.FiltreFile{Filtre: store.Filtre{File: store.FileFactures, Texte: v}, Perimetre: store.PerimetreEquipe}
		}),
	}
}

// lesRecherches are what people type.
func lesRecherches() []cas {
	cs := []cas{
		liste("recherche : numéro", `SELECT numero FROM dossier TABLESAMPLE WHERE numero <> ''`+auHasard, texte),
		liste("recherche : fin de numéro", `SELECT right(numero, 6) FROM dossier TABLESAMPLE WHERE numero <> ''`+auHasard, texte),
		liste("recherche : SIRET d’une entreprise", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : SIREN d’un organisme", `SELECT left(organisme, 9) FROM dossier TABLESAMPLE WHERE organisme <> '`+grandOrganisme+`'`+auHasard, texte),
		liste("recherche : nom d’une entreprise", `SELECT entreprise_nom FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : prénom et nom d’un stagiaire", `SELECT prenom || ' ' || nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 40`, texte),
		liste("recherche : nom de famille", `SELECT nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 40`, texte),
		liste("recherche : début d’un mot", `SELECT left(split_part(intitule, ' ', 1), 4) FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : une ou deux lettres", `SELECT unnest(ARRAY ['re', 'o', 'de', 'y'])`, texte),
		liste("recherche : numéro de facture", `SELECT numero FROM facture TABLESAMPLE ORDER BY md5(id) LIMIT 40`, texte),
		liste("recherche : rien", `SELECT unnest(ARRAY ['zzzz', 'wqx', 'guyenne'])`, texte),
	}
	for i := range cs {
		cs[i] = cs[i].enPage(sous("/recherche?", "q"))
	}
	return cs
}

// lesOrganisations are the lists of a company and of an organisme, behind their wall,
// and the counters of everybody.
func lesOrganisations() []cas {
	listes := func(v string) string { return "/api/dossiers?" + url.Values{"apres": {curseur(v)}}.Encode() }
	noms := `SELECT nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 40`
	return []cas{
		listeDe("grand organisme, première page", "", duGrand, sans).parHTTP("of1", fixe("/api/dossiers"), fixe("/organisme/dossiers")),
		listeDe("grand organisme, page profonde", profond(cleAge, envoye+` AND organisme = '`+grandOrganisme+`'`), duGrand,
			func(v string) store.Filtre { return store.Filtre{Apres: curseur(v)} }).parHTTP("of1", listes, nil),
		listeDe("grand organisme, un état", `SELECT unnest(ARRAY ['ATTENTE_SERVICE_FAIT', 'CLOTUREE', 'ACCORDEE'])`, duGrand,
			func(v string) store.Filtre { return store.Filtre{Etats: []opco.Etat{opco.Etat(v)}} }).parHTTP("of1", sous("/api/dossiers?", "etat"), nil),
		listeDe("grand organisme, recherche d’un nom", noms, duGrand, texte).parHTTP("of1", sous("/api/dossiers?", "texte"), nil),
		listeDe("grand organisme, recherche d’un numéro", `SELECT numero FROM dossier TABLESAMPLE WHERE organisme = '`+grandOrganisme+`' AND numero <> ''`+auHasard, duGrand, texte).
			parHTTP("of1", sous("/api/dossiers?", "texte"), nil),
		listeDe("grande entreprise, première page", "", deGrande, sans).parHTTP("e1", fixe("/api/dossiers"), fixe("/entreprise/dossiers")),
		listeDe("grande entreprise, recherche d’un nom", noms, deGrande, texte).parHTTP("e1", sous("/api/dossiers?", "texte"), nil),
		listeDe("entreprise, première page", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise, sans),
		listeDe("entreprise, recherche d’un intitulé", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise, func(string) store.Filtre { return texte("excel") }),
		compter("compteurs de l’OPCO", "", func(string) opco.Portee { return agent }).parHTTP("gestionnaire", fixe("/api/dossiers/compteurs"), nil),
		compter("compteurs du grand organisme", "", duGrand).parHTTP("of1", fixe("/api/dossiers/compteurs"), nil),
		compter("compteurs de la grande entreprise", "", deGrande).parHTTP("e1", fixe("/api/dossiers/compteurs"), nil),
		compter("compteurs d’une entreprise", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise),
		menu("menu d’un organisme", func(ctx context.Context, s *store.Store) error { _, err := s.CompterOrganisme(ctx, of); return err }),
		menu("menu d’une entreprise", func(ctx context.Context, s *store.Store) error { _, err := s.CompterSuivis(ctx, ent); return err }),
		menu("menu d’un comptable", func(ctx context.Context, s *store.Store) error { _, err := s.CompterComptabilite(ctx); return err }),
		menu("menu d’un gestionnaire : messages", func(ctx context.Context, s *store.Store) error {
			_, err := s.CompterEchanges(ctx, agent, agent.Personne)
			return err
		}),
	}
}

// vue is the case of a queue of the staff, with its count; adresse is the query of its
// page, "" for none.
func vue(nom, valeurs, adresse string, f func(v string) store.FiltreFile) cas {
	c := cas{nom: nom, valeurs: valeurs, appel: func(ctx context.Context, b *base, v string, page int) (int, error) {
		x := f(v)
		x.Limite = page
		lue, err := b.store.FileDeTravail(ctx, agent, x)
		return len(lue.Dossiers), err
	}}
	if adresse == "" {
		return c
	}
	return c.parHTTP("gestionnaire", nil, fixe("/instruction?"+adresse))
}

func compter(nom, valeurs string, p func(v string) opco.Portee) cas {
	return cas{nom: nom, valeurs: valeurs, appel: func(ctx context.Context, b *base, v string, _ int) (int, error) {
		_, err := b.store.Compter(ctx, p(v))
		return 1, err
	}}
}

// menu is the case of the figures that a menu shows on every page.
func menu(nom string, f func(context.Context, *store.Store) error) cas {
	return cas{nom: nom, appel: func(ctx context.Context, b *base, _ string, _ int) (int, error) { return 1, f(ctx, b.store) }}
}

// valeursDe reads the values of a case in a base.
func (c cas) valeursDe(ctx context.Context, b *base) ([]string, error) {
	if c.valeurs == "" {
		return []string{""}, nil
	}
	part := min(100, 100*3000/float64(b.dossiers))
	rs, err := b.nu.QueryContext(ctx, strings.ReplaceAll(c.valeurs, echantillon, fmt.Sprintf(`TABLESAMPLE BERNOULLI (%.4f) REPEATABLE (1)`, part)))
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", c.nom, err)
	}
	defer rs.Close()
	var vs []string
	for rs.Next() {
		var v *string
		if err := rs.Scan(&v); err != nil {
			return nil, err
		}
		if v != nil {
			vs = append(vs, *v)
		}
	}
	if len(vs) == 0 {
		vs = []string{""}
	}
	return vs, rs.Err()
}
