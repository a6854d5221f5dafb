package web

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
	"guichet/opco"
)

// porteAPI answers every page before login with the handlers of the JSON doors.
type porteAPI struct{ porteConnexion }

var _ Portes = porteAPI{}

// Branches lists the branches of the OPCO, after an empty choice.
func (p porteAPI) Branches(ctx context.Context) ([]Option, error) {
	r, err := p.LireParametresInscription(ctx, api.LireParametresInscriptionRequestObject{})
	lus, _ := r.(api.LireParametresInscription200JSONResponse)
	options := []Option{{"", "Choisir une branche"}}
	for _, b := range lus.Branches {
		options = append(options, Option{b.Idcc, b.Libelle})
	}
	return options, err
}

// Inscrire sends a registration (C01).
func (p porteAPI) Inscrire(c *gin.Context, d DemandeInscription) error {
	_, err := p.Server.Inscrire(contexte(c), api.InscrireRequestObject{Body: &api.CorpsInscription{ActeId: acteDe(d.Acte), Identite: d.Identite,
		EmailConfirme: string(d.Identite.Email), Blocs: d.Blocs, Cgu: d.Version, Epreuve: epreuveSaisie(d.Epreuve)}})
	return renommer(err, d.Blocs)
}

// RenvoyerCode asks for a new code (C03).
func (p porteAPI) RenvoyerCode(c *gin.Context, email string) error {
	_, err := p.Server.RenvoyerCode(contexte(c), api.RenvoyerCodeRequestObject{Body: &api.CorpsRenvoi{Email: email}})
	return err
}

// Activer opens the account with the code of the mail (C05).
func (p porteAPI) Activer(c *gin.Context, d DemandeActivation) error {
	compte := compteDe(d.Compte)
	corps := &api.CorpsConfirmation{Compte: compte, Code: d.Code, MotDePasse: d.MotDePasse, Version: d.Version, Epreuve: epreuveSaisie(d.Epreuve)}
	if compte == "" {
		corps.Email = string(d.Email)
	}
	_, err := p.ConfirmerEmail(contexte(c), api.ConfirmerEmailRequestObject{Body: corps})
	return err
}

// DemanderReinitialisation asks for the link of a lost password (C20).
func (p porteAPI) DemanderReinitialisation(c *gin.Context, identifiant string) error {
	_, err := p.Server.DemanderReinitialisation(contexte(c), api.DemanderReinitialisationRequestObject{Body: &api.CorpsOubli{Identifiant: identifiant}})
	return err
}

// Reinitialiser chooses a new password with that link (C20, AT-10).
func (p porteAPI) Reinitialiser(c *gin.Context, d DemandeReinitialisation) error {
	_, err := p.Server.Reinitialiser(contexte(c), api.ReinitialiserRequestObject{Body: &api.CorpsReinitialisation{Compte: compteDe(d.Compte), Jeton: d.Jeton,
		Identifiant: d.Identifiant, MotDePasse: d.MotDePasse, Epreuve: epreuveSaisie(d.Epreuve)}})
	return err
}

// Personnaliser chooses the identifier and the password of a first login (C17).
func (p porteAPI) Personnaliser(c *gin.Context, acte, identifiant, motDePasse string) error {
	_, err := p.Server.Personnaliser(contexte(c), api.PersonnaliserRequestObject{Body: &api.CorpsPersonnalisation{ActeId: acteDe(acte),
		Identifiant: identifiant, MotDePasse: motDePasse}})
	return err
}

// ConfirmerIdentifiant confirms the identifier by the link of the second mail, then
// logs in with it: the password has just been typed (C18, AT-05).
func (p porteAPI) ConfirmerIdentifiant(c *gin.Context, d DemandeConfirmation) (EtapeConnexion, error) {
	r, err := p.Server.ConfirmerIdentifiant(contexte(c), api.ConfirmerIdentifiantRequestObject{Body: &api.CorpsConfirmationIdentifiant{Compte: compteDe(d.Compte),
		Jeton: d.Jeton, MotDePasse: d.MotDePasse}})
	if err != nil {
		return "", err
	}
	confirme, _ := r.(api.ConfirmerIdentifiant200JSONResponse)
	if !confirme.Applique {
		return ConnexionAbsente, nil
	}
	etape, err := p.Connecter(c, confirme.Identifiant, d.MotDePasse, false)
	if err != nil {
		return ConnexionAbsente, nil // the identifier is confirmed all the same: the login says why it waits
	}
	return etape, nil
}

// AccepterConfidentialite accepts the privacy policy (C18, AT-06).
func (p porteAPI) AccepterConfidentialite(c *gin.Context, acte, version string) error {
	_, err := p.Server.AccepterConfidentialite(contexte(c), api.AccepterConfidentialiteRequestObject{Body: &api.CorpsVersion{ActeId: acteDe(acte), Version: version}})
	return err
}

// compteDe returns the id of an account that came in a link, "" when it is none.
func compteDe(s string) string {
	if uuid.Validate(s) != nil {
		return ""
	}
	return s
}

// acteDe returns the id of the acte that a form carries, a new one when it has none.
func acteDe(s string) string {
	if uuid.Validate(s) != nil {
		return uuid.NewString()
	}
	return s
}

func epreuveSaisie(e ReponseEpreuve) api.EpreuveSaisie {
	return api.EpreuveSaisie{Jeton: coupe(e.Jeton, 500), Reponse: coupe(e.Reponse, 100), Piege: coupe(e.Piege, 100)}
}

// refusTraduit is a refusal of the API in the names of the fields of a form.
type refusTraduit struct {
	error
	champs func(string) string
}

// Unwrap gives the refusal itself.
func (r refusTraduit) Unwrap() error { return r.error }

// renommer tells the form of a registration which of its fields a refusal means.
func renommer(err error, blocs []opco.BlocDemande) error {
	if err == nil {
		return nil
	}
	return refusTraduit{err, func(champ string) string { return champInscription(champ, blocs) }}
}

// traduit returns the name of a field in the form that err refuses.
func traduit(err error, champ string) string {
	var r refusTraduit
	if errors.As(err, &r) {
		return r.champs(champ)
	}
	return champ
}

var (
	champBloc = regexp.MustCompile(`^blocs\[(\d+)\]\.(.+)$`)
	champSite = regexp.MustCompile(`^etablissements\[(\d+)\]\.(\w+)$`)
)

// champsRenommes are the fields that the form and the API call differently.
var champsRenommes = map[string]string{"services": "service", "facture_ht": "facture", "email_confirme": "email2", "blocs": "profil", "etablissements": "siret_1"}

// champInscription translates « blocs[1].etablissements[0].siret » to the field of the
// form, « of_siret_1 ».
func champInscription(champ string, blocs []opco.BlocDemande) string {
	prefixe, nom := "", strings.TrimPrefix(champ, "identite.")
	if m := champBloc.FindStringSubmatch(champ); m != nil {
		nom = m[2]
		if i, _ := strconv.Atoi(m[1]); i < len(blocs) && blocs[i].Profil == opco.RoleOrganisme {
			prefixe = string(blocOrganisme)
		}
	}
	if m := champSite.FindStringSubmatch(nom); m != nil {
		rang, _ := strconv.Atoi(m[1])
		return prefixe + m[2] + "_" + strconv.Itoa(rang+1)
	}
	if n, ok := champsRenommes[nom]; ok {
		nom = n
	}
	return prefixe + nom
}
