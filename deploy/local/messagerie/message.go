package messagerie

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

// Message is a mail read whole, as the API answers it.
type Message struct {
	ID        string    `json:"id"`
	MessageID string    `json:"message_id"`
	De        string    `json:"de"`
	A         []string  `json:"a"`
	Objet     string    `json:"objet"`
	Le        time.Time `json:"le"`
	Texte     string    `json:"texte"`
	HTML      string    `json:"html,omitempty"`
	Pieces    []Piece   `json:"pieces_jointes"`
}

// Piece is one attachment, or one image inside the HTML.
type Piece struct {
	Nom     string `json:"nom"`
	Type    string `json:"type"`
	Taille  int    `json:"taille"` // bytes, decoded
	cid     string
	content []byte
}

// message reads a mail whole. What a malformed part hides is missing from the
// result; the source stays readable.
func (b *Boite) message(id string) (Message, error) {
	r, content, err := b.Read(id)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		ID: r.ID, MessageID: r.MessageID, De: r.De, A: r.A, Objet: r.Objet, Le: r.Le, Pieces: []Piece{},
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(content))
	if err != nil {
		m.Texte = fmt.Sprintf("Ce courriel est illisible (%v). Lisez sa source.", err)
		return m, nil
	}
	m.Texte, m.HTML = strings.ReplaceAll(env.Text, "\r\n", "\n"), env.HTML
	for _, parts := range [][]*enmime.Part{env.Attachments, env.Inlines, env.OtherParts} {
		for _, p := range parts {
			m.Pieces = append(m.Pieces, piece(p, len(m.Pieces)))
		}
	}
	return m, nil
}

func piece(p *enmime.Part, rank int) Piece {
	name := p.FileName
	if name == "" {
		name = fmt.Sprintf("piece-%d", rank+1)
	}
	return Piece{Nom: name, Type: p.ContentType, Taille: len(p.Content), cid: p.ContentID, content: p.Content}
}

var cidLink = regexp.MustCompile(`cid:[^"'\s)>]+`)

// html returns the HTML part with its inner images pointing at our own routes.
func (m Message) html() string {
	return cidLink.ReplaceAllStringFunc(m.HTML, func(link string) string {
		for i, p := range m.Pieces {
			if p.cid != "" && p.cid == strings.TrimPrefix(link, "cid:") {
				return fmt.Sprintf("/messages/%s/pieces/%d", m.ID, i)
			}
		}
		return link
	})
}
