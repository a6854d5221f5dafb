package opco

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The costs of a guess, in bits. A word of the blocklist is one among some four
// thousands; bitsDevine is what an attacker of stolen hashes tries in seconds.
const (
	bitsMot      = 12.0
	bitsTerme    = 17.0 // any word of a dictionary
	bitsContexte = 3.0
	bitsSuite    = 6.0
	bitsDevine   = 34.0
)

// seuilsForce are the bits from which a password is of level 1, 2, 3 and 4. Level
// 2 starts above the 50 bits that the CNIL asks for beside a slowed-down login.
var seuilsForce = [...]float64{bitsDevine, 50, 60, 70}

// defautForce is what makes a part of a password cheap to guess.
type defautForce int

const (
	defautAucun defautForce = iota
	defautMot
	defautContexte
	defautSuite
	defautRepete
	defautDate
)

// phrasesDefaut say each of them to the person who chooses.
var phrasesDefaut = map[defautForce]string{
	defautAucun:    "il est trop court",
	defautMot:      "il repose sur des mots ou des mots de passe courants",
	defautContexte: "il repose sur votre nom, votre entreprise ou ce site",
	defautSuite:    "il suit l’ordre du clavier, de l’alphabet ou des chiffres",
	defautRepete:   "il répète les mêmes caractères",
	defautDate:     "il repose sur une date ou une année",
}

// estimation is the cost of the cheapest way to guess a password, and how many
// characters each weakness explains.
type estimation struct {
	bits  float64
	poids map[defautForce]int
}

// defaut says the weakness that explains the most characters.
func (e estimation) defaut() string {
	pire := defautAucun
	for d := defautMot; d <= defautDate; d++ {
		if e.poids[d] > e.poids[pire] {
			pire = d
		}
	}
	return phrasesDefaut[pire]
}

// Force estimates how hard a password is to guess, from 0 (at once) to 4, and says
// why in one French sentence. It is an estimate: it knows the words of the
// blocklist and of contexte, walks on the keyboard, repeats and dates, and takes
// letters between separators for a word of a dictionary, any other letter for one
// drawn at random. It never repeats the password.
func Force(mot string, contexte ...string) (niveau int, phrase string) {
	if mot == "" {
		return 0, "Tapez un mot de passe pour en connaître la force."
	}
	if len(mot) <= 16*motDePasseMax {
		mot = NormaliserMotDePasse(mot)
	}
	if utf8.RuneCountInString(mot) > motDePasseMax {
		return 0, "Ce mot de passe est trop long pour être accepté."
	}
	e := evaluer(mot, contexte)
	for _, s := range seuilsForce {
		if e.bits >= s {
			niveau++
		}
	}
	return niveau, e.expliquer(niveau)
}

func (e estimation) expliquer(niveau int) string {
	switch niveau {
	case 0:
		return "Très faible : " + e.defaut() + ". Ajoutez des mots sans lien entre eux."
	case 1:
		return "Faible : " + e.defaut() + ". Ajoutez un ou deux mots sans lien avec les autres."
	case 2:
		return "Suffisant : un mot de plus le rendrait solide."
	case 3:
		return "Solide."
	}
	return "Très solide."
}

// evaluer keeps the cheaper reading of the password: as typed, or without the
// separators, worth two bits.
func evaluer(mot string, contexte []string) estimation {
	mots := map[string]bool{}
	for _, m := range motsDeContexte(contexte) {
		mots[m] = true
	}
	tape := parcourir(mot, mots)
	if colle := coller(mot); colle != mot {
		if e := parcourir(colle, mots); e.bits+2 < tape.bits {
			e.bits += 2
			return e
		}
	}
	return tape
}

// etape is the cheapest way to have written the first characters.
type etape struct {
	bits   float64
	depuis int
	defaut defautForce
}

// lecteur reads one password under the forms in which words are looked for.
type lecteur struct {
	brut     []rune // as typed, accents dropped
	formes   [3][]rune
	contexte map[string]bool
	phrase   bool // words between separators: each is taken for one of a dictionary
	etapes   []etape
}

// parcourir finds the cheapest way to write the password from left to right, each
// step a character, a word, a walk on the keyboard, a date or a copy of what
// precedes.
func parcourir(mot string, contexte map[string]bool) estimation {
	brut := []rune(lettresHorsNFKD.Replace(ligatures.Replace(nfkdSansMarques(mot))))
	brut = brut[:min(len(brut), 2*motDePasseMax)]
	bas := strings.ToLower(string(brut))
	l := lecteur{brut: brut, contexte: contexte, phrase: strings.ContainsFunc(bas, separateur), etapes: make([]etape, len(brut)+1)}
	for i, f := range [...]string{bas, parler(bas, 'i'), parler(bas, 'l')} {
		l.formes[i] = []rune(f)
	}
	for i := 1; i < len(l.etapes); i++ {
		l.etapes[i].bits = math.Inf(1)
	}
	for i := range brut {
		l.avancer(i, 1, bitsCaractere(brut, i), defautAucun)
		l.mots(i)
		l.terme(i)
		l.suite(i)
		l.date(i)
		l.copie(i)
	}
	return l.bilan()
}

// avancer proposes to write n characters from i at that cost.
func (l *lecteur) avancer(i, n int, bits float64, d defautForce) {
	if total := l.etapes[i].bits + bits; total < l.etapes[i+n].bits {
		l.etapes[i+n] = etape{bits: total, depuis: i, defaut: d}
	}
}

func bitsCaractere(brut []rune, i int) float64 {
	switch r := brut[i]; {
	case r >= '0' && r <= '9':
		return 3.3
	case r >= 'a' && r <= 'z':
		return 4.7
	case r >= 'A' && r <= 'Z':
		return 5.2
	case r == ' ' || r == '-':
		return 1
	case r < utf8.RuneSelf:
		return 5
	}
	return 7
}

// motCourantMax is the longest entry looked for.
const motCourantMax = 28

func (l *lecteur) mots(i int) {
	for n := motCourantMin; n <= motCourantMax && i+n <= len(l.brut); n++ {
		for k, f := range l.formes {
			m := string(f[i : i+n])
			parle := 0.0
			if k > 0 {
				parle = 2
			}
			if l.contexte[m] {
				l.avancer(i, n, bitsContexte+parle+bitsCasse(l.brut[i:i+n]), defautContexte)
			} else if listeCourante()[m] {
				l.avancer(i, n, bitsMot+parle+bitsCasse(l.brut[i:i+n]), defautMot)
			}
		}
	}
}

// terme takes letters alone between separators for a word of a dictionary, which a
// person picks more readily than letters at random.
func (l *lecteur) terme(i int) {
	if !l.phrase || i > 0 && !separateur(l.brut[i-1]) {
		return
	}
	n := 0
	for i+n < len(l.brut) && unicode.IsLetter(l.brut[i+n]) {
		n++
	}
	if fin := i + n; n >= motCourantMin && n <= 14 && (fin == len(l.brut) || separateur(l.brut[fin])) {
		l.avancer(i, n, bitsTerme+bitsCasse(l.brut[i:fin]), defautAucun)
	}
}

// bitsCasse is what capitals add: little when only the first letter, or all, are.
func bitsCasse(rs []rune) float64 {
	n := 0
	for _, r := range rs {
		if unicode.IsUpper(r) {
			n++
		}
	}
	switch {
	case n == 0:
		return 0
	case n == len(rs) || n == 1 && unicode.IsUpper(rs[0]):
		return 1
	}
	return 3
}

// suite looks for a walk of four keys, three for digits.
func (l *lecteur) suite(i int) {
	bas := l.formes[0]
	for _, ligne := range lignesClavier {
		n := max(marche(bas[i:], []rune(ligne), 1), marche(bas[i:], []rune(ligne), -1))
		if n >= 4 || n == 3 && unicode.IsDigit(bas[i]) {
			l.avancer(i, n, bitsSuite+math.Log2(float64(n)), defautSuite)
		}
	}
}

// marche returns the longest beginning of s that follows the line in that sense.
func marche(s, ligne []rune, sens int) int {
	meilleur := 0
	for d := range ligne {
		n := 0
		for j := d; n < len(s) && j >= 0 && j < len(ligne) && s[n] == ligne[j]; j += sens {
			n++
		}
		meilleur = max(meilleur, n)
	}
	return meilleur
}

// date looks for a year of a life, and for a day written in six or eight digits.
func (l *lecteur) date(i int) {
	lire := func(n int) string {
		if i+n > len(l.brut) || !chiffres(string(l.brut[i:i+n])) {
			return ""
		}
		return string(l.brut[i : i+n])
	}
	if a := lire(4); a >= "1930" && a <= "2039" {
		l.avancer(i, 4, 6, defautDate)
	}
	jour := func(s string) bool { return s >= "01" && s <= "31" }
	mois := func(s string) bool { return s >= "01" && s <= "12" }
	if d := lire(6); d != "" && (jour(d[:2]) && mois(d[2:4]) || mois(d[2:4]) && jour(d[4:])) {
		l.avancer(i, 6, 13, defautDate)
	}
	if d := lire(8); d != "" && (jour(d[:2]) && mois(d[2:4]) && d[4:] >= "1930" && d[4:] <= "2039" ||
		d[:4] >= "1930" && d[:4] <= "2039" && mois(d[4:6]) && jour(d[6:])) {
		l.avancer(i, 8, 14, defautDate)
	}
}

// copie looks for three characters or more that repeat what was written before.
func (l *lecteur) copie(i int) {
	bas := l.formes[0]
	for depart := range i {
		n := 0
		for i+n < len(bas) && bas[i+n] == bas[depart+n] {
			n++
		}
		for ; n >= 3; n-- {
			l.avancer(i, n, 1+math.Log2(float64(i))+math.Log2(float64(n)), defautRepete)
		}
	}
}

// bilan walks the cheapest path back and counts what explains it.
func (l *lecteur) bilan() estimation {
	n := len(l.brut)
	e := estimation{bits: l.etapes[n].bits, poids: map[defautForce]int{}}
	for i := n; i > 0; i = l.etapes[i].depuis {
		if s := l.etapes[i]; s.defaut != defautAucun {
			e.poids[s.defaut] += i - s.depuis
		}
	}
	return e
}
