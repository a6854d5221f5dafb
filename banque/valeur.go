package banque

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guichet/opco"
)

// tous returns the children of n called nom, in the namespace of the message.
func (n *noeud) tous(nom string) []*noeud {
	if n == nil {
		return nil
	}
	var trouves []*noeud
	for _, e := range n.enfants {
		if e.nom == nom && e.ns == n.ns {
			trouves = append(trouves, e)
		}
	}
	return trouves
}

// un follows chemin (« Acct/Id/IBAN ») and returns the element at its end, nil
// if there is none. An element that comes twice where one is meant is refused:
// a reader that takes the first and one that takes the last would disagree.
func (n *noeud) un(chemin string) (*noeud, error) {
	for nom := range strings.SplitSeq(chemin, "/") {
		freres := n.tous(nom)
		switch len(freres) {
		case 0:
			return nil, nil
		case 1:
			n = freres[0]
		default:
			return nil, refus(CodeIncoherent, "L’élément %s figure deux fois dans %s : le fichier est ambigu, il n’a pas été lu.", nom, n.nom)
		}
	}
	return n, nil
}

// texteDe returns the text at the end of chemin, "" if there is none.
func (n *noeud) texteDe(chemin string) (string, error) {
	e, err := n.un(chemin)
	if err != nil || e == nil {
		return "", err
	}
	return e.texte, nil
}

// idDe reads an identifier of at most 35 characters. obligatoire refuses none.
func (n *noeud) idDe(chemin string, obligatoire bool) (string, error) {
	s, err := n.texteDe(chemin)
	if err != nil {
		return "", err
	}
	if s == "" && obligatoire {
		return "", refus(CodeIncoherent, "L’élément %s manque dans %s : le fichier ne peut pas être rapproché.", chemin, n.nom)
	}
	if utf8.RuneCountInString(s) > tailleID {
		return "", refus(CodeIncoherent, "L’élément %s dépasse 35 caractères : ce n’est pas un message de banque.", chemin)
	}
	return s, nil
}

// nombreDecimal is an amount as a bank writes it: digits, a point, and cents;
// further decimals may only be zeros. No sign, no exponent.
var nombreDecimal = regexp.MustCompile(`^([0-9]{1,15})(?:\.([0-9]{1,2})0{0,3})?$`)

// montantDe reads the amount at the end of chemin. present is false when there
// is none; devise is its currency, "" where the schema has none.
func (n *noeud) montantDe(chemin string) (m opco.Montant, devise string, present bool, err error) {
	e, err := n.un(chemin)
	if err != nil || e == nil {
		return 0, "", false, err
	}
	parts := nombreDecimal.FindStringSubmatch(e.texte)
	if parts == nil {
		return 0, "", false, refus(CodeIncoherent, "Le montant « %.40s » de %s n’est pas valable.", e.texte, n.nom)
	}
	cents, err := strconv.ParseInt(parts[1]+(parts[2] + "00")[:2], 10, 64)
	if err != nil {
		return 0, "", false, refus(CodeIncoherent, "Le montant « %.40s » de %s n’est pas valable.", e.texte, n.nom)
	}
	for _, a := range e.attrs {
		if a.Name.Local == "Ccy" {
			devise = a.Value
		}
	}
	return opco.Montant(cents), devise, true, nil
}

// dateDe reads a DateAndDateTime2Choice at the end of chemin as a civil day in
// Paris, "" if there is none.
func (n *noeud) dateDe(chemin string) (opco.Date, error) {
	e, err := n.un(chemin)
	if err != nil || e == nil {
		return "", err
	}
	if t, err := e.texteDe("DtTm"); err != nil || t != "" {
		if err != nil {
			return "", err
		}
		inst, err := parseInstant(t)
		if err != nil {
			return "", err
		}
		return opco.JourDe(inst), nil
	}
	t, err := e.texteDe("Dt")
	if err != nil {
		return "", err
	}
	return parseJour(t)
}

var fuseau = regexp.MustCompile(`(Z|[+-]\d{2}:\d{2})$`)

// parseJour reads an xs:date. A time zone after it changes nothing: the bank
// names a day of its own calendar.
func parseJour(s string) (opco.Date, error) {
	if len(s) > len("2006-01-02") {
		s = fuseau.ReplaceAllString(s, "")
	}
	d, err := opco.ParseDate(s)
	if err != nil {
		return "", refus(CodeIncoherent, "La date « %.40s » du fichier n’est pas valable.", s)
	}
	return d, nil
}

// parseInstant reads an xs:dateTime; without a time zone it is Paris time.
func parseInstant(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.ParseInLocation("2006-01-02T15:04:05", s, opco.Paris)
	}
	if err != nil || t.Year() < 1900 || t.Year() > 2199 {
		return time.Time{}, refus(CodeIncoherent, "La date et l’heure « %.40s » du fichier ne sont pas valables.", s)
	}
	return t.UTC(), nil
}
