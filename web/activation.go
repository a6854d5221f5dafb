package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Exigence says what a password must be, in a sentence, and the length below
// which it is weak.
type Exigence struct {
	Minimum int
	Phrase  string
}

// Activation is the page where the code of the mail and a password open the
// account (MA-60 to MA-63).
type Activation struct {
	Page
	Exigence   Exigence
	Invitation bool // somebody else named this person: the conditions are still to accept (C14)
	Epreuve    Epreuve
}

// invite is what the form keeps of the invitation.
func (p Activation) invite() string {
	if i := p.Valeur("invitation"); i != "" {
		return i
	}
	return invitePar
}

// RenvoiCode asks for a new code (C03).
type RenvoiCode struct{ Page }

// Termine is a page that says that something is done, and what comes next.
type Termine struct {
	Page
	Phrases []string
	Suite   Lien
	Etape   int
	Etapes  []string
}

// What the link of an invitation says of who is invited: it proves nothing, and the
// API asks for the same without it.
const (
	invitePar   = "oui"
	inviteAgent = "agent"
)

// activationTerminee is the last page of an activation.
func activationTerminee(invitation string) string {
	if invitation == invitePar || invitation == inviteAgent {
		return "/activation/terminee?invitation=" + invitation
	}
	return "/activation/terminee"
}

// suitesActivation say what comes next, to who signed up by themselves, to who was
// invited with rights, and to who joins the staff.
var suitesActivation = map[string][]string{
	"": {"Vous pouvez vous connecter. L’accès est limité tant que nos équipes n’ont pas confirmé vos droits : elles vous répondent par e-mail.",
		"Organisme de formation : ouvrez une fois la tuile de votre espace, c’est elle qui nous demande vos droits."},
	invitePar:   {"Connectez-vous : les droits que l’on vous a donnés sont ouverts aux dates prévues. « Mon compte » les montre un par un."},
	inviteAgent: {"Connectez-vous : une seconde preuve, application de codes ou clé d’accès, vous est demandée. Un rôle qui attend un second administrateur s’ouvre dès qu’il le confirme."},
}

// etapesActivation are the steps of MA-60.
var etapesActivation = []string{"Vérification de votre code", "Vous pouvez vous connecter"}

// getActivation answers GET /activation. The code of the link is shown in its
// field and nothing more: reading a page consumes nothing (reliability.md 3.8).
func (w *Web) getActivation(c *gin.Context) {
	f := deLAdresse(c, "code")
	if i := c.Query("invitation"); i == invitePar || i == inviteAgent {
		f.Valeurs.Set("invitation", i)
	}
	w.montrerActivation(c, http.StatusOK, f)
}

// postActivation answers POST /activation (C05).
func (w *Web) postActivation(c *gin.Context) {
	f, ok := w.formulaire(c, "compte", "email", "code", "mot_de_passe", "mot_de_passe2", "invitation", "cgu", champReponse, champJeton, champPiege)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	d := DemandeActivation{Compte: compteDe(f.Valeur("compte")), Code: strings.TrimSpace(f.Valeur("code")), MotDePasse: f.Valeur("mot_de_passe"), Epreuve: f.reponseEpreuve()}
	f.Valeurs.Set("compte", d.Compte)
	if d.Compte == "" {
		d.Email = lire(&l, "email", opco.ParseEmail)
	}
	l.exiger("code", strings.TrimSpace(f.Valeur("code")) != "", "Recopiez le code de l’e-mail.")
	l.deuxFois()
	if f.Valeur("invitation") != "" {
		l.exiger("cgu", f.Coche("cgu", "oui"), "Acceptez les conditions d’utilisation pour ouvrir votre compte.")
		parametres, err := w.Portes.Parametres(c)
		if err != nil {
			w.echouer(c, err)
			return
		}
		d.Version = parametres.VersionCGU
	}
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.Activer(c, d)
		if err == nil {
			suite(c, activationTerminee(f.Valeur("invitation")))
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, map[string]string{"version": "cgu"}); !ok {
			return
		}
	}
	w.montrerActivation(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerActivation(c *gin.Context, statut int, f Formulaire) {
	voie := VoieInscription
	if f.Valeur("invitation") == inviteAgent {
		voie = VoieInterne
	}
	exigence, err := w.Portes.Exigence(c, voie)
	var epreuve Epreuve
	if err == nil {
		epreuve, err = w.Portes.Epreuve(c, "activation")
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Activation{Page: w.page(c, "Activer mon compte"), Exigence: exigence, Epreuve: epreuve, Invitation: f.Valeur("invitation") != "" || f.Faute("cgu") != ""}
	p.Formulaire = f
	w.rendre(c, statut, PageActivation(p))
}

// getActivationTerminee answers GET /activation/terminee (MA-64).
func (w *Web) getActivationTerminee(c *gin.Context) {
	dites, connue := suitesActivation[c.Query("invitation")]
	if !connue {
		dites = suitesActivation[""]
	}
	w.rendre(c, http.StatusOK, PageTermine(Termine{Page: w.page(c, "Votre compte est ouvert"), Etape: 2, Etapes: etapesActivation,
		Phrases: append([]string{"Votre adresse e-mail est confirmée et votre mot de passe enregistré."}, dites...),
		Suite:   Lien{"Se connecter", "/connexion"}}))
}

// getRenvoiCode answers GET /activation/code.
func (w *Web) getRenvoiCode(c *gin.Context) { w.montrerRenvoiCode(c, http.StatusOK, Formulaire{}) }

// postRenvoiCode answers POST /activation/code (C03): the same for an address
// that is known and for one that is not.
func (w *Web) postRenvoiCode(c *gin.Context) {
	f, ok := w.formulaire(c, "email")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	email := lire(&l, "email", opco.ParseEmail)
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.RenvoyerCode(c, string(email))
		if err == nil {
			w.annoncer(c, "code-renvoye")
			suite(c, "/activation")
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, nil); !ok {
			return
		}
	}
	w.montrerRenvoiCode(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerRenvoiCode(c *gin.Context, statut int, f Formulaire) {
	p := RenvoiCode{Page: w.page(c, "Recevoir un nouveau code")}
	p.Formulaire = f
	w.rendre(c, statut, PageRenvoiCode(p))
}
