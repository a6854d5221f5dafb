package store_test

import (
	"fmt"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// refusBase runs statements in one transaction, as somebody who forgot the rules,
// and returns the constraint that refused them, "" when none did.
func (c *conduite) refusBase(requetes ...string) string {
	c.t.Helper()
	tx := c.s.DB.MustBegin()
	defer tx.Rollback() //nolint:errcheck // a no-op after Commit
	for _, q := range requetes {
		if err := exec(tx, q); err != nil {
			return contrainteOuErreur(c.t, q, err)
		}
	}
	if err := exec(tx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil {
		return contrainteOuErreur(c.t, "the end of the transaction", err)
	}
	return ""
}

func contrainteOuErreur(t *testing.T, q string, err error) string {
	t.Helper()
	nom := contrainteDe(err)
	if nom == "" {
		t.Fatalf("%s: %v", q, err)
	}
	return nom
}

// Rule 1 and rule 4: one person, one signature on a lot; enough of them before it
// leaves. The rules of opco are not asked: these are the constraints.
func TestRegle4ContraintesDuLot(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	id := c.lotPropose(false)
	signer := func(personne, sens, role string, numero int) string {
		return fmt.Sprintf(`INSERT INTO lot_signature (lot, personne, sens, role, numero) VALUES ('%s', '%s', '%s', '%s', %d)`, id, personne, sens, role, numero)
	}
	valider := `UPDATE lot SET etat = 'VALIDE', valide_par = 'p-cpt2' WHERE id = '` + id + `'`
	haut := `UPDATE lot SET troisieme = true WHERE id = '` + id + `'`
	tests := []struct {
		name     string
		requetes []string
		want     string
	}{
		{"the builder validates", []string{signer("p-cpt", "VALIDE", "comptable", 1)}, "lot_signature_pkey"},
		{"somebody validates twice", []string{signer("p-cpt2", "VALIDE", "comptable", 1), signer("p-cpt2", "VALIDE", "responsable", 2)}, "lot_signature_pkey"},
		{"nobody", []string{signer("", "VALIDE", "comptable", 1)}, "lot_signature_personne"},
		{"no validation", []string{valider}, "lot_validations"},
		{"one validation", []string{signer("p-cpt2", "VALIDE", "comptable", 1), valider}, ""},
		{"high, one validation", []string{haut, signer("p-res", "VALIDE", "responsable", 1), valider}, "lot_validations"},
		{"high, one validation by a delegate and the absent person", []string{haut, signer("p-x", "VALIDE", "responsable", 1), signer("p-y", "VALIDE", "responsable", 1), valider}, "lot_validations"},
		{"high, two comptables", []string{haut, signer("p-cpt2", "VALIDE", "comptable", 1), signer("p-cpt3", "VALIDE", "comptable", 2), valider}, "lot_validations"},
		{"high, a comptable and a responsable", []string{haut, signer("p-cpt2", "VALIDE", "comptable", 1), signer("p-res", "VALIDE", "responsable", 2), valider}, ""},
		{"rule 2: who decided signs", []string{signer("p-ges", "VALIDE", "comptable", 1)}, "lot_memoire"},
		{"rule 2: a line that the builder decided", []string{`UPDATE reglement SET instruit_par = '{p-cpt}' WHERE lot = '` + id + `'`}, "lot_memoire"},
	}
	for _, tt := range tests {
		if got := c.refusBase(tt.requetes...); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Rule 4 on the real tables: the first validation of a high lot leaves it PROPOSE
// and says who lacks; the second one sends it.
func TestRegle4TroisPersonnes(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	if err := c.s.EcrireParametres(c.ctx, "2026-01-02", "", []byte(`{"lot_troisieme": 100000}`), "essai"); err != nil {
		t.Fatal(err)
	}
	id := c.lotPropose(false)
	lu := opco.ChargeValiderLot{Nombre: 3, Somme: 627500}
	i, r := c.faireLot(id, opco.ActeValiderLot, cpt2, lu)
	if i.Resume.Etat != opco.Etat(opco.LotPropose) || !strings.Contains(r.Phrase, "il manque la validation d’un responsable") {
		t.Fatalf("got %s, « %s »; want a lot that waits for a responsable", i.Resume.Etat, r.Phrase)
	}
	autre := opco.Acteur{Personne: "p-cpt3", Nom: "Colin", Role: opco.RoleComptable}
	if i, r = c.faireLot(id, opco.ActeValiderLot, autre, lu); r.Code != "RESPONSABLE_ATTENDU" || r.Genre != opco.Forbidden {
		t.Errorf("got %s %s by a third comptable, want RESPONSABLE_ATTENDU", i.Verdict, r.Code)
	}
	memoire := opco.Acteur{Personne: "p-ges", Nom: "Gaëlle, promue", Role: opco.RoleResponsable}
	if i, r = c.faireLot(id, opco.ActeValiderLot, memoire, lu); r.Code != "QUATRE_YEUX" {
		t.Errorf("got %s %s by who decided, responsable since; want QUATRE_YEUX", i.Verdict, r.Code)
	}
	if i, _ = c.faireLot(id, opco.ActeValiderLot, res, lu); i.Resume.Etat != opco.Etat(opco.LotValide) {
		t.Errorf("got %s, want VALIDE", i.Resume.Etat)
	}
	c.compter(3, `SELECT count(*) FROM lot_signature WHERE lot = $1`, id)
	c.compter(1, `SELECT count(*) FROM lot WHERE id = $1 AND troisieme`, id)
}

// Rule 2: the memory is that of the journal. Who sent the proposal back, or acted
// in somebody's name, has judged too, whatever role they have today.
func TestRegle2Memoire(t *testing.T) {
	c := conduire(t)
	s01, _, _ := c.troisReglements()
	for _, tt := range []struct {
		name, personne, pour string
	}{{"who instructed", "p-ges", ""}, {"a delegate of who instructed", "p-neuf", "p-ges"}, {"who instructed, for another", "p-ges", "p-neuf"}} {
		par := opco.Acteur{Personne: tt.personne, Pour: tt.pour, Nom: "Comptable depuis", Role: opco.RoleComptable}
		_, err := c.construire(par, opco.ChargeConstruireLot{Reglements: c.reglementsDe(s01), Execution: "2026-05-04"})
		if e, ok := err.(*opco.Error); !ok || e.Code != "QUATRE_YEUX" {
			t.Errorf("%s builds the lot: got %v, want QUATRE_YEUX", tt.name, err)
		}
	}
	var juges []string
	if err := c.s.DB.Select(&juges, `SELECT unnest(instruit_par) FROM reglement WHERE dossier = $1`, s01); err != nil || strings.Join(juges, " ") != "p-ges" {
		t.Errorf("got %v, %v; want who judged, once", juges, err)
	}
}

func (c *conduite) reglementsDe(dossier string) (ids []string) {
	c.t.Helper()
	if err := c.s.DB.Select(&ids, `SELECT id FROM reglement WHERE dossier = $1`, dossier); err != nil {
		c.t.Fatal(err)
	}
	return ids
}

// Rule 3: roles that exclude each other, on persons and whatever their accounts;
// a delegation is no way around.
func TestRegle3RolesExclusifs(t *testing.T) {
	c := ouvrirComptes(t)
	compte := func(identifiant string) string { return c.agentDemo(identifiant).ID }
	donner := func(identifiant, personne, role string) string {
		return fmt.Sprintf(`INSERT INTO role_agent (compte, personne, role) VALUES ('%s', '%s', '%s')`, compte(identifiant), personne, role)
	}
	deleguer := func(id, absent, delegue, role, du, au string) string {
		return fmt.Sprintf(`INSERT INTO delegation (id, compte, personne, delegue, role, du, au, par) VALUES ('%s', '%s', 'personne-%[3]s', '%[4]s', '%[5]s', '%[6]s', '%[7]s', 'personne-%[3]s')`,
			id, compte(absent), absent, compte(delegue), role, du, au)
	}
	const instruitOuPaie, technique = "role_agent_instruit_ou_paie", "role_agent_metier_ou_technique"
	tests := []struct {
		name     string
		requetes []string
		want     string
	}{
		{"a gestionnaire pays, by another account", []string{donner("auditeur", "personne-gestionnaire", "comptable")}, instruitOuPaie},
		{"a conseiller pays", []string{donner("auditeur", "personne-comptable2", "conseiller")}, instruitOuPaie},
		{"an admin examines", []string{donner("auditeur", "personne-admin", "gestionnaire")}, technique},
		{"an admin validates", []string{donner("auditeur", "personne-admin", "responsable")}, technique},
		{"an admin operates", []string{donner("auditeur", "personne-admin", "ops")}, technique},
		{"ops pays", []string{donner("auditeur", "personne-ops", "comptable")}, technique},
		{"an auditeur examines", []string{donner("auditeur", "personne-auditeur", "gestionnaire")}, ""},
		{"a gestionnaire checks", []string{donner("auditeur", "personne-gestionnaire", "controleur")}, "role_agent_controle"},
		{"who checks pays", []string{donner("auditeur", "personne-controleur", "comptable")}, "role_agent_controle"},
		{"who checks operates", []string{donner("auditeur", "personne-controleur", "ops")}, technique},
		{"a responsable checks too", []string{donner("responsable", "personne-responsable", "controleur")}, ""},
		{"a gestionnaire is a responsable too", []string{donner("gestionnaire", "personne-gestionnaire", "responsable")}, ""},
		{"a comptable replaces a gestionnaire", []string{deleguer("d", "gestionnaire", "comptable", "gestionnaire", "2026-03-02", "2026-03-06")}, "delegation_incompatible"},
		{"an admin replaces a comptable", []string{deleguer("d", "comptable", "admin", "comptable", "2026-03-02", "2026-03-06")}, "delegation_incompatible"},
		{"a responsable replaces a comptable", []string{deleguer("d", "comptable", "responsable", "comptable", "2026-03-02", "2026-03-06")}, ""},
		{"two absences that exclude each other", []string{deleguer("d", "comptable", "responsable", "comptable", "2026-03-02", "2026-03-06"),
			deleguer("e", "gestionnaire", "responsable", "gestionnaire", "2026-03-06", "2026-03-09")}, "delegation_incompatible"},
		{"the same, one after the other", []string{deleguer("d", "comptable", "responsable", "comptable", "2026-03-02", "2026-03-05"),
			deleguer("e", "gestionnaire", "responsable", "gestionnaire", "2026-03-06", "2026-03-09")}, ""},
		{"a role given to who replaces", []string{deleguer("d", "comptable", "responsable", "comptable", "2026-03-02", "2026-03-06"),
			donner("responsable", "personne-responsable", "gestionnaire")}, "role_agent_delegation"},
		{"a sensitive role, by somebody else", []string{strings.Replace(deleguer("d", "comptable", "responsable", "comptable", "2026-03-02", "2026-03-06"), ", 'personne-comptable')", ", 'personne-admin')", 1)}, "delegation_sensible"},
		{"to oneself", []string{deleguer("d", "comptable", "comptable", "comptable", "2026-03-02", "2026-03-06")}, "delegation_autrui"},
	}
	for _, tt := range tests {
		if got := c.refusBase(tt.requetes...); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The two tables of exclusions, in the rules and in the database, are one.
func TestRegle3UneSeuleTable(t *testing.T) {
	c := conduire(t)
	for _, a := range opco.RolesInternes() {
		for _, b := range opco.RolesInternes() {
			var exclus bool
			if err := c.s.DB.Get(&exclus, `SELECT roles_incompatibles($1, $2)`, a, b); err != nil {
				t.Fatal(err)
			}
			if want := opco.RolesIncompatibles(a, b) != ""; exclus != want {
				t.Errorf("%s and %s: the database says %v, the rules %v", a, b, exclus, want)
			}
		}
	}
}

// Rule 6: what a delegate does is written with the absent person, in the inbox and
// in the journal, under both names.
func TestRegle6PourLeCompteDe(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	u := store.Utilisateur{Personne: "p-neuf", Prenom: "Nina", Nom: "Neuve", Role: opco.RoleGestionnaire, Pour: "p-ges", PourNom: "Gaëlle Instruit"}
	c.attendre(c.faire(id, opco.ActeDecider, u.Acteur(""), opco.ChargeDecider{}), opco.EtatAccordee)
	for _, table := range []string{"passage", "acte"} {
		c.compter(1, `SELECT count(*) FROM `+table+` WHERE objet = $1 AND type = 'decider' AND personne = 'p-neuf' AND pour = 'p-ges'
			AND nom = 'Nina Neuve, pour le compte de Gaëlle Instruit'`, opco.ObjetDossier(id))
	}
}

// Rule 7: a declared link with a company of the dossier: Record refuses, with a
// sentence that says who must act, and the list says why.
func TestRegle7LienDInteret(t *testing.T) {
	for _, siren := range []string{"999001019", "999001365"} {
		for _, lie := range []opco.Acteur{ges, {Personne: "p-neuf", Pour: "p-ges", Nom: "Nina, pour le compte de Gaëlle", Role: opco.RoleGestionnaire}} {
			c := conduire(t)
			c.a("2026-03-02 10:00:00")
			id := c.deposer(demande(), e1)
			c.s.DB.MustExec(`INSERT INTO lien_interet (personne, siren) VALUES ('p-ges', $1)`, siren)
			i := c.faire(id, opco.ActeDecider, lie, opco.ChargeDecider{})
			var r struct{ Code, Genre, Phrase string }
			if err := c.s.DB.Get(&r, `SELECT code, genre, phrase FROM acte WHERE objet = $1 AND type = 'decider'`, opco.ObjetDossier(id)); err != nil {
				t.Fatal(err)
			}
			if i.Verdict != opco.VerdictRefuse || r.Code != "LIEN_INTERET" || r.Genre != string(opco.Forbidden) || !strings.Contains(r.Phrase, "un autre gestionnaire, ou un responsable") {
				t.Errorf("%s: got %s %+v, want a refusal that says who acts", siren, i.Verdict, r)
			}
			p := opco.Portee{Interne: true, Role: lie.Role, Personne: lie.Personne, Pour: lie.Pour}
			if page, err := c.s.Dossiers(c.ctx, p, store.Filtre{}); err != nil || len(page.Dossiers) == 0 || page.Dossiers[0].Lien == "" {
				t.Errorf("%s: got %v, %v; want the dossier shown, with the reason", siren, page.Dossiers, err)
			}
			autre := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-autre"}
			if l, err := c.s.Ligne(c.ctx, autre, id); err != nil || l.Lien != "" {
				t.Errorf("got %q, %v for a colleague without link", l.Lien, err)
			}
			c.attendre(c.faire(id, opco.ActeDecider, res, opco.ChargeDecider{}), opco.EtatAccordee)
		}
	}
}

// Rule 7 on a payment: a comptable with a link leaves the line aside.
func TestRegle7LienEtPaiement(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	c.s.DB.MustExec(`INSERT INTO lien_interet (personne, siren) VALUES ('p-cpt', '999001431'), ('p-cpt2', '999001159')`)
	l := c.lot(c.lotPropose(false))
	if len(l.Lignes) != 2 || len(l.Ecartees) != 1 || !strings.Contains(l.Ecartees[0].Raison, "un autre comptable") {
		t.Fatalf("got %d lines, left out %v; want 2 and the one of OF2", len(l.Lignes), l.Ecartees)
	}
	_, r := c.faireLot(l.ID, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 2, Somme: l.Somme()})
	if r.Code != "LIEN_INTERET" {
		t.Errorf("got %s by who has a link with the company of a line, want LIEN_INTERET", r.Code)
	}
}
