package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
	"guichet/web"
)

const (
	idCompte = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	idActe   = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
	siege    = opco.SIRET("99900101900010")
	annexe   = opco.SIRET("99900101900028")
	droitA   = "entreprise:99900101900010:DOSSIERS_FORMATION"
	droitB   = "entreprise:99900101900028:CONTRIBUTIONS"
)

// interieurFaux stands for the doors of connected people: one account, one
// colleague, and what each test sets.
type interieurFaux struct {
	web.Interieur
	occupant web.Occupant
	droits   []api.DroitLu
	refus    error
	verdict  opco.Verdict
	suivante string
	appels   []string
	factures []opco.Facture
	subroge  bool
	etat     opco.Etat // of the dossier that the doors know

	sansRetour error    // of the reading of a gesture that is done
	ids        []string // of the actes of the files received
}

func (i *interieurFaux) noter(quoi ...string) (opco.Verdict, error) {
	i.appels = append(i.appels, strings.Join(quoi, " "))
	return i.verdict, i.refus
}

func (i *interieurFaux) Occupant(*gin.Context) web.Occupant { return i.occupant }
func (i *interieurFaux) Entrer(_ *gin.Context, cle string) error {
	_, err := i.noter("entrer", cle)
	return err
}

func (i *interieurFaux) MonCompte(*gin.Context) (web.MonCompte, error) {
	m := web.MonCompte{Jour: "2026-06-11"}
	m.Id, m.Etat, m.Droits = idCompte, opco.CompteActif, i.droits
	m.Identite = api.IdentiteLue{Civilite: "Mme", Nom: "Roche", Prenom: "Lucie", Email: "lucie@exemple.test"}
	return m, nil
}

func (i *interieurFaux) CompteVu(c *gin.Context, id string) (web.CompteVu, error) {
	if id != idCompte {
		return web.CompteVu{}, store.CompteIntrouvable()
	}
	m, err := i.MonCompte(c)
	return web.CompteVu{MonCompte: m}, err
}

func (i *interieurFaux) Demandes(*gin.Context, store.FiltreDemandes) (web.DemandesLues, error) {
	return web.DemandesLues{Reponse: 2}, nil
}
func (i *interieurFaux) CompterFiles(*gin.Context) ([]store.Compteur, error) {
	return nil, nil
}
func (i *interieurFaux) CompterComptabilite(*gin.Context) (store.CompteursComptabilite, error) {
	return store.CompteursComptabilite{}, nil
}
func (i *interieurFaux) CompterMessages(*gin.Context) (int, error) { return 0, nil }
func (i *interieurFaux) CompterMentions(*gin.Context) (int, error) { return 0, nil }
func (i *interieurFaux) CompterDemandes(*gin.Context) (store.CompteursDemandes, error) {
	return store.CompteursDemandes{Comptes: 6}, nil
}
func (i *interieurFaux) DemandeSuivante(_ *gin.Context, sauf []string) (string, error) {
	_, err := i.noter("suivante", strings.Join(sauf, ","))
	return i.suivante, err
}
func (i *interieurFaux) Sessions(*gin.Context) ([]web.SessionOuverte, error) { return nil, nil }
func (i *interieurFaux) Facteurs(*gin.Context) (web.FacteursPoses, error) {
	return web.FacteursPoses{TOTP: true, Passkeys: []web.PasskeyPosee{{ID: "cle", Libelle: "Téléphone"}}, Identites: []string{"https://login.opco.example"}}, nil
}
func (i *interieurFaux) MisesDeCote(context.Context, string) ([]store.MiseDeCote, error) {
	return nil, nil
}
func (i *interieurFaux) Regles(*gin.Context) ([]store.RegleAutoLue, error) { return nil, nil }
func (i *interieurFaux) Delegations(*gin.Context) ([]store.LigneDelegation, error) {
	return nil, nil
}

func (i *interieurFaux) Agents(*gin.Context) ([]api.AgentLu, error) {
	return []api.AgentLu{{Id: idCompte, Nom: "Ferrand", Prenom: "Nadia", Etat: opco.CompteActif, Roles: []api.RoleLu{{Role: opco.RoleConseiller, Libelle: "Conseiller"}}}}, nil
}

func (i *interieurFaux) CompterLesCollegues(*gin.Context) (int, error) { return 6, nil }

func (i *interieurFaux) Collegues(*gin.Context) (web.Administres, error) {
	return web.Administres{Sites: []opco.SIRET{siege, annexe}, Services: []opco.Service{opco.ServiceDossiers, opco.ServiceUtilisateurs},
		Gens: []store.Collegue{{Compte: idCompte, Nom: "Roche", Prenom: "Lucie", Droits: []store.DroitCollegue{{ID: droitA, SIRET: siege, Service: opco.ServiceDossiers, Etat: opco.HabAccordee}}}}}, nil
}

func (i *interieurFaux) OuvrirOrganisme(_ *gin.Context, acte string) (opco.Verdict, error) {
	return i.noter("organisme", acte)
}
func (i *interieurFaux) ModifierCompte(_ *gin.Context, acte string, ch opco.ChargeModifier, e web.ReponseEpreuve) (opco.Verdict, error) {
	return i.noter("modifier", acte, ch.Civilite, ch.Prenom, ch.Nom, e.Reponse)
}
func (i *interieurFaux) AjouterEntite(_ *gin.Context, acte, mot string, b opco.BlocDemande, e web.ReponseEpreuve) (opco.Verdict, error) {
	return i.noter("entite", acte, mot, string(b.Profil), string(b.Etablissements[0].SIRET), b.MasseSalariale.Decimal(), e.Reponse)
}
func (i *interieurFaux) RepondrePrecision(_ *gin.Context, acte string, ch opco.ChargeReponse) (opco.Verdict, error) {
	return i.noter("repondre", acte, strings.Join(ch.Habilitations, ","), ch.Reponse)
}
func (i *interieurFaux) RedemanderDroits(_ *gin.Context, acte string, droits []string) (opco.Verdict, error) {
	return i.noter("redemander", acte, strings.Join(droits, ","))
}
func (i *interieurFaux) CloreMonCompte(_ *gin.Context, acte, mot, raison string) (opco.Verdict, error) {
	return i.noter("clore", acte, mot, raison)
}
func (i *interieurFaux) ChangerMotDePasse(_ *gin.Context, acte, actuel, nouveau string) (opco.Verdict, error) {
	return i.noter("mot de passe", acte, actuel, nouveau)
}
func (i *interieurFaux) FermerSession(_ *gin.Context, id string) error {
	_, err := i.noter("fermer", id)
	return err
}
func (i *interieurFaux) FermerAutresSessions(*gin.Context) error {
	_, err := i.noter("fermer les autres")
	return err
}
func (i *interieurFaux) RetirerTOTP(_ *gin.Context, mot string) error {
	_, err := i.noter("retirer totp", mot)
	return err
}
func (i *interieurFaux) DelierFournisseurs(_ *gin.Context, mot string) error {
	_, err := i.noter("delier", mot)
	return err
}
func (i *interieurFaux) RetirerPasskey(_ *gin.Context, id, mot string) error {
	_, err := i.noter("retirer", id, mot)
	return err
}
func (i *interieurFaux) NouveauxSecours(_ *gin.Context, mot string) ([]string, error) {
	_, err := i.noter("secours", mot)
	return []string{"K7QD-2M4X-90PT"}, err
}
func (i *interieurFaux) ConfirmerTOTP(_ *gin.Context, jeton, code string) ([]string, error) {
	_, err := i.noter("totp", jeton, code)
	return nil, err
}
func (i *interieurFaux) Inviter(_ *gin.Context, acte string, ch opco.ChargeInviter) (opco.Verdict, error) {
	return i.noter("inviter", acte, string(ch.Identite.Email), dons(ch.Droits))
}
func (i *interieurFaux) DonnerDroits(_ *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error) {
	return i.noter("donner", acte, compte, dons(ds))
}
func (i *interieurFaux) RetirerCollegue(_ *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error) {
	return i.noter("retirer", acte, compte, strings.Join(ch.Habilitations, ","), ch.Raison)
}
func (i *interieurFaux) Decider(_ *gin.Context, acte, compte string, ch opco.ChargeDecision) (opco.Verdict, error) {
	var s []string
	for _, r := range ch.Reponses {
		mot := "non " + r.Motif + " " + r.Precision
		if r.Accorder {
			mot = "oui"
		}
		s = append(s, r.Habilitation+" "+mot)
	}
	return i.noter("decider", acte, compte, strings.Join(s, ", "))
}
func (i *interieurFaux) DemanderPrecision(_ *gin.Context, acte, compte string, ch opco.ChargePrecision) (opco.Verdict, error) {
	return i.noter("precision", acte, compte, strings.Join(ch.Habilitations, ","), ch.Question)
}
func (i *interieurFaux) AttribuerDroits(_ *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error) {
	return i.noter("attribuer", acte, compte, dons(ds))
}
func (i *interieurFaux) RetirerDroits(_ *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error) {
	return i.noter("retirer", acte, compte, strings.Join(ch.Habilitations, ","), ch.Raison)
}
func (i *interieurFaux) Reemettre(_ *gin.Context, acte, compte string) (opco.Verdict, error) {
	return i.noter("reemettre", acte, compte)
}
func (i *interieurFaux) CloreCompte(_ *gin.Context, acte, compte, raison string) (opco.Verdict, error) {
	return i.noter("clore", acte, compte, raison)
}
func (i *interieurFaux) OuvrirCompte(_ *gin.Context, acte string, qui opco.Identite, ds []opco.DroitDonne) (string, opco.Verdict, error) {
	v, err := i.noter("ouvrir", acte, string(qui.Email), dons(ds))
	return idCompte, v, err
}
func (i *interieurFaux) EssayerRegle(_ *gin.Context, r opco.RegleAuto) (store.EssaiAuto, error) {
	_, err := i.noter("essayer", string(r.Profil), string(r.Service), strings.Join(r.Questions, ","))
	return store.EssaiAuto{ID: "essai-1", Examines: 8, Accordes: 5}, err
}
func (i *interieurFaux) ActiverRegle(_ *gin.Context, essai string) error {
	_, err := i.noter("activer", essai)
	return err
}
func (i *interieurFaux) ArreterRegle(_ *gin.Context, id string) error {
	_, err := i.noter("arreter", id)
	return err
}
func (i *interieurFaux) CreerAgent(_ *gin.Context, acte string, ch opco.ChargeAgent) (opco.Verdict, error) {
	return i.noter("agent", acte, ch.Identifiant, string(ch.Role))
}
func (i *interieurFaux) AccorderRole(_ *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return i.noter("role", acte, compte, string(ch.Role))
}
func (i *interieurFaux) ConfirmerRole(_ *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return i.noter("confirmer", acte, compte, string(ch.Role))
}
func (i *interieurFaux) RetirerRole(_ *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error) {
	return i.noter("retirer role", acte, compte, string(ch.Role), ch.Raison)
}
func (i *interieurFaux) RetirerFacteurs(_ *gin.Context, acte, compte, raison string) (opco.Verdict, error) {
	return i.noter("facteurs", acte, compte, raison)
}
func (i *interieurFaux) Deleguer(_ *gin.Context, acte, compte string, ch opco.ChargeDelegation) (opco.Verdict, error) {
	return i.noter("deleguer", acte, compte, ch.Delegue, string(ch.Role), string(ch.Du), string(ch.Au), ch.Raison)
}
func (i *interieurFaux) FinirDelegation(_ *gin.Context, acte, compte, id string) (opco.Verdict, error) {
	return i.noter("finir", acte, compte, id)
}
func (i *interieurFaux) DeclarerLien(_ *gin.Context, acte, compte string, ch opco.ChargeLien) (opco.Verdict, error) {
	return i.noter("lien", acte, compte, string(ch.SIREN), ch.Raison)
}

func dons(ds []opco.DroitDonne) string {
	var s []string
	for _, d := range ds {
		x := opco.CleHabilitation(d.Profil, d.SIRET, d.Service)
		if d.Mandat {
			x += " " + string(d.Du) + "/" + string(d.Au)
		}
		s = append(s, x)
	}
	return strings.Join(s, ",")
}

// moteurInterieur returns the pages of connected people on the doors i.
func moteurInterieur(t *testing.T, i *interieurFaux) http.Handler {
	t.Helper()
	w, err := web.New(web.Config{Portes: &portesFausses{}, Interieur: i})
	if err != nil {
		t.Fatal(err)
	}
	e := gin.New()
	e.ContextWithFallback = true
	w.Routes(e)
	return e
}

// agent is a member of the staff in a role.
func agent(r opco.Role) web.Occupant {
	e := store.Espace{Cle: string(r), Role: r, Nom: string(r)}
	return web.Occupant{Etape: api.EtapeOuverte, Utilisateur: store.Utilisateur{Compte: "moi", Prenom: "Inès", Nom: "Benkirane", Role: r, Interne: true, Espace: e.Cle, Espaces: []store.Espace{e}}}
}

// entreprise is somebody of a company, with services.
func entreprise(ss ...opco.Service) web.Occupant {
	e := store.Espace{Cle: "entreprise:999001019", Role: opco.RoleEntreprise, SIREN: "999001019", Nom: "Sorbier", Services: ss}
	return web.Occupant{Etape: api.EtapeOuverte, Utilisateur: store.Utilisateur{Compte: "moi", Prenom: "Lucie", Nom: "Roche", Role: e.Role, Espace: e.Cle, Espaces: []store.Espace{e}}}
}

// TestConnectedFormsGoOnOrComeBack sends each form of the pages of connected
// people: what works answers 303 and reaches its door once, with the id of its
// acte; what does not comes back with its values and the field told apart.
func TestConnectedFormsGoOnOrComeBack(t *testing.T) {
	acte := url.Values{"acte_id": {idActe}}
	invite := avec(acte, "civilite", "Mme", "nom", "Roche", "prenom", "Lucie", "email", "lucie@exemple.test", "site", string(siege), "service", "DOSSIERS_FORMATION")
	entite := avec(inscriptionS20(), "acte_id", idActe, "profil", "entreprise", "mot_de_passe", "secret", "action", "envoyer")
	reponses := avec(acte, "droit_1", droitA, "choix_1", "accorder", "droit_2", droitB, "choix_2", "refuser", "motif_2", "SERVICE_INADAPTE", "precision_2", "au siège")
	agentNeuf := avec(acte, "civilite", "M.", "nom", "Le Goff", "prenom", "Yann", "email", "yann@opco.test", "identifiant", "yann.legoff", "role", "ops")
	absence := avec(acte, "delegue", idCompte, "role", "conseiller", "du", "2026-07-01", "au", "2026-07-14", "raison", "Congés")
	ouvert := avec(invite, "siret", string(siege), "profil", "entreprise", "fonction", "Directrice", "telephone", "01 99 00 44 55")
	attribue := avec(acte, "profil", "entreprise", "siret", string(siege), "service", "LECTURE_SEULE")
	chez := "/agents/" + idCompte
	tests := []struct {
		name, chemin string
		form         url.Values
		refus        error
		verdict      opco.Verdict
		statut       int
		vers, appel  string
		faute, garde string
	}{
		{name: "choose an espace", chemin: "/perimetre", form: url.Values{"espace": {"gestionnaire"}, "suite": {"/habilitations"}}, statut: 303, vers: "/habilitations", appel: "entrer gestionnaire"},
		{name: "choose none", chemin: "/perimetre", form: url.Values{}, statut: 422, faute: "espace"},
		{name: "an espace that is gone", chemin: "/perimetre", form: url.Values{"espace": {"x"}}, refus: opco.Errorf(opco.NotFound, "Ce périmètre n’est plus le vôtre."), statut: 422, appel: "entrer x", faute: "espace"},
		{name: "first click on the tile", chemin: "/accueil/organisme?acte_id=" + idActe, form: url.Values{}, statut: 303, vers: "/accueil", appel: "organisme " + idActe},
		{name: "modify", chemin: "/compte/modifier", form: avec(acte, "civilite", "Mme", "nom", "Roche", "prenom", "Lucie", "epreuve", "douze"), statut: 303, vers: "/compte", appel: "modifier " + idActe + " Mme Lucie Roche douze"},
		{name: "modify without a name", chemin: "/compte/modifier", form: avec(acte, "civilite", "Mme", "prenom", "Lucie"), statut: 422, faute: "nom", garde: `value="Lucie"`},
		{name: "modify, wrong sum", chemin: "/compte/modifier", form: avec(acte, "civilite", "Mme", "nom", "Roche", "prenom", "Lucie"), refus: refusRobot, statut: 422, faute: "epreuve", garde: `value="Roche"`, appel: "modifier " + idActe + " Mme Lucie Roche "},
		{name: "add an entity", chemin: "/compte/entites/nouvelle", form: entite, statut: 303, vers: "/accueil", appel: "entite " + idActe + " secret entreprise 99900101900010 312480.00 douze"},
		{name: "add an entity without the password", chemin: "/compte/entites/nouvelle", form: avec(entite, "mot_de_passe", ""), statut: 422, faute: "mot_de_passe", garde: `value="A100001"`},
		{name: "one more établissement", chemin: "/compte/entites/nouvelle", form: avec(entite, "action", "ajouter_siret"), statut: 200, garde: `name="siret_3"`},
		{name: "answer an adviser", chemin: "/compte/precisions", form: avec(acte, "droit", droitA, "reponse", "Par le siège."), statut: 303, vers: "/compte", appel: "repondre " + idActe + " " + droitA + " Par le siège."},
		{name: "answer nothing", chemin: "/compte/precisions", form: avec(acte, "droit", droitA, "reponse", "  "), statut: 422, faute: "reponse"},
		{name: "ask again", chemin: "/compte/reprises", form: avec(acte, "droit", droitB), statut: 303, vers: "/compte#entites", appel: "redemander " + idActe + " " + droitB},
		{name: "ask again what waits already", chemin: "/compte/reprises", form: avec(acte, "droit", droitB), refus: opco.Errorf(opco.Conflict, "Ce droit est déjà demandé."), statut: 409, appel: "redemander " + idActe + " " + droitB, garde: "Ce droit est déjà demandé."},
		{name: "declare a link", chemin: "/compte/liens", form: avec(acte, "siren", "999 001 019", "raison", "Conjoint"), statut: 303, vers: "/compte", appel: "lien " + idActe + " moi 999001019 Conjoint"},
		{name: "declare a link with nobody", chemin: "/compte/liens", form: avec(acte, "siren", "12", "raison", "Conjoint"), statut: 422, faute: "siren", garde: `value="Conjoint"`},
		{name: "close my account", chemin: "/compte/cloture", form: avec(acte, "mot_de_passe", "secret", "certain", "oui", "raison", "Je pars"), statut: 303, vers: "/connexion", appel: "clore " + idActe + " secret Je pars"},
		{name: "close without saying so", chemin: "/compte/cloture", form: avec(acte, "mot_de_passe", "secret"), statut: 422, faute: "certain"},
		{name: "change the password", chemin: "/compte/mot-de-passe", form: avec(acte, "actuel", "vieux", "mot_de_passe", motSolide, "mot_de_passe2", motSolide), statut: 303, vers: "/compte/securite", appel: "mot de passe " + idActe + " vieux " + motSolide},
		{name: "a weak password", chemin: "/compte/mot-de-passe", form: avec(acte, "actuel", "vieux", "mot_de_passe", motSolide, "mot_de_passe2", motSolide), refus: opco.Champf("nouveau", "Trop court."), statut: 422, faute: "mot_de_passe", appel: "mot de passe " + idActe + " vieux " + motSolide},
		{name: "two passwords", chemin: "/compte/mot-de-passe", form: avec(acte, "actuel", "vieux", "mot_de_passe", "a", "mot_de_passe2", "b"), statut: 422, faute: "mot_de_passe2"},
		{name: "close a session", chemin: "/compte/sessions", form: url.Values{"session": {"s1"}}, statut: 303, vers: "/compte/securite", appel: "fermer s1"},
		{name: "close the others", chemin: "/compte/sessions", form: url.Values{}, statut: 303, vers: "/compte/securite", appel: "fermer les autres"},
		{name: "a wrong first code", chemin: "/compte/totp", form: url.Values{"jeton": {"j"}, "code": {"000000"}}, refus: opco.Champf("code", "Ce code n’est pas le bon."), statut: 422, appel: "totp j 000000", garde: "Ce code n’est pas le bon."},
		{name: "a right first code", chemin: "/compte/totp", form: url.Values{"jeton": {"j"}, "code": {"123456"}}, statut: 303, vers: "/compte/securite", appel: "totp j 123456"},
		{name: "new recovery codes", chemin: "/compte/facteurs", form: url.Values{"action": {"secours"}, "mot_de_passe_facteur": {"secret"}}, statut: 200, appel: "secours secret", garde: "K7QD-2M4X-90PT"},
		{name: "new recovery codes, wrong password", chemin: "/compte/facteurs", form: url.Values{"action": {"secours"}, "mot_de_passe_facteur": {"x"}}, refus: opco.Champf("mot_de_passe", "Ce n’est pas votre mot de passe."), statut: 422, appel: "secours x", faute: "mot_de_passe_facteur"},
		{name: "take a passkey away", chemin: "/compte/facteurs/retrait", form: url.Values{"passkey": {"cle"}, "mot_de_passe_retrait": {"secret"}}, statut: 303, vers: "/compte/securite", appel: "retirer cle secret"},
		{name: "take the codes away", chemin: "/compte/facteurs/retrait", form: url.Values{"passkey": {"totp"}, "mot_de_passe_retrait": {"secret"}}, statut: 303, vers: "/compte/securite", appel: "retirer totp secret"},
		{name: "unlink, wrong password", chemin: "/compte/fournisseur/retrait", form: url.Values{"mot_de_passe_deliement": {"x"}}, refus: opco.Champf("mot_de_passe", "Ce n’est pas votre mot de passe."), statut: 422, appel: "delier x", faute: "mot_de_passe_deliement"},
		{name: "invite", chemin: "/utilisateurs/nouveau", form: invite, statut: 303, vers: "/utilisateurs", appel: "inviter " + idActe + " lucie@exemple.test " + droitA},
		{name: "invite, a site that is not ours", chemin: "/utilisateurs/nouveau", form: avec(invite, "site", "99900136500017"), statut: 422, faute: "site", garde: `value="lucie@exemple.test"`},
		{name: "invite without a right", chemin: "/utilisateurs/nouveau", form: avec(invite, "service", ""), statut: 422, faute: "service", garde: `value="lucie@exemple.test"`},
		{name: "a mandate", chemin: "/utilisateurs/nouveau", form: avec(invite, "mandat", "oui", "du", "2026-07-01", "au", "2026-12-31"), statut: 303, vers: "/utilisateurs", appel: "inviter " + idActe + " lucie@exemple.test " + droitA + " 2026-07-01/2026-12-31"},
		{name: "a mandate without an end", chemin: "/utilisateurs/nouveau", form: avec(invite, "mandat", "oui", "du", "2026-07-01"), statut: 422, faute: "au", garde: `value="2026-07-01"`},
		{name: "a mandate that is too long", chemin: "/utilisateurs/nouveau", form: avec(invite, "mandat", "oui", "du", "2026-07-01", "au", "2036-12-31"), refus: opco.Champf("droits[0].au", "24 mois au plus."), statut: 422, faute: "au", appel: "inviter " + idActe + " lucie@exemple.test " + droitA + " 2026-07-01/2036-12-31"},
		{name: "give rights", chemin: "/utilisateurs/" + idCompte + "/droits", form: avec(acte, "site", string(annexe), "service", "UTILISATEURS"), statut: 303, vers: "/utilisateurs", appel: "donner " + idActe + " " + idCompte + " entreprise:99900101900028:UTILISATEURS"},
		{name: "give rights to a stranger", chemin: "/utilisateurs/" + idActe + "/droits", form: acte, statut: 404},
		{name: "take rights away", chemin: "/utilisateurs/" + idCompte + "/retrait", form: avec(acte, "droit", droitA, "raison", "Départ"), statut: 303, vers: "/utilisateurs", appel: "retirer " + idActe + " " + idCompte + " " + droitA + " Départ"},
		{name: "take rights away without a reason", chemin: "/utilisateurs/" + idCompte + "/retrait", form: avec(acte, "droit", droitA), statut: 422, faute: "raison", garde: "checked"},
		{name: "decide", chemin: "/habilitations/" + idCompte, form: reponses, statut: 303, vers: "/habilitations/suivante", appel: "decider " + idActe + " " + idCompte + " " + droitA + " oui, " + droitB + " non SERVICE_INADAPTE au siège"},
		{name: "decide, with requests set aside", chemin: "/habilitations/" + idCompte + "?sauf=a", form: reponses, statut: 303, vers: "/habilitations/suivante?sauf=a", appel: "decider " + idActe + " " + idCompte + " " + droitA + " oui, " + droitB + " non SERVICE_INADAPTE au siège"},
		{name: "refuse without a reason", chemin: "/habilitations/" + idCompte, form: avec(reponses, "motif_2", ""), statut: 422, faute: "motif_2", garde: `value="refuser" checked`},
		{name: "a refusal comes back whole", chemin: "/habilitations/" + idCompte, form: avec(reponses, "motif_2", ""), statut: 422, faute: "motif_2", garde: `value="au siège"`},
		{name: "refuse for another reason, unsaid", chemin: "/habilitations/" + idCompte, form: avec(reponses, "motif_2", "DROIT_AUTRE", "precision_2", " "), statut: 422, faute: "precision_2"},
		{name: "decide nothing", chemin: "/habilitations/" + idCompte, form: avec(reponses, "choix_1", "attendre", "choix_2", "attendre"), statut: 422, garde: "Répondez à un droit au moins"},
		{name: "grant all", chemin: "/habilitations/" + idCompte, form: avec(reponses, "action", "tout_accorder"), statut: 200, garde: "2 accordés, 0 refusé"},
		{name: "decide while the database is away", chemin: "/habilitations/" + idCompte, form: reponses, refus: errors.New("away"), statut: 500, appel: "decider " + idActe + " " + idCompte + " " + droitA + " oui, " + droitB + " non SERVICE_INADAPTE au siège"},
		{name: "decide while the disk is full: what was typed stays", chemin: "/habilitations/" + idCompte, form: reponses, refus: syscall.ENOSPC, statut: 507, garde: `value="au siège"`, appel: "decider " + idActe + " " + idCompte + " " + droitA + " oui, " + droitB + " non SERVICE_INADAPTE au siège"},
		{name: "ask a precision", chemin: "/habilitations/" + idCompte + "/precision", form: avec(acte, "droit", droitA, "question", "Qui déclare ?"), statut: 303, vers: "/habilitations/suivante", appel: "precision " + idActe + " " + idCompte + " " + droitA + " Qui déclare ?"},
		{name: "ask nothing", chemin: "/habilitations/" + idCompte + "/precision", form: avec(acte, "droit", droitA), statut: 422, faute: "question"},
		{name: "send credentials again", chemin: "/comptes/" + idCompte + "/reemission", form: acte, statut: 303, vers: "/comptes/" + idCompte, appel: "reemettre " + idActe + " " + idCompte},
		{name: "give a right to an open account", chemin: "/comptes/" + idCompte + "/attribution", form: attribue, statut: 303, vers: "/comptes/" + idCompte, appel: "attribuer " + idActe + " " + idCompte + " entreprise:99900101900010:LECTURE_SEULE"},
		{name: "give a right on a site that is closed", chemin: "/comptes/" + idCompte + "/attribution", form: attribue, refus: opco.Champf("droits[0].siret", "Cet établissement est fermé."), statut: 422, faute: "siret", appel: "attribuer " + idActe + " " + idCompte + " entreprise:99900101900010:LECTURE_SEULE", garde: `value="99900101900010"`},
		{name: "give no right, nowhere", chemin: "/comptes/" + idCompte + "/attribution", form: avec(acte, "profil", "organisme", "siret", "12"), statut: 422, faute: "service", garde: `value="12"`},
		{name: "withdraw", chemin: "/comptes/" + idCompte + "/retrait", form: avec(acte, "droit", droitA, "raison", "Parti"), statut: 303, vers: "/comptes/" + idCompte, appel: "retirer " + idActe + " " + idCompte + " " + droitA + " Parti"},
		{name: "close an account", chemin: "/comptes/" + idCompte + "/cloture", form: avec(acte, "motif_cloture", "Décès"), statut: 303, vers: "/comptes/" + idCompte, appel: "clore " + idActe + " " + idCompte + " Décès"},
		{name: "close an account without a reason", chemin: "/comptes/" + idCompte + "/cloture", form: acte, statut: 422, garde: "Dites pourquoi le compte est fermé"},
		{name: "open an account", chemin: "/comptes/nouveau", form: ouvert, statut: 303, vers: "/comptes/" + idCompte, appel: "ouvrir " + idActe + " lucie@exemple.test " + droitA},
		{name: "open an account whose procedure is away", chemin: "/comptes/nouveau", form: ouvert, verdict: opco.VerdictRecu, statut: 303, vers: "/comptes", appel: "ouvrir " + idActe + " lucie@exemple.test " + droitA},
		{name: "open an account for a service of the other profile", chemin: "/comptes/nouveau", form: avec(ouvert, "service", "PAIEMENTS_OF"), statut: 422, faute: "service", garde: `value="Roche"`},
		{name: "open an account without a telephone", chemin: "/comptes/nouveau", form: avec(ouvert, "telephone", ""), statut: 422, faute: "telephone", garde: `value="Directrice"`},
		{name: "open an account without a fonction", chemin: "/comptes/nouveau", form: avec(ouvert, "fonction", " "), statut: 422, faute: "fonction", garde: `value="01 99 00 44 55"`},
		{name: "try a rule", chemin: "/habilitations/regles/essai", form: url.Values{"profil": {"organisme"}, "service": {"PAIEMENTS_OF"}, "question": {"NDA_SIRET"}}, statut: 200, appel: "essayer organisme PAIEMENTS_OF NDA_SIRET", garde: `name="essai" value="essai-1"`},
		{name: "try a rule without evidence", chemin: "/habilitations/regles/essai", form: url.Values{"service": {"PAIEMENTS_OF"}}, statut: 422, faute: "question"},
		{name: "switch a rule on", chemin: "/habilitations/regles", form: url.Values{"essai": {"essai-1"}}, statut: 303, vers: "/habilitations/regles", appel: "activer essai-1"},
		{name: "switch on too late", chemin: "/habilitations/regles", form: url.Values{"essai": {"vieux"}}, refus: opco.Errorf(opco.Conflict, "Essayez d’abord cette règle."), statut: 409, appel: "activer vieux", garde: "Essayez d’abord cette règle."},
		{name: "stop a rule", chemin: "/habilitations/regles/arret", form: url.Values{"regle": {"r1"}}, statut: 303, vers: "/habilitations/regles", appel: "arreter r1"},
		{name: "create an agent", chemin: "/agents/nouveau", form: agentNeuf, statut: 303, vers: "/agents", appel: "agent " + idActe + " yann.legoff ops"},
		{name: "an identifier that is taken", chemin: "/agents/nouveau", form: agentNeuf, refus: opco.Champf("identifiant", "Cet identifiant est déjà pris."), statut: 422, faute: "identifiant", appel: "agent " + idActe + " yann.legoff ops"},
		{name: "give a role", chemin: chez + "/roles", form: avec(acte, "role", "responsable"), statut: 303, vers: chez, appel: "role " + idActe + " " + idCompte + " responsable"},
		{name: "give oneself a role", chemin: chez + "/roles", form: avec(acte, "role", "responsable"), refus: opco.Errorf(opco.Forbidden, "Vous ne pouvez pas vous donner un rôle."), statut: 403, appel: "role " + idActe + " " + idCompte + " responsable", garde: "Vous ne pouvez pas vous donner un rôle."},
		{name: "confirm a role", chemin: chez + "/roles/confirmation", form: avec(acte, "role_confirme", "responsable"), statut: 303, vers: chez, appel: "confirmer " + idActe + " " + idCompte + " responsable"},
		{name: "withdraw a role", chemin: chez + "/roles/retrait", form: avec(acte, "role_retire", "conseiller", "raison_role", "Mutation"), statut: 303, vers: chez, appel: "retirer role " + idActe + " " + idCompte + " conseiller Mutation"},
		{name: "withdraw a role without a reason", chemin: chez + "/roles/retrait", form: avec(acte, "role_retire", "conseiller"), statut: 422, faute: "raison_role"},
		{name: "reset factors", chemin: chez + "/facteurs", form: avec(acte, "raison_facteurs", "Téléphone perdu"), statut: 303, vers: chez, appel: "facteurs " + idActe + " " + idCompte + " Téléphone perdu"},
		{name: "declare an absence", chemin: "/absences", form: absence, statut: 303, vers: "/absences", appel: "deleguer " + idActe + " moi " + idCompte + " conseiller 2026-07-01 2026-07-14 Congés"},
		{name: "the absence of somebody else", chemin: "/absences", form: avec(absence, "absent", "autre"), statut: 303, vers: "/absences", appel: "deleguer " + idActe + " autre " + idCompte + " conseiller 2026-07-01 2026-07-14 Congés"},
		{name: "an absence that is too long", chemin: "/absences", form: absence, refus: opco.Champf("au", "60 jours au plus."), statut: 422, faute: "au", garde: `value="2026-07-01"`, appel: "deleguer " + idActe + " moi " + idCompte + " conseiller 2026-07-01 2026-07-14 Congés"},
		{name: "end an absence", chemin: "/absences/fin", form: avec(acte, "compte", idCompte, "delegation", "d1"), statut: 303, vers: "/absences", appel: "finir " + idActe + " " + idCompte + " d1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			i := &interieurFaux{occupant: occupantDe(tt.chemin), refus: tt.refus, verdict: tt.verdict, droits: []api.DroitLu{
				{Id: droitA, Profil: opco.RoleEntreprise, Siret: siege, Service: opco.ServiceDossiers, Libelle: "Dossiers de formation", Etat: attenduDe(tt.chemin), Phrase: "Qui déclare ?"},
				{Id: droitB, Profil: opco.RoleEntreprise, Siret: annexe, Service: opco.ServiceContributions, Libelle: "Contributions", Etat: opco.HabAValider}}}
			r := demander(moteurInterieur(t, i), "POST", tt.chemin, pourLui(i, tt.form))
			if r.Code != tt.statut || r.Header().Get("Location") != tt.vers {
				t.Errorf("got %d to %q; want %d to %q", r.Code, r.Header().Get("Location"), tt.statut, tt.vers)
			}
			if got := strings.Join(i.appels, ";"); got != tt.appel {
				t.Errorf("called %q; want %q", got, tt.appel)
			}
			if r.Code == http.StatusOK && !strings.Contains(r.Body.String(), tt.garde) {
				t.Errorf("the page lacks %s", tt.garde)
			}
			if r.Code >= 400 && r.Code < 500 && r.Code != 404 || r.Code == http.StatusInsufficientStorage {
				verifierRetour(t, r.Body.String(), tt.faute, tt.garde)
			}
			if strings.Contains(r.Body.String(), motSolide) || strings.Contains(r.Body.String(), "away") {
				t.Error("the page says what it should keep")
			}
		})
	}
}

// verifierRetour reads a form that came back: its summary takes the focus and leads
// to the field, which names its fault.
func verifierRetour(t *testing.T, page, faute, garde string) {
	t.Helper()
	veut := []string{`role="alert" tabindex="-1" autofocus`, "<title>À corriger : ", garde}
	if faute != "" {
		veut = append(veut, `<a href="#champ-`+faute+`">`, `id="champ-`+faute+`-faute"`)
		champ := regexp.MustCompile(`<(?:input|select|fieldset|textarea)[^>]*id="champ-` + faute + `"[^>]*>`).FindString(page)
		if !strings.Contains(champ, "champ-"+faute+"-faute") {
			t.Errorf("the field at fault is %s: it does not name its fault", champ)
		}
	}
	for _, v := range veut {
		if !strings.Contains(page, v) {
			t.Errorf("the page lacks %s", v)
		}
	}
}

// occupantDe is who reaches the pages under a path.
func occupantDe(chemin string) web.Occupant {
	switch {
	case strings.HasPrefix(chemin, "/habilitations/regles"), strings.HasPrefix(chemin, "/absences"):
		return agent(opco.RoleResponsable)
	case strings.HasPrefix(chemin, "/habilitations"), strings.HasPrefix(chemin, "/comptes"), chemin == "/compte/liens":
		return agent(opco.RoleConseiller)
	case strings.HasPrefix(chemin, "/agents"):
		return agent(opco.RoleAdmin)
	}
	return entreprise(opco.ServiceDossiers, opco.ServiceUtilisateurs)
}

// attenduDe is the état of the first right on the page under test.
func attenduDe(chemin string) opco.EtatHabilitation {
	switch {
	case strings.HasPrefix(chemin, "/compte/precisions"):
		return opco.HabPrecision
	case strings.HasPrefix(chemin, "/comptes"):
		return opco.HabAccordee
	}
	return opco.HabAValider
}

// TestTheConflictNamesWhoAnswered: two advisers answer the same right; the second
// one hears who was first, and when.
func TestTheConflictNamesWhoAnswered(t *testing.T) {
	le := time.Date(2026, 6, 11, 9, 58, 0, 0, time.UTC)
	i := &interieurFaux{occupant: agent(opco.RoleConseiller), refus: opco.Errorf(opco.Conflict, "Ce droit n’est plus à valider."), droits: []api.DroitLu{
		{Id: droitA, Siret: siege, Service: opco.ServiceDossiers, Libelle: "Dossiers de formation", Etat: opco.HabAccordee, DecideePar: "Thomas Delmas", DecideeLe: &le}}}
	r := demander(moteurInterieur(t, i), "POST", "/habilitations/"+idCompte, pourLui(i, url.Values{"acte_id": {idActe}, "droit_1": {droitA}, "choix_1": {"accorder"}}))
	veut := "Thomas Delmas a déjà accordé « Dossiers de formation, …00010 » le 11 juin 2026, 11\u00a0h\u00a058. Votre réponse n’est pas enregistrée."
	if r.Code != http.StatusConflict || !strings.Contains(r.Body.String(), veut) {
		t.Errorf("got %d without %q", r.Code, veut)
	}
}

// TestTheMenuFollowsTheRights: an entry is there when its page opens, and only then
// (AK-10).
func TestTheMenuFollowsTheRights(t *testing.T) {
	entrees := []string{"/utilisateurs", "/habilitations", "/comptes", "/habilitations/regles", "/agents", "/absences", "/journal-lectures", "/perimetre"}
	deux := entreprise(opco.ServiceDossiers)
	deux.Espaces = append(deux.Espaces, store.Espace{Cle: "organisme:999001365", Role: opco.RoleOrganisme, Nom: "Formalia"})
	tests := []struct {
		name string
		qui  web.Occupant
		veut []string
	}{
		{"no right yet", web.Occupant{Utilisateur: store.Utilisateur{Prenom: "Lucie", Nom: "Roche"}}, nil},
		{"a company", entreprise(opco.ServiceDossiers), nil},
		{"its administrator", entreprise(opco.ServiceDossiers, opco.ServiceUtilisateurs), []string{"/utilisateurs"}},
		{"two espaces", deux, []string{"/perimetre"}},
		{"conseiller", agent(opco.RoleConseiller), []string{"/habilitations", "/comptes", "/absences"}},
		{"gestionnaire", agent(opco.RoleGestionnaire), []string{"/habilitations", "/comptes", "/absences"}},
		{"responsable", agent(opco.RoleResponsable), []string{"/habilitations", "/comptes", "/habilitations/regles", "/absences"}},
		{"comptable", agent(opco.RoleComptable), []string{"/absences"}},
		{"ops", agent(opco.RoleOps), []string{"/absences"}},
		{"admin", agent(opco.RoleAdmin), []string{"/agents", "/absences"}},
		{"auditeur", agent(opco.RoleAuditeur), []string{"/habilitations", "/comptes", "/habilitations/regles", "/agents", "/absences", "/journal-lectures"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := demander(moteurInterieur(t, &interieurFaux{occupant: tt.qui}), "GET", "/compte/historique-absent", nil)
			if page.Code != 404 {
				t.Fatalf("an address that is not: %d", page.Code)
			}
			corps := demander(moteurInterieur(t, &interieurFaux{occupant: tt.qui}), "GET", "/compte/modifier", nil).Body.String()
			for _, e := range entrees {
				if got := strings.Contains(corps, `href="`+e+`"`); got != slices.Contains(tt.veut, e) {
					t.Errorf("%s is shown: %t", e, got)
				}
			}
		})
	}
}

// TestTheNextRequest: the queue leads to the most urgent request; an empty one says
// so.
func TestTheNextRequest(t *testing.T) {
	i := &interieurFaux{occupant: agent(opco.RoleConseiller), suivante: idCompte}
	r := demander(moteurInterieur(t, i), "GET", "/habilitations/suivante?sauf=a&sauf=b", nil)
	if r.Code != 303 || r.Header().Get("Location") != "/habilitations/"+idCompte+"?sauf=a&sauf=b" || i.appels[0] != "suivante a,b" {
		t.Errorf("got %d to %s, %v", r.Code, r.Header().Get("Location"), i.appels)
	}
	i.suivante = ""
	if r := demander(moteurInterieur(t, i), "GET", "/habilitations/suivante", nil); r.Header().Get("Location") != "/habilitations" {
		t.Errorf("an empty queue leads to %s", r.Header().Get("Location"))
	}
}

// TestTheEspaceIsChosenFirst: with several espaces, home asks which one (AK-08).
func TestTheEspaceIsChosenFirst(t *testing.T) {
	o := entreprise(opco.ServiceDossiers)
	o.Etape, o.Espace, o.Role = api.EtapePerimetre, "", ""
	o.Espaces = append(o.Espaces, store.Espace{Cle: "gestionnaire", Role: opco.RoleGestionnaire, PourNom: "Claire Morin"})
	h := moteurInterieur(t, &interieurFaux{occupant: o})
	if r := demander(h, "GET", "/accueil", nil); r.Code != 303 || r.Header().Get("Location") != "/perimetre" {
		t.Errorf("home answers %d to %s", r.Code, r.Header().Get("Location"))
	}
	page := demander(h, "GET", "/perimetre", nil).Body.String()
	for _, v := range []string{"Sorbier", "SIREN 999 001 019", "Pour le compte de Claire Morin, en son absence"} {
		if !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), v) {
			t.Errorf("the choice lacks %q", v)
		}
	}
}
