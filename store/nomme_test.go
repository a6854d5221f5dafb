package store_test

import (
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// TestANumberNamesItsObject: the invoices, règlements and lots that bear the very number,
// typed with other spaces and another case; each reader finds its own, the OPCO all, and
// nobody what only begins so.
func TestANumberNamesItsObject(t *testing.T) {
	s := deuxMaisons(t)
	for _, q := range []string{
		`UPDATE facture SET numero = 'F 2026-118'`,
		`UPDATE dossier SET recherche = recherche || ' f 2026 118' WHERE etat = 'TRANSMISE'`,
		`UPDATE reglement SET numero = 'R26-00011' || CASE id WHEN 'rA' THEN '1' ELSE '2' END`,
		`INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, cree_par, cree_le)
		 VALUES ('L26-0007', 'PROPOSE', 1, now(), false, 3, 100, '{}', '{}', '', now())`,
	} {
		if _, err := s.DB.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	interne := opco.Portee{Interne: true, Role: opco.RoleGestionnaire}
	entreprise := opco.Portee{Role: opco.RoleEntreprise, SIRETs: []string{maisons[0].entreprise}}
	organisme := opco.Portee{Role: opco.RoleOrganisme, SIRETs: []string{maisons[0].organisme}}
	tests := []struct {
		name, texte string
		p           opco.Portee
		veut        string
	}{
		{"an invoice, for the OPCO", "f 2026-118", interne, "fA fB"},
		{"an invoice, for its company", "F 2026-118", entreprise, "fA"},
		{"an invoice, for its organisme", "f 2026 -118", organisme, "fA"},
		{"the beginning of an invoice", "F 2026-11", interne, ""},
		{"a règlement, for the OPCO", "r26-000111", interne, "rA"},
		{"a règlement, for its company", "R26-000111", entreprise, "rA"},
		{"the règlement of another", "R26-000112", organisme, ""},
		{"a lot, for the OPCO", "l26-0007 ", interne, "L26-0007"},
		{"a lot, for an organisation", "L26-0007", entreprise, ""},
		{"two signs", "F1", interne, ""},
		{"nothing", "", interne, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, err := s.Nommes(t.Context(), tt.p, tt.texte)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, l := range [][]store.Nomme{n.Factures, n.Reglements, n.Lots} {
				for _, x := range l {
					ids = append(ids, x.ID)
				}
			}
			if got := strings.Join(ids, " "); got != tt.veut {
				t.Errorf("« %s » names %q; want %q", tt.texte, got, tt.veut)
			}
		})
	}
}

// TestOrganisationsByNameOrNumber: the very name comes first, then what begins so.
func TestOrganisationsByNameOrNumber(t *testing.T) {
	s := deuxMaisons(t)
	for _, q := range []string{
		`INSERT INTO entreprise (siren, nom, idcc, effectif) VALUES ('111111118', 'Les Étangs', '2691', 3), ('222222226', 'Étangs', '2691', 3), ('333333334', 'Étangs du Nord', '2691', 3)`,
		`INSERT INTO organisme (siren, nom) VALUES ('444444442', 'École des étangs')`,
		`INSERT INTO etablissement (siret, siren, nom) VALUES ('44444444200027', '444444442', ''), ('44444444200019', '444444442', '')`,
	} {
		if _, err := s.DB.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	for texte, veut := range map[string]string{
		"étangs":            "222222226 333333334 444444442 111111118",
		"ETANGS nord":       "333333334",
		"444 444 442":       "444444442",
		"444 444 442 00019": "",
		"ét":                "",
		"introuvable":       "",
	} {
		os, err := s.Organisations(t.Context(), texte, 8)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range os {
			ids = append(ids, string(o.SIREN))
			if o.Organisme != (o.SIREN == "444444442") || o.Organisme && o.SIRET != "44444444200019" {
				t.Errorf("%+v", o)
			}
		}
		if got := strings.Join(ids, " "); got != veut {
			t.Errorf("« %s » finds %q; want %q", texte, got, veut)
		}
	}
}

// TestNamesAreSearchedByIndex: the indexes of names are of the very expression that the
// searches compare; a letter changed in one of the two would bring back a walk through
// every company at each search.
func TestNamesAreSearchedByIndex(t *testing.T) {
	s := deuxMaisons(t)
	tx := s.DB.MustBegin()
	defer tx.Rollback()
	tx.MustExec(`SET LOCAL enable_seqscan = off`)
	for _, table := range []string{"entreprise", "organisme"} {
		var plan []string
		err := tx.Select(&plan, `EXPLAIN SELECT o.nom FROM `+table+` o WHERE `+store.NomSansAccent+` LIKE '%etangs%'`)
		if texte := strings.Join(plan, "\n"); err != nil || !strings.Contains(texte, table+"_nom") {
			t.Errorf("%s is not searched by its index (%v):\n%s", table, err, texte)
		}
	}
}
