package identite

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// A question is answered between epreuveMin, under which no person reads it, and
// epreuveMax after it was asked.
const (
	epreuveMin = 2 * time.Second
	epreuveMax = 20 * time.Minute
	cleMin     = 16 // bytes
)

// DureeEpreuve is how long an answered question must be remembered: after it its
// token is refused by its age.
const DureeEpreuve = epreuveMax

// Epreuves asks the anti-robot question (MA-57): a small sum in words, that a
// screen reader reads like any other, without picture, script or third party. It
// stops what fills every form it meets, no more: limits on the rate do the rest.
// It belongs on the forms that create or change an account, not on the login,
// where nobody must pass a test of mind (WCAG 2.2, 3.3.8). With a Cle under 16
// bytes every answer is refused.
type Epreuves struct{ Cle []byte }

// Question is what the page shows; its answer is in it, for whoever can read.
type Question struct{ Texte string }

// jetonEpreuve is what a token says, signed. The question derives from the id and
// the key: the token holds no answer.
type jetonEpreuve struct {
	id [16]byte
	le time.Time
}

// Nouvelle asks a question for one purpose (« inscription », « activation »…). The
// page sends jeton back with the answer.
func (e Epreuves) Nouvelle(objet string, maintenant time.Time) (Question, string) {
	j := jetonEpreuve{le: maintenant}
	rand.Read(j.id[:]) // never fails
	texte, _ := e.question(j.id, objet)
	return Question{Texte: texte}, e.ecrire(j, objet)
}

// Verifier returns the id of the token when the answer is right, in figures or in
// words. The caller burns that id, for DureeEpreuve at least, before it acts: a
// token serves once. piege is the value of the field that people do not see. The
// error is Invalid, on the field « epreuve »; the page then asks a new question
// and keeps what was typed.
func (e Epreuves) Verifier(objet, jeton, reponse, piege string, maintenant time.Time) (id string, err error) {
	j, ok := e.lire(jeton, objet)
	age := maintenant.Sub(j.le)
	switch {
	case piege != "":
		return "", opco.Champf("epreuve", "Un champ caché de ce formulaire a été rempli, sans doute par le remplissage automatique de votre navigateur. Laissez-le vide et répondez à la nouvelle question.")
	case !ok:
		return "", opco.Champf("epreuve", "Cette question ne vient pas de ce formulaire. Répondez à la nouvelle question pour continuer.")
	case age > epreuveMax || age < -epreuveMax:
		return "", opco.Champf("epreuve", "Cette question date de plus de %d minutes. Répondez à la nouvelle question pour continuer ; ce que vous avez saisi est conservé.", int(epreuveMax.Minutes()))
	case age < epreuveMin:
		return "", opco.Champf("epreuve", "La réponse est arrivée trop vite pour que nous sachions qu’une personne l’a donnée. Répondez à la nouvelle question, puis attendez deux secondes.")
	}
	_, attendu := e.question(j.id, objet)
	if n, ok := lireNombre(reponse); !ok || n != attendu {
		return "", opco.Champf("epreuve", "Ce n’est pas la bonne réponse. Répondez à la nouvelle question, en chiffres ou en lettres.")
	}
	return base64.RawURLEncoding.EncodeToString(j.id[:]), nil
}

// ErreurServie is the error of a token whose id was burnt before.
func ErreurServie() error {
	return opco.Champf("epreuve", "Cette question a déjà servi. Répondez à la nouvelle question pour continuer.")
}

// tournures are the ways to ask; each gives its answer from two numbers of 2 to 10.
var tournures = [...]func(a, b int) (string, int){
	func(a, b int) (string, int) {
		return "Combien font " + ecrireNombre(a) + " plus " + ecrireNombre(b) + " ?", a + b
	},
	func(a, b int) (string, int) {
		return "Ajoutez " + ecrireNombre(a) + " à " + ecrireNombre(b) + " : quel nombre obtenez-vous ?", a + b
	},
	func(a, b int) (string, int) {
		return "Combien reste-t-il si l’on retire " + ecrireNombre(a) + " de " + ecrireNombre(a+b) + " ?", b
	},
	func(a, b int) (string, int) {
		return "Combien font " + ecrireNombre(a+b) + " moins " + ecrireNombre(b) + " ?", a
	},
	func(a, _ int) (string, int) { return "Quel est le double de " + ecrireNombre(a) + " ?", 2 * a },
	func(a, b int) (string, int) {
		return "Quel nombre vient juste après " + ecrireNombre(a+b) + " ?", a + b + 1
	},
	func(a, b int) (string, int) {
		return "Vous avez " + ecrireNombre(a) + " stylos et l’on vous en donne " + ecrireNombre(b) + " : combien en avez-vous ?", a + b
	},
	func(a, b int) (string, int) {
		return "Quel est le plus grand nombre, " + ecrireNombre(a) + " ou " + ecrireNombre(a+b) + " ?", a + b
	},
}

// question derives the question of a token.
func (e Epreuves) question(id [16]byte, objet string) (string, int) {
	h := e.mac("question", id[:], objet)
	a, b := 2+int(h[1])%9, 2+int(h[2])%9
	return tournures[int(h[0])%len(tournures)](a, b)
}

func (e Epreuves) mac(usage string, corps []byte, objet string) []byte {
	m := hmac.New(sha256.New, e.Cle)
	m.Write([]byte(usage + "\x00"))
	m.Write(corps)
	m.Write([]byte("\x00" + objet))
	return m.Sum(nil)
}

func (e Epreuves) ecrire(j jetonEpreuve, objet string) string {
	corps := binary.BigEndian.AppendUint64(j.id[:], uint64(j.le.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(corps, e.mac("jeton", corps, objet)...))
}

func (e Epreuves) lire(jeton, objet string) (j jetonEpreuve, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(jeton)
	if err != nil || len(b) != 24+sha256.Size || len(e.Cle) < cleMin || !hmac.Equal(b[24:], e.mac("jeton", b[:24], objet)) {
		return j, false
	}
	copy(j.id[:], b)
	j.le = time.UnixMilli(int64(binary.BigEndian.Uint64(b[16:24])))
	return j, true
}

var (
	unites   = [...]string{"zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"}
	dizaines = [...]string{2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante"}
)

// ecrireNombre writes a number from 0 to 59 in words.
func ecrireNombre(n int) string {
	switch {
	case n < len(unites):
		return unites[n]
	case n%10 == 0:
		return dizaines[n/10]
	case n%10 == 1:
		return dizaines[n/10] + " et un"
	}
	return dizaines[n/10] + "-" + unites[n%10]
}

// nombresEcrits gives the value of each number in words, folded.
var nombresEcrits = func() map[string]int {
	m := map[string]int{"une": 1, "vingt et une": 21, "vingt un": 21, "vingt une": 21}
	for n := range 60 {
		m[opco.CleRecherche(ecrireNombre(n))] = n
	}
	return m
}()

// lireNombre reads an answer in figures or in words, as people write it: « 12 »,
// « douze », « Douze. », « vingt et un », « VINGT-ET-UN ».
func lireNombre(s string) (int, bool) {
	if len(s) > 100 {
		return 0, false
	}
	cle := opco.CleRecherche(s)
	if n, ok := nombresEcrits[cle]; ok {
		return n, true
	}
	if strings.HasPrefix(strings.TrimSpace(s), "-") {
		return 0, false
	}
	n, err := strconv.Atoi(cle)
	return n, err == nil
}
