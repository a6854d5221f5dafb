package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// CarnetNotes are the notes of colleagues about a dossier, and the form that adds one.
type CarnetNotes struct {
	Formulaire
	Notes     []NoteVue
	Avant     string // address of the older notes
	Action    string // where the form is sent, "" when the reader does not write
	Acte      string
	Collegues []string
}

// NoteVue is one note. Modifier is the address where its author changes it.
type NoteVue struct {
	Nom, Quand, Texte, Modifiee, Modifier, Passe string
	Nommes                                       []string
}

func (w *Web) remplirNotes(c *gin.Context, p *DossierInstruit, f Formulaire) error {
	id := p.Dossier.ID
	page, err := w.Interieur.Notes(c, id, c.Query("avant"))
	if err != nil {
		return err
	}
	equipe, err := w.Interieur.Nommables(c)
	if err != nil {
		return err
	}
	p.Notes = CarnetNotes{Formulaire: f, Acte: p.Acte, Notes: notesVues(page.Notes, id, p.Lecteur)}
	for _, x := range equipe {
		p.Notes.Collegues = append(p.Notes.Collegues, x.Nom)
	}
	if w.acces(c, "POST "+routeNotes) {
		p.Notes.Action = adresseEtude(id) + "/notes"
	}
	if page.Suivant != "" {
		p.Notes.Avant = adresseEtude(id) + "?volet=notes&avant=" + page.Suivant
	}
	return nil
}

func notesVues(ns []store.Note, dossier string, lecteur opco.Acteur) []NoteVue {
	var vs []NoteVue
	for _, n := range ns {
		v := NoteVue{Nom: n.Nom + ", " + strings.ToLower(n.Role.Libelle()), Quand: quand(n.Le), Texte: n.Texte, Nommes: n.Nommes}
		adresse := adresseEtude(dossier) + "/notes/" + n.ID
		if n.Version > 1 {
			v.Modifiee, v.Passe = "modifiée le "+quand(n.ModifieeLe), adresse
		}
		if lecteur.Engage(n.Personne) {
			v.Modifier = adresse
		}
		vs = append(vs, v)
	}
	return vs
}

// postNote answers POST /instruction/dossiers/:id/notes.
func (w *Web) postNote(c *gin.Context) {
	f, ok := w.formulaire(c, "texte")
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerEtude(c, statut, voletNotes, f) }
	if err := w.Interieur.EcrireNote(c, acteDuFormulaire(c), c.Param("id"), f.Valeur("texte")); err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.annoncer(c, "note-ecrite")
	suite(c, adresseEtude(c.Param("id"))+"?volet=notes")
}

// postEchangeEtude answers POST /instruction/dossiers/:id/echanges.
func (w *Web) postEchangeEtude(c *gin.Context) {
	fil := opco.Role(c.Query("fil"))
	w.envoyerMessage(c, c.Param("id"), fil, adresseEtude(c.Param("id"))+"?volet=echanges&fil="+string(fil), func(statut int, f Formulaire) {
		w.montrerEtude(c, statut, voletEchanges, f)
	})
}

// NoteEtude is one note with what it said before, and the form of its author.
type NoteEtude struct {
	Piece
	Etude
	Versions []VersionVue
	Action   string // "" when the reader did not write it
	Lue      int    // version that the form starts from
}

// VersionVue is what a note said from a moment on.
type VersionVue struct{ Quand, Texte string }

// getNote answers GET /instruction/dossiers/:id/notes/:note.
func (w *Web) getNote(c *gin.Context) { w.montrerNote(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerNote(c *gin.Context, statut int, f Formulaire) {
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	vs, err := w.Interieur.VersionsNote(c, e.Dossier.ID, c.Param("note"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := NoteEtude{Piece: w.piece(c, "Note", "/instruction"), Etude: e, Lue: vs[0].Version}
	for _, v := range vs {
		p.Versions = append(p.Versions, VersionVue{quand(v.Le), v.Texte})
	}
	if w.acces(c, "POST "+routeNote) {
		p.Action = adresseEtude(e.Dossier.ID) + "/notes/" + c.Param("note")
	}
	if f.Valeurs == nil {
		f.Valeurs = valeurs("texte", vs[0].Texte, "version", strconv.Itoa(vs[0].Version))
	}
	p.Formulaire = f
	w.rendre(c, statut, PageNote(p))
}

// postModifNote answers POST /instruction/dossiers/:id/notes/:note.
func (w *Web) postModifNote(c *gin.Context) {
	f, ok := w.formulaire(c, "texte", "version")
	if !ok {
		return
	}
	version, _ := strconv.Atoi(f.Valeur("version")) // a wrong one is refused as an old one
	if err := w.Interieur.ModifierNote(c, c.Param("id"), c.Param("note"), version, f.Valeur("texte")); err != nil {
		w.montrerRefus(c, f, err, nil, func(statut int, f Formulaire) { w.montrerNote(c, statut, f) })
		return
	}
	w.annoncer(c, "note-modifiee")
	suite(c, adresseEtude(c.Param("id"))+"?volet=notes")
}
