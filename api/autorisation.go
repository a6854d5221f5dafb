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

func a(roles ...opco.Role) Regle     { return Regle{Roles: roles} }
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

// acces is the whole table: a route that is not here does not start.
var acces = map[string]Regle{
	"GET /":                 personne,
	"GET /api/sante":        personne,
	"GET /api/openapi.yaml": personne,
	"GET /api/openapi.json": personne,
	"GET /api/doc":          personne,
	"GET /api/doc.css":      personne,

	"POST /api/session":                personne,
	"GET /api/session":                 entrant,
	"DELETE /api/session":              entrant,
	"PUT /api/session/perimetre":       arrivant(),
	"POST /api/session/second-facteur": arrivant(EtapeSecondFacteur),
	"POST /api/session/passkey/depart": arrivant(EtapeSecondFacteur),
	"POST /api/session/passkey":        arrivant(EtapeSecondFacteur),
	"POST /api/passkeys/depart":        personne,
	"POST /api/passkeys/session":       personne,
	"GET /api/oidc/depart":             personne,
	"GET /api/oidc/retour":             personne,
	"GET /api/epreuve":                 personne,

	"GET /api/sessions":         arrivant(),
	"DELETE /api/sessions":      arrivant(),
	"DELETE /api/sessions/{id}": arrivant(),

	"GET /api/facteurs":                        arrivant(EtapeEnroler),
	"POST /api/facteurs/totp/depart":           arrivant(EtapeEnroler),
	"POST /api/facteurs/totp":                  arrivant(EtapeEnroler),
	"POST /api/facteurs/totp/retrait":          arrivant(),
	"POST /api/facteurs/secours":               arrivant(),
	"POST /api/facteurs/passkeys/depart":       arrivant(EtapeEnroler),
	"POST /api/facteurs/passkeys":              arrivant(EtapeEnroler),
	"POST /api/facteurs/passkeys/{id}/retrait": arrivant(),
	"POST /api/facteurs/identites/depart":      arrivant(),
	"POST /api/facteurs/identites/retrait":     arrivant(),

	"GET /api/dossiers":                   lecteurs.montre("identite"),
	"POST /api/dossiers":                  entreprise,
	"GET /api/dossiers/compteurs":         lecteurs,
	"GET /api/dossiers/{id}":              lecteurs.montre("identite salaire"),
	"PUT /api/dossiers/{id}":              entreprise,
	"DELETE /api/dossiers/{id}":           entreprise,
	"GET /api/dossiers/{id}/journal":      lecteurs.montre("identite"),
	"GET /api/dossiers/{id}/controles":    maison.montre("identite salaire"),
	"GET /api/dossiers/{id}/courriers":    lecteurs.montre("courrier"),
	"GET /api/dossiers/{id}/ledger":       maison,
	"GET /api/dossiers/{id}/suivi":        lecteurs.montre("suivi"),
	"GET /api/dossiers/{id}/evenements":   lecteurs.montre("suivi"),
	"GET /api/dossiers/{id}/lectures":     concernes.montre("lecture"),
	"GET /api/dossiers/{id}/factures":     lecteurs.montre("facture"),
	"GET /api/dossiers/{id}/reglements":   lecteurs.montre("facture"),
	"GET /api/dossiers/{id}/pieces":       lecteurs.montre("piece"),
	"GET /api/dossiers/{id}/service-fait": maison.montre("identite salaire"),
	"POST /api/dossiers/{id}/copie":       entreprise,
	"POST /api/demandes/import":           entreprise,
	"GET /api/salaries":                   entreprise.montre("identite"),
	"POST /api/salaries":                  entreprise,
	"GET /api/salaries/{id}":              entreprise.montre("identite"),
	"PUT /api/salaries/{id}":              entreprise,
	"DELETE /api/salaries/{id}":           entreprise,
	"GET /api/pieces/{id}/fichier":        lecteurs.montre("piece"),
	"GET /api/dossiers/{id}/echanges":     lecteurs.montre("courrier"),
	"GET /api/dossiers/{id}/notes":        maison.montre("suivi"),
	"GET /api/courriers/{id}/lettre.pdf":  lecteurs.montre("courrier"),
	"GET /api/courriers/{id}/lettre.html": lecteurs.montre("courrier"),
	"GET /api/actes/{id}":                 suiveurs.montre("suivi"),
	"GET /api/lectures":                   a(opco.RoleAuditeur).montre("lecture"),

	"POST /api/dossiers/{id}/depot":              entreprise,
	"POST /api/dossiers/{id}/complement":         instruit,
	"POST /api/dossiers/{id}/jonction":           depose,
	"POST /api/dossiers/{id}/instruction":        instruit,
	"POST /api/dossiers/{id}/refus-tardif":       instruit,
	"POST /api/dossiers/{id}/decision":           instruit,
	"POST /api/dossiers/{id}/validation":         releve,
	"POST /api/dossiers/{id}/renvoi":             releve,
	"POST /api/dossiers/{id}/annulation":         metier,
	"POST /api/dossiers/{id}/retrait-stagiaire":  metier,
	"POST /api/dossiers/{id}/forclusion":         instruit,
	"POST /api/dossiers/{id}/certificats":        depose,
	"POST /api/dossiers/{id}/factures":           depose,
	"POST /api/dossiers/{id}/avoirs":             depose,
	"POST /api/dossiers/{id}/non-conformite":     instruit,
	"POST /api/dossiers/{id}/litige":             instruit,
	"POST /api/dossiers/{id}/refus-facture":      instruit,
	"POST /api/dossiers/{id}/service-fait":       instruit,
	"POST /api/dossiers/{id}/remise-en-paiement": comptable,
	"POST /api/dossiers/{id}/echanges":           a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable),
	"POST /api/dossiers/{id}/notes":              a(opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable),
	"PUT /api/pieces/{id}/avis":                  instruit,
	"POST /api/dossiers/{id}/pieces":             a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable),

	"GET /api/file":                                    travaille.montre("identite"),
	"GET /api/actions-lot":                             instruit,
	"POST /api/actions-lot":                            instruit,
	"GET /api/actions-lot/{id}":                        instruit,
	"GET /api/actions-lot/{id}/resultats":              instruit.montre("identite"),
	"POST /api/actions-lot/{id}/lancement":             instruit,
	"POST /api/actions-lot/{id}/arret":                 instruit,
	"POST /api/actions-lot/{id}/reprise":               instruit,
	"POST /api/actions-lot/{id}/abandon":               instruit,
	"POST /api/file/suivant":                           instruit,
	"POST /api/file/attribution":                       releve,
	"PUT /api/dossiers/{id}/prise":                     instruit,
	"DELETE /api/dossiers/{id}/prise":                  instruit,
	"PUT /api/dossiers/{id}/attente":                   instruit,
	"DELETE /api/dossiers/{id}/attente":                instruit,
	"PUT /api/dossiers/{id}/etiquettes/{etiquette}":    instruit,
	"DELETE /api/dossiers/{id}/etiquettes/{etiquette}": instruit,
	"GET /api/etiquettes":                              travaille,
	"POST /api/etiquettes":                             instruit,
	"PUT /api/etiquettes/{id}":                         instruit,
	"DELETE /api/etiquettes/{id}":                      releve,
	"GET /api/vues":                                    travaille,
	"POST /api/vues":                                   travaille,
	"DELETE /api/vues/{id}":                            travaille,

	"GET /api/dossiers/{id}/facture-modele":    a(opco.RoleEntreprise).montre("identite facture"),
	"POST /api/dossiers/{id}/factures/essai":   depose,
	"POST /api/dossiers/{id}/factures/lecture": depose,
	"GET /api/factures/{id}/statuts":           lecteurs.montre("facture"),
	"GET /api/factures/{id}/cdar":              lecteurs.montre("facture"),

	"GET /api/documents":                  correspondants.montre("identite"),
	"POST /api/documents":                 a(opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable),
	"GET /api/documents/categories":       correspondants,
	"GET /api/documents/{id}":             correspondants.montre("identite"),
	"PUT /api/documents/{id}":             a(opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable),
	"DELETE /api/documents/{id}":          a(opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable),
	"GET /api/documents/{id}/fichier":     correspondants.montre("piece"),
	"POST /api/documents/{id}/conformite": instruit,

	"GET /api/reglements-recus":               encaisseurs.montre("identite facture"),
	"GET /api/reglements-recus/export":        encaisseurs.montre("identite facture"),
	"PUT /api/reglements-recus/{id}/pointage": a(opco.RoleOrganisme),

	"POST /api/estimation":                 metier,
	"GET /api/motifs":                      connecte,
	"GET /api/etats":                       connecte,
	"GET /api/bareme":                      connecte,
	"GET /api/indus":                       a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur),
	"GET /api/indus/{id}":                  a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur).montre("facture"),
	"POST /api/indus/{id}/actes":           a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleResponsable, opco.RoleComptable),
	"POST /api/enveloppes/dotations":       comptable,
	"GET /api/exercices":                   a(opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur),
	"POST /api/exercices":                  comptable,
	"POST /api/dossiers/{id}/indus":        instruit,
	"POST /api/dossiers/{id}/compensation": comptable,
	"GET /api/journal-comptable":           a(opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur),
	"GET /api/journal-comptable/balance":   a(opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur),
	"GET /api/synthese":                    a(opco.RoleEntreprise, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur),
	"GET /api/enveloppes":                  a(opco.RoleEntreprise, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur),

	"POST /api/journal-comptable/numerotation": comptable,

	"GET /api/organismes":                  a(opco.RoleEntreprise, opco.RoleGestionnaire, opco.RoleResponsable),
	"GET /api/organismes/{siren}":          maison,
	"PUT /api/organismes/{siren}/qualiopi": instruit,

	"GET /api/reglements":                        comptables.montre("iban"),
	"GET /api/ribs":                              a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur).montre("iban"),
	"POST /api/ribs":                             a(opco.RoleEntreprise, opco.RoleOrganisme),
	"GET /api/ribs/{id}":                         a(opco.RoleEntreprise, opco.RoleOrganisme, opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur).montre("iban"),
	"POST /api/ribs/{id}/gestes":                 a(opco.RoleComptable, opco.RoleResponsable),
	"GET /api/ribs/{id}/preuve":                  a(opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur).montre("iban piece"),
	"GET /api/ops/interrupteurs":                 interventionsVues,
	"GET /api/ops/interventions":                 interventionsVues,
	"POST /api/ops/interventions":                intervient,
	"GET /api/ops/interventions/{id}":            interventionsVues,
	"POST /api/ops/interventions/{id}/lancement": intervient,
	"POST /api/ops/interventions/{id}/accord":    a(opco.SecondsIntervenants()...),
	"POST /api/ops/interventions/{id}/refus":     a(opco.SecondsIntervenants()...),

	"GET /api/ops/rejeux":                exploiteLu,
	"POST /api/ops/rejeux":               exploiteRejoue,
	"GET /api/ops/rejeux/{id}":           exploiteLu,
	"GET /api/ops/verifications":         exploiteLu,
	"POST /api/ops/verifications":        exploiteRejoue,
	"GET /api/ops/verifications/{id}":    exploiteLu,
	"GET /api/ops/incidents":             exploiteLu,
	"GET /api/ops/incidents/{id}":        exploiteLu,
	"GET /api/ops/cas/{id}":              exploiteLu,
	"GET /api/signalements":              surveilleLu,
	"GET /api/signalements/{id}":         surveilleLu,
	"POST /api/signalements/{id}/gestes": surveille,
	"GET /api/lots":                      comptables,
	"GET /api/rejets":                    comptables.montre("iban"),
	"GET /api/statistiques":              a(opco.RoleResponsable, opco.RoleGestionnaire, opco.RoleComptable, opco.RoleAuditeur, opco.RoleAdmin).montre("identite"),
	"POST /api/lots":                     comptable,
	"GET /api/lots/{id}":                 comptables.montre("iban"),
	"POST /api/lots/{id}/lignes":         comptable,
	"POST /api/lots/{id}/validation":     a(opco.RoleComptable, opco.RoleResponsable),
	"POST /api/lots/{id}/annulation":     a(opco.RoleComptable, opco.RoleResponsable),

	"POST /api/lots/{id}/issue":              a(opco.RoleComptable, opco.RoleResponsable),
	"POST /api/lots/{id}/issue/confirmation": a(opco.RoleComptable, opco.RoleResponsable),

	"GET /api/lots/{id}/fichier":  a(opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur).montre("iban"),
	"GET /api/banque/retours":     comptables,
	"POST /api/banque/retours":    comptable,
	"GET /api/banque/quarantaine": comptables,

	"GET /api/inscriptions/parametres":             personne,
	"POST /api/inscriptions":                       personne,
	"POST /api/inscriptions/renvoi":                personne,
	"POST /api/inscriptions/confirmation":          personne,
	"POST /api/mot-de-passe/force":                 personne,
	"POST /api/mot-de-passe/oubli":                 personne,
	"POST /api/mot-de-passe/reinitialisation":      personne,
	"POST /api/premiere-connexion":                 arrivant(EtapePremiere),
	"POST /api/premiere-connexion/confirmation":    personne,
	"POST /api/premiere-connexion/confidentialite": arrivant(EtapeConfidentialite),

	"GET /api/compte":                    arrivant(),
	"PUT /api/compte":                    arrivant(),
	"POST /api/compte/mot-de-passe":      arrivant(),
	"POST /api/compte/entites":           arrivant(),
	"POST /api/compte/espaces/organisme": arrivant(),
	"POST /api/compte/precisions":        arrivant(),
	"POST /api/compte/reprises":          arrivant(),
	"GET /api/compte/journal":            arrivant(),
	"GET /api/compte/donnees":            arrivant(),
	"POST /api/compte/cloture":           arrivant(),

	"GET /api/utilisateurs":               depose.montre("identite"),
	"POST /api/utilisateurs":              depose,
	"POST /api/utilisateurs/{id}/droits":  depose,
	"POST /api/utilisateurs/{id}/retrait": depose,
	"POST /api/utilisateurs/{id}/renvoi":  depose,
	"GET /api/mandats":                    depose.montre("identite"),

	"GET /api/habilitations":             conseilLu.montre("identite"),
	"GET /api/habilitations/suivante":    conseil,
	"GET /api/comptes":                   conseilLu.montre("identite"),
	"POST /api/comptes":                  conseil,
	"GET /api/comptes/{id}":              conseilLu.montre("identite"),
	"GET /api/comptes/{id}/journal":      conseilLu.montre("identite"),
	"POST /api/comptes/{id}/droits":      conseil,
	"POST /api/comptes/{id}/precision":   conseil,
	"POST /api/comptes/{id}/attribution": accorde,
	"POST /api/comptes/{id}/retrait":     accorde,
	"POST /api/comptes/{id}/reemission":  conseil,
	"POST /api/comptes/{id}/cloture":     accorde,

	"GET /api/agents":                                    agents.montre("identite"),
	"POST /api/agents":                                   administrateur,
	"POST /api/agents/{id}/roles":                        administrateur,
	"POST /api/agents/{id}/roles/{role}/confirmation":    administrateur,
	"POST /api/agents/{id}/roles/{role}/retrait":         administrateur,
	"POST /api/agents/{id}/renvoi":                       administrateur,
	"POST /api/agents/{id}/cloture":                      administrateur,
	"POST /api/agents/{id}/facteurs/retrait":             administrateur,
	"POST /api/agents/{id}/delegations":                  agents,
	"POST /api/agents/{id}/delegations/{delegation}/fin": agents,
	"POST /api/agents/{id}/liens":                        agents,
	"POST /api/agents/{id}/liens/{siren}/fin":            a(opco.RoleResponsable, opco.RoleAdmin),
	"GET /api/delegations":                               agents,

	"GET /api/regles-auto":             a(opco.RoleResponsable, opco.RoleAuditeur).montre("identite"),
	"POST /api/regles-auto/essai":      releve,
	"POST /api/regles-auto":            releve,
	"POST /api/regles-auto/{id}/arret": releve,

	"GET /api/essai/horloge":        essai(opco.Roles()...),
	"GET /api/essai/calme":          essai(opco.Roles()...),
	"POST /api/essai/horloge":       essai(opco.RoleAdmin),
	"POST /api/essai/organisations": essai(opco.RoleAdmin),
	"POST /api/essai/utilisateurs":  essai(opco.RoleAdmin),
	"POST /api/essai/enveloppes":    essai(opco.RoleAdmin),
	"POST /api/essai/parametres":    essai(opco.RoleAdmin),
	"POST /api/essai/baremes":       essai(opco.RoleAdmin),
	"POST /api/essai/reglements":    essai(opco.RoleAdmin),
}

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
