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
	appel   func(ctx context.Context, b *base, v string) error
	adresse func(v string) string // the same through HTTP, for the staff; nil without one
}

var agent = opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "personne-gestionnaire"}

// of is the great organisme, which one dossier in twenty names.
var of = opco.Portee{Role: opco.RoleOrganisme, Personne: "p", SIRETs: []string{grandOrganisme}}

// liste is the case of a list of the staff under a filter.
func liste(nom, valeurs string, filtre func(v string) store.Filtre) cas {
	return cas{nom: nom, valeurs: valeurs,
		appel: func(ctx context.Context, b *base, v string) error {
			_, err := b.store.Dossiers(ctx, agent, filtre(v))
			return err
		},
		adresse: func(v string) string { return "/api/dossiers?" + parametres(filtre(v)).Encode() }}
}

// listeDe is the case of a list of an organisation.
func listeDe(nom string, valeurs string, p func(v string) opco.Portee, filtre func(v string) store.Filtre) cas {
	return cas{nom: nom, valeurs: valeurs, appel: func(ctx context.Context, b *base, v string) error {
		_, err := b.store.Dossiers(ctx, p(v), filtre(v))
		return err
	}}
}

func parametres(f store.Filtre) url.Values {
	u := url.Values{}
	for nom, v := range map[string]string{"file": string(f.File), "texte": f.Texte, "etablissement": f.Etablissement, "organisme": f.Organisme,
		"instructeur": f.Instructeur, "debut_du": string(f.DebutDu), "debut_au": string(f.DebutAu), "apres": f.Apres} {
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
func entreprise(v string) opco.Portee {
	return opco.Portee{Role: opco.RoleEntreprise, Personne: "p", SIRETs: []string{v}}
}

// profond is the query of cursors anywhere in the list of the rows that condition
// keeps: those of rows drawn from it.
func profond(cle, condition string) string {
	return `SELECT ` + cle + ` FROM dossier ` + echantillon + ` WHERE ` + condition + ` LIMIT 12`
}

// echantillon stands for a sample of about 3,000 rows of a table, whatever its size.
const echantillon = `TABLESAMPLE`

const (
	envoye   = `etat NOT IN ('BROUILLON', 'SUPPRIME')`
	cleAge   = `jsonb_build_array(cree_le AT TIME ZONE 'UTC', id)::text`
	cleFile  = `jsonb_build_array(ordre_limite, ordre_debut, ordre_enjeu, ordre_depot AT TIME ZONE 'UTC', id)::text`
	auHasard = ` ORDER BY md5(id::text) LIMIT 12`
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
		liste("file « Attendus », page profonde", profond(cleFile, `etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')`), func(v string) store.Filtre { return store.Filtre{File: store.FileACompleter, Apres: curseur(v)} }),
		vue("vue : tout le travail", store.FiltreFile{Perimetre: store.PerimetreEquipe}),
		vue("vue : instruction d’une branche", store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, Perimetre: store.PerimetreEquipe, IDCC: "1486"}),
		vue("vue : factures à traiter", store.FiltreFile{Filtre: store.Filtre{File: store.FileFactures}, Perimetre: store.PerimetreEquipe}),
		liste("recherche : numéro", `SELECT numero FROM dossier TABLESAMPLE WHERE numero <> ''`+auHasard, texte),
		liste("recherche : fin de numéro", `SELECT right(numero, 6) FROM dossier TABLESAMPLE WHERE numero <> ''`+auHasard, texte),
		liste("recherche : SIRET d’une entreprise", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : SIREN d’un organisme", `SELECT left(organisme, 9) FROM dossier TABLESAMPLE WHERE organisme <> '`+grandOrganisme+`'`+auHasard, texte),
		liste("recherche : nom d’une entreprise", `SELECT entreprise_nom FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : prénom et nom d’un stagiaire", `SELECT prenom || ' ' || nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 12`, texte),
		liste("recherche : nom de famille", `SELECT nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 12`, texte),
		liste("recherche : début d’un mot", `SELECT left(split_part(intitule, ' ', 1), 4) FROM dossier TABLESAMPLE`+auHasard, texte),
		liste("recherche : une ou deux lettres", `SELECT unnest(ARRAY ['re', 'o', 'de', 'y'])`, texte),
		liste("recherche : numéro de facture", `SELECT numero FROM facture TABLESAMPLE ORDER BY md5(id) LIMIT 12`, texte),
		liste("recherche : rien", `SELECT unnest(ARRAY ['zzzz', 'wqx', 'guyenne'])`, texte),
		listeDe("grand organisme, première page", "", duGrand, sans),
		listeDe("grand organisme, page profonde", profond(cleAge, envoye+` AND organisme = '`+grandOrganisme+`'`), duGrand,
			func(v string) store.Filtre { return store.Filtre{Apres: curseur(v)} }),
		listeDe("grand organisme, recherche d’un nom", `SELECT nom FROM stagiaire TABLESAMPLE ORDER BY md5(dossier::text || id) LIMIT 12`, duGrand, texte),
		listeDe("grand organisme, recherche d’un numéro", `SELECT numero FROM dossier TABLESAMPLE WHERE organisme = '`+grandOrganisme+`' AND numero <> ''`+auHasard, duGrand, texte),
		listeDe("entreprise, première page", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise, sans),
		listeDe("entreprise, recherche d’un intitulé", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise, func(string) store.Filtre { return texte("excel") }),
		compter("compteurs de l’OPCO", "", func(string) opco.Portee { return agent }),
		compter("compteurs du grand organisme", "", duGrand),
		compter("compteurs d’une entreprise", `SELECT etablissement FROM dossier TABLESAMPLE`+auHasard, entreprise))
	return cs
}

func vue(nom string, f store.FiltreFile) cas {
	return cas{nom: nom, appel: func(ctx context.Context, b *base, _ string) error {
		_, err := b.store.FileDeTravail(ctx, agent, f)
		return err
	}}
}

func compter(nom, valeurs string, p func(v string) opco.Portee) cas {
	c := cas{nom: nom, valeurs: valeurs, appel: func(ctx context.Context, b *base, v string) error {
		_, err := b.store.Compter(ctx, p(v))
		return err
	}}
	if valeurs == "" && p("").Interne {
		c.adresse = func(string) string { return "/api/dossiers/compteurs" }
	}
	return c
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
