package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// CompteursMenu are the figures beside the entries of the menu. A room adds the
// fields that it counts.
type CompteursMenu struct {
	Files      []store.Compteur        // the work queues
	Demandes   store.CompteursDemandes // rights to decide
	Entreprise CompteursEntreprise
	Organisme  store.CompteursOrganisme
	Collegues  int // people whom the reader administers
	Messages   int // dossiers where a message waits for the staff, and notes that name the reader
	Mentions   int // those notes
	// Comptabilite is the desk of the comptable.
	Comptabilite store.CompteursComptabilite
	RIBs         int // bank details that wait for somebody
	Indus        map[opco.EtatIndu]int
	Controle     store.CompteursSignalements
	Bloques      int64 // cases that are stuck
}

// salle is the part of the menu of one room: menu lists the entries that an espace
// may use there, none when the room is not its own; compter reads their figures,
// and is nil when there are none.
type salle struct {
	menu    func(o Occupant, n CompteursMenu) []Rubrique
	compter func(w *Web, c *gin.Context, o Occupant, n *CompteursMenu) error
}

// salles are the rooms in the order of the menu, each in its file menu_ROOM.go.
var salles = []salle{{menuOps, (*Web).compterOps}, {menuOrganisme, (*Web).compterOrganisme}, {menuInstruction, (*Web).compterInstruction}, {menuControle, (*Web).compterControle}, {menuComptabilite, (*Web).compterComptables}, {menuIndus, (*Web).compterIndus}, {menuRIB, (*Web).compterRIBs}, {menuResponsable, nil}, {menuDocuments, nil}, {menuEntreprise, (*Web).compterEntreprise}, {menuInterventions, nil}, {menuRejeu, nil}, {menuMessages, (*Web).compterMessages}, {menuComptes, (*Web).compterDemandes}}

// menu lists what an espace may do now, and only that (AK-10); ici is the address
// of the entry where the page stands.
func menu(o Occupant, n CompteursMenu, ici string) []Rubrique {
	m := []Rubrique{{Titre: "", Entrees: []Entree{{Nom: "Accueil", URL: "/accueil", Icone: "house"}}}}
	for _, s := range salles {
		for _, r := range s.menu(o, n) {
			m = joindre(m, r)
		}
	}
	m = append(m, Rubrique{Titre: "Moi", Entrees: []Entree{{Nom: "Mon compte", URL: "/compte", Icone: "user"}}})
	for i := range m {
		for j := range m[i].Entrees {
			m[i].Entrees[j].Courante = m[i].Entrees[j].URL == ici
		}
	}
	plier(m, o.Role)
	return m
}

// menuLong is how many entries a menu shows at most without folding; jamaisPliees are the
// rubriques of every day.
const menuLong = 16

var jamaisPliees = []string{"", "Demander", "Suivre", "Encaisser", "Mes files", "Piloter", "Moi"}

// plier folds the rubriques of a long menu by room; to pay is of every day for a comptable
// alone. One that holds the page, or an entry
// that calls for somebody, is shown open.
func plier(m []Rubrique, role opco.Role) {
	n := 0
	for _, r := range m {
		n += len(r.Entrees)
	}
	for i := range m {
		if n <= menuLong || len(m[i].Entrees) < 2 || slices.Contains(jamaisPliees, m[i].Titre) || m[i].Titre == "Payer" && role == opco.RoleComptable {
			continue
		}
		m[i].Pliee = true
		m[i].Ouverte = slices.ContainsFunc(m[i].Entrees, func(e Entree) bool { return e.Courante || e.Ton != "" })
	}
}

// compteurs reads the figures of the menu. A count that cannot be read is left out:
// the page is worth more than its counter.
func (w *Web) compteurs(c *gin.Context, o Occupant) CompteursMenu {
	var n CompteursMenu
	for _, s := range salles {
		if s.compter == nil {
			continue
		}
		if err := s.compter(w, c, o, &n); err != nil {
			w.Log.WarnContext(c.Request.Context(), "menu not counted", "error", err)
		}
	}
	return n
}

// compterDemandes counts the people of one's company, for who administers them, and what
// waits for an adviser, for those who decide.
func (w *Web) compterDemandes(c *gin.Context, o Occupant, n *CompteursMenu) error {
	var err error
	if slices.Contains(o.Entre().Services, opco.ServiceUtilisateurs) {
		if n.Collegues, err = w.Interieur.CompterLesCollegues(c); err != nil {
			return err
		}
	}
	if !slices.Contains(decideurs, o.Role) {
		return nil
	}
	n.Demandes, err = w.Interieur.CompterDemandes(c)
	return err
}

// menuComptes are the entries of accounts, rights and the staff.
func menuComptes(o Occupant, n CompteursMenu) []Rubrique {
	var mienne, files, equipe []Entree
	if slices.Contains(o.Entre().Services, opco.ServiceUtilisateurs) {
		mienne = append(mienne, Entree{Nom: "Utilisateurs", URL: "/utilisateurs", Icone: "users", Compte: n.Collegues})
	}
	if slices.Contains(liseurs, o.Role) {
		files = append(files, Entree{Nom: "Habilitations", URL: "/habilitations", Icone: "key-round", Compte: int(n.Demandes.Comptes), Ton: tonRetard(n.Demandes.Retard)},
			Entree{Nom: "Comptes", URL: "/comptes", Icone: "search"})
	}
	if slices.Contains(regleLu.Roles, o.Role) {
		files = append(files, Entree{Nom: "Acceptation automatique", URL: "/habilitations/regles", Icone: "list-checks"})
	}
	if o.Role == opco.RoleAdmin || o.Role == opco.RoleAuditeur {
		equipe = append(equipe, Entree{Nom: "Agents", URL: "/agents", Icone: "users"})
	}
	if o.Interne && o.Role != "" {
		equipe = append(equipe, Entree{Nom: "Absences", URL: "/absences", Icone: "calendar"})
	}
	if o.Role == opco.RoleAuditeur {
		equipe = append(equipe, Entree{Nom: "Journal des lectures", URL: "/journal-lectures", Icone: "eye"})
	}
	maison := "Mon organisation"
	if o.Role == opco.RoleEntreprise {
		maison = "Mon entreprise"
	}
	return rubriques(Rubrique{Titre: maison, Entrees: mienne}, Rubrique{Titre: "Comptes et droits", Entrees: files}, Rubrique{Titre: "Équipe", Entrees: equipe})
}

// joindre adds a rubrique to a menu, under the heading of the same name when a room
// before has written it.
func joindre(m []Rubrique, r Rubrique) []Rubrique {
	for i := range m {
		if m[i].Titre == r.Titre {
			m[i].Entrees = append(m[i].Entrees, r.Entrees...)
			return m
		}
	}
	return append(m, r)
}

// rubriques keeps those that hold something.
func rubriques(rs ...Rubrique) []Rubrique {
	return slices.DeleteFunc(rs, func(r Rubrique) bool { return len(r.Entrees) == 0 })
}

func tonRetard(n int64) string {
	if n > 0 {
		return Rouge
	}
	return ""
}
