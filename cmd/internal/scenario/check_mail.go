package scenario

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// message is a mail in the catcher.
type message struct {
	MessageID string `json:"message_id"`
	Objet     string `json:"objet"`
	Texte     string `json:"texte"`
	HTML      string `json:"html"`
	Pieces    []struct {
		Nom string `json:"nom"`
	} `json:"pieces_jointes"`
}

// mails returns the mails that an organisation received, newest first. A mail
// that left twice with the same Message-ID is one mail: readers show it once.
func (w *world) mails(ctx context.Context, to string) ([]message, error) {
	var all []message
	if err := w.r.mail.get(ctx, "", "/api/messages"+query("a", to), &all); err != nil {
		return nil, fmt.Errorf("la boîte aux lettres d’essai (%s) : %w", w.r.cfg.Mail, err)
	}
	seen := map[string]bool{}
	var kept []message
	for _, m := range all {
		if m.MessageID == "" || !seen[m.MessageID] {
			kept = append(kept, m)
		}
		seen[m.MessageID] = true
	}
	return kept, nil
}

// mailbox is the address of an organisation or of a person.
func (w *world) mailbox(key string) (string, error) {
	if o := w.orgs[key]; o != nil {
		return o.Email, nil
	}
	who, err := w.user(key)
	if err != nil {
		return "", err
	}
	return who.email, nil
}

func (w *world) checkMails(ctx context.Context, c *checker, b *CheckMails) error {
	to, err := w.mailbox(b.Courriels)
	if err != nil {
		return err
	}
	all, err := w.mails(ctx, to)
	if err != nil {
		return err
	}
	numero := ""
	if b.Dossier != "" {
		d, err := w.dossier(b.Dossier)
		if err != nil {
			return err
		}
		numero = d.numero
	}
	kept, subjects := b.keep(all, numero, c.fill(b.Texte))
	if b.Nombre != nil && len(kept) != *b.Nombre {
		c.fail("nombre", fmt.Sprintf("%d courriel(s) dont l’objet contient « %s »", *b.Nombre, b.Objet),
			fmt.Sprintf("%d ; reçus : %s", len(kept), list(subjects)))
	}
	if len(b.Contient)+len(b.Absent) == 0 && b.Piece == "" {
		return nil
	}
	if len(kept) == 0 {
		c.fail("objet", "un courriel", "(aucun) ; reçus : "+list(subjects))
		return nil
	}
	c.contains("contient", b.Contient, kept[0].Texte)
	c.lacks("ne_contient_pas", b.Absent, kept[0].Texte)
	c.checkAttachment(b.Piece, kept[0])
	return nil
}

// keep returns the mails that the check is about, and the subjects of all.
func (b *CheckMails) keep(all []message, numero, text string) (kept []message, subjects []string) {
	for _, m := range all {
		subjects = append(subjects, "« "+m.Objet+" »")
		if holds(strings.ToLower(m.Objet), strings.ToLower(b.Objet)) && strings.Contains(m.Objet+m.Texte, numero) && holds(m.Texte, text) {
			kept = append(kept, m)
		}
	}
	return kept, subjects
}

func (c *checker) checkAttachment(want string, m message) {
	if want == "" {
		return
	}
	var names []string
	for _, p := range m.Pieces {
		if strings.Contains(p.Nom, want) {
			return
		}
		names = append(names, p.Nom)
	}
	c.fail("piece_jointe", "… "+want+" …", list(names))
}

var (
	hidden = regexp.MustCompile(`(?is)<(style|script|head)\b.*?</(style|script|head)>`)
	tags   = regexp.MustCompile(`<[^>]*>`)
)

// readable is the text of an HTML page, without its markup.
func readable(page string) string {
	return html.UnescapeString(tags.ReplaceAllString(hidden.ReplaceAllString(page, " "), " "))
}

func (w *world) checkLetter(ctx context.Context, c *checker, b *CheckLetter) error {
	d, err := w.dossier(b.Dossier)
	if err != nil {
		return err
	}
	who, err := w.user(or(b.VuePar, "gestionnaire"))
	if err != nil {
		return err
	}
	sent, err := w.sent(ctx, who.token, d)
	if err != nil {
		return err
	}
	var letter *sentReply
	var there []string
	for i, s := range sent {
		there = append(there, s.Evenement+" "+s.Pour)
		if s.Evenement == b.Lettre && s.Pour == or(b.Pour, "entreprise") && s.Lettre {
			letter = &sent[i]
		}
	}
	if letter == nil {
		c.fail("lettre", b.Lettre+" pour "+or(b.Pour, "entreprise"), list(there))
		return nil
	}
	return w.checkPages(ctx, c, b, who, letter)
}

// checkPages reads a letter in its two forms.
func (w *world) checkPages(ctx context.Context, c *checker, b *CheckLetter, who *account, letter *sentReply) error {
	base := "/api/courriers/" + url.PathEscape(letter.ID) + "/lettre."
	page, err := w.r.client.do(ctx, request{token: who.token, method: http.MethodGet, path: base + "html"})
	if err != nil {
		return err
	}
	pdf, err := w.r.client.do(ctx, request{token: who.token, method: http.MethodGet, path: base + "pdf"})
	if err != nil {
		return err
	}
	if page.status != http.StatusOK || pdf.status != http.StatusOK || !strings.HasPrefix(string(pdf.body), "%PDF-") {
		c.fail("lettre", "une page et un PDF", fmt.Sprintf("page %d, PDF %d de %d octets", page.status, pdf.status, len(pdf.body)))
		return nil
	}
	text := readable(string(page.body))
	c.contains("contient", b.Contient, text)
	c.lacks("ne_contient_pas", b.Absent, text)
	return nil
}

var mention = regexp.MustCompile(`\{([A-Za-z0-9]+)\.(numero|nom|siren|siret|iban|courriel|id|valeur)\}`)

// substitute writes what only this run knows: {A.numero} is the number of
// dossier A, {OF1.nom}, {OF1.siret} and {OF1.iban} are those of an organisation, {L1.id} is a lot.
func (w *world) substitute(s string) string {
	return mention.ReplaceAllStringFunc(s, func(m string) string {
		key, what, _ := strings.Cut(strings.Trim(m, "{}"), ".")
		if d := w.dossiers[key]; d != nil && what == "numero" {
			return d.numero
		} else if d != nil && what == "id" {
			return d.id
		}
		if v, ok := w.kept[key]; ok && what == "valeur" {
			return v
		}
		if id := w.lots[key]; id != "" && what == "id" {
			return id
		}
		o := w.orgs[key]
		if who := w.users[key]; o == nil && who != nil {
			return map[string]string{"nom": who.nomComplet(), "courriel": who.email, "id": who.id}[what]
		}
		if o == nil {
			return m
		}
		return map[string]string{"nom": o.Nom, "siren": string(o.SIREN), "siret": string(o.siege()), "iban": string(o.IBAN), "courriel": o.Email}[what]
	})
}
