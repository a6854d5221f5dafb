package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// PortailConnecte is the home page of a connected person (MA-76 to MA-83): their services,
// where each right stands and what comes next, and what they have to do.
type PortailConnecte struct {
	Piece
	Prenom   string
	Phrase   string // under the greeting
	Attente  *Attente
	Question bool // an adviser asks something
	Services []ServiceOuvert
	Email    string
	Equipe   *PortailEquipe // for the staff
}

// Attente is what somebody whose rights are not all decided waits for.
type Attente struct{ Ton, Titre, Phrase string }

// PortailEquipe is the home of the staff: what waits for them, and what their role
// does here.
type PortailEquipe struct {
	Role       string
	File       *store.CompteursDemandes
	Absences   []store.LigneDelegation
	Dirige     bool   // sees the absences of the whole team
	AConfirmer []Lien // roles that wait for a second administrator
	Audit      bool
	Salle      *Lien // where the work of the role is done
	SansPage   bool  // the role has no room of its own
	Conseille  bool  // comes to companies by their name
	Documents  string
	Titre      string    // of the work of the day
	Travail    []Chiffre // what it counts
	Prend      bool      // takes the next dossier from here
	Acte       string    // of the form that does
}

// dessinsTuile are the icon and the subject of each tile.
var dessinsTuile = map[string]struct{ icone, objet string }{
	"MON_COMPTE":              {"user", "Vos informations, vos entités, votre sécurité."},
	"ESPACE_ENTREPRISE":       {"folder-open", "Demandes de prise en charge et suivi."},
	"COLLECTE":                {"landmark", "Vos contributions à la formation."},
	"SALARIES":                {"users", "Certification de vos salariés."},
	"LECTURE_ENTREPRISE":      {"eye", "Lire les dossiers sans les modifier."},
	"UTILISATEURS_ENTREPRISE": {"key-round", "Qui agit pour votre entreprise."},
	"ESPACE_ORGANISME":        {"graduation-cap", "Vos dossiers, factures et règlements."},
	"LECTURE_ORGANISME":       {"eye", "Lire les dossiers sans les modifier."},
	"UTILISATEURS_ORGANISME":  {"key-round", "Qui agit pour votre organisme."},
}

// ecransAVenir says of an open tile that its pages come later.
const ecransAVenir = " Ses écrans ne sont pas encore là : votre droit est prêt, vous n’avez rien à faire."

// sallesTuile are the rooms that the open tiles lead to.
var sallesTuile = map[string]string{
	"ESPACE_ENTREPRISE": "/entreprise", "LECTURE_ENTREPRISE": "/entreprise", "ESPACE_ORGANISME": "/organisme", "LECTURE_ORGANISME": "/organisme",
	"UTILISATEURS_ENTREPRISE": "/utilisateurs", "UTILISATEURS_ORGANISME": "/utilisateurs",
}

// propose reports whether a tile is worth showing: one for a service that nobody may
// ask for from here leads nowhere.
func propose(t opco.Tuile) bool {
	b := blocEntreprise
	if t.Profil == opco.RoleOrganisme {
		b = blocOrganisme
	}
	return t.Etat != opco.TuileAbsente || slices.ContainsFunc(servicesDits[b], func(o Option) bool { return o.Valeur == string(t.Service) })
}

// serviceDe turns a tile into what the page shows. A tile leads where its next step
// is done: to ask for the right, to ask for it again, to manage colleagues.
func serviceDe(t opco.Tuile, o Occupant, acte string) ServiceOuvert {
	d := dessinsTuile[t.Code]
	s := ServiceOuvert{Nom: t.Titre, Icone: d.icone, Phrase: t.Phrase, Etat: t.Etat}
	if t.Service == "" {
		s.Etat, s.URL, s.Phrase = "", "/compte", d.objet
		return s
	}
	switch t.Etat {
	case opco.TuileOuverte:
		s.Phrase, s.URL = d.objet+" Ouvert pour "+combien(len(t.SIRETs), "établissement")+".", sallesTuile[t.Code]
		switch {
		case s.URL == "":
			s.Phrase += ecransAVenir
		case o.Role != t.Profil:
			s.URL = "/perimetre?suite=" + s.URL // another espace is entered first (AK-08)
		}
	case opco.TuileAOuvrir:
		s.Action = "/accueil/organisme?acte_id=" + acte
	case opco.TuileFermee:
		s.URL = "/compte#entites"
	case opco.TuileAbsente:
		s.URL = "/compte/entites/nouvelle?profil=" + string(t.Profil)
	}
	return s
}

// attente says what an account without any open right waits for.
func (m MonCompte) attente() *Attente {
	if m.Etat != opco.CompteActifLimite || m.questionne() {
		return nil // a question is the only thing to do, and says so
	}
	var limite opco.Date
	attendus, aOuvrir := 0, 0
	for _, h := range m.Droits {
		switch {
		case h.Etat == opco.HabAValider:
			attendus++
			limite = max(limite, h.Limite)
		case h.Etat == opco.HabDemandee && h.Profil == opco.RoleOrganisme:
			aOuvrir++
		}
	}
	switch {
	case attendus > 0 && limite != "" && limite >= m.Jour:
		return &Attente{Bleu, "Un conseiller vérifie vos droits.", "Réponse avant le " + limite.Longue() + ". Vous n’avez rien à faire : nous vous écrivons dès que c’est fait."}
	case attendus > 0:
		return &Attente{Bleu, "Un conseiller vérifie vos droits.", "Nous avons pris du retard : votre demande est signalée à un responsable. Vous n’avez rien à faire."}
	case aOuvrir > 0:
		return &Attente{Ambre, "Il vous reste une étape.", "Ouvrez une première fois l’espace organisme de formation, ci-dessous : un conseiller vérifie alors vos droits."}
	}
	return &Attente{Ambre, "Aucun de vos droits n’est ouvert.", "Regardez pourquoi dans « Mon compte » : vous pouvez y corriger votre demande et la renvoyer."}
}

// questionne reports whether an adviser waits for an answer.
func (m MonCompte) questionne() bool {
	return slices.ContainsFunc(m.Droits, func(d api.DroitLu) bool { return d.Etat == opco.HabPrecision })
}

// getPortail answers GET /accueil.
func (w *Web) getPortail(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	if o.Etape == api.EtapePerimetre {
		suite(c, "/perimetre") // AK-08: before anything else
		return
	}
	m, err := w.Interieur.MonCompte(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := PortailConnecte{Piece: w.piece(c, "Accueil", "/accueil"), Prenom: o.Prenom, Email: m.Identite.Email}
	p.Phrase = majuscule(jourDit(m.Jour))
	if o.Interne {
		if p.Equipe, err = w.portailEquipe(c, o); err == nil {
			p.Equipe.Acte = p.Acte
		}
	} else {
		p.remplir(m, o)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PagePortail(p))
}

// remplir writes the services of an organisation's person.
func (p *PortailConnecte) remplir(m MonCompte, o Occupant) {
	p.Attente, p.Question = m.attente(), m.questionne()
	for _, t := range m.Tuiles {
		if t.Code != "AIDE" && (t.Service == "" || propose(t)) {
			p.Services = append(p.Services, serviceDe(t, o, p.Acte))
		}
	}
	if n := len(o.Entre().SIRETs); n > 1 {
		p.Phrase += " · vous gérez " + combien(n, "établissement")
	}
}

// sallesAgent are the rooms of the staff.
var sallesAgent = map[opco.Role]Lien{
	opco.RoleGestionnaire: {"Ouvrir l’instruction", "/instruction"}, opco.RoleResponsable: {"Ouvrir le tableau de l’équipe", "/equipe"},
	opco.RoleComptable: {"Ouvrir la comptabilité", "/comptabilite"}, opco.RoleOps: {"Voir ce qui est bloqué", adresseOps},
	opco.RoleAdmin: {"Ouvrir les agents", "/agents"}, opco.RoleConseiller: {"Répondre aux demandes de droits", "/habilitations"},
	opco.RoleControleur: {"Ouvrir le contrôle", adresseControle}, opco.RoleAuditeur: {"Lire les dossiers", "/instruction?file=toutes&perimetre=equipe"},
}

// portailEquipe gathers what waits for a member of the staff.
func (w *Web) portailEquipe(c *gin.Context, o Occupant) (*PortailEquipe, error) {
	e := &PortailEquipe{Role: o.Role.Libelle(), Documents: "/api/doc"}
	if slices.Contains(decideurs, o.Role) {
		n, err := w.Interieur.CompterDemandes(c)
		if err != nil {
			return nil, err
		}
		e.File = &n
	}
	if l, ok := sallesAgent[o.Role]; ok {
		e.Salle = &l
	}
	var err error
	if e.Travail, err = w.travailDuJour(c, o); err != nil {
		return nil, err
	}
	e.Titre, e.Prend = "Dossiers", o.Role == opco.RoleGestionnaire
	if o.Role == opco.RoleComptable {
		e.Titre = "Paiements"
	}
	e.SansPage, e.Conseille = o.Role == opco.RoleOps, o.Role == opco.RoleConseiller
	if o.Role == "" {
		return e, nil
	}
	if o.Role == opco.RoleAdmin {
		if e.AConfirmer, err = w.rolesAConfirmer(c); err != nil {
			return nil, err
		}
	}
	e.Audit, e.Dirige = o.Role == opco.RoleAuditeur, o.Role == opco.RoleAdmin || o.Role == opco.RoleResponsable || o.Role == opco.RoleAuditeur
	e.Absences, err = w.Interieur.Delegations(c)
	return e, err
}

// rolesAConfirmer are the roles that wait for a second administrator, each with the
// page where it is confirmed.
func (w *Web) rolesAConfirmer(c *gin.Context) ([]Lien, error) {
	as, err := w.Interieur.Agents(c)
	var ls []Lien
	for _, a := range as {
		for _, r := range a.Roles {
			if r.Attend {
				ls = append(ls, Lien{r.Libelle + ", pour " + nomAgent(a), "/agents/" + a.Id})
			}
		}
	}
	api.Montrer(c.Request.Context(), "liste", len(ls))
	return ls, err
}

// postOuvrirOrganisme answers POST /accueil/organisme: the first click on the tile
// asks the OPCO for the right (MA-65).
func (w *Web) postOuvrirOrganisme(c *gin.Context) {
	v, err := w.Interieur.OuvrirOrganisme(c, acteDuFormulaire(c))
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.fait(c, v, "espace-demande", "/accueil")
}
