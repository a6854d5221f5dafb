package opco

import (
	"slices"
	"strconv"
	"strings"
)

// champDemande is how one field of a demande is written and read.
type champDemande struct {
	poser func(string) error
	lire  func() string
}

// lu is a field that parse reads.
func lu[T ~string](v *T, parse func(string) (T, error), montrer func(T) string) champDemande {
	return champDemande{
		func(s string) error {
			var x T
			if strings.TrimSpace(s) != "" {
				var err error
				if x, err = parse(s); err != nil {
					return err
				}
			}
			*v = x
			return nil
		},
		func() string { return montrer(*v) }}
}

func tel[T ~string](v T) string { return string(v) }

// texteDe is a field of free text.
func texteDe(v *string, max int) champDemande {
	return lu(v, func(s string) (string, error) { return ParseTexte("", s, max) }, tel)
}

func nomDe(v *string) champDemande {
	return lu(v, func(s string) (string, error) { return ParseNom("", s) }, tel)
}

// codeDe is a field whose values are a list; choix names it in the refusal.
func codeDe[T ~string](v *T, choix string, valeurs []T) champDemande {
	return lu(v, func(s string) (T, error) {
		if x := T(strings.TrimSpace(s)); slices.Contains(valeurs, x) {
			return x, nil
		}
		return "", Errorf(Invalid, "« %s » n’est pas %s : choisissez dans la liste.", citer(s), choix)
	}, tel)
}

func dureeDe(v *Minutes) champDemande {
	return champDemande{
		func(s string) error {
			var m Minutes
			if strings.TrimSpace(s) != "" {
				var err error
				if m, err = ParseDuree(s); err != nil {
					return err
				}
			}
			*v = m
			return nil
		},
		func() string {
			switch {
			case *v == 0:
				return ""
			case *v*100%60 != 0:
				return v.String() // hundredths of an hour would not say it exactly
			}
			return v.Heures()
		}}
}

// lireMontant reads an amount, 0 when nothing is typed.
func lireMontant(s string) (Montant, error) {
	if strings.TrimSpace(s) == "" {
		return 0, nil
	}
	return ParseMontant(s)
}

func direMontant(m Montant) string {
	if m == 0 {
		return ""
	}
	return m.Nombre()
}

func montantDe(v *Montant) champDemande {
	return champDemande{
		func(s string) error {
			m, err := lireMontant(s)
			if err == nil {
				*v = m
			}
			return err
		},
		func() string { return direMontant(*v) }}
}

func nombreDe(v *int) champDemande {
	return champDemande{
		func(s string) error {
			s = sansEspaces(s)
			if s == "" {
				*v = 0
				return nil
			}
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 || !chiffres(s) {
				return Errorf(Invalid, "« %s » n’est pas un nombre entier : écrivez par exemple 3.", citer(s))
			}
			*v = n
			return nil
		},
		func() string {
			if *v == 0 {
				return ""
			}
			return strconv.Itoa(*v)
		}}
}

// ouiDe is a box: ticked when it says oui.
func ouiDe(v *bool) champDemande {
	return champDemande{
		func(s string) error {
			switch strings.ToLower(strings.TrimSpace(s)) {
			case "oui", "o", "vrai", "1", "x":
				*v = true
			case "", "non", "n", "faux", "0":
				*v = false
			default:
				return Errorf(Invalid, "« %s » : répondez oui ou non.", citer(s))
			}
			return nil
		},
		func() string {
			if *v {
				return "oui"
			}
			return ""
		}}
}

func parseCodePostal(s string) (string, error) {
	s = sansEspaces(s)
	if len(s) != 5 || !chiffres(s) {
		return "", Errorf(Invalid, "Un code postal a 5 chiffres, par exemple 33000.")
	}
	return s, nil
}
