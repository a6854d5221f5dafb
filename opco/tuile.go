package opco

import "slices"

// EtatTuile says whether a tile of the portal opens.
type EtatTuile string

// The états of a tile (MA-83: a tile is shown before the approval, but limited).
const (
	TuileOuverte EtatTuile = "OUVERTE"  // one right at least opens it
	TuileAOuvrir EtatTuile = "A_OUVRIR" // MA-65: the first click asks the OPCO for the right
	TuileLimitee EtatTuile = "LIMITEE"  // the OPCO or the person has something to do first
	TuileFermee  EtatTuile = "FERMEE"   // refused, withdrawn, suspended or ended: it can be asked again
	TuileAbsente EtatTuile = "ABSENTE"  // never asked for
)

// Tuile is one tile of the portal (MA-76 to MA-83, AK-54). SIRETs lists the
// établissements for which it opens; Phrase says what comes next, and who acts.
type Tuile struct {
	Code    string    `json:"code"`
	Titre   string    `json:"titre"`
	Profil  Role      `json:"profil,omitempty"`
	Service Service   `json:"service,omitempty"`
	Etat    EtatTuile `json:"etat"`
	Phrase  string    `json:"phrase"`
	SIRETs  []SIRET   `json:"sirets,omitempty"`
}

// tuiles are the tiles in the order in which they are shown. One without service
// opens for everybody.
var tuiles = []Tuile{
	{Code: "MON_COMPTE", Titre: "Mon compte"},
	{Code: "ESPACE_ENTREPRISE", Titre: "Espace entreprise", Profil: RoleEntreprise, Service: ServiceDossiers},
	{Code: "COLLECTE", Titre: "Collecte des contributions", Profil: RoleEntreprise, Service: ServiceContributions},
	{Code: "SALARIES", Titre: "Gestion des salariés", Profil: RoleEntreprise, Service: ServiceCertif},
	{Code: "LECTURE_ENTREPRISE", Titre: "Dossiers de l’entreprise, en lecture", Profil: RoleEntreprise, Service: ServiceLecture},
	{Code: "UTILISATEURS_ENTREPRISE", Titre: "Utilisateurs de l’entreprise", Profil: RoleEntreprise, Service: ServiceUtilisateurs},
	{Code: "ESPACE_ORGANISME", Titre: "Espace organisme de formation", Profil: RoleOrganisme, Service: ServicePaiements},
	{Code: "LECTURE_ORGANISME", Titre: "Dossiers de l’organisme, en lecture", Profil: RoleOrganisme, Service: ServiceLecture},
	{Code: "UTILISATEURS_ORGANISME", Titre: "Utilisateurs de l’organisme", Profil: RoleOrganisme, Service: ServiceUtilisateurs},
	{Code: "AIDE", Titre: "Besoin d’aide ?"},
}

// Tuiles returns the tiles of the account on day jour. Those of the three main
// services of a profile that the person has are shown even when never asked for;
// the others only once asked for.
func (c *Compte) Tuiles(jour Date) []Tuile {
	var ts []Tuile
	for _, t := range tuiles {
		if t.Service == "" {
			t.Etat, t.Phrase = TuileOuverte, phrasesTuile[t.Code]
			ts = append(ts, t)
			continue
		}
		t = c.tuile(t, jour)
		principale := t.Service != ServiceUtilisateurs && t.Service != ServiceLecture
		if t.Etat != TuileAbsente || principale && c.aProfil(t.Profil) {
			ts = append(ts, t)
		}
	}
	return ts
}

// aProfil reports whether one right of the account is of that profile.
func (c *Compte) aProfil(p Role) bool {
	return slices.ContainsFunc(c.Habilitations, func(h Habilitation) bool { return h.Profil == p })
}

// tuile says where one tile stands: the best of its rights speaks.
func (c *Compte) tuile(t Tuile, jour Date) Tuile {
	t.Etat, t.Phrase = TuileAbsente, "Demandez ce service en ajoutant une entité à votre compte."
	rang := 0
	for _, h := range c.Habilitations {
		if h.Profil != t.Profil || h.Service != t.Service {
			continue
		}
		if h.Effective(jour) {
			t.SIRETs = append(t.SIRETs, h.SIRET)
		}
		if r, e := rangTuile(h, jour); r > rang {
			rang, t.Etat, t.Phrase = r, e, h.Ensuite(jour)
		}
	}
	return t
}

// rangTuile orders the rights of a tile: what opens it first, then what the person
// can do, then what they wait for.
func rangTuile(h Habilitation, jour Date) (int, EtatTuile) {
	switch {
	case h.Effective(jour):
		return 6, TuileOuverte
	case h.Etat == HabPrecision:
		return 5, TuileLimitee
	case h.Etat == HabDemandee && h.Profil == RoleOrganisme:
		return 4, TuileAOuvrir
	case h.Etat.Attendue():
		return 3, TuileLimitee
	case h.Etat == HabAccordee && h.Du > jour:
		return 2, TuileLimitee
	}
	return 1, TuileFermee
}

var phrasesTuile = map[string]string{
	"MON_COMPTE": "Vos informations, vos entités et vos droits.",
	"AIDE":       "Nos équipes vous répondent par téléphone.",
}

// Ensuite says to the holder of the right where it stands on day jour, what comes
// next and who acts.
func (h Habilitation) Ensuite(jour Date) string {
	switch h.Etat {
	case HabDemandee:
		if h.Profil == RoleOrganisme {
			return "Ouvrez une première fois l’espace organisme de formation : un conseiller vérifiera alors vos droits."
		}
		return "Votre demande est enregistrée. Un conseiller la vérifie dès que votre adresse e-mail est confirmée."
	case HabAValider:
		if h.Limite == "" {
			return "Un conseiller vérifie vos droits. Vous n’avez rien à faire."
		}
		return "Un conseiller vérifie vos droits. Réponse avant le " + h.Limite.Longue() + ". Vous n’avez rien à faire."
	case HabPrecision:
		return "Un conseiller vous demande une précision : répondez-lui depuis votre compte."
	case HabAccordee:
		return h.ensuiteAccordee(jour)
	case HabRefusee:
		return "Ce droit est refusé. Vous pouvez corriger votre demande et la renvoyer depuis votre compte."
	case HabRetiree:
		return "Ce droit vous a été retiré. S’il vous est encore utile, demandez-le à nouveau depuis votre compte."
	case HabSuspendue:
		return "Ce droit est suspendu : il n’a pas servi depuis trop longtemps. Redemandez-le depuis votre compte."
	case HabExpiree:
		if h.Mandat {
			return "Votre mandat est terminé. L’administrateur de l’entreprise peut vous en donner un nouveau."
		}
		return "Ce droit a pris fin à son dernier jour. L’administrateur de l’entreprise peut vous le donner de nouveau."
	}
	return ""
}

func (h Habilitation) ensuiteAccordee(jour Date) string {
	switch {
	case h.Du > jour:
		return "Ce droit s’ouvre le " + h.Du.Longue() + "."
	case h.Au != "" && h.Au < jour:
		return "Ce droit s’est terminé le " + h.Au.Longue() + "."
	case h.Au != "":
		return "Ce droit est ouvert jusqu’au " + h.Au.Longue() + " inclus."
	}
	return "Ce droit est ouvert."
}

// Libelle returns the words that people read for an état of a right.
func (e EtatHabilitation) Libelle() string { return libellesHabilitation[e] }

var libellesHabilitation = map[EtatHabilitation]string{
	HabDemandee:  "Demandé",
	HabAValider:  "À valider",
	HabPrecision: "Précision demandée",
	HabAccordee:  "Accordé",
	HabRefusee:   "Refusé",
	HabRetiree:   "Retiré",
	HabSuspendue: "Suspendu",
	HabExpiree:   "Mandat terminé",
}
