package identite

import (
	"cmp"
	"encoding/json"
	"strings"

	"guichet/opco"
)

// revendications are the claims of a person, in the words of OpenID and in those of
// ProConnect (usual_name).
type revendications struct {
	Emetteur string     `json:"iss"`
	Sujet    string     `json:"sub"`
	Partie   string     `json:"azp"`
	Audience auditoires `json:"aud"`
	Email    string     `json:"email"`
	Verifie  ouiNon     `json:"email_verified"`
	Prenom   string     `json:"given_name"`
	Nom      string     `json:"family_name"`
	NomUsage string     `json:"usual_name"`
	Amr      []string   `json:"amr"`
	Acr      string     `json:"acr"`
}

// auditoires reads « aud », one text or several.
type auditoires []string

func (a *auditoires) UnmarshalJSON(b []byte) error {
	var un string
	if json.Unmarshal(b, &un) == nil {
		*a = auditoires{un}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(a))
}

// ouiNon reads a boolean that some providers write as a text.
type ouiNon bool

func (o *ouiNon) UnmarshalJSON(b []byte) error {
	*o = ouiNon(strings.Trim(string(b), `"`) == "true")
	return nil
}

// identite cleans what the provider says of the person as if she had typed it; what
// the house would refuse is left out.
func (r revendications) identite(jeton string) Identite {
	i := Identite{Emetteur: r.Emetteur, Sujet: r.Sujet, Amr: r.Amr, Acr: r.Acr, Jeton: jeton}
	if e, err := opco.ParseEmail(r.Email); err == nil {
		i.Email, i.EmailVerifie = string(e), bool(r.Verifie)
	}
	if n, err := opco.ParseNom("nom", cmp.Or(r.NomUsage, r.Nom)); err == nil {
		i.Nom = n
	}
	if n, err := opco.ParseNom("prenom", r.Prenom); err == nil {
		i.Prenom = n
	}
	return i
}
