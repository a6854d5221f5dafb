package opco

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Essayer says what an intervention would do to a target as it stands, or refuses it: nothing there
// asks for it, or it would do harm.
func (i Intervention) Essayer(r Releve) (string, error) {
	if i.Verbe.Cible() == CibleCourriel {
		return i.essayerCourriel(r.Pli)
	}
	switch {
	case !r.Base.Existe:
		return "", Errorf(NotFound, "Cet objet n’est pas dans la base : rien n’en est fait.")
	case i.Verbe == VerbeReconstruire:
		return r.Base.essayerReconstruction()
	case r.Base.Genre == GenreCompteur:
		return "", Errorf(Conflict, "Un compteur n’a pas de procédure : « %s » le recompte, rien d’autre ne lui est fait.", VerbeReconstruire.Libelle())
	case r.Base.Final && r.Base.Attendent == 0:
		return "", Errorf(Conflict, "La procédure est terminée : elle n’attend plus rien.")
	case i.Verbe.Cible() == CibleActivite:
		return i.essayerActivite(r)
	}
	return i.essayerProcedure(r)
}

func (i Intervention) essayerProcedure(r Releve) (string, error) {
	b, m := r.Base, r.Moteur
	switch i.Verbe {
	case VerbeRelancer:
		if b.Attendent == 0 && !b.Passee && m.Ouverte && m.Essais < 2 {
			return "", r.rienARelire()
		}
		return "La procédure relira " + pluriel(b.Attendent, "acte") + " en attente" + echeancePassee(b) + ".", nil
	case VerbeRearmer:
		switch {
		case m.SansOuvrier:
			return "", sansOuvrier()
		case b.Due.IsZero():
			return "", Errorf(Conflict, "Le journal ne porte aucune échéance : il n’y a rien à réarmer.")
		case b.Echeance.Equal(b.Due) && m.Ouverte && m.Repond && m.Echeance.Equal(b.Due):
			return "", Errorf(Conflict, "L’échéance est déjà armée au %s.", jourDit(b.Due))
		}
		return "L’échéance sera armée au " + jourDit(b.Due) + ".", nil
	case VerbeRevenir:
		if m.Run == "" {
			return "", Errorf(Conflict, "Le moteur n’a plus l’histoire de cette procédure : réhydratez-la.")
		}
		return fmt.Sprintf("La procédure revivra depuis « %s ». Le journal, rang %d, n’est pas touché.", i.Etape, b.Rang), nil
	case VerbeRehydrater:
		if m.SansOuvrier {
			return "", sansOuvrier()
		}
		if m.Ouverte && m.Repond && m.Rang == b.Rang && m.Essais < 2 && !b.EnFaute {
			return "", Errorf(Conflict, "La procédure tourne et dit la même chose que le journal : il n’y a rien à réhydrater.")
		}
		return fmt.Sprintf("La procédure repartira du rang %d du journal%s.", b.Rang, finDe(m)), nil
	}
	return "", Errorf(Invalid, "Cette action ne s’applique pas à une procédure.")
}

// rienARelire refuses to wake a procedure that nothing waits for, and says what it waits for itself.
func (r Releve) rienARelire() *Error {
	const rien = "Rien n’attend : aucun acte sans verdict, aucune échéance passée."
	switch {
	case len(r.Moteur.Activites) > 0:
		return Errorf(Conflict, rien+" La procédure attend une action de l’extérieur : %s. « %s » l’essaie tout de suite.", nommerActivites(r.Moteur), VerbeReessayer.Libelle())
	case r.entreDeuxSeries():
		return Errorf(Conflict, rien+" La procédure est entre deux séries d’essais : la suivante part seule dans la minute.")
	}
	return Errorf(Conflict, rien)
}

// entreDeuxSeries reports whether a lot that has a deed to do waits a minute before it tries again.
func (r Releve) entreDeuxSeries() bool {
	e := EtatLot(r.Base.Etat)
	return (e == LotValide || e == LotEmis) && r.Moteur.Ouverte && len(r.Moteur.Activites) == 0
}

// nommerActivites says what a procedure waits for, and how often it was tried.
func nommerActivites(m ReleveMoteur) string {
	noms := make([]string, len(m.Activites))
	for k, a := range m.Activites {
		noms[k] = fmt.Sprintf("%s (essai %d)", a.Nom, max(a.Essais, 1))
	}
	return strings.Join(noms, ", ")
}

// sansOuvrier refuses to stop or start what nobody would take on: it is slow, not lost.
func sansOuvrier() *Error {
	return Errorf(Conflict, "Aucun exécutant ne sert cette procédure : rien ne la ferait repartir. Démarrez-en un, puis essayez de nouveau.")
}

func echeancePassee(b ReleveBase) string {
	if b.Passee {
		return " et l’échéance passée du " + jourDit(b.Due)
	}
	return ""
}

func finDe(m ReleveMoteur) string {
	switch {
	case m.Ouverte:
		return " ; celle qui tourne, et qui ne suit plus, est d’abord arrêtée"
	case m.Run == "":
		return " ; le moteur n’en a plus trace"
	}
	return ""
}

func (i Intervention) essayerActivite(r Releve) (string, error) {
	m := r.Moteur
	if r.entreDeuxSeries() {
		return "", Errorf(Conflict, "L’action est entre deux séries d’essais : la suivante part seule dans la minute. Demandez de nouveau à ce moment-là.")
	}
	if !m.Ouverte || len(m.Activites) == 0 {
		return "", Errorf(Conflict, "La procédure n’attend aucune action de l’extérieur en ce moment.")
	}
	suspendue := slices.ContainsFunc(m.Activites, func(a ReleveActivite) bool { return a.Suspendue })
	switch {
	case i.Verbe == VerbeSuspendre && suspendue:
		return "", Errorf(Conflict, "C’est déjà suspendu.")
	case i.Verbe == VerbeReprendre && !suspendue:
		return "", Errorf(Conflict, "Rien n’est suspendu.")
	}
	return nommerActivites(m) + ".", nil
}

// essayerCourriel refuses to send a second time what the server accepted, unless somebody wants just
// that of a mail that they name: the cases of a cause stay open a while after their mails have left.
func (i Intervention) essayerCourriel(c *ReleveCourriel) (string, error) {
	switch {
	case c == nil:
		return "", Errorf(NotFound, "Ce courriel n’existe pas.")
	case c.Etat == "SANS_ADRESSE":
		return "", Errorf(Conflict, "Ce destinataire n’a pas d’adresse : la lettre est lisible au dossier.")
	case i.Verbe == VerbePasser && c.Etat == "ENVOYE":
		return "", Errorf(Conflict, "Ce courriel est déjà parti.")
	case i.Verbe == VerbePasser && c.Etat == "ECARTE":
		return "", Errorf(Conflict, "On a déjà renoncé à ce courriel.")
	case i.Verbe == VerbePasser:
		return "Le courriel ne partira pas.", nil
	case c.Secret && c.Etat != "A_ENVOYER":
		return "", Errorf(Conflict, "Ce courriel portait un code ou un lien qui a été oublié : son destinataire doit en demander un autre.")
	case i.NouvelID && c.Secret:
		return "", Errorf(Conflict, "Un courriel de compte ne change pas d’identifiant.")
	case c.Etat == "ENVOYE" && (i.Cause != "" || !i.NouvelID):
		return "", Errorf(Conflict, "Déjà parti : la messagerie l’a accepté. S’il doit arriver une seconde fois, nommez ce courriel et demandez un nouvel identifiant.")
	case c.Etat == "ENVOYE":
		return "Déjà parti : le destinataire le recevra une seconde fois.", nil
	}
	return fmt.Sprintf("Part tout de suite, après %s.", pluriel(c.Essais, "essai")), nil
}

// CodeDepuisEssai is the code of the refusal to act on what is no longer as its trial showed it.
const CodeDepuisEssai = "CHANGE_DEPUIS_ESSAI"

// DepuisEssai refuses to act on what moved since its trial.
func DepuisEssai(phrase string) *Error {
	return Errorf(Conflict, "%s", phrase).AvecCode(CodeDepuisEssai)
}

// InchangeDepuisEssai refuses that anything is done to a mail that left, was given up or was refused
// since its trial: what was agreed to was to send what had not left.
func InchangeDepuisEssai(avant, c *ReleveCourriel) error {
	switch {
	case avant != nil && c != nil && avant.Etat == c.Etat && avant.EnvoyeLe.Equal(c.EnvoyeLe):
		return nil
	case c != nil && c.Etat == "ENVOYE":
		return DepuisEssai("Parti depuis l’essai : il n’est pas envoyé une seconde fois.")
	}
	return DepuisEssai("Son état a changé depuis l’essai : rien n’a été fait. Essayez de nouveau.")
}

func jourDit(t time.Time) string { return t.In(Paris).Format("02/01/2006 à 15:04") }

// SansEtape refuses to go back to an étape where a procedure never was, or that the engine has forgotten.
func SansEtape(etape string, ps []PointReprise) error {
	var noms []string
	for _, p := range ps {
		if !slices.Contains(noms, p.Etape) {
			noms = append(noms, p.Etape)
		}
	}
	if len(noms) == 0 {
		return Errorf(Conflict, "Le moteur n’a plus l’histoire de cette procédure : réhydratez-la.")
	}
	return Errorf(Conflict, "Le moteur ne connaît pas d’étape « %s » à cette procédure. Il connaît : %s.", etape, strings.Join(noms, ", "))
}
