package web

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// ImportDemandes is where a file of demandes is sent. Fautes are those of the file that
// was refused: nothing of it was made.
type ImportDemandes struct {
	Piece
	Max      int
	Colonnes []opco.ColonneImport
	Fichier  string
	Fautes   []opco.FauteImport
}

// fautesMontrees bounds the report on the page; the file of the report has them all.
const fautesMontrees = 100

// rapport is the address of the file of the report, which the page carries: nothing of
// a refused file is kept.
func (p ImportDemandes) rapport() string {
	return "data:text/csv;charset=utf-8;base64," + base64.StdEncoding.EncodeToString(opco.FautesCSV(p.Fautes))
}

func (p ImportDemandes) montrees() []opco.FauteImport {
	return p.Fautes[:min(len(p.Fautes), fautesMontrees)]
}

// getImport answers GET /entreprise/import.
func (w *Web) getImport(c *gin.Context) { w.montrerImport(c, http.StatusOK, Formulaire{}, "", nil) }

func (w *Web) montrerImport(c *gin.Context, statut int, f Formulaire, fichier string, fautes []opco.FauteImport) {
	max, err := w.Interieur.ImportMax(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ImportDemandes{Piece: w.pieceDemande(c, "Importer des demandes", "/entreprise/brouillons"), Max: max, Colonnes: opco.ColonnesImport(), Fichier: fichier, Fautes: fautes}
	p.Formulaire = f
	w.rendre(c, statut, PageImport(p))
}

// getModeleImport answers GET /entreprise/import/modele.csv.
func (w *Web) getModeleImport(c *gin.Context) {
	entetesPage(c)
	c.Header("Content-Disposition", `attachment; filename="modele-demandes.csv"`)
	c.Data(http.StatusOK, "text/csv; charset=utf-8", opco.ModeleImport())
}

// fichierMax bounds what a page reads of a file of demandes.
const fichierMax = 2<<20 + 1

// postImport answers POST /entreprise/import: every line, or nothing.
func (w *Web) postImport(c *gin.Context) {
	champs, nom, octets, err := lireUnFichier(c)
	if err != nil {
		w.montrerRefus(c, Formulaire{}, api.EnvoiCoupe(err, ensembleTropGros()), nil, func(statut int, f Formulaire) { w.montrerImport(c, statut, f, "", nil) })
		return
	}
	if !w.memeOccupant(c, champs.Get(champOccupant)) {
		return
	}
	if len(octets) == 0 || len(octets) >= fichierMax {
		phrase := "Choisissez votre fichier CSV."
		if len(octets) > 0 {
			phrase = "Ce fichier dépasse 2 Mo : partagez-le en plusieurs."
		}
		w.montrerImport(c, http.StatusUnprocessableEntity, Formulaire{Erreurs: []Faute{{"fichier", phrase}}}, nom, nil)
		return
	}
	acte := acteDuFichier(champs.Get("acte_id"), nom, octets)
	err = w.Interieur.ImporterFichier(c, acte, nom, octets)
	var fautes api.FautesImport
	switch {
	case errors.As(err, &fautes):
		w.montrerImport(c, http.StatusUnprocessableEntity, Formulaire{}, nom, fautes)
	case err != nil:
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerImport(c, statut, f, nom, nil) })
	default:
		w.annoncer(c, "demandes-importees")
		suite(c, "/entreprise/import/"+acte)
	}
}

// lireUnFichier reads a form that holds one file and a few fields.
func lireUnFichier(c *gin.Context) (champs url.Values, nom string, octets []byte, err error) {
	r, err := c.Request.MultipartReader()
	if err != nil {
		return nil, "", nil, err
	}
	champs = url.Values{}
	for n := 0; n < 10; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return champs, nom, octets, nil
		}
		if err != nil {
			return nil, "", nil, err
		}
		brut, err := io.ReadAll(io.LimitReader(p, fichierMax))
		switch {
		case err != nil:
			return nil, "", nil, err
		case p.FormName() == "fichier" && octets == nil:
			nom, octets = coupe(p.FileName(), 120), brut
		case len(brut) < 1<<12:
			champs.Set(p.FormName(), string(brut))
		}
	}
	return champs, nom, octets, nil
}

// ImportFait is what a file made: its demandes, and what became of each.
type ImportFait struct {
	Piece
	ImportLu
	Pages   PageListe
	Encore  int               // brouillons that may be sent
	Retenus map[string]string // why some were held back, by dossier
	Bilan   string            // what the Envoi that was just asked did
}

// importPage is how many demandes a page of an import shows.
const importPage = 100

// getImportLu answers GET /entreprise/import/:id.
func (w *Web) getImportLu(c *gin.Context) { w.montrerImportLu(c, http.StatusOK, Formulaire{}, nil) }

func (w *Web) montrerImportLu(c *gin.Context, statut int, f Formulaire, e *api.EnvoiImport) {
	apres, err := strconv.Atoi(c.DefaultQuery("apres", "0"))
	if err != nil {
		apres = 0
	}
	lu, err := w.Interieur.ImportLu(c, c.Param("id"), apres, importPage)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ImportFait{Piece: w.pieceDemande(c, "Demandes importées", "/entreprise/brouillons"), ImportLu: lu}
	p.Formulaire = f
	if e != nil {
		p.Retenus, p.Bilan = e.Retenus, bilanEnvoi(*e)
	}
	base := "/entreprise/import/" + lu.ID
	if apres > 0 {
		p.Pages.Debut = base
	}
	if lu.Suivant > 0 {
		p.Pages.Suivant = base + "?apres=" + strconv.Itoa(lu.Suivant)
	}
	for _, d := range lu.Demandes {
		if d.Etat == opco.EtatBrouillon && !d.EnCours {
			p.Encore++
		}
	}
	w.rendre(c, statut, PageImportFait(p))
}

// postEnvoiImport answers POST /entreprise/import/:id/envoi: the page says what became
// of each demande.
func (w *Web) postEnvoiImport(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "certifie")
	if !ok {
		return
	}
	e, err := w.Interieur.EnvoyerImport(c, c.Param("id"), acteDuFormulaire(c), f.Coche("certifie", "oui"))
	if err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerImportLu(c, statut, f, nil) })
		return
	}
	w.montrerImportLu(c, http.StatusOK, Formulaire{}, &e)
}

// etatImporte says where a demande of a file stands.
func etatImporte(d store.DemandeDeFichier) marque {
	if d.EnCours {
		return marque{"Envoi en cours", "send", Bleu}
	}
	return marqueDe(string(d.Etat), Guichet)
}

// bilanEnvoi says what an Envoi of many demandes did.
func bilanEnvoi(p api.EnvoiImport) string {
	s := "Aucune demande n’est partie."
	if p.Partis > 0 {
		s = majuscule(combien(p.Partis, "demande")) + " " + accord(p.Partis, "est partie", "sont parties") + "."
	}
	if n := len(p.Retenus); n > 0 {
		s += " " + majuscule(combien(n, "demande")) + " " + accord(n, "reste", "restent") + " en brouillon : la raison est sur sa ligne."
	}
	return s
}

func accord(n int, un, plusieurs string) string {
	if n > 1 {
		return plusieurs
	}
	return un
}

// acteDuFichier names the sending of a file: the same form and the same file, the same
// sending.
func acteDuFichier(formulaire, nom string, octets []byte) string {
	somme := sha256.Sum256(octets)
	return acteFichier(formulaire, nom, somme[:])
}

// ligneDite names a line of a file, or the file.
func ligneDite(f opco.FauteImport) string {
	if f.Ligne == 0 {
		return "Le fichier"
	}
	return "Ligne " + strconv.Itoa(f.Ligne)
}

func (p ImportFait) tonBilan() string {
	if len(p.Retenus) > 0 {
		return Ambre
	}
	return Vert
}

// adresseImportee is the page of a demande of a file.
func adresseImportee(d store.DemandeDeFichier) string {
	if d.Etat == opco.EtatBrouillon {
		return "/entreprise/demandes/" + d.ID
	}
	return "/entreprise/dossiers/" + d.ID
}
