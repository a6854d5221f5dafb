package opco

import (
	"slices"
	"strings"
)

// GenreCompteur is the kind of the object « compteur/portée/code » of a verification: a figure of the
// menus. It has no procedure, and is only counted again.
const GenreCompteur = "compteur"

// nonReconstruits says of the kinds whose content cannot be written again who acts.
var nonReconstruits = map[string]string{
	"lot":    "Un lot ne se reconstruit pas. Un comptable dit d’abord ce qui est parti à la banque ; l’exploitation reprend ensuite la donnée d’une sauvegarde.",
	"indu":   "Un indu ne se reconstruit pas. Un comptable dit d’abord ce qui reste dû ; l’exploitation reprend ensuite la donnée d’une sauvegarde.",
	"compte": "Un compte ne se reconstruit pas. Un administrateur dit d’abord quels droits sont les bons ; l’exploitation reprend ensuite la donnée d’une sauvegarde.",
}

// essayerReconstruction says what would be written again of an object. A dossier whose content is what
// its journal says is always let through: what is compared with the journal is only a part of what a
// verification compares, and to write it again changes nothing that was right.
func (b ReleveBase) essayerReconstruction() (string, error) {
	switch {
	case nonReconstruits[b.Genre] != "":
		return "", Errorf(Conflict, "%s", nonReconstruits[b.Genre])
	case b.Contredit != "":
		return "", Errorf(Conflict, "%s", b.Contredit)
	case b.Genre == GenreCompteur && !b.Discorde:
		return "", Errorf(Conflict, "Ce compteur dit ce que l’on compte : il n’y a rien à recompter.")
	case b.Genre == GenreCompteur:
		return "Le compteur sera recompté, dossier par dossier.", nil
	}
	return "Ce qui se lit sera récrit d’après le contenu du dossier, que son journal confirme ; les compteurs seront recomptés à la fin.", nil
}

// constaterReconstruction says what was read once an object was written again. What else a verification
// compares, only the next one tells.
func (b ReleveBase) constaterReconstruction() (Constatation, string) {
	switch {
	case b.Discorde:
		return ConstateAttend, "Demandé, pas encore constaté."
	case b.Genre == GenreCompteur:
		return ConstateVerifie, "Le compteur dit de nouveau ce que l’on compte."
	}
	return ConstateVerifie, "Ce qui se lit est récrit, et son journal dit la même chose. La prochaine vérification dira s’il reste un écart."
}

// VerbesCas lists what may be done to one case of a cause: what its object has no use for is left out,
// and so is to write again what is read when what differs is something else (activite names it).
func VerbesCas(c Cause, objet, activite string) []Verbe {
	genre, _, _ := strings.Cut(objet, "/")
	_, invariant, _ := strings.Cut(activite, "/")
	lu := genre == GenreCompteur || genre == "dossier" && slices.Contains([]string{"lecture", "I15", "I37"}, invariant)
	return slices.DeleteFunc(VerbesCause(c), func(v Verbe) bool {
		if v == VerbeReconstruire {
			return !lu
		}
		return genre == GenreCompteur
	})
}
