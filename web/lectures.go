package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// PageDesLectures says who read which personal data: to the person whose dossiers
// they are, or to an auditeur.
type PageDesLectures struct {
	Piece
	Lectures []store.Lecture
	Suivant  string // address of the next page
	Audit    bool
}

// getMesLectures answers GET /compte/lectures.
func (w *Web) getMesLectures(c *gin.Context) {
	o := w.Interieur.Occupant(c)
	p := PageDesLectures{Piece: w.piece(c, "Qui a lu mes dossiers", "/compte")}
	if len(o.SIRETs) > 0 {
		l, err := w.Interieur.Lectures(c, store.FiltreLectures{Apres: c.Query("apres")})
		if err != nil {
			w.echouer(c, err)
			return
		}
		p.Lectures, p.Suivant = l.Lectures, pageSuivante("/compte/lectures", nil, l.Suivant)
	}
	w.rendre(c, http.StatusOK, PageLectures(p))
}

// getJournalLectures answers GET /journal-lectures, for an auditeur.
func (w *Web) getJournalLectures(c *gin.Context) {
	q := url.Values{}
	for _, n := range []string{"du", "au", "objet", "personne"} {
		if v := strings.TrimSpace(coupe(c.Query(n), 100)); v != "" {
			q.Set(n, v)
		}
	}
	l := lecteur{Formulaire: Formulaire{Valeurs: q}}
	f := store.FiltreLectures{Objet: q.Get("objet"), Personne: q.Get("personne"), Apres: c.Query("apres")}
	if q.Get("du") != "" {
		f.Du = lire(&l, "du", opco.ParseDate)
	}
	if q.Get("au") != "" {
		f.Au = lire(&l, "au", opco.ParseDate)
	}
	p := PageDesLectures{Piece: w.piece(c, "Journal des lectures", "/journal-lectures"), Audit: true}
	p.Formulaire = l.avec(l.fautes)
	if len(l.fautes) > 0 {
		w.rendre(c, http.StatusUnprocessableEntity, PageLectures(p))
		return
	}
	r, err := w.Interieur.Lectures(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Lectures, p.Suivant = r.Lectures, pageSuivante("/journal-lectures", q, r.Suivant)
	w.rendre(c, http.StatusOK, PageLectures(p))
}

// pageSuivante is the address of the next page of a list, "" on the last one.
func pageSuivante(chemin string, q url.Values, suivant string) string {
	if suivant == "" {
		return ""
	}
	v := url.Values{}
	for n := range q {
		v.Set(n, q.Get(n))
	}
	v.Set("apres", suivant)
	return chemin + "?" + v.Encode()
}

// classesDites names the classes of data of a read.
var classesDites = map[string]string{
	"identite": "identité", "salaire": "salaires", "iban": "compte bancaire", "piece": "pièces", "courrier": "courriers", "facture": "factures",
	"suivi": "suivi", "lecture": "journal des lectures", "compte": "compte et droits",
}

func dataLues(l store.Lecture) string {
	var noms []string
	for _, c := range l.Classes {
		if n := classesDites[c]; n != "" {
			c = n
		}
		noms = append(noms, c)
	}
	return majuscule(liste(noms))
}

// objetLu names what was read.
func objetLu(l store.Lecture) string {
	genre, id, ok := strings.Cut(l.Objet, "/")
	if !ok {
		return "Liste de " + strconv.Itoa(l.Nombre) + " lignes"
	}
	if len(id) > 8 {
		id = id[:8]
	}
	noms := map[string]string{"dossier": "Dossier", "compte": "Compte", "piece": "Pièce", "courrier": "Courrier", "lot": "Lot", "acte": "Démarche"}
	if n := noms[genre]; n != "" {
		genre = n
	}
	switch {
	case l.Numero == "":
		return genre + " " + id
	case strings.HasPrefix(l.Objet, "dossier/"):
		return genre + " " + l.Numero
	}
	return genre + " du dossier " + l.Numero
}

func lignesLectures(p PageDesLectures) [][]Cellule {
	var c [][]Cellule
	for _, l := range p.Lectures {
		qui := Cellule{Texte: l.Nom, Note: l.Role.Libelle()}
		c = append(c, []Cellule{{Texte: quand(l.Le)}, qui, {Texte: objetLu(l)}, {Texte: dataLues(l)}})
	}
	return c
}
