package web

import (
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Retours is where the files of the bank come in, and their list.
type Retours struct {
	Piece
	Retours  []store.LigneRetour
	Suite    string
	Importe  bool // may import
	Compte   store.CompteursComptabilite
	Resultat *opco.Importation // what the file just sent has changed
}

// getRetours answers GET /comptabilite/retours.
func (w *Web) getRetours(c *gin.Context) { w.montrerRetours(c, http.StatusOK, Formulaire{}, nil) }

func (w *Web) montrerRetours(c *gin.Context, statut int, f Formulaire, imp *opco.Importation) {
	p := Retours{Piece: w.piece(c, "Retours de banque", "/comptabilite/retours"), Importe: w.Interieur.Occupant(c).Role == opco.RoleComptable, Resultat: imp}
	p.avecFeuille()
	var suivant string
	var err error
	if p.Retours, suivant, err = w.Interieur.Retours(c, c.Query("apres")); err == nil {
		p.Compte, err = w.Interieur.CompterComptabilite(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Suite = pageSuivante("/comptabilite/retours", nil, suivant)
	p.Formulaire = f
	w.rendre(c, statut, PageRetours(p))
}

// postRetour answers POST /comptabilite/retours: a file of the bank. The page that
// comes back says what it changed; sent again, it changes nothing and says so.
func (w *Web) postRetour(c *gin.Context) {
	pour, nom, contenu, err := lireFichierPage(c)
	defer contenu.Jeter()
	if err == nil && !w.memeOccupant(c, pour) {
		return
	}
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerRetours(c, statut, f, nil) })
		return
	}
	imp, err := w.Interieur.ImporterRetour(c, nom, contenu)
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerRetours(c, statut, f, nil) })
		return
	}
	suite(c, "/comptabilite/retours/"+imp.Empreinte+"?importe=oui")
}

// lireFichierPage puts on the disk the one file of a page's form, and says for whom the
// page was shown.
func lireFichierPage(c *gin.Context) (pour, nom string, f *api.RetourPose, err error) {
	r, err := c.Request.MultipartReader()
	if err != nil {
		return "", "", nil, opco.Champf("fichier", "Choisissez le fichier de la banque.")
	}
	nom, f, err = api.LireFichierBanque(r, func(p *multipart.Part) {
		if p.FormName() == champOccupant {
			brut, _ := io.ReadAll(io.LimitReader(p, 1<<10)) // what is cut names nobody
			pour = string(brut)
		}
	})
	return pour, nom, f, err
}

// Retour is one file of the bank and what each of its entries became.
type Retour struct {
	Piece
	store.LigneRetour
	Entrees []store.LigneEntree
	Suite   string
	Neuf    bool // it has just been imported
}

// getRetour answers GET /comptabilite/retours/:retour.
func (w *Web) getRetour(c *gin.Context) {
	id := c.Param("retour")
	l, es, err := w.Interieur.RetourBanque(c, id, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Retour{Piece: w.piece(c, "Fichier "+l.Nom, "/comptabilite/retours"), LigneRetour: l, Entrees: es.Entrees, Neuf: c.Query("importe") != "" && c.Query("apres") == ""}
	p.avecFeuille()
	p.Suite = pageSuivante("/comptabilite/retours/"+url.PathEscape(id), nil, es.Suivant)
	w.rendre(c, http.StatusOK, PageRetour(p))
}

// bilan says what a file changed.
func (p Retour) bilan() (ton, phrase string) {
	switch {
	case p.Nouvelles == 0:
		return Gris, "Tout y était déjà connu : ce fichier n’a rien changé."
	case p.LigneRetour.Quarantaine > 0:
		return Ambre, fmt.Sprintf("%s sur %d, dont %d en quarantaine : lisez-les ci-dessous, elles n’ont rien changé.",
			combien(int(p.Nouvelles), "ligne nouvelle"), p.LigneRetour.Entrees, p.LigneRetour.Quarantaine)
	}
	return Vert, fmt.Sprintf("%s sur %d : toutes rapprochées de leur virement.", majuscule(combien(int(p.Nouvelles), "ligne nouvelle")), p.LigneRetour.Entrees)
}

// Quarantaine is what the bank said and nothing could apply.
type Quarantaine struct {
	Piece
	Entrees []store.LigneEntree
	Nombre  int64
	Suite   string
}

// getQuarantaine answers GET /comptabilite/quarantaine.
func (w *Web) getQuarantaine(c *gin.Context) {
	p := Quarantaine{Piece: w.piece(c, "Lignes de banque en quarantaine", "/comptabilite/retours")}
	p.avecFeuille()
	es, err := w.Interieur.Quarantaine(c, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	n, err := w.Interieur.CompterComptabilite(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Entrees, p.Nombre = es.Entrees, n.Quarantaine.Nombre
	p.Suite = pageSuivante("/comptabilite/quarantaine", nil, es.Suivant)
	w.rendre(c, http.StatusOK, PageQuarantaine(p))
}

// creditDit says who pays a transfer received, with what words.
func creditDit(e store.LigneEntree) string {
	switch {
	case e.Donneur == "" && e.Libelle == "":
		return "sans donneur ni libellé"
	case e.Libelle == "":
		return e.Donneur
	}
	return strings.TrimPrefix(e.Donneur+", « "+e.Libelle+" »", ", ")
}

// queFaire says what the comptable does about an entry in quarantine, from what the
// bank says in it.
func queFaire(e store.LigneEntree) string {
	switch opco.StatutBancaire(e.Statut) {
	case opco.BanqueInconnu:
		return "Lisez le message dans l’espace de la banque. S’il annonce un paiement ou un rejet, demandez-lui le fichier qui le dit."
	case opco.BanqueExecute:
		return "Comparez avec le relevé du compte : si ce débit n’est pas à nous ou vient deux fois, appelez la banque le jour même."
	case opco.BanqueRetourne:
		return "Cherchez le virement d’origine avec la banque. L’argent est sur le compte ; ne payez rien de nouveau avant de savoir lequel."
	case opco.BanqueCredit:
		return "Ouvrez l’indu qu’il rembourse et affectez-le : il quitte la quarantaine quand tout est affecté."
	case opco.BanqueRejete:
		return "Vérifiez avec la banque quel virement elle rejette. Rien n’est représenté avant sa réponse."
	}
	return "Vérifiez la référence avec la banque. Rien n’a changé dans nos comptes."
}

// Rejets is what the bank refused or sent back and that nobody has treated yet.
type Rejets struct {
	Piece
	store.PageRejets
	Suite   string
	Remet   bool // may ask for a règlement to be paid again
	Demande string
	Export  string
}

// getRejets answers GET /comptabilite/rejets.
func (w *Web) getRejets(c *gin.Context) {
	if !w.exporter(c, nil, w.tableauRejets(c)) {
		w.montrerRejets(c, http.StatusOK, Formulaire{})
	}
}

func (w *Web) montrerRejets(c *gin.Context, statut int, f Formulaire) {
	p := Rejets{Piece: w.piece(c, "Rejets à traiter", "/comptabilite/rejets"), Remet: w.Interieur.Occupant(c).Role == opco.RoleComptable}
	p.avecFeuille()
	var err error
	if p.PageRejets, err = w.Interieur.Rejets(c, c.Query("apres")); err != nil {
		w.echouer(c, err)
		return
	}
	p.Suite, p.Export = pageSuivante("/comptabilite/rejets", nil, p.Suivant), exportDe(c, len(p.Rejets))
	p.Formulaire = f
	api.Montrer(c.Request.Context(), "liste", len(p.Rejets))
	w.rendre(c, statut, PageRejets(p))
}

// postRejet answers POST /comptabilite/rejets: a règlement is paid again (R07).
func (w *Web) postRejet(c *gin.Context) {
	f, ok := w.formulaire(c, "dossier", "reglement")
	if !ok {
		return
	}
	v, err := w.Interieur.Representer(c, acteDuFormulaire(c), f.Valeur("dossier"), f.Valeur("reglement"))
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"reglement": ""}, func(statut int, f Formulaire) { w.montrerRejets(c, statut, f) })
		return
	}
	w.fait(c, v, "remis-en-paiement", "/comptabilite/rejets")
}

// attenteRejet says what a rejection waits for, and who acts.
func attenteRejet(r store.LigneRejet) marque {
	switch {
	case !r.Representant:
		return marque{"Rien à payer sur cette facture", "ban", Gris}
	case r.RIBChange:
		return marque{"Nouveau RIB reçu : à remettre en paiement", "circle-check", Vert}
	case attendRIB(r):
		return marque{"Attend le nouveau RIB du bénéficiaire", "hourglass", Ambre}
	}
	return marque{"À remettre en paiement quand la cause est levée", "clock", Bleu}
}

// attendRIB reports whether the sentence of the bank asks the payee for another
// account.
func attendRIB(r store.LigneRejet) bool { return strings.Contains(r.Cause, "RIB") }

// sansNouveauRIB reports whether the payment waits for an account that has not come: it
// is offered again only to who knows that the present one works.
func sansNouveauRIB(r store.LigneRejet) bool { return r.Representant && !r.RIBChange && attendRIB(r) }

// previenuDit says whether the payee was told.
func previenuDit(r store.LigneRejet) string {
	switch r.Courrier {
	case "ENVOYE":
		if r.Previent != nil {
			return "Bénéficiaire prévenu le " + quand(*r.Previent)
		}
		return "Bénéficiaire prévenu"
	case "SANS_ADRESSE":
		return "Bénéficiaire sans adresse e-mail : appelez-le"
	case "ECARTE":
		return "On a renoncé à l’e-mail au bénéficiaire : appelez-le"
	case "REFUSE":
		return "L’e-mail au bénéficiaire n’est pas passé : appelez-le"
	case "A_ENVOYER":
		return "E-mail au bénéficiaire en partance"
	}
	return "Bénéficiaire pas encore prévenu"
}
