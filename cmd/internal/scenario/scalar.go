package scenario

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"guichet/opco"
)

// Amount is a sum written as people write it: 1 412,40 or 1412.40.
type Amount opco.Montant

// UnmarshalYAML reads an amount.
func (a *Amount) UnmarshalYAML(n *yaml.Node) error {
	m, err := opco.ParseMontant(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		return fault(n, "« %s » n’est pas un montant : écrivez par exemple 1 412.40.", n.Value)
	}
	*a = Amount(m)
	return nil
}

// Hours is a length of training, kept in minutes: 21, 7 h 30, 0.
type Hours opco.Minutes

// UnmarshalYAML reads a length; 0 is allowed, for someone who never came.
func (h *Hours) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == "0" {
		return nil
	}
	m, err := opco.ParseDuree(n.Value)
	if err != nil {
		return fault(n, "« %s » n’est pas une durée : écrivez 21 ou 7 h 30.", n.Value)
	}
	*h = Hours(m)
	return nil
}

// Day is a civil day in Paris, 2026-04-13.
type Day opco.Date

// UnmarshalYAML reads a day.
func (d *Day) UnmarshalYAML(n *yaml.Node) error {
	v, err := opco.ParseDate(n.Value)
	if err != nil {
		return fault(n, "« %s » n’est pas une date : écrivez 2026-04-13.", n.Value)
	}
	*d = Day(v)
	return nil
}

// Instant is a moment of business time: « 2026-04-13 10:00 » in Paris, with
// seconds if need be, or « 2026-05-03T22:30:00Z ».
type Instant struct{ time.Time }

// UnmarshalYAML reads an instant.
func (i *Instant) UnmarshalYAML(n *yaml.Node) error {
	for _, f := range []string{"2006-01-02 15:04:05.000", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(f, n.Value, opco.Paris); err == nil {
			i.Time = t
			return nil
		}
	}
	t, err := time.Parse(time.RFC3339Nano, n.Value)
	if err != nil {
		return fault(n, "« %s » n’est pas un instant : écrivez 2026-04-13 10:00, heure de Paris.", n.Value)
	}
	i.Time = t
	return nil
}

// YesNo is oui or non.
type YesNo bool

// UnmarshalYAML reads oui or non.
func (y *YesNo) UnmarshalYAML(n *yaml.Node) error {
	switch strings.ToLower(n.Value) {
	case "oui":
		*y = true
	case "non":
		*y = false
	default:
		return fault(n, "« %s » : répondez par oui ou par non.", n.Value)
	}
	return nil
}

// Texts is one text or a list of texts.
type Texts []string

// UnmarshalYAML reads one text or a list.
func (t *Texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*t = Texts{n.Value}
		return nil
	}
	var l []string
	if err := n.Decode(&l); err != nil {
		return fault(n, "Écrivez un texte, ou une liste de textes.")
	}
	*t = l
	return nil
}
