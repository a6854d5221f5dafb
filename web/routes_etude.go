package web

import (
	"maps"

	"guichet/api"
	"guichet/opco"
)

// The addresses of the work page that the page asks for by name.
const (
	routeEchanges = "/instruction/dossiers/:id/echanges"
	routeNotes    = "/instruction/dossiers/:id/notes"
	routeNote     = "/instruction/dossiers/:id/notes/:note"
	routeAvis     = "/instruction/dossiers/:id/pieces/:piece/avis"
	routeActe     = "/instruction/dossiers/:id/actes/:genre"
)

// Who reaches the work page: the same as the JSON routes of the same noun.
var (
	instruitLu = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleControleur, opco.RoleAuditeur}, Donnees: "identite salaire piece"}
	instruit   = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable}}
	conseille  = api.Regle{Roles: []opco.Role{opco.RoleConseiller, opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleAuditeur}}
	echange    = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable}}
)

// avecDonnees is a rule that shows classes of personal data.
func avecDonnees(r api.Regle, classes string) api.Regle {
	r.Donnees = classes
	return r
}

// routesEtude are the pages of those who instruct a dossier.
func (w *Web) routesEtude() map[string]route {
	return map[string]route{
		"GET /instruction/dossiers/:id":              {w.getEtude, instruitLu},
		"GET /instruction/dossiers/:id/service-fait": {w.getServiceFait, avecDonnees(instruitLu, "identite salaire facture")},
		"GET " + routeActe:                           {w.getActe, avecDonnees(instruit, "identite")},
		"POST " + routeActe:                          {w.postActe, instruit},
		"POST " + routeActe + "/apercu":              {w.postApercu, avecDonnees(instruit, "identite courrier")},
		"POST " + routeAvis:                          {w.postAvisPiece, instruit},
		"POST " + routeEchanges:                      {w.postEchangeEtude, echange},
		"POST " + routeNotes:                         {w.postNote, echange},
		"GET " + routeNote:                           {w.getNote, avecDonnees(instruitLu, "suivi")},
		"POST " + routeNote:                          {w.postModifNote, echange},
		"GET /instruction/pieces/:id":                {w.getPieceVue, avecDonnees(instruitLu, "piece")},
		"GET /instruction/lettres/:id":               {w.getLettreVue, avecDonnees(instruitLu, "courrier")},
		"GET /instruction/entreprises/:siren":        {w.getFicheEntreprise, avecDonnees(conseille, "identite")},
		"GET /instruction/messages":                  {w.getMessages, avecDonnees(echange, "courrier")},
	}
}

// What the work page announces once.
func init() {
	maps.Copy(annonces, map[string]string{
		"decision-prise":        "C’est fait : la décision est enregistrée, son état est écrit ci-dessous.",
		"instruction-commencee": "L’instruction commence.",
		"complement-demande":    "La demande de pièces est partie.",
		"dossier-renvoye":       "Le dossier est rendu au gestionnaire, avec votre raison.",
		"dossier-annule":        "Le dossier est annulé.",
		"stagiaire-retire":      "Le stagiaire est retiré : un nouvel accord est parti.",
		"service-fait-valide":   "Le service fait est validé.",
		"non-conforme":          "La non-conformité est déclarée : celui qui facture est prévenu.",
		"facture-en-litige":     "La facture est en litige.",
		"facture-refusee":       "La facture est refusée : son émetteur est prévenu.",
		"dossier-forclos":       "Le dossier est clos par forclusion.",
		"piece-jugee":           "Votre avis sur la pièce est enregistré.",
		"message-envoye":        "Votre message est envoyé.",
		"note-ecrite":           "Votre note est ajoutée.",
		"note-modifiee":         "Votre note est modifiée : ce qu’elle disait reste lisible.",
	})
}
