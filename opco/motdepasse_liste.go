package opco

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// motsCourants holds what people choose as a password, written for the house by
// section: prénoms, mots, lieux, métier… See motdepasse.txt.
//
//go:embed motdepasse.txt
var motsCourants string

// motCourantMin is the shortest word looked for inside a password: shorter ones
// are found by chance in any text.
const motCourantMin = 4

// lignesClavier are the walks of a finger on a keyboard, the alphabet and the
// digits; they are read in both directions.
var lignesClavier = [...]string{
	"azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
	"012345678901234567890123456789", "&e\"'(-e_ca)=", "!@#$%^&*()_+",
	"1aqw2zsx3edc4rfv5tgb6yhn7uj8ik9ol0pm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "aqwzsxedcrfvtgbyhn", "qazwsxedcrfvtgbyhnujm",
}

// debutsCourants are put before the words of the section « après » : « jaimelechocolat ».
var debutsCourants = [...]string{
	"mon", "ma", "mes", "le", "la", "les", "super", "petit", "petite", "jaime", "jaimele", "jaimela", "jaimeles", "jadore",
	"jesuis", "vivele", "vivela", "bonjour", "merci", "ilove", "my", "the",
}

// listeCourante is the blocklist: the folded forms refused alone and counted as
// one choice among a few thousands inside a longer password.
var listeCourante = sync.OnceValue(func() map[string]bool {
	liste := map[string]bool{}
	ajouter := func(m string) {
		if m = clePassage(m); utf8.RuneCountInString(m) >= motCourantMin {
			liste[m] = true
		}
	}
	section := ""
	for l := range strings.Lines(motsCourants) {
		l = strings.TrimSpace(l)
		if s, ok := strings.CutPrefix(l, "# "); ok {
			section = s
			continue
		}
		for _, m := range strings.Fields(l) {
			ajouter(m)
			if section == "après" {
				for _, d := range debutsCourants {
					ajouter(d + m)
				}
			}
		}
	}
	return liste
})

// clePassage folds a text as the search for words in a password does: composed
// letters opened, accents and case dropped, everything else kept.
func clePassage(s string) string {
	return strings.ToLower(lettresHorsNFKD.Replace(ligatures.Replace(nfkdSansMarques(s))))
}

var ligatures = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ø", "o", "Ø", "O", "ł", "l", "Ł", "L")

// chiffreParle gives the letter that a sign is typed for (« p@ssw0rd »); 1 and !
// stand for i or for l.
func chiffreParle(r, un rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', '!', '|':
		return un
	case '3', '€':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7', '+':
		return 't'
	case '8':
		return 'b'
	}
	return r
}

func parler(s string, un rune) string {
	return strings.Map(func(r rune) rune { return chiffreParle(r, un) }, s)
}

// separateur reports whether r only stands between words.
func separateur(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-_.,;:'’/", r) }

// coller drops the separators.
func coller(s string) string {
	return strings.Map(func(r rune) rune {
		if separateur(r) {
			return -1
		}
		return r
	}, s)
}

// motsDuSite are refused in every password of the house.
var motsDuSite = []string{"opco", "guichet"}

// motsAnodins are in half of the names of companies: they point at nobody.
var motsAnodins = map[string]bool{
	"sarl": true, "eurl": true, "sasu": true, "formation": true, "formations": true, "conseil": true, "conseils": true, "societe": true,
	"entreprise": true, "groupe": true, "france": true, "services": true, "association": true, "centre": true, "institut": true, "gmail": true,
}

// motsDeContexte returns the words that point at the person: each text whole and
// word by word, from four letters on; of an e-mail address what stands before @;
// of a SIRET its SIREN too.
func motsDeContexte(contexte []string) []string {
	mots := slices.Clone(motsDuSite)
	for _, c := range contexte {
		if local, _, ok := strings.Cut(c, "@"); ok {
			c = local
		}
		cle := CleRecherche(c)
		candidats := append(strings.Fields(cle), strings.ReplaceAll(cle, " ", ""))
		if s := strings.ReplaceAll(cle, " ", ""); len(s) == 14 && chiffres(s) {
			candidats = append(candidats, s[:9])
		}
		for _, m := range candidats {
			if utf8.RuneCountInString(m) >= motCourantMin && !motsAnodins[m] && !slices.Contains(mots, m) {
				mots = append(mots, m)
			}
		}
	}
	return mots
}

// contenus returns the words that the password holds, however they are typed.
func contenus(mot string, mots []string) []string {
	cle := clePassage(mot)
	formes := []string{cle, coller(cle), coller(parler(cle, 'i')), coller(parler(cle, 'l'))}
	var presents []string
	for _, m := range mots {
		if slices.ContainsFunc(formes, func(f string) bool { return strings.Contains(f, m) }) {
			presents = append(presents, m)
		}
	}
	return presents
}
