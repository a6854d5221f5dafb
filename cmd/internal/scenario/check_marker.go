package scenario

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// personalTables hold the data of people: it is what they are for, as with the words by
// which a dossier is searched and the journals of who did what. Secrets are in none,
// whatever the table.
var personalTables = []string{"acte", "compte", "courrier", "delegation", "dossier", "enveloppe", "entreprise", "etablissement", "facture",
	"fichier_bancaire", "habilitation", "identite_externe", "lecture", "lot", "lot_signature", "opco", "organisme", "passage", "passkey",
	"personne", "piece", "regle_auto", "reglement", "reprise_compte", "stagiaire", "utilisateur", "cle_api", "retour_bancaire",
	"dossier_mot", "dossier_file_mot", "saisie", "salarie", "salarie_journal", "document", "document_passage", "reglement_repris", "pointage", "echange", "note",
	"note_version", "mention", "prise", "attente", "attribution", "etiquette", "vue_enregistree", "geste", "rib", "rib_passage", "facture_statut", "facture_lue", "indu"}

// looksBackstage reports whether a scenario reads what nobody is shown.
func (s *Script) looksBackstage() bool {
	return slices.ContainsFunc(s.Etapes, func(x Step) bool { _, ok := x.Body.(*CheckMarkers); return ok })
}

// watch is what is looked for. Keys are in lower case.
type watch struct {
	private map[string]string // what only the tables of the business may hold → what it is
	secrets map[string]string // what nothing may hold → what it is
	index   map[string][]string
	hits    map[string]*hit
	kept    map[string]bool // markers found in the tables
}

// indexed is how many first letters of what is looked for are compared at once.
const indexed = 8

func newWatch(private, secrets map[string]string) *watch {
	x := &watch{private: private, secrets: secrets, index: map[string][]string{}, hits: map[string]*hit{}, kept: map[string]bool{}}
	for _, m := range []map[string]string{private, secrets} {
		for k := range m {
			if len(k) >= indexed {
				x.index[k[:indexed]] = append(x.index[k[:indexed]], k)
			}
		}
	}
	return x
}

// found calls each for all that is looked for and stands in text.
func (x *watch) found(text string, each func(what, word string, at int)) {
	text = strings.ToLower(text)
	for i := 0; i+indexed <= len(text); i++ {
		for _, k := range x.index[text[i:i+indexed]] {
			if strings.HasPrefix(text[i:], k) {
				each(or(x.secrets[k], x.private[k]), k, i)
			}
		}
	}
	if !strings.Contains(text, "zqm") {
		return
	}
	for _, at := range marker.FindAllStringIndex(text, -1) {
		each("marqueur", text[at[0]:at[1]], at[0])
	}
}

// hit is one kind of leak: a kind of place, and what stands there.
type hit struct {
	times   int
	example string
}

var identifiers = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// hit notes that a word stands where it must not.
func (x *watch) hit(place, what, word, text string, at int) {
	kind := identifiers.ReplaceAllString(place, "…") + " : " + what
	h := x.hits[kind]
	if h == nil {
		from, to := max(0, at-80), min(len(text), at+len(word)+30)
		h = &hit{example: fmt.Sprintf("« %s », dans « %s »", word, plain(strings.ToValidUTF8(text[from:to], "·")))}
		x.hits[kind] = h
	}
	h.times++
}

// hidden looks at a place that must hold nothing of people and no secret.
func (x *watch) hidden(place, text string) {
	x.found(text, func(what, word string, at int) { x.hit(place, what, word, strings.ToLower(text), at) })
}

// table looks at a row of Guichet.
func (x *watch) table(place, text string) {
	name := strings.TrimPrefix(strings.Fields(place)[1], "public.")
	x.found(text, func(what, word string, at int) {
		if x.secrets[word] == "" && slices.Contains(personalTables, name) {
			x.kept[word] = true
			return
		}
		x.hit(place, what, word, strings.ToLower(text), at)
	})
}

// checkMarkers reads all that nobody is shown, and says where something stands that
// must not.
func (w *world) checkMarkers(ctx context.Context, c *checker, b *CheckMarkers) error {
	if w.tap == nil {
		return fmt.Errorf("rien n’a été noté : commencez par « marqueurs: ecouter »")
	}
	box, err := w.everyMail(ctx)
	if err != nil {
		return err
	}
	x := newWatch(w.private(b.Autres), w.allSecrets(box))
	for _, read := range []func() error{
		func() error { return w.r.cfg.Backstage.Logs(x.hidden) },
		func() error { return w.r.cfg.Backstage.Histories(ctx, w.tap.since, x.hidden) },
		func() error { return w.r.cfg.Backstage.EngineTables(ctx, x.hidden) },
		func() error { return w.r.cfg.Backstage.Tables(ctx, x.table) },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	for _, kind := range words(x.hits) {
		h := x.hits[kind]
		c.fail("marqueurs", "aucun marqueur ni secret hors de sa place", fmt.Sprintf("%s, %d fois, par exemple %s", kind, h.times, h.example))
	}
	w.checkPlanted(c, b, x, box)
	return nil
}

// checkPlanted proves that what was not found had been there to find.
func (w *world) checkPlanted(c *checker, b *CheckMarkers, x *watch, box string) {
	if n := len(w.tap.sent); n < b.Marqueurs {
		c.fail("marqueurs", fmt.Sprintf("%d marqueurs envoyés", b.Marqueurs), fmt.Sprint(n))
	}
	for _, m := range slices.Concat(b.Base...) {
		if !x.kept[strings.ToLower(m)] {
			c.fail("base", m, "(aucune table ne le porte)")
		}
	}
	for _, m := range b.Courriels {
		if !strings.Contains(box, m) {
			c.fail("courriels", m, "(aucun courriel ne le porte)")
		}
	}
	if len(x.secrets) < 10 {
		c.fail("marqueurs", "dix secrets au moins", fmt.Sprint(len(x.secrets)))
	}
	for _, broken := range w.tap.broken {
		c.fail("marqueurs", "aucune réponse 5xx", broken)
	}
	fmt.Fprintf(w.r.cfg.Out, "       %s:%d %d marqueurs envoyés, %d gardés là où ils vont, %d secrets, %d fuites\n", w.file, c.node.Line,
		len(w.tap.sent), len(x.kept), len(x.secrets), len(x.hits))
}

// private is what people are known by and no marker can be.
func (w *world) private(others Texts) map[string]string {
	p := map[string]string{}
	for _, t := range others {
		p[strings.ToLower(w.substitute(t))] = "donnée personnelle"
	}
	for _, o := range w.orgs {
		if o.IBAN != "" {
			p[strings.ToLower(string(o.IBAN))] = "IBAN"
		}
		p[strings.ToLower(o.Email)] = "adresse de courriel"
	}
	for _, a := range w.users {
		p[strings.ToLower(a.email)] = "adresse de courriel"
	}
	delete(p, "")
	return p
}

// allSecrets are those that went through the API, those that mails carry, and the
// passwords of the accounts.
func (w *world) allSecrets(box string) map[string]string {
	t := w.tap
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, a := range w.users {
		t.secret(a.password, "mot de passe de "+a.key)
		t.secret(a.apiKey, "clé d’API de "+a.key)
	}
	for _, l := range mailLinks {
		for _, m := range l.pattern.FindAllStringSubmatch(box, -1) {
			t.secret(m[2], l.what)
			t.secret(strings.ReplaceAll(m[2], "-", ""), l.what)
		}
	}
	return t.secrets
}
