package opco

import (
	"net/mail"
	"strings"
	"unicode/utf8"
)

// Email is an e-mail address in lower case, the form in which it identifies an
// account.
type Email string

// emailMax is the longest address that mail servers carry (RFC 5321).
const emailMax = 254

// ParseEmail reads one address typed by a person. Spaces at its ends and a dot
// after its domain are dropped; case does not matter; a +label is kept. Letters
// outside a–z are refused: they hide an imitation more often than a real name
// (« аdmin » with a Cyrillic а). Errors are Invalid, on the field « email ».
func ParseEmail(s string) (Email, error) {
	if strings.ContainsAny(s, "\r\n\x00") || !utf8.ValidString(s) {
		return "", Champf("email", "L’adresse de courriel doit tenir sur une seule ligne.")
	}
	t := strings.TrimSuffix(strings.TrimSpace(s), ".")
	for _, r := range t {
		if r >= utf8.RuneSelf {
			return "", Champf("email", "L’adresse de courriel contient « %s », qui n’est pas une lettre de a à z sans accent. Retapez-la ; si votre domaine porte un accent, donnez sa forme technique, qui commence par xn--.", citer(string(r)))
		}
	}
	switch t = strings.ToLower(t); {
	case t == "":
		return "", Champf("email", "Indiquez une adresse de courriel, par exemple nom@entreprise.fr.")
	case len(t) > emailMax:
		return "", Champf("email", "Cette adresse de courriel est trop longue : %d caractères au plus.", emailMax)
	case strings.Count(t, "@") > 1 && strings.ContainsAny(t, ",; "):
		return "", Champf("email", "Donnez une seule adresse de courriel.")
	}
	local, domaine, _ := strings.Cut(t, "@")
	if a, err := mail.ParseAddress(t); err != nil || a.Address != t || !localCourant(local) || !domaineCourant(domaine) {
		return "", Champf("email", "« %s » n’est pas une adresse de courriel : elle s’écrit nom@entreprise.fr.", citer(s))
	}
	return Email(t), nil
}

// localCourant accepts what stands before @ in an ordinary address: at most 64
// characters, no quotes, no dot at an end nor twice in a row.
func localCourant(l string) bool {
	return l != "" && len(l) <= 64 && !strings.ContainsAny(l, "\"\\ ()<>[]:;,") &&
		!strings.HasPrefix(l, ".") && !strings.HasSuffix(l, ".") && !strings.Contains(l, "..")
}

// domaineCourant accepts a public host name: two labels at least, the last one
// with a letter, which leaves IP addresses out.
func domaineCourant(d string) bool {
	etiquettes := strings.Split(d, ".")
	for _, e := range etiquettes {
		if e == "" || len(e) > 63 || strings.HasPrefix(e, "-") || strings.HasSuffix(e, "-") ||
			strings.Trim(e, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(etiquettes) >= 2 && !chiffres(etiquettes[len(etiquettes)-1])
}

// Domaine returns what follows @.
func (e Email) Domaine() string {
	_, d, _ := strings.Cut(string(e), "@")
	return d
}
