package opco

import (
	"fmt"
	"slices"
	"time"
)

// Releve is what was read of one target of an intervention at one instant: in the base, and at the
// engine. It is kept with the intervention, before and after.
type Releve struct {
	Le     time.Time       `json:"le"` // real time
	Base   ReleveBase      `json:"base"`
	Moteur ReleveMoteur    `json:"moteur,omitzero"`
	Pli    *ReleveCourriel `json:"courriel,omitempty"`
}

// ReleveBase is what the base says of an object.
type ReleveBase struct {
	Existe    bool      `json:"existe"`
	Genre     string    `json:"genre,omitempty"` // what it is: dossier, lot, compte, indu, GenreCompteur
	Etat      string    `json:"etat,omitempty"`
	Final     bool      `json:"final,omitempty"`
	Rang      int64     `json:"rang"`
	Attendent int       `json:"attendent,omitempty"` // actes received, without verdict
	Echeance  time.Time `json:"echeance,omitzero"`   // by which the base finds who is late
	Due       time.Time `json:"due,omitzero"`        // the one of the journal
	Passee    bool      `json:"passee,omitempty"`    // it has passed, on the business clock
	EnFaute   bool      `json:"en_faute,omitempty"`  // a step of its procedure cannot be written down, again and again
	Discorde  bool      `json:"discorde,omitempty"`  // what is read of it is not what its journal says
	Contredit string    `json:"contredit,omitempty"` // why what is read of it cannot be written again from its content
}

// ReleveMoteur is what the engine says of the procedure of an object.
type ReleveMoteur struct {
	Run       string           `json:"run,omitempty"`
	Ouverte   bool             `json:"ouverte,omitempty"` // it runs
	Statut    string           `json:"statut,omitempty"`  // how it ended
	Essais    int              `json:"essais,omitempty"`  // of the step under way, from the second on
	Repond    bool             `json:"repond,omitempty"`  // it said itself what follows
	Rang      int64            `json:"rang,omitempty"`
	Echeance  time.Time        `json:"echeance,omitzero"`
	Activites []ReleveActivite `json:"activites,omitempty"`
	// SansOuvrier says that no worker asks for the work of its queue.
	SansOuvrier bool `json:"sans_ouvrier,omitempty"`
}

// ReleveActivite is a deed of the world that a procedure waits for.
type ReleveActivite struct {
	ID        string        `json:"id"`
	Nom       string        `json:"nom"`
	Essais    int           `json:"essais"`
	Suspendue bool          `json:"suspendue,omitempty"`
	Delai     time.Duration `json:"delai,omitempty"` // that each try has
	Erreur    string        `json:"erreur,omitempty"`
}

// ReleveCourriel is a line of the outbox.
type ReleveCourriel struct {
	Etat     string    `json:"etat"`
	Essais   int       `json:"essais"`
	EnvoyeLe time.Time `json:"envoye_le,omitzero"`
	EnMain   bool      `json:"en_main,omitempty"` // it is being sent
	Secret   bool      `json:"secret,omitempty"`  // it carried a code or a link that is forgotten since
	Erreur   string    `json:"erreur,omitempty"`
}

// Effet is a deed that an intervention would have done again, the key by which the world knows it,
// and what becomes of it.
type Effet struct {
	Quoi string `json:"quoi"`
	Cle  string `json:"cle"`
	Sort string `json:"sort"`
}

// Constatation is what a reading after the call says.
type Constatation string

// What is said once the state was read again.
const (
	ConstateVerifie   Constatation = "VERIFIE"    // it is as wanted
	ConstateAttend    Constatation = "DEMANDE"    // asked, not seen yet
	ConstateSansEffet Constatation = "SANS_EFFET" // it cannot be seen any more
)

// Constater compares what was read before the call with what is read after it. A success is told
// here and nowhere else.
func (i Intervention) Constater(avant, apres Releve) (Constatation, string) {
	switch i.Verbe.Cible() {
	case CibleCourriel:
		return i.constaterCourriel(avant.Pli, apres.Pli)
	case CibleActivite:
		return i.constaterActivite(avant, apres)
	}
	b, m := apres.Base, apres.Moteur
	vit := m.Ouverte && m.Repond && m.Rang >= b.Rang || b.Final
	switch i.Verbe {
	case VerbeRelancer:
		if b.Attendent == 0 && !b.Passee && (b.Final || m.Ouverte && m.Essais < 2) && (b.Rang > avant.Base.Rang || len(avant.Moteur.Activites) == 0) && (avant.Moteur.Ouverte || vit) {
			return ConstateVerifie, apres.dire()
		}
	case VerbeRearmer:
		if b.Due.IsZero() || vit && b.Echeance.Equal(b.Due) && m.Echeance.Equal(b.Due) {
			return ConstateVerifie, "L’échéance est armée à la date du journal."
		}
	case VerbeReconstruire:
		return b.constaterReconstruction()
	case VerbeRevenir, VerbeRehydrater:
		if vit && (m.Run != avant.Moteur.Run || b.Final) {
			return ConstateVerifie, fmt.Sprintf("La procédure tourne de nouveau et en est au rang %d, comme le journal.", b.Rang)
		}
	}
	return ConstateAttend, "Demandé, pas encore constaté."
}

// dire says where a procedure stands once nothing waits in its inbox: it may wait for the world.
func (r Releve) dire() string {
	suite := "la procédure n’attend plus rien de reçu"
	switch {
	case len(r.Moteur.Activites) > 0:
		suite = "la procédure attend encore une action de l’extérieur, " + nommerActivites(r.Moteur)
	case r.entreDeuxSeries():
		suite = "son action de l’extérieur échoue encore, et repart seule dans la minute"
	}
	return fmt.Sprintf("Tout ce qui était reçu est lu, le journal est au rang %d ; %s.", r.Base.Rang, suite)
}

func (i Intervention) constaterActivite(avant, apres Releve) (Constatation, string) {
	m := apres.Moteur
	if apres.Base.Rang > avant.Base.Rang {
		if i.Verbe == VerbeSuspendre {
			return ConstateSansEffet, "L’action s’est terminée avant d’être suspendue."
		}
		return ConstateVerifie, fmt.Sprintf("L’action a réussi : le journal est au rang %d.", apres.Base.Rang)
	}
	tous := func(f func(ReleveActivite) bool) bool {
		return len(m.Activites) > 0 && !slices.ContainsFunc(m.Activites, func(a ReleveActivite) bool { return !f(a) })
	}
	switch {
	case i.Verbe == VerbeSuspendre && tous(func(a ReleveActivite) bool { return a.Suspendue }):
		return ConstateVerifie, "Suspendu : plus aucun essai ne part."
	case i.Verbe == VerbeReprendre && tous(func(a ReleveActivite) bool { return !a.Suspendue }):
		return ConstateVerifie, "Les essais ont repris."
	case i.Verbe == VerbeAllonger && tous(func(a ReleveActivite) bool { return a.Delai == i.Delai }):
		return ConstateVerifie, "Le délai est changé."
	case i.Verbe != VerbeReessayer && apres.entreDeuxSeries():
		return ConstateSansEffet, "La série d’essais s’est terminée avant, sans succès : la suivante part seule dans la minute, sans ce changement. Demandez-le de nouveau."
	case i.Verbe != VerbeReessayer && len(m.Activites) == 0:
		return ConstateSansEffet, "L’action n’attend plus : il n’y avait plus rien à changer."
	}
	return ConstateAttend, "Demandé, pas encore constaté."
}

func (i Intervention) constaterCourriel(avant, c *ReleveCourriel) (Constatation, string) {
	switch {
	case c == nil:
		return ConstateSansEffet, "Ce courriel n’existe plus."
	case i.Verbe == VerbePasser && c.Etat == "ECARTE":
		return ConstateVerifie, "Le courriel ne partira pas ; l’équipe du dossier est prévenue."
	case i.Verbe == VerbePasser && c.Etat == "ENVOYE":
		return ConstateSansEffet, "Le courriel était parti avant."
	case i.Verbe == VerbeRenvoyer && c.Etat == "ENVOYE" && (avant == nil || !c.EnvoyeLe.Equal(avant.EnvoyeLe)):
		return ConstateVerifie, "Accepté par la messagerie."
	case i.Verbe == VerbeRenvoyer && c.Etat == "REFUSE":
		return ConstateSansEffet, "Refusé de nouveau : " + c.Erreur
	}
	return ConstateAttend, "Demandé, pas encore constaté."
}

// PointReprise is where a procedure entered one of its étapes: it can live again from there.
type PointReprise struct {
	Etape     string `json:"etape"`
	Run       string `json:"run"`
	Evenement int64  `json:"evenement"` // the end of the step that entered it
	Rang      int64  `json:"rang"`      // of the journal then
	Seq       int64  `json:"seq"`       // first acte of the inbox that its run asks for
}
