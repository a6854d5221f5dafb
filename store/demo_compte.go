package store

import (
	"context"
	"errors"
	"strings"

	"github.com/lib/pq"

	"guichet/opco"
)

// comptesDemo are the people of the OPCO in the demo data: identifiant, first
// name, name, role.
var comptesDemo = []struct {
	identifiant, prenom, nom string
	role                     opco.Role
}{
	{"gestionnaire", "Claire", "Morin", opco.RoleGestionnaire},
	{"gestionnaire2", "Hugo", "Bastide", opco.RoleGestionnaire},
	{"conseiller", "Inès", "Benkirane", opco.RoleConseiller},
	{"conseiller2", "Thomas", "Delmas", opco.RoleConseiller},
	{"responsable", "Nadia", "Ferrand", opco.RoleResponsable},
	{"comptable", "Paul", "Girard", opco.RoleComptable},
	{"comptable2", "Inès", "Lacombe", opco.RoleComptable},
	{"controleur", "Sarah", "Tournier", opco.RoleControleur},
	{"ops", "Yann", "Le Goff", opco.RoleOps},
	{"admin", "Sophie", "Arnaud", opco.RoleAdmin},
	{"admin2", "Karim", "Belhadj", opco.RoleAdmin},
	{"auditeur", "Marc", "Vasseur", opco.RoleAuditeur},
}

// contactsDemo are who holds the demo account of each organisation, by identifiant.
var contactsDemo = map[string]struct{ prenom, nom string }{
	"e1": {"Rose", "Aubertin"}, "e2": {"Lucie", "Marchand"}, "e3": {"Samir", "Haddad"}, "e4": {"Gwenaëlle", "Kermarec"}, "e5": {"Fatou", "Diop"},
	"of1": {"Omar", "Diallo"}, "of2": {"Sandrine", "Picard"}, "of3": {"Mathieu", "Lenoir"}, "cfa1": {"Aurélie", "Tessier"}, "of4": {"Victor", "Blanc"},
}

// ComptesDemo lists the demo accounts: identifiant and role.
func ComptesDemo() map[string]opco.Role {
	m := map[string]opco.Role{}
	for _, u := range utilisateursDemo() {
		m[u.Identifiant] = u.Role
	}
	return m
}

// utilisateursDemo lists the demo accounts without their password.
func utilisateursDemo() []Utilisateur {
	var us []Utilisateur
	for _, c := range comptesDemo {
		us = append(us, Utilisateur{Identifiant: c.identifiant, Personne: "personne-" + c.identifiant, Nom: c.nom, Prenom: c.prenom, Role: c.role,
			Email: opco.Email(c.identifiant + "@opco-demo.test"), Actif: true})
	}
	ajouter := func(email string, role opco.Role, sites []opco.SIRET) {
		cle, _, _ := strings.Cut(email, "@")
		qui := contactsDemo[cle]
		u := Utilisateur{Identifiant: cle, Personne: "personne-" + cle, Prenom: qui.prenom, Nom: qui.nom, Role: role, Email: opco.Email(email), Actif: true}
		for _, x := range sites {
			u.SIRETs = append(u.SIRETs, string(x))
		}
		us = append(us, u)
	}
	for _, f := range entreprisesDemo {
		ajouter(f.Email, opco.RoleEntreprise, f.Sites)
	}
	for _, f := range organismesDemo {
		ajouter(f.Email, opco.RoleOrganisme, f.Sites)
	}
	return us
}

// chargerComptes creates the demo accounts that do not exist yet.
func (s *Store) chargerComptes(ctx context.Context) error {
	hache := ""
	for _, u := range utilisateursDemo() {
		_, err := s.Utilisateur(ctx, u.Identifiant)
		if err == nil {
			continue
		}
		if !errors.Is(err, opco.NotFound) {
			return err
		}
		if hache == "" {
			if hache, err = HacherMotDePasse(MotDePasseDemo); err != nil {
				return err
			}
		}
		u.MotDePasse = hache
		if u.SIRETs == nil {
			u.SIRETs = pq.StringArray{}
		}
		if err := s.EcrireUtilisateur(ctx, u, ""); err != nil {
			return err
		}
	}
	return nil
}
