package opco

import "fmt"

// IssueRejeu is what the replay of one run says.
type IssueRejeu string

// The outcomes of a replay. « Absente » is not a pass: there was nothing to replay.
const (
	RejeuDeterministe IssueRejeu = "deterministe"
	RejeuDivergent    IssueRejeu = "divergent"
	RejeuIllisible    IssueRejeu = "illisible" // the copy is not a history
	RejeuAbsent       IssueRejeu = "absente"   // neither the engine nor the copies have a history
)

// ClasseRejeu groups divergences by what they have in common.
type ClasseRejeu string

// The classes of divergences.
const (
	ClasseCommande     ClasseRejeu = "commande"  // this build asks for something else
	ClasseManque       ClasseRejeu = "manque"    // this build does not ask for what was done
	ClasseDeTrop       ClasseRejeu = "de_trop"   // this build asks for more than was done
	ClasseActivite     ClasseRejeu = "activite"  // another deed in the same place
	ClasseVersion      ClasseRejeu = "version"   // a branch whose support was removed
	ClasseFin          ClasseRejeu = "fin"       // it does not end as it ended
	ClasseProcedure    ClasseRejeu = "procedure" // a procedure that this build does not have
	ClassePanique      ClasseRejeu = "panique"   // the code of the procedure fails
	ClasseRejeuInconnu ClasseRejeu = "autre"     // none of these
)

var phrasesClasseRejeu = map[ClasseRejeu]string{
	ClasseCommande: "Cette version demande autre chose que ce qui a été fait", ClasseManque: "Cette version ne redemande pas ce qui a été fait",
	ClasseDeTrop: "Cette version demande plus que ce qui a été fait", ClasseActivite: "Cette version appelle un autre geste au même endroit",
	ClasseVersion: "Cette version ne connaît plus, ou pas encore, une branche de la procédure", ClasseFin: "Cette version ne termine pas comme la procédure a terminé",
	ClasseProcedure: "Cette version n’a pas cette procédure", ClassePanique: "Le code de la procédure échoue en la rejouant",
	ClasseRejeuInconnu: "Le rejeu s’arrête pour une autre raison",
}

// ClassesRejeu lists the classes.
func ClassesRejeu() []ClasseRejeu {
	return []ClasseRejeu{ClasseCommande, ClasseManque, ClasseDeTrop, ClasseActivite, ClasseVersion, ClasseFin, ClasseProcedure, ClassePanique, ClasseRejeuInconnu}
}

// Libelle says the class in a sentence without its full stop.
func (c ClasseRejeu) Libelle() string { return phrasesClasseRejeu[c] }

// Rejeu is the verdict of the replay of one run by one build. Evenement is where it
// diverges, 0 when nobody knows; Attendu is what the history says, Trouve what the build
// asks for, in the engine's words.
type Rejeu struct {
	Objet      string      `json:"objet"`
	Run        string      `json:"run"`
	Build      string      `json:"build"`
	Copie      bool        `json:"copie,omitempty"` // replayed from the kept copy
	Evenements int         `json:"evenements"`
	Issue      IssueRejeu  `json:"issue"`
	Classe     ClasseRejeu `json:"classe,omitempty"`
	Evenement  int64       `json:"evenement,omitempty"`
	Attendu    string      `json:"attendu,omitempty"`
	Trouve     string      `json:"trouve,omitempty"`
	Detail     string      `json:"detail,omitempty"`
}

// Phrase says the verdict.
func (r Rejeu) Phrase() string {
	switch r.Issue {
	case RejeuDeterministe:
		return fmt.Sprintf("Déterministe : %d événements rejoués à l’identique.", r.Evenements)
	case RejeuAbsent:
		return "Aucune histoire : ni le moteur ni les copies gardées n’en ont."
	case RejeuIllisible:
		return "L’histoire gardée ne se lit pas : " + r.Detail + "."
	}
	ou := "Divergence"
	if r.Evenement > 0 {
		ou = fmt.Sprintf("Divergence à l’événement %d", r.Evenement)
	}
	if r.Attendu != "" || r.Trouve != "" {
		return fmt.Sprintf("%s : attendu « %s », trouvé « %s ». %s.", ou, ouRien(r.Attendu), ouRien(r.Trouve), r.Classe.Libelle())
	}
	return fmt.Sprintf("%s. %s.", ou, r.Classe.Libelle())
}

func ouRien(s string) string {
	if s == "" {
		return "rien"
	}
	return s
}

// BilanRejeux adds up the replays of a class of objects.
type BilanRejeux struct {
	Total         int64                 `json:"total"`
	Faits         int64                 `json:"faits"`
	Deterministes int64                 `json:"deterministes"`
	Divergents    int64                 `json:"divergents"`
	Illisibles    int64                 `json:"illisibles"`
	Absents       int64                 `json:"absents"`
	Evenements    int64                 `json:"evenements"`
	Classes       map[ClasseRejeu]int64 `json:"classes,omitempty"`
	Premiers      []Rejeu               `json:"premiers,omitempty"` // the first that do not hold
}

// PremiersRejeux is how many replays that do not hold a bilan names.
const PremiersRejeux = 20

// Ajouter counts one replay.
func (b *BilanRejeux) Ajouter(r Rejeu) {
	b.Faits++
	b.Evenements += int64(r.Evenements)
	switch r.Issue {
	case RejeuDeterministe:
		b.Deterministes++
		return
	case RejeuAbsent:
		b.Absents++
		return
	case RejeuIllisible:
		b.Illisibles++
	case RejeuDivergent:
		b.Divergents++
		if b.Classes == nil {
			b.Classes = map[ClasseRejeu]int64{}
		}
		b.Classes[r.Classe]++
	}
	if len(b.Premiers) < PremiersRejeux {
		b.Premiers = append(b.Premiers, r)
	}
}

// Tient reports whether no replay diverged.
func (b BilanRejeux) Tient() bool { return b.Divergents == 0 && b.Illisibles == 0 }

// Phrase says the verdict on the class.
func (b BilanRejeux) Phrase() string {
	switch {
	case !b.Tient():
		return fmt.Sprintf("Ne déployez pas : %s avec cette version, sur %d.", dites(b.Divergents+b.Illisibles, "ne se rejoue pas", "ne se rejouent pas"), b.Faits)
	case b.Deterministes == 0:
		return "Rien n’a été rejoué : aucune histoire n’a été trouvée."
	}
	return "Rien ne s’y oppose : " + dites(b.Deterministes, "se rejoue", "se rejouent") + " à l’identique avec cette version."
}

// dites says what n histories do.
func dites(n int64, une, plusieurs string) string {
	if n < 2 {
		return fmt.Sprintf("%d histoire %s", n, une)
	}
	return fmt.Sprintf("%d histoires %s", n, plusieurs)
}
