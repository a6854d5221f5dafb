package web

import (
	"context"
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// porteConnexion answers the pages of the login with the handlers of the JSON
// doors: a page and the API are one code.
type porteConnexion struct{ *api.Server }

var _ PortesConnexion = porteConnexion{}

// contexte gives a handler a context of its own, as the JSON doors do: gin uses
// its own again while a query may still look at it.
func contexte(c *gin.Context) *gin.Context {
	sien := c.Copy()
	sien.Writer = c.Writer
	return sien
}

// Qui returns who is connected.
func (p porteConnexion) Qui(c *gin.Context) *Connecte {
	u := api.Qui(c.Request.Context())
	if u.Identifiant == "" {
		return nil
	}
	q := &Connecte{Identifiant: u.Identifiant, Etape: etapeLue(api.EtapeDe(c.Request.Context()))}
	q.Nom, q.Fonction = u.Prenom+" "+u.Nom, u.Role.Libelle()
	if len(u.Espaces) > 1 {
		q.PerimetreURL = adressesEtape[ConnexionPerimetre]
		if i := slices.IndexFunc(u.Espaces, func(e store.Espace) bool { return e.Cle == u.Espace }); i >= 0 {
			q.Perimetre = u.Espaces[i].Nom
		}
	}
	return q
}

func etapeLue(e api.Etape) EtapeConnexion {
	if e == api.EtapeOuverte {
		return ConnexionFaite
	}
	return EtapeConnexion(e)
}

// Jour is today in business time.
func (p porteConnexion) Jour(ctx context.Context) (opco.Date, error) {
	le, err := p.Store.Maintenant(ctx)
	return opco.JourDe(le), err
}

// Parametres are the dated figures of accounts.
func (p porteConnexion) Parametres(ctx context.Context) (opco.ParametresCompte, error) {
	tous, err := p.parametres(ctx)
	return tous.Comptes, err
}

func (p porteConnexion) parametres(ctx context.Context) (opco.Parametres, error) {
	jour, err := p.Jour(ctx)
	if err != nil {
		return opco.Parametres{}, err
	}
	return p.Store.Parametres(ctx, jour)
}

// Exigence says the policy of the way by which a password is chosen. Whoever lost
// theirs is not known yet: both policies are said when they differ.
func (p porteConnexion) Exigence(ctx context.Context, voie Voie) (Exigence, error) {
	tous, err := p.parametres(ctx)
	if err != nil {
		return Exigence{}, err
	}
	inscription, provisoire := tous.Politique(tous.PolitiqueInscription), tous.Politique(tous.PolitiqueProvisoire)
	switch {
	case voie == VoieInterne:
		interne := tous.Politique(opco.PolitiqueInterne)
		return Exigence{Minimum: interne.Min, Phrase: interne.Regle()}, nil
	case voie == VoieProvisoire:
		return Exigence{Minimum: provisoire.Min, Phrase: provisoire.Regle()}, nil
	case voie == VoieInscription || inscription.Regle() == provisoire.Regle():
		return Exigence{Minimum: inscription.Min, Phrase: inscription.Regle()}, nil
	}
	return Exigence{Minimum: min(inscription.Min, provisoire.Min),
		Phrase: "Inscription en ligne : " + inscription.Regle() + " Espace ouvert par nos soins : " + provisoire.Regle()}, nil
}

// Epreuve asks an anti-robot question.
func (p porteConnexion) Epreuve(_ context.Context, objet string) (Epreuve, error) {
	question, jeton := p.NouvelleEpreuve(objet)
	return Epreuve{Question: question, Jeton: jeton}, nil
}

// OIDC is where staff sign in with the account of their house.
func (p porteConnexion) OIDC() string {
	if !p.OIDCOuvert() {
		return ""
	}
	return "/api/oidc/depart"
}

// Connecter opens a session.
func (p porteConnexion) Connecter(c *gin.Context, identifiant, motDePasse string, rester bool) (EtapeConnexion, error) {
	r, err := p.OuvrirSession(contexte(c), api.OuvrirSessionRequestObject{Body: &api.Identification{Identifiant: identifiant, MotDePasse: motDePasse, Rester: rester}})
	s, _ := r.(api.OuvrirSession200JSONResponse)
	return etapeLue(s.Etape), err
}

// SecondFacteur gives the second proof: a code of the application, or a recovery
// code.
func (p porteConnexion) SecondFacteur(c *gin.Context, code string) (EtapeConnexion, error) {
	r, err := p.DonnerSecondFacteur(contexte(c), api.DonnerSecondFacteurRequestObject{Body: &api.CorpsCodeFacteur{Code: code}})
	s, _ := r.(api.DonnerSecondFacteur200JSONResponse)
	return etapeLue(s.Etape), err
}

// FacteursAttendus returns the second proofs that the person may give.
func (p porteConnexion) FacteursAttendus(c *gin.Context) (FacteursAttendus, error) {
	r, err := p.LireSession(contexte(c), api.LireSessionRequestObject{})
	s, _ := r.(api.LireSession200JSONResponse)
	return FacteursAttendus{Nom: s.Nom, TOTP: slices.Contains(s.Facteurs, api.TOTP), Passkey: slices.Contains(s.Facteurs, api.PASSKEY),
		Secours: slices.Contains(s.Facteurs, api.SECOURS)}, err
}

// Deconnecter closes the session.
func (p porteConnexion) Deconnecter(c *gin.Context) error {
	_, err := p.FermerSession(contexte(c), api.FermerSessionRequestObject{})
	return err
}
