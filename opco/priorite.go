package opco

import (
	"cmp"
	"fmt"
	"time"
)

// Priorite is what orders the work of the OPCO (domain.md 5.2): the legal deadline
// with its consequence, then the start of the training, then the amount at risk, the
// largest first, then the age. A date that is missing comes last.
type Priorite struct {
	Limite Date      // last day to answer (R6332-24), "" without a legal deadline
	Debut  Date      // of the training
	Enjeu  Montant   // what is asked, or granted and not paid yet
	Depuis time.Time // of the dépôt
}

// sansDate is the day of what has none: after any other.
const sansDate Date = "9999-12-31"

// Comparer returns -1 when p comes before q, 1 when it comes after, 0 when nothing
// tells them apart.
func (p Priorite) Comparer(q Priorite) int {
	return cmp.Or(cmp.Compare(cmp.Or(p.Limite, sansDate), cmp.Or(q.Limite, sansDate)),
		cmp.Compare(cmp.Or(p.Debut, sansDate), cmp.Or(q.Debut, sansDate)),
		cmp.Compare(q.Enjeu, p.Enjeu), p.Depuis.Compare(q.Depuis))
}

// Pourquoi says in one sentence why p comes before suivant, the next of its queue,
// nil when there is none: what told them apart, on the day jour.
func (p Priorite) Pourquoi(suivant *Priorite, jour Date, c Calendrier) string {
	s := Priorite{}
	if suivant != nil {
		s = *suivant
	}
	switch {
	case p.Limite != "" && (suivant == nil || p.Limite != s.Limite):
		return p.limiteDite(suivant == nil, jour, c)
	case suivant == nil:
		return "C’est le seul à prendre."
	case p.Debut != s.Debut:
		return p.memeUrgence() + "la formation commence le " + p.Debut.Longue() + ", avant celle du suivant."
	case p.Enjeu != s.Enjeu:
		return p.memeUrgence() + "c’est le plus gros montant en jeu, " + p.Enjeu.String() + "."
	}
	return p.memeUrgence() + "c’est le plus ancien, il attend depuis le " + JourDe(p.Depuis).Longue() + "."
}

// memeUrgence opens the sentence of a dossier whose deadline does not tell it apart.
func (p Priorite) memeUrgence() string {
	if p.Limite == "" {
		return "Aucun délai légal ne court : "
	}
	return "D’autres ont le même délai légal, le " + p.Limite.Longue() + " : "
}

func (p Priorite) limiteDite(seul bool, jour Date, c Calendrier) string {
	n := JoursOuvresEntre(jour, p.Limite, c)
	suite := ", le délai légal le plus proche de la file."
	if seul {
		suite = ", son délai légal. C’est le seul à prendre."
	}
	switch {
	case p.Limite < jour:
		return "Le délai légal est dépassé depuis le " + p.Limite.Longue() + " : répondez maintenant."
	case n == 0:
		return "Réponse due ce soir" + suite
	case n == 1:
		return "Réponse due le " + p.Limite.Longue() + " au plus tard" + suite
	}
	return fmt.Sprintf("Réponse due le %s, dans %s%s", p.Limite.Longue(), joursOuvresDits(n), suite)
}

// joursOuvresDits writes a number of working days.
func joursOuvresDits(n int) string {
	if n == 1 {
		return "1 jour ouvré"
	}
	return fmt.Sprintf("%d jours ouvrés", n)
}

// JoursOuvresEntre counts the jours ouvrés left on day du before the end of day au:
// 0 on the day itself, negative once it has passed (domain.md 3.3).
func JoursOuvresEntre(du, au Date, c Calendrier) int {
	n, signe := 0, 1
	if au < du {
		du, au, signe = au, du, -1
	}
	for d := du; d < au; {
		if d = d.Jours(1); c.Ouvre(d) {
			n++
		}
	}
	if signe < 0 && n == 0 {
		n = 1 // passed by a day off: passed all the same
	}
	return signe * n
}

// Pression says how near a deadline is, for the tone of its mark.
type Pression string

// The pressures: at most three jours ouvrés left, or none; at most ten; more.
const (
	PressionHaute   Pression = "haute"
	PressionMoyenne Pression = "moyenne"
	PressionBasse   Pression = "basse"
)

// PressionDe classes a number of jours ouvrés left, by the dated thresholds.
func (p ParametresFile) PressionDe(jours int) Pression {
	switch {
	case jours <= p.UrgentOuvres:
		return PressionHaute
	case jours <= p.ProcheOuvres:
		return PressionMoyenne
	}
	return PressionBasse
}
