package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// FilEchanges is a thread of messages as a room shows it: that of one party of a
// dossier with the OPCO.
type FilEchanges struct {
	Formulaire
	Fil      opco.Role
	Messages []MessageLu // oldest first
	Avant    string      // address of the older messages, "" when there are none
	Action   string      // where the form is sent, "" when the reader does not write
	Acte     string
	Pieces   []Option // of the dossier, that a message may carry
	Interne  bool     // the reader is of the OPCO
	Empeche  string   // why the reader does not write
}

// MessageLu is one message of a thread. Mien says that it comes from the reader's
// side, Neuf that it was waiting for them.
type MessageLu struct {
	Nom, Qualite, Quand, Texte, Vu string
	Mien, Neuf                     bool
	Pieces                         []Lien
}

// lireFil reads a thread for the page of a dossier: chemin is the address of the
// page that shows it, action where its form is sent.
func (w *Web) lireFil(c *gin.Context, id string, fil opco.Role, chemin, action string, f Formulaire) (FilEchanges, error) {
	o := w.Interieur.Occupant(c)
	page, err := w.Interieur.Echanges(c, id, fil, c.Query("avant"))
	if err != nil {
		return FilEchanges{}, err
	}
	pieces, err := w.Interieur.PiecesDe(c, id)
	if err != nil {
		return FilEchanges{}, err
	}
	x := FilEchanges{Formulaire: f, Fil: fil, Messages: messagesLus(page.Echanges, pieces, o.Role), Action: action, Interne: o.Role.Interne()}
	if page.Suivant != "" {
		liant := "?"
		if strings.Contains(chemin, "?") {
			liant = "&"
		}
		x.Avant = chemin + liant + "avant=" + page.Suivant
	}
	for _, p := range pieces {
		x.Pieces = append(x.Pieces, Option{p.ID, majuscule(p.Titre)})
	}
	return x, nil
}

// filSien reads the thread of an organisation with the OPCO on its own page ici: what
// it shows waits no more. ecrit says that the reader may write there.
func (w *Web) filSien(c *gin.Context, id string, fil opco.Role, ici, acte string, ecrit bool, f Formulaire) (*FilEchanges, error) {
	action, empeche := ici, ""
	if !ecrit {
		action, empeche = "", "Votre droit permet de lire ce dossier, pas d’écrire."
	}
	x, err := w.lireFil(c, id, fil, ici, action, f)
	if err != nil {
		return nil, err
	}
	x.Acte, x.Empeche = acte, empeche
	return &x, nil
}

// messagesLus words the messages of a page for a reader.
func messagesLus(es []store.Echange, pieces []store.LignePiece, lecteur opco.Role) []MessageLu {
	var ms []MessageLu
	for _, e := range slices.Backward(es) {
		m := MessageLu{Nom: e.Nom, Qualite: coteDit(e), Quand: quand(e.Le), Texte: e.Texte, Mien: e.De == string(lecteur) || e.De == store.CoteOPCO && lecteur.Interne()}
		switch {
		case m.Mien && e.LuLe != nil:
			m.Vu = "Lu le " + quand(*e.LuLe)
		case m.Mien:
			m.Vu = "Pas encore lu"
		default:
			m.Neuf = e.LuLe == nil
		}
		for _, id := range e.Pieces {
			if i := slices.IndexFunc(pieces, func(p store.LignePiece) bool { return p.ID == id }); i >= 0 {
				m.Pieces = append(m.Pieces, Lien{majuscule(pieces[i].Titre), "/api/pieces/" + id + "/fichier"})
			}
		}
		ms = append(ms, m)
	}
	return ms
}

// coteDit says for whom somebody wrote.
func coteDit(e store.Echange) string {
	switch e.De {
	case string(opco.RoleEntreprise):
		return "Entreprise"
	case string(opco.RoleOrganisme):
		return "Organisme de formation"
	}
	return "OPCO, " + strings.ToLower(e.Role.Libelle())
}

// avecQui names the other side of a thread.
func (f FilEchanges) avecQui() string {
	switch {
	case !f.Interne:
		return "l’OPCO"
	case f.Fil == opco.RoleOrganisme:
		return "l’organisme de formation"
	}
	return "l’entreprise"
}

// envoyerMessage reads the form of a thread, sends the message and goes back to
// vers; a refused form is shown again by montrer.
func (w *Web) envoyerMessage(c *gin.Context, id string, fil opco.Role, vers string, montrer func(statut int, f Formulaire)) {
	f, ok := w.formulaire(c, "texte", "piece")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("texte", strings.TrimSpace(f.Valeur("texte")) != "", "Écrivez votre message : il est vide.")
	l.borner("texte", opco.MessageMax)
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	err := w.Interieur.EcrireEchange(c, acteDuFormulaire(c), id, fil, f.Valeur("texte"), f.Valeurs["piece"])
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"pieces": "piece", "pieces[0]": "piece"}, montrer)
		return
	}
	w.annoncer(c, "message-envoye")
	suite(c, vers)
}

// MessagesARepondre are the messages that wait for the OPCO, and the notes that name
// the reader.
type MessagesARepondre struct {
	Piece
	Tous     bool // of every dossier, not only of those in the reader's charge
	Messages []AttenduVu
	Mentions []AttenduVu
	Suivant  string
}

// AttenduVu is a message or a note that waits, with its dossier.
type AttenduVu struct {
	Numero, Dossier, Qui, Quand, Texte, URL string
}

// getMessages answers GET /instruction/messages.
func (w *Web) getMessages(c *gin.Context) {
	p := MessagesARepondre{Piece: w.piece(c, "Messages", "/instruction/messages"), Tous: c.Query("dossiers") == "tous"}
	ms, err := w.Interieur.MessagesAttendus(c, !p.Tous, c.Query("apres"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	notes, err := w.Interieur.Mentions(c, "")
	if err != nil {
		w.echouer(c, err)
		return
	}
	for _, m := range ms.Messages {
		p.Messages = append(p.Messages, AttenduVu{m.Numero, m.Entreprise + ", " + m.Intitule, m.Nom + ", " + strings.ToLower(coteDit(m.Echange)), quand(m.Le), extrait(m.Texte),
			adresseEtude(m.Dossier) + "?volet=echanges&fil=" + string(m.Fil)})
	}
	for _, n := range notes.Mentions {
		p.Mentions = append(p.Mentions, AttenduVu{n.Numero, n.Entreprise + ", " + n.Intitule, n.Nom, quand(n.Le), extrait(n.Texte), adresseEtude(n.Dossier) + "?volet=notes"})
	}
	q := valeurs()
	if p.Tous {
		q.Set("dossiers", "tous")
	}
	p.Suivant = pageSuivante("/instruction/messages", q, ms.Suivant)
	w.rendre(c, http.StatusOK, PageMessages(p))
}

// extrait is the beginning of a text, on one line.
func extrait(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 180 {
		return string(r[:179]) + "…"
	}
	return s
}

// adresseEtude is the page of a dossier for those who instruct it.
func adresseEtude(id string) string { return "/instruction/dossiers/" + id }
