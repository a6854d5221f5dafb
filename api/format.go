package api

import (
	"errors"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"guichet/opco"
)

// formats reads the string formats of the specification with the rules of opco,
// and returns the normal form that the handlers then see: digits without spaces,
// composed letters, trimmed ends. max is the maxLength of the field, in
// characters. An empty string means « not given » and is read by none of them.
var formats = map[string]func(champ, s string, max int) (string, error){
	"siret":       lireAvec(opco.ParseSIRET),
	"siren":       lireAvec(opco.ParseSIREN),
	"nda":         lireAvec(opco.ParseNDA),
	"iban":        lireAvec(opco.ParseIBAN),
	"idcc":        lireAvec(opco.ParseIDCC),
	"courriel":    lireAvec(opco.ParseEmail),
	"date-civile": lireAvec(opco.ParseDate),
	"telephone":   lireAvec(opco.ParseTelephone),
	"nom":         func(champ, s string, _ int) (string, error) { return opco.ParseNom(champ, s) },
	"texte":       opco.ParseTexte,
	"ligne":       lireLigne,
	"reference":   lireReference,
	"code":        lireCode,
	"uuid":        lireUUID,
	"instant":     lireInstant,
}

func lireAvec[T ~string](parse func(string) (T, error)) func(string, string, int) (string, error) {
	return func(champ, s string, _ int) (string, error) {
		v, err := parse(s)
		return string(v), surChamp(champ, err)
	}
}

// surChamp names the field of a refusal by its path in the request.
func surChamp(champ string, err error) error {
	var e *opco.Error
	if errors.As(err, &e) {
		copie := *e
		copie.Champ = champ
		return &copie
	}
	return err
}

func lireLigne(champ, s string, max int) (string, error) {
	t, err := opco.ParseTexte(champ, s, max)
	if err == nil && strings.ContainsAny(t, "\n\t") {
		return "", opco.Champf(champ, "Écrivez ce texte sur une seule ligne.")
	}
	return t, err
}

var (
	motifReference = regexp.MustCompile(`^[A-Za-z0-9._@:+/-]*$`)
	motifCode      = regexp.MustCompile(`^[A-Z0-9_]*$`)
)

func lireReference(champ, s string, _ int) (string, error) {
	if !motifReference.MatchString(s) {
		return "", opco.Champf(champ, "Utilisez seulement des lettres sans accent, des chiffres et les signes . _ @ : + / -.")
	}
	return s, nil
}

func lireCode(champ, s string, _ int) (string, error) {
	if !motifCode.MatchString(s) {
		return "", opco.Champf(champ, "Un code s’écrit en majuscules, sans accent ni espace.")
	}
	return s, nil
}

func lireUUID(champ, s string, _ int) (string, error) {
	u, err := uuid.Parse(s)
	if err != nil || len(s) != 36 || u == uuid.Nil {
		return "", opco.Champf(champ, "Un identifiant est un UUID, par exemple 7f3c9d7e-8d8a-4c1a-9a52-0d8f1d2c3b4a.")
	}
	return u.String(), nil
}

func lireInstant(champ, s string, _ int) (string, error) {
	_, err := opco.ParseInstant(s)
	return s, surChamp(champ, err)
}
