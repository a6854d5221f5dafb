package web

import (
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// VerificationDuJour is what the console says of the verifications of the base: the last one that ended,
// with its report when something does not hold, and whether another goes on.
type VerificationDuJour struct {
	Derniere *store.VerificationVue // nil when none ever ended
	Age      time.Duration          // since it ended
	EnCours  bool
}

// tropVieille is the age at which a verification no longer says how the base is: each night makes one.
const tropVieille = 26 * time.Hour

// verificationDuJour reads it. One that cannot be read is left out: the console is worth more than its tile.
func (w *Web) verificationDuJour(c *gin.Context) VerificationDuJour {
	d, err := w.Interieur.VerificationDuJour(c)
	if err != nil {
		w.Log.WarnContext(c.Request.Context(), "last verification not read", "error", err)
	}
	return d
}

// VerificationDuJour reads the last verification that ended, and whether another goes on.
func (p porteInterieur) VerificationDuJour(c *gin.Context) (d VerificationDuJour, err error) {
	vs, err := p.Verifications(c, time.Time{}, 2) // one at most goes on
	if err != nil {
		return d, err
	}
	d.EnCours = slices.ContainsFunc(vs, enCours)
	i := slices.IndexFunc(vs, func(v store.VerificationVue) bool { return !enCours(v) && v.FinieLe != nil })
	if i < 0 {
		return d, nil
	}
	le, err := p.Store.Maintenant(contexte(c))
	if err == nil && vs[i].Rompus > 0 {
		vs[i], err = p.Verification(c, vs[i].ID)
	}
	if err != nil {
		return VerificationDuJour{}, err
	}
	d.Derniere, d.Age = &vs[i], le.Sub(*vs[i].FinieLe)
	return d, nil
}

// chiffre is its tile.
func (d VerificationDuJour) chiffre() Chiffre {
	x := Chiffre{Etiquette: "Vérification de la base", Icone: "shield-check", Valeur: "Jamais", Note: "la première a lieu cette nuit", URL: adresseVerification}
	if v := d.Derniere; v != nil {
		x.Icone, x.Valeur, x.URL = marqueVerification(*v).Icone, d.resultat(), adresseVerification+"/"+v.ID
		x.Note = d.quand()
	}
	if d.EnCours {
		x.Note, x.URL = "une autre est en cours", adresseVerification
	}
	return x
}

// resultat says in a word or two what the last one found.
func (d VerificationDuJour) resultat() string {
	switch v := d.Derniere; {
	case v.Etat == store.VerificationEchouee:
		return "Pas faite"
	case v.Rompus > 0:
		return milliers(int64(v.Rompus)) + " en défaut"
	case v.NonVerifiables > 0:
		return milliers(int64(v.NonVerifiables)) + " non vus"
	}
	return "Tout tient"
}

// quand says when the last one ended, and that it is too old.
func (d VerificationDuJour) quand() string {
	if d.Age > tropVieille {
		return "il y a " + opco.Ecoule(d.Age) + " : une nuit a manqué"
	}
	return quand(*d.Derniere.FinieLe)
}

// ton draws how grave it is.
func (d VerificationDuJour) ton() string { return marqueVerification(*d.Derniere).Ton }

// rompus are the invariants that do not hold.
func rompus(rs []store.ResultatInvariant) []store.ResultatInvariant {
	return slices.DeleteFunc(slices.Clone(rs), func(x store.ResultatInvariant) bool { return x.Tenue != store.Rompu })
}
