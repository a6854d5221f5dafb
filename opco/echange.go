package opco

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MessageMax is the longest message or note, in characters.
const MessageMax = 4000

// Message checks what a person writes to others about a dossier, and returns it
// without the blanks around it. An Invalid error names the field champ.
func Message(champ, s string) (string, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch {
	case s == "":
		return "", Champf(champ, "Écrivez votre texte : il est vide.")
	case utf8.RuneCountInString(s) > MessageMax:
		return "", Champf(champ, "Ce texte dépasse %d caractères : raccourcissez-le, ou envoyez-le en deux fois.", MessageMax)
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError }):
		return "", Champf(champ, "Ce texte porte un caractère illisible : tapez-le de nouveau.")
	}
	return s, nil
}

// Filaire says which thread of a dossier a person reads and writes: that of their
// side for an organisation, the one they name for the staff. It returns NotFound,
// as for what does not exist, when the thread is not theirs, and Invalid when the
// staff names none.
func Filaire(r, fil Role) (Role, error) {
	deux := []Role{RoleEntreprise, RoleOrganisme}
	switch {
	case !r.Interne() && (fil == "" || fil == r) && slices.Contains(deux, r):
		return r, nil
	case !r.Interne():
		return "", Errorf(NotFound, "Cet échange n’existe pas, ou vous n’y avez pas accès.")
	case slices.Contains(deux, fil):
		return fil, nil
	}
	return "", Champf("fil", "Dites à qui vous écrivez : l’entreprise ou l’organisme de formation.")
}

// Ecrit reports whether someone of this role writes to the parties and to
// colleagues about a dossier; the others of the staff read only.
func (r Role) Ecrit() bool {
	return r == RoleEntreprise || r == RoleOrganisme || r.Juge() || r == RoleComptable
}

// Nomme is a colleague whom a note may name.
type Nomme struct{ Personne, Nom string }

// Mentions returns the colleagues that a note names with « @Prénom Nom », each
// once, in the order of reading. Case and accents do not count; of two names that
// fit the longest wins.
func Mentions(texte string, collegues []Nomme) []Nomme {
	var nommes []Nomme
	for i, r := range texte {
		if r != '@' {
			continue
		}
		suite := " " + CleRecherche(tete(texte[i+1:], 200)) + " "
		var choisi Nomme
		for _, c := range collegues {
			cle := CleRecherche(c.Nom)
			if cle != "" && strings.HasPrefix(suite, " "+cle+" ") && len(c.Nom) > len(choisi.Nom) {
				choisi = c
			}
		}
		if choisi.Personne != "" && !slices.ContainsFunc(nommes, func(n Nomme) bool { return n.Personne == choisi.Personne }) {
			nommes = append(nommes, choisi)
		}
	}
	return nommes
}

// tete returns the first n runes of s.
func tete(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
