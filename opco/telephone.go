package opco

// ParseTelephone accepts a phone number as people type it: 4 to 15 digits, with
// spaces, dots, dashes, brackets and a leading +. Nothing is a number that was not
// given. Errors are Invalid, on the field « telephone ».
func ParseTelephone(s string) (string, error) {
	n := 0
	for i, r := range s {
		switch {
		case '0' <= r && r <= '9':
			n++
		case r == ' ' || r == '.' || r == '-' || r == '\u00a0' || r == '\u202f' || r == '(' || r == ')' || r == '+' && i == 0:
		default:
			return "", Champf("telephone", "Un numéro de téléphone s’écrit avec des chiffres, par exemple 01 99 00 01 10.")
		}
	}
	if s != "" && (n < 4 || n > 15) {
		return "", Champf("telephone", "Ce numéro de téléphone n’est pas complet : il a de 4 à 15 chiffres.")
	}
	return s, nil
}
