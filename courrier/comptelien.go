package courrier

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"guichet/opco"
)

// The pages of accounts that mails lead to.
const (
	pageActivation    = "/activation"
	pageConfirmation  = "/premiere-connexion/confirmation"
	pageReinit        = "/reinitialisation"
	pageConnexion     = "/connexion"
	pageMonCompte     = "/compte"
	pageHabilitations = "/habilitations"
	parametreCode     = "code"
	parametreJeton    = "jeton"
	espaceOrganisme   = "« Espace organisme de formation »"
	motDePasseOublie  = "« Mot de passe oublié »"
	nomMax            = 80 // characters of a name in a mail
)

// page returns the full address of a page of the portal. It begins with the
// configured URL, whatever the request that led to the mail.
func (m Maison) page(chemin string) string { return strings.TrimRight(m.URL, "/") + chemin }

// lien returns the address that proves something for this account: the secret
// stands in the parameter nom, or is left to be typed when it is empty. Opening
// the page consumes nothing.
func (c Compte) lien(m Maison, chemin, nom string) string {
	l := m.page(chemin) + "?compte=" + url.QueryEscape(c.CompteID)
	if c.Secret != "" {
		l += "&" + nom + "=" + url.QueryEscape(c.Secret)
	}
	return l
}

// prevenez ends « … et prévenez-nous »: by telephone when the house has one.
func (m Maison) prevenez() string {
	if m.Telephone == "" {
		return "prévenez-nous"
	}
	return "prévenez-nous au " + insecables(m.Telephone)
}

// heure writes an instant for a reader: « 3 septembre 2026 à 14 h 05 ».
func heure(t time.Time) string {
	return opco.JourDe(t).Longue() + " à " + t.In(opco.Paris).Format("15"+insecable+"h"+insecable+"04")
}

// jusque writes the end of a délai: the last day when it ends at midnight
// (domain.md 5 bis, Time), the instant otherwise, "" when there is none.
func jusque(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if local := t.In(opco.Paris); local.Hour() == 0 && local.Minute() == 0 {
		return jusquau(opco.JourDe(t).Jours(-1))
	}
	return "jusqu’au " + heure(t) + " (heure de Paris)"
}

// domaineNu is what mail readers turn into a link: « exemple.fr » in a name.
var domaineNu = regexp.MustCompile(`\.([\pL\pN][\pL\pN-]+)`)

// propre makes a name that somebody typed fit to be shown in a mail: one line,
// a length that a name has, and nothing that a mail reader would make a link of.
func propre(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\@<>"`, r) {
			return ' '
		}
		return r
	}, composerLigne(s))
	s = composerLigne(strings.ReplaceAll(domaineNu.ReplaceAllString(s, " $1"), "www ", ""))
	if r := []rune(s); len(r) > nomMax {
		s = strings.TrimRight(string(r[:nomMax-1]), " ") + "…"
	}
	return s
}

// qui names who acted, or sinon: it begins a sentence.
func (c Compte) qui(sinon string) string {
	p := propre(c.Par)
	switch {
	case p == "":
		return sinon
	case strings.Contains(p, ", pour le compte de "): // a delegate
		return p + ","
	}
	return p
}

// dernierJour writes the last whole day before t, when t is a midnight of Paris.
func dernierJour(t time.Time) string { return opco.JourDe(t.Add(-time.Second)).Longue() }
