package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Securite is what protects an account: its password, its second proofs, its
// sessions.
type Securite struct {
	Piece
	Exigence    Exigence
	Sessions    []SessionOuverte
	Facteurs    FacteursPoses
	Fournisseur Fournisseur
	Enroler     bool // nothing else opens before a second proof is chosen
	// Identifiant is what one logs in with: a password manager files the new password there.
	Identifiant string
}

// Secours are the recovery codes, shown once.
type Secours struct {
	Piece
	Codes []string
}

// PoseTOTP is the secret of a new code generator, until its first code proves it.
type PoseTOTP struct {
	Piece
	Secret, Jeton string
	QR            DessinQR
}

// getSecurite answers GET /compte/securite.
func (w *Web) getSecurite(c *gin.Context) { w.montrerSecurite(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerSecurite(c *gin.Context, statut int, f Formulaire) {
	o := w.Interieur.Occupant(c)
	p := Securite{Piece: w.piece(c, "Sécurité de mon compte", "/compte"), Enroler: o.Etape == api.EtapeEnroler, Identifiant: o.Identifiant}
	var err error
	if p.Facteurs, err = w.Interieur.Facteurs(c); err == nil && !p.Enroler {
		p.Sessions, err = w.Interieur.Sessions(c)
	}
	if err == nil && !p.Enroler {
		p.Exigence, err = w.exigenceMienne(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire, p.Fournisseur = f, w.fournisseur(c, p.Facteurs)
	w.rendre(c, statut, PageSecurite(p))
}

// exigenceMienne is the rule of one's own password: that of the portal by which the
// account came.
func (w *Web) exigenceMienne(c *gin.Context) (Exigence, error) {
	e, err := w.Portes.Exigence(c, VoieChangement)
	if err != nil {
		return e, err
	}
	m, err := w.Interieur.MonCompte(c)
	if m.Regle != "" {
		e.Phrase = m.Regle
	}
	return e, err
}

// postMotDePasse answers POST /compte/mot-de-passe.
func (w *Web) postMotDePasse(c *gin.Context) {
	f, ok := w.formulaire(c, "actuel", "mot_de_passe", "mot_de_passe2")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("actuel", f.Valeur("actuel") != "", "Tapez votre mot de passe actuel.")
	l.deuxFois()
	montrer := func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.ChangerMotDePasse(c, acteDuFormulaire(c), f.Valeur("actuel"), f.Valeur("mot_de_passe"))
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"nouveau": "mot_de_passe"}, montrer)
		return
	}
	w.fait(c, v, "mot-de-passe-change", "/compte/securite")
}

// postFermeture answers POST /compte/sessions: one session, or all the others.
func (w *Web) postFermeture(c *gin.Context) {
	f, ok := w.formulaire(c, "session")
	if !ok {
		return
	}
	var err error
	if id := f.Valeur("session"); id != "" {
		err = w.Interieur.FermerSession(c, id)
	} else {
		err = w.Interieur.FermerAutresSessions(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "session-fermee")
	suite(c, "/compte/securite")
}

// postNouveauFacteur answers POST /compte/facteurs: a new secret for an application
// of codes, or new recovery codes. The password is asked again, but of who has just
// come in to choose a first factor.
func (w *Web) postNouveauFacteur(c *gin.Context) {
	f, ok := w.formulaire(c, "action", "mot_de_passe_facteur")
	if !ok {
		return
	}
	mot := f.Valeur("mot_de_passe_facteur")
	echoue := func(err error) {
		w.montrerRefus(c, f, err, map[string]string{"mot_de_passe": "mot_de_passe_facteur"}, func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) })
	}
	if f.Valeur("action") == "secours" {
		codes, err := w.Interieur.NouveauxSecours(c, mot)
		if err != nil {
			echoue(err)
			return
		}
		w.montrerSecours(c, codes, "enregistre")
		return
	}
	s, err := w.Interieur.DebuterTOTP(c, mot)
	if err != nil {
		echoue(err)
		return
	}
	p := PoseTOTP{Piece: w.piece(c, "Ajouter une application de codes", "/compte"), Secret: grouperSecret(s.Secret), Jeton: s.Jeton}
	if p.QR, err = dessinerQR(s.QR); err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PagePoseTOTP(p))
}

// grouperSecret writes a secret in groups of four, as people type it.
func grouperSecret(s string) string {
	var g []string
	for ; len(s) > 4; s = s[4:] {
		g = append(g, s[:4])
	}
	return strings.Join(append(g, s), " ")
}

// postConfirmerTOTP answers POST /compte/totp. A wrong code spends the secret:
// another one is proposed.
func (w *Web) postConfirmerTOTP(c *gin.Context) {
	f, ok := w.formulaire(c, "jeton", "code")
	if !ok {
		return
	}
	codes, err := w.Interieur.ConfirmerTOTP(c, f.Valeur("jeton"), f.Valeur("code"))
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, map[string]string{"code": "", "jeton": ""}, func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) })
		return
	}
	w.montrerSecours(c, codes, "facteur-ajoute")
}

// montrerSecours shows recovery codes once, or goes back when there are none to
// show.
func (w *Web) montrerSecours(c *gin.Context, codes []string, annonce string) {
	if len(codes) == 0 {
		w.annoncer(c, annonce)
		suite(c, "/compte/securite")
		return
	}
	p := Secours{Piece: w.piece(c, "Codes de secours", "/compte"), Codes: codes}
	p.Annonce = annonces[annonce]
	w.rendre(c, http.StatusOK, PageSecours(p))
}

// postRetirerFacteur answers POST /compte/facteurs/retrait: an application of codes,
// or a passkey.
func (w *Web) postRetirerFacteur(c *gin.Context) {
	f, ok := w.formulaire(c, "passkey", "mot_de_passe_retrait")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("mot_de_passe_retrait", f.Valeur("mot_de_passe_retrait") != "", "Tapez votre mot de passe : il confirme que c’est bien vous.")
	montrer := func(statut int, f Formulaire) { w.montrerSecurite(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	var err error
	if id := f.Valeur("passkey"); id != "" && id != "totp" {
		err = w.Interieur.RetirerPasskey(c, id, f.Valeur("mot_de_passe_retrait"))
	} else {
		err = w.Interieur.RetirerTOTP(c, f.Valeur("mot_de_passe_retrait"))
	}
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"mot_de_passe": "mot_de_passe_retrait"}, montrer)
		return
	}
	w.annoncer(c, "facteur-retire")
	suite(c, "/compte/securite")
}

// postLien answers POST /compte/liens: a company that the person does not handle.
func (w *Web) postLien(c *gin.Context) {
	f, ok := w.formulaire(c, "siren", "raison")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ch := opco.ChargeLien{SIREN: lire(&l, "siren", opco.ParseSIREN), Raison: f.Valeur("raison")}
	l.exiger("raison", strings.TrimSpace(ch.Raison) != "", "Dites quel est ce lien, par exemple « conjoint salarié de l’entreprise ».")
	montrer := func(statut int, f Formulaire) { w.montrerCompte(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.DeclarerLien(c, acteDuFormulaire(c), w.Interieur.Occupant(c).Compte, ch)
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, "lien-declare", "/compte")
}

func titreSecurite(p Securite) string {
	if p.Enroler {
		return "Protégez votre compte"
	}
	return "Mon compte"
}

// optionsFacteurs lists the second proofs that may be taken away.
func optionsFacteurs(f FacteursPoses) []Option {
	var os []Option
	for _, k := range f.Passkeys {
		os = append(os, Option{k.ID, k.Libelle})
	}
	if f.TOTP {
		os = append(os, Option{"totp", "Application de codes"})
	}
	return os
}

// suiteFacteur is where one goes on once a factor is in place.
func suiteFacteur(p Securite) string {
	if p.Enroler {
		return "/accueil"
	}
	return "/compte/securite"
}
