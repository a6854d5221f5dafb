package web

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// porteInterieur answers the pages of connected people with the handlers of the
// JSON doors: a page and the API are one code.
type porteInterieur struct{ *api.Server }

var _ Interieur = porteInterieur{}

// verdict reads what became of an acte.
func verdict(reponse any, err error) (opco.Verdict, error) { return api.VerdictDe(reponse), err }

// Occupant returns who makes the request.
func (p porteInterieur) Occupant(c *gin.Context) Occupant {
	ctx := c.Request.Context()
	return Occupant{Utilisateur: api.Qui(ctx), Etape: api.EtapeDe(ctx)}
}

// Entrer chooses the espace of the session.
func (p porteInterieur) Entrer(c *gin.Context, cle string) error {
	_, err := p.ChoisirPerimetre(contexte(c), api.ChoisirPerimetreRequestObject{Body: &api.CorpsPerimetre{Perimetre: cle}})
	return err
}

// MonCompte reads one's own account.
func (p porteInterieur) MonCompte(c *gin.Context) (MonCompte, error) {
	r, err := p.LireCompte(contexte(c), api.LireCompteRequestObject{})
	if err != nil {
		return MonCompte{}, err
	}
	lu, _ := r.(api.LireCompte200JSONResponse)
	return p.dater(c, api.MonCompte(lu))
}

// dater says on which day an account is read.
func (p porteInterieur) dater(c *gin.Context, m api.MonCompte) (MonCompte, error) {
	le, err := p.Store.Maintenant(c.Request.Context())
	return MonCompte{MonCompte: m, Jour: opco.JourDe(le)}, err
}

// HistoriqueCompte reads the journal of one's own account.
func (p porteInterieur) HistoriqueCompte(c *gin.Context) ([]api.LigneJournalCompte, error) {
	r, err := p.LireMonJournal(contexte(c), api.LireMonJournalRequestObject{})
	lu, _ := r.(api.LireMonJournal200JSONResponse)
	return lu.Passages, err
}

// Lectures reads the log of reads: the scope of the reader bounds it.
func (p porteInterieur) Lectures(c *gin.Context, f store.FiltreLectures) (store.PageLectures, error) {
	return p.Store.Lectures(c.Request.Context(), api.Qui(c.Request.Context()).Portee(), f)
}

// ModifierCompte is MA-71.
func (p porteInterieur) ModifierCompte(c *gin.Context, acte string, ch opco.ChargeModifier, e ReponseEpreuve) (opco.Verdict, error) {
	return verdict(p.Server.ModifierCompte(contexte(c), api.ModifierCompteRequestObject{Body: &api.CorpsModification{ActeId: acte, Civilite: ch.Civilite,
		Nom: ch.Nom, Prenom: ch.Prenom, Telephone: ch.Telephone, Epreuve: epreuveSaisie(e)}}))
}

// AjouterEntite is MA-73.
func (p porteInterieur) AjouterEntite(c *gin.Context, acte, motDePasse string, b opco.BlocDemande, e ReponseEpreuve) (opco.Verdict, error) {
	blocs := []opco.BlocDemande{b}
	r, err := p.Server.AjouterEntite(contexte(c), api.AjouterEntiteRequestObject{Body: &api.CorpsEntites{ActeId: acte, MotDePasse: motDePasse,
		Blocs: blocs, Epreuve: epreuveSaisie(e)}})
	return api.VerdictDe(r), renommer(err, blocs)
}

// OuvrirOrganisme is MA-65.
func (p porteInterieur) OuvrirOrganisme(c *gin.Context, acte string) (opco.Verdict, error) {
	return verdict(p.OuvrirEspaceOrganisme(contexte(c), api.OuvrirEspaceOrganismeRequestObject{Body: &api.CorpsActe{ActeId: acte}}))
}

// RepondrePrecision answers an adviser (C10).
func (p porteInterieur) RepondrePrecision(c *gin.Context, acte string, ch opco.ChargeReponse) (opco.Verdict, error) {
	return verdict(p.Server.RepondrePrecision(contexte(c), api.RepondrePrecisionRequestObject{Body: &api.CorpsReponsePrecision{ActeId: acte,
		Habilitations: ch.Habilitations, Reponse: ch.Reponse}}))
}

// RedemanderDroits asks again for rights.
func (p porteInterieur) RedemanderDroits(c *gin.Context, acte string, droits []string) (opco.Verdict, error) {
	return verdict(p.Server.RedemanderDroits(contexte(c), api.RedemanderDroitsRequestObject{Body: &api.CorpsReprise{ActeId: acte, Habilitations: droits}}))
}

// CloreMonCompte closes one's own account (C22).
func (p porteInterieur) CloreMonCompte(c *gin.Context, acte, motDePasse, raison string) (opco.Verdict, error) {
	return verdict(p.Server.CloreMonCompte(contexte(c), api.CloreMonCompteRequestObject{Body: &api.CorpsCloture{ActeId: acte, MotDePasse: motDePasse, Raison: raison}}))
}

// ChangerMotDePasse is MA-71.
func (p porteInterieur) ChangerMotDePasse(c *gin.Context, acte, actuel, nouveau string) (opco.Verdict, error) {
	return verdict(p.Server.ChangerMotDePasse(contexte(c), api.ChangerMotDePasseRequestObject{Body: &api.CorpsMotDePasse{ActeId: acte, Actuel: actuel, Nouveau: nouveau}}))
}

// Sessions lists one's open sessions.
func (p porteInterieur) Sessions(c *gin.Context) ([]SessionOuverte, error) {
	r, err := p.ListerSessions(contexte(c), api.ListerSessionsRequestObject{})
	lues, _ := r.(api.ListerSessions200JSONResponse)
	var ss []SessionOuverte
	for _, s := range lues.Sessions {
		ss = append(ss, SessionOuverte{ID: s.Id, Appareil: s.Appareil, Reseau: s.Reseau, OuverteLe: s.OuverteLe, VueLe: s.VueLe, Courante: s.Courante})
	}
	return ss, err
}

// FermerSession closes one of one's sessions.
func (p porteInterieur) FermerSession(c *gin.Context, id string) error {
	_, err := p.FermerUneSession(contexte(c), api.FermerUneSessionRequestObject{Id: id})
	return err
}

// FermerAutresSessions closes all but the present one.
func (p porteInterieur) FermerAutresSessions(c *gin.Context) error {
	_, err := p.Server.FermerAutresSessions(contexte(c), api.FermerAutresSessionsRequestObject{})
	return err
}

// Facteurs lists one's second proofs.
func (p porteInterieur) Facteurs(c *gin.Context) (FacteursPoses, error) {
	r, err := p.LireFacteurs(contexte(c), api.LireFacteursRequestObject{})
	lus, _ := r.(api.LireFacteurs200JSONResponse)
	f := FacteursPoses{TOTP: lus.Totp, Secours: int(lus.SecoursRestants), Obligatoire: lus.Obligatoire, Identites: lus.Identites}
	for _, k := range lus.Passkeys {
		f.Passkeys = append(f.Passkeys, PasskeyPosee{ID: k.Id, Libelle: k.Libelle, CreeLe: k.CreeLe, UtiliseeLe: k.UtiliseLe})
	}
	return f, err
}

// DebuterTOTP draws a secret for an application of codes.
func (p porteInterieur) DebuterTOTP(c *gin.Context, motDePasse string) (SecretTOTP, error) {
	r, err := p.ProposerTotp(contexte(c), api.ProposerTotpRequestObject{Body: &api.CorpsReconnaissance{MotDePasse: motDePasse}})
	if err != nil {
		return SecretTOTP{}, err
	}
	lu, _ := r.(api.ProposerTotp200JSONResponse)
	qr, err := base64.StdEncoding.DecodeString(lu.Qr)
	if err != nil {
		return SecretTOTP{}, fmt.Errorf("reading a QR code: %w", err)
	}
	return SecretTOTP{Secret: lu.Secret, Jeton: lu.Jeton, QR: qr}, nil
}

// ConfirmerTOTP proves that the telephone has the secret.
func (p porteInterieur) ConfirmerTOTP(c *gin.Context, jeton, code string) ([]string, error) {
	r, err := p.ConfirmerTotp(contexte(c), api.ConfirmerTotpRequestObject{Body: &api.CorpsTotp{Jeton: jeton, Code: code}})
	lu, _ := r.(api.ConfirmerTotp200JSONResponse)
	return lu.Codes, err
}

// RetirerTOTP forgets the application of codes.
func (p porteInterieur) RetirerTOTP(c *gin.Context, motDePasse string) error {
	_, err := p.RetirerTotp(contexte(c), api.RetirerTotpRequestObject{Body: &api.CorpsReconnaissance{MotDePasse: motDePasse}})
	return err
}

// RetirerPasskey forgets a passkey.
func (p porteInterieur) RetirerPasskey(c *gin.Context, id, motDePasse string) error {
	_, err := p.Server.RetirerPasskey(contexte(c), api.RetirerPasskeyRequestObject{Id: id, Body: &api.CorpsReconnaissance{MotDePasse: motDePasse}})
	return err
}

// NouveauxSecours makes new recovery codes.
func (p porteInterieur) NouveauxSecours(c *gin.Context, motDePasse string) ([]string, error) {
	r, err := p.RenouvelerSecours(contexte(c), api.RenouvelerSecoursRequestObject{Body: &api.CorpsReconnaissance{MotDePasse: motDePasse}})
	lu, _ := r.(api.RenouvelerSecours200JSONResponse)
	return lu.Codes, err
}

// CompterLesCollegues counts them for the menu.
func (p porteInterieur) CompterLesCollegues(c *gin.Context) (int, error) {
	return p.CompterUtilisateurs(c.Request.Context())
}

// Collegues lists the people of the company that one administers.
func (p porteInterieur) Collegues(c *gin.Context) (Administres, error) {
	r, err := p.ListerUtilisateurs(contexte(c), api.ListerUtilisateursRequestObject{})
	lus, _ := r.(api.ListerUtilisateurs200JSONResponse)
	a := Administres{Gens: lus.Utilisateurs, Sites: lus.Sirets}
	for _, s := range lus.Services {
		a.Services = append(a.Services, opco.Service(s.Code))
	}
	return a, err
}

// Mandats lists the mandates given and received.
func (p porteInterieur) Mandats(c *gin.Context) ([]store.Mandat, error) {
	r, err := p.ListerMandats(contexte(c), api.ListerMandatsRequestObject{})
	lus, _ := r.(api.ListerMandats200JSONResponse)
	return lus.Mandats, err
}

func droitsSaisis(ds []opco.DroitDonne) []api.DroitSaisi {
	xs := make([]api.DroitSaisi, len(ds))
	for i, d := range ds {
		xs[i] = api.DroitSaisi{Siret: d.SIRET, Service: d.Service, Du: d.Du, Au: d.Au, Mandat: d.Mandat}
	}
	return xs
}

// Inviter gives rights to somebody new (C14).
func (p porteInterieur) Inviter(c *gin.Context, acte string, ch opco.ChargeInviter) (opco.Verdict, error) {
	return verdict(p.InviterUtilisateur(contexte(c), api.InviterUtilisateurRequestObject{Body: &api.CorpsInvitation{ActeId: acte, Identite: ch.Identite, Droits: droitsSaisis(ch.Droits)}}))
}

// DonnerDroits gives rights to a colleague.
func (p porteInterieur) DonnerDroits(c *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error) {
	return verdict(p.Server.DonnerDroits(contexte(c), api.DonnerDroitsRequestObject{Id: compte, Body: &api.CorpsDroitsDonnes{ActeId: acte, Droits: droitsSaisis(ds)}}))
}

// RelancerCollegue sends an invitation again.
func (p porteInterieur) RelancerCollegue(c *gin.Context, acte, compte string) (opco.Verdict, error) {
	return verdict(p.RelancerUtilisateur(contexte(c), api.RelancerUtilisateurRequestObject{Id: compte, Body: &api.CorpsActe{ActeId: acte}}))
}

// RetirerCollegue takes rights away from a colleague.
func (p porteInterieur) RetirerCollegue(c *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error) {
	return verdict(p.RetirerDroitsCollegue(contexte(c), api.RetirerDroitsCollegueRequestObject{Id: compte,
		Body: &api.CorpsRetraitDroits{ActeId: acte, Habilitations: ch.Habilitations, Raison: ch.Raison}}))
}

// compteDeLObjet is the id of the account that an answer is about.
func compteDeLObjet(reponse any) string {
	return strings.TrimPrefix(api.ObjetDe(reponse), opco.ObjetCompte(""))
}
