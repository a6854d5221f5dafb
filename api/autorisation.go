package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Regle says who may take a route. Public needs no account; Essai exists only
// with the test clock. Limite is open to an account whose rights are not granted
// yet, or who has not chosen an espace (reliability.md 3.1, rule 8). Etapes names
// the steps of a login under way that reach it. What a role may do on one object,
// and which objects it reaches, opco.Etat.Admet and opco.Portee say again.
type Regle struct {
	Public bool
	Essai  bool
	Limite bool
	Etapes []Etape
	Roles  []opco.Role
	// Donnees names the classes of personal data that the route shows, between
	// spaces, "" for none: each read by the staff of the OPCO is then written down.
	Donnees string
}

// montre returns r, which shows these classes of personal data.
func (r Regle) montre(classes string) Regle {
	r.Donnees = classes
	return r
}

func a(roles ...opco.Role) Regle { return Regle{Roles: roles} }

func essai(roles ...opco.Role) Regle { return Regle{Essai: true, Roles: roles} }

// arrivant is open to whoever has logged in, with or without an espace, and at the
// named steps of a login.
func arrivant(etapes ...Etape) Regle { return Regle{Limite: true, Etapes: etapes} }

var (
	personne          = Regle{Public: true}
	entrant           = arrivant(EtapePremiere, EtapeConfidentialite, EtapeSecondFacteur, EtapeEnroler)
	connecte          = a(opco.Roles()...)
	lecteurs          = a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleControleur, opco.RoleAuditeur)
	maison            = a(opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleControleur, opco.RoleAuditeur)
	surveille         = a(opco.RoleControleur, opco.RoleResponsable)
	surveilleLu       = a(opco.RoleControleur, opco.RoleResponsable, opco.RoleAuditeur)
	suiveurs          = Regle{Limite: true, Roles: opco.Roles()} // of an acte: whoever did one, without an espace too
	metier            = a(opco.RoleEntreprise, opco.RoleGestionnaire, opco.RoleResponsable)
	entreprise        = a(opco.RoleEntreprise)
	instruit          = a(opco.RoleGestionnaire, opco.RoleResponsable)
	releve            = a(opco.RoleResponsable)
	travaille         = a(opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleAuditeur) // who reads the work queues
	depose            = a(opco.RoleEntreprise, opco.RoleOrganisme)
	comptable         = a(opco.RoleComptable)
	concernes         = a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleAuditeur) // who may know who read what
	conseil           = a(opco.RoleConseiller, opco.RoleGestionnaire, opco.RoleResponsable)
	conseilLu         = a(opco.RoleConseiller, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleAuditeur)
	accorde           = a(opco.RoleConseiller, opco.RoleResponsable)
	administrateur    = a(opco.RoleAdmin)
	agents            = a(opco.RoleGestionnaire, opco.RoleConseiller, opco.RoleResponsable, opco.RoleComptable, opco.RoleControleur, opco.RoleOps, opco.RoleAdmin, opco.RoleAuditeur)
	correspondants    = a(opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleConseiller, opco.RoleResponsable, opco.RoleAuditeur) // of the documents of organismes
	encaisseurs       = a(opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur)
	intervient        = a(opco.Intervenants()...)
	interventionsVues = a(opco.RoleOps, opco.RoleResponsable, opco.RoleAdmin, opco.RoleAuditeur)
	exploiteRejoue    = a(opco.RoleOps) // who asks for a replay or a verification
	exploiteLu        = a(opco.RoleOps, opco.RoleAdmin, opco.RoleAuditeur)
	comptables        = a(opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur, opco.RoleOps)
)

// cleRoute names a route as the table does, from how gin writes it.
func cleRoute(methode, chemin string) string {
	parties := strings.Split(chemin, "/")
	for i, p := range parties {
		if nom, ok := strings.CutPrefix(p, ":"); ok {
			parties[i] = "{" + nom + "}"
		}
	}
	return methode + " " + strings.Join(parties, "/")
}

// autoriser lets a request through when the table says so; what the table does not
// name is refused.
func (s *Server) autoriser(c *gin.Context) {
	if c.FullPath() == "" || c.IsAborted() {
		return
	}
	r, ok := s.acces[cleRoute(c.Request.Method, c.FullPath())]
	u := qui(c.Request.Context())
	switch {
	case !ok || r.Essai && !s.HorlogeEssai:
		s.refuser(c, opco.Errorf(opco.NotFound, "Cette adresse n’existe pas."))
	case r.Public:
	case u.Identifiant == "":
		s.refuserStatut(c, http.StatusUnauthorized, pasDeSession)
	default:
		if err := admis(r, presenceDe(c.Request.Context())); err != nil {
			s.refuser(c, err)
			return
		}
		if err := s.noterUsage(c, u); err != nil {
			s.refuser(c, err)
		}
	}
}

// admis reports whether the row r lets somebody pass: by the step of their login,
// then by the espace they are in, then by its role.
func admis(r Regle, p presence) error {
	u := p.Utilisateur
	if p.Etape != EtapeOuverte && p.Etape != EtapePerimetre {
		if slices.Contains(r.Etapes, p.Etape) {
			return nil
		}
		return opco.Errorf(opco.Forbidden, "%s", etapesManquantes[p.Etape]).AvecCode(strings.ToUpper(string(p.Etape)))
	}
	switch {
	case r.Limite && (len(r.Roles) == 0 || u.Role == ""):
		return nil
	case p.Etape == EtapePerimetre:
		return opco.Errorf(opco.Forbidden, "Choisissez d’abord l’organisation ou le rôle pour lequel vous agissez.").AvecCode("PERIMETRE_A_CHOISIR")
	case u.Role == "":
		return opco.Errorf(opco.Forbidden, "Un conseiller vérifie vos droits : vous entrerez dès qu’ils seront accordés, un courriel vous le dira.").AvecCode("ACCES_LIMITE")
	case !slices.Contains(r.Roles, u.Role):
		return opco.Errorf(opco.Forbidden, "Votre rôle ne permet pas cette action.")
	}
	return nil
}
