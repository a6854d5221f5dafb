package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// FileDroits is the advisers' queue, with the request that is open, if one is.
type FileDroits struct {
	Piece
	Demandes  []store.LigneDemande
	Compteurs store.CompteursDemandes
	Reponse   int // jours ouvrés promised for an answer
	Filtre    url.Values
	Suivant   string // address of the next page of the queue
	Passer    string // address of the next request, this one set aside
	Detail    *DetailDemande
}

// mentionDelai says how long is left to answer.
func mentionDelai(jours *int32) marque {
	switch {
	case jours == nil:
		return marque{}
	case *jours < 0:
		return marque{"en retard de " + strconv.Itoa(int(-*jours)) + " j", "alarm-clock", Rouge}
	case *jours == 0:
		return marque{"aujourd’hui", "clock", Ambre}
	case *jours == 1:
		return marque{"1 j", "clock", Ambre}
	}
	return marque{strconv.Itoa(int(*jours)) + " j", "clock", Gris}
}

// delaiEntier says the same in the head of the request.
func delaiEntier(limite, jour opco.Date) marque {
	switch {
	case limite == "":
		return marque{}
	case limite < jour:
		return marque{"Réponse promise le " + limite.Longue(), "alarm-clock", Rouge}
	case limite == jour:
		return marque{"Réponse avant ce soir", "clock", Ambre}
	case limite == jour.Jours(1):
		return marque{"Réponse avant demain soir", "clock", Ambre}
	}
	return marque{"Réponse avant le " + limite.Longue(), "clock", Gris}
}

// nomsEntites names the organisations of a line of the queue.
func nomsEntites(es []store.Entite) string {
	var noms []string
	for _, e := range es {
		nom := e.Nom
		if nom == "" {
			nom = "SIREN " + e.SIREN.Affiche()
		}
		if !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	if len(noms) > 3 {
		return strings.Join(noms[:2], ", ") + " et " + strconv.Itoa(len(noms)-2) + " autres"
	}
	return liste(noms)
}

// droitsMax bounds the rights of one form.
const droitsMax = 200

// getFile answers GET /habilitations.
func (w *Web) getFile(c *gin.Context) {
	p, ok := w.file(c, "")
	if ok {
		api.Montrer(c.Request.Context(), "liste", len(p.Demandes))
		w.rendre(c, http.StatusOK, PageDroits(p))
	}
}

// getDemande answers GET /habilitations/:compte.
func (w *Web) getDemande(c *gin.Context) { w.montrerDemande(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerDemande(c *gin.Context, statut int, f Formulaire) {
	id := c.Param("compte")
	v, err := w.Interieur.CompteVu(c, id)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p, ok := w.file(c, id)
	if !ok {
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetCompte(v.Id), 1)
	for i, x := range f.Erreurs {
		f.Erreurs[i].Message = f.nommeDroit(x, v)
	}
	p.Detail = detailler(v, w.Interieur.Occupant(c), f)
	p.Titre, p.Formulaire = "Droits demandés par "+v.nomComplet(), f
	w.rendre(c, statut, PageDroits(p))
}

// file reads the queue as the address filters it.
func (w *Web) file(c *gin.Context, ouverte string) (FileDroits, bool) {
	p := FileDroits{Piece: w.piece(c, "Habilitations à valider", "/habilitations"), Filtre: url.Values{}}
	for _, n := range []string{"etat", "q", "retard"} {
		if v := strings.TrimSpace(coupe(c.Query(n), 100)); v != "" {
			p.Filtre.Set(n, v)
		}
	}
	f := store.FiltreDemandes{Texte: p.Filtre.Get("q"), Retard: p.Filtre.Get("retard") != "", Apres: c.Query("apres"), Limite: 50}
	if e := opco.EtatHabilitation(p.Filtre.Get("etat")); e == opco.HabPrecision {
		f.Etat = e
	}
	page, err := w.Interieur.Demandes(c, f)
	if err != nil {
		w.echouer(c, err)
		return p, false
	}
	p.Compteurs, p.Reponse = page.Compteurs, page.Reponse
	p.Demandes, p.Suivant = page.Demandes, pageSuivante("/habilitations", p.Filtre, page.Suivant)
	if slices.Contains(decideurs, p.Lit) {
		p.Passer = adresseSuivante(passees(c), ouverte)
	}
	return p, true
}

// passees are the requests set aside since the queue was opened.
func passees(c *gin.Context) []string {
	sauf := c.QueryArray("sauf")
	return sauf[:min(len(sauf), 40)]
}

func adresseSuivante(sauf []string, plus string) string {
	v := url.Values{"sauf": slices.Clone(sauf)}
	if plus != "" && !slices.Contains(sauf, plus) {
		v.Add("sauf", plus)
	}
	if len(v["sauf"]) == 0 {
		return "/habilitations/suivante"
	}
	return "/habilitations/suivante?" + v.Encode()
}

// getSuivante answers GET /habilitations/suivante: the most urgent request that the
// reader may answer, those set aside apart.
func (w *Web) getSuivante(c *gin.Context) {
	sauf := passees(c)
	id, err := w.Interieur.DemandeSuivante(c, sauf)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if id == "" {
		if dit, err := c.Cookie(cookieAnnonce); err != nil || dit == "" {
			w.annoncer(c, "file-vide") // unless the answer that has just left is to be told
		}
		suite(c, "/habilitations")
		return
	}
	vers := "/habilitations/" + id
	if len(sauf) > 0 {
		vers += "?" + url.Values{"sauf": sauf}.Encode()
	}
	suite(c, vers)
}
