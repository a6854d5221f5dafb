package opco

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The policies of the house, by the portal that asks for the password.
const (
	PolitiqueGuichet = "GUICHET" // the default: long, no composition, not guessable
	PolitiqueMyAtlas = "MYATLAS" // MA-62
	PolitiqueAtnet   = "ATNET"   // AT-08
	PolitiqueInterne = "INTERNE" // the staff of the OPCO, beside a second factor
)

// motDePasseMax is the longest password that a policy without its own takes, in
// characters: whole sentences fit, and hashing stays bounded.
const motDePasseMax = 128

// specialAtnet is the list that AT-08 gives, specialMyAtlas what « un caractère
// spécial » means on a French keyboard (MA-62 gives no list).
const (
	specialAtnet   = `_!@#$%&*()-+={}[]\;<>,.?/`
	specialMyAtlas = specialAtnet + `"'` + "`" + `|~^:§£€¤µ°²¨«»`
)

// Politique is what a portal asks of a password. Lengths are in characters, not
// bytes; spaces count. A zero Max means 128.
type Politique struct {
	Code      string `json:"code"`
	Min       int    `json:"min"`
	Max       int    `json:"max"`
	Majuscule bool   `json:"majuscule"` // one upper-case letter at least, « É » included
	Chiffre   bool   `json:"chiffre"`   // one digit at least
	Special   string `json:"special"`   // one of these at least; "" asks for none
	Blocage   bool   `json:"blocage"`   // refuse what is guessed at once, and words that point at the person
}

// politiques are the policies as the specification gives them (MA-62, AT-08,
// reliability.md 3.5). They are floors: see Parametres.Politique.
var politiques = map[string]Politique{
	PolitiqueGuichet: {Code: PolitiqueGuichet, Min: 15, Max: motDePasseMax, Blocage: true},
	PolitiqueMyAtlas: {Code: PolitiqueMyAtlas, Min: 7, Max: motDePasseMax, Majuscule: true, Chiffre: true, Special: specialMyAtlas},
	PolitiqueAtnet:   {Code: PolitiqueAtnet, Min: 8, Max: motDePasseMax, Majuscule: true, Special: specialAtnet},
	PolitiqueInterne: {Code: PolitiqueInterne, Min: 16, Max: motDePasseMax, Blocage: true},
}

// Politique returns the policy of that code in force with p. What p.Politiques
// says can only ask for more than the specification does; a code unknown to it
// starts from GUICHET.
func (p Parametres) Politique(code string) Politique {
	base, connue := politiques[code]
	if !connue {
		base = politiques[PolitiqueGuichet]
	}
	return base.renforcer(p.Politiques[code])
}

// renforcer returns p with what r asks for beyond it. Max is never under 64, which
// NIST SP 800-63B wants accepted.
func (p Politique) renforcer(r Politique) Politique {
	p.Min = max(p.Min, r.Min)
	if r.Max > 0 {
		p.Max = max(min(p.Max, r.Max), 64, p.Min)
	}
	p.Majuscule = p.Majuscule || r.Majuscule
	p.Chiffre = p.Chiffre || r.Chiffre
	p.Blocage = p.Blocage || r.Blocage
	if p.Special == "" {
		p.Special = r.Special
	}
	return p
}

// Regle says the policy to the person who chooses, in one French sentence.
func (p Politique) Regle() string {
	parties := []string{strconv.Itoa(p.Min) + " caractères au moins"}
	for _, c := range p.exigences() {
		parties = append(parties, c.nom)
	}
	phrase := "Votre mot de passe compte " + enumerer(parties) + "."
	if p.Blocage {
		phrase += " Une phrase de quatre ou cinq mots sans lien entre eux convient ; votre nom, celui de votre entreprise et les mots de passe courants sont refusés."
	}
	return phrase
}

// NormaliserMotDePasse returns the form under which a password is checked, hashed
// and compared, so that the same keys give the same password on every machine
// (RFC 8265: composed, and each kind of space a plain one).
func NormaliserMotDePasse(mot string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, NFC(mot))
}

// Verifier refuses a password that the policy does not allow, with one sentence
// that says everything to change. contexte holds what points at the person: name,
// e-mail address, company, SIRET; it counts only when the policy blocks. The error
// is Invalid, on the field « mot_de_passe », and never repeats the password.
func (p Politique) Verifier(mot string, contexte ...string) error {
	if p.Max == 0 {
		p.Max = motDePasseMax
	}
	if len(mot) > 16*p.Max || !utf8.ValidString(mot) {
		return refusMotDePasse([]string{"compter " + strconv.Itoa(p.Max) + " caractères au plus, tous lisibles"})
	}
	mot = NormaliserMotDePasse(mot)
	manques := p.mesurer(mot)
	if mot == "" || utf8.RuneCountInString(mot) > p.Max {
		return refusMotDePasse(manques)
	}
	if strings.ContainsFunc(mot, motDePasseIllisible) {
		manques = append(manques, "ne contenir ni tabulation ni caractère invisible (retapez-le sans le copier)")
	}
	var absents []string
	for _, c := range p.exigences() {
		if !strings.ContainsFunc(mot, c.admet) {
			absents = append(absents, c.nom)
		}
	}
	if absents != nil {
		manques = append(manques, "contenir "+enumerer(absents))
	}
	if p.Blocage {
		manques = append(manques, reprocher(mot, contexte)...)
	}
	return refusMotDePasse(manques)
}

// exigence is a kind of character that a policy wants.
type exigence struct {
	nom   string
	admet func(rune) bool
}

func (p Politique) exigences() []exigence {
	var cs []exigence
	if p.Majuscule {
		cs = append(cs, exigence{"une lettre majuscule", unicode.IsUpper})
	}
	if p.Chiffre {
		cs = append(cs, exigence{"un chiffre", unicode.IsDigit})
	}
	if p.Special != "" {
		nom := "un caractère spécial (par exemple ! ? @ ou %)"
		if p.Special == specialAtnet {
			nom = "un caractère parmi " + strings.Join(strings.Split(p.Special, ""), " ")
		}
		cs = append(cs, exigence{nom, func(r rune) bool { return strings.ContainsRune(p.Special, r) }})
	}
	return cs
}

func (p Politique) mesurer(mot string) []string {
	switch n := utf8.RuneCountInString(mot); {
	case n == 0:
		return []string{"compter au moins " + strconv.Itoa(p.Min) + " caractères"}
	case n < p.Min:
		return []string{"compter au moins " + strconv.Itoa(p.Min) + " caractères (vous en avez tapé " + strconv.Itoa(n) + ")"}
	case n > p.Max:
		return []string{"compter " + strconv.Itoa(p.Max) + " caractères au plus (vous en avez tapé " + strconv.Itoa(n) + ")"}
	}
	return nil
}

// motDePasseIllisible reports whether r cannot be typed again with certainty.
func motDePasseIllisible(r rune) bool {
	return unicode.IsControl(r) || bidi(r) || r == '\u200b' || r == '\ufeff'
}

// reprocher says what makes the password easy to guess by who knows the person, or
// knows what people choose.
func reprocher(mot string, contexte []string) []string {
	var rs []string
	presents := contenus(mot, motsDeContexte(contexte))
	for i, m := range presents {
		presents[i] = "« " + m + " »"
	}
	if presents != nil {
		rs = append(rs, "ne pas contenir "+strings.Join(presents, ", ")+", que l’on devine en vous connaissant")
	}
	if e := evaluer(mot, contexte); e.bits < bitsDevine {
		rs = append(rs, "être moins facile à deviner ("+e.defaut()+")")
	}
	return rs
}

func refusMotDePasse(manques []string) error {
	if len(manques) == 0 {
		return nil
	}
	return Champf("mot_de_passe", "Choisissez un autre mot de passe : il doit %s.", enumerer(manques))
}

// enumerer writes « a, b et c ».
func enumerer(mots []string) string {
	if n := len(mots); n > 1 {
		return strings.Join(mots[:n-1], ", ") + " et " + mots[n-1]
	}
	return strings.Join(mots, "")
}

// CodesPolitique lists the codes of the policies of the specification, sorted.
func CodesPolitique() []string { return slices.Sorted(maps.Keys(politiques)) }
