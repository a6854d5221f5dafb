package store

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"guichet/opco"
)

// OrganismeConnu is a training provider of the register of the OPCO, at one of its
// établissements, as a demande names it: public data only.
type OrganismeConnu struct {
	SIRET      opco.SIRET `db:"siret" json:"siret"`
	Nom        string     `db:"nom" json:"nom"`
	NDA        opco.NDA   `db:"nda" json:"nda"`
	Adresse    string     `db:"adresse" json:"adresse"`
	CodePostal string     `db:"code_postal" json:"code_postal"`
	Ville      string     `db:"ville" json:"ville"`
}

// annuaireMax bounds what one search of the register returns.
const annuaireMax = 20

// Annuaire searches the register by name, SIRET or NDA, without accents (AK-20), and
// returns at most twenty établissements. A text of less than three letters or figures
// finds nothing.
func (s *Store) Annuaire(ctx context.Context, texte string) ([]OrganismeConnu, error) {
	os := []OrganismeConnu{}
	var c clause
	numero := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, texte)
	chiffres := strings.Join(strings.Fields(numero), "")
	mots := strings.Fields(opco.CleRecherche(texte))
	switch {
	case len([]rune(strings.Join(mots, ""))) < 3:
		return os, nil
	case numero == texte:
		c.et(`e.siret LIKE %s OR o.nda LIKE %s`, chiffres+"%", chiffres+"%")
	default:
		for _, m := range mots[:min(len(mots), motsMax)] {
			c.et(nomSansAccent+` LIKE %s`, contenant(m))
		}
	}
	err := s.DB.SelectContext(ctx, &os, `
		SELECT e.siret, o.nom, o.nda, e.adresse, e.code_postal, e.ville FROM organisme o JOIN etablissement e ON e.siren = o.siren
		WHERE `+c.where()+fmt.Sprintf(` ORDER BY o.nom, e.siret LIMIT %d`, annuaireMax), c.args...)
	if err != nil {
		return nil, fmt.Errorf("searching the register: %w", err)
	}
	return os, nil
}

// nomSansAccent is the name of an organisme as CleRecherche would write it, near enough
// to be searched, whatever the locale of the server.
const nomSansAccent = `lower(translate(o.nom, 'àâäáãéèêëíîïìóôöòõúùûüçñÿÀÂÄÁÃÉÈÊËÍÎÏÌÓÔÖÒÕÚÙÛÜÇÑŸ', 'aaaaaeeeeiiiiooooouuuucnyAAAAAEEEEIIIIOOOOOUUUUCNY'))`
