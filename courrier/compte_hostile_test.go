package courrier_test

import (
	"bytes"
	"context"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"unicode"

	"github.com/jhillyerd/enmime/v2"

	"guichet/courrier"
	"guichet/opco"
)

// pieges are sixty texts that people type to add a header, to split a mail, to
// run a script, to hide a link or to make a subject lie (reliability.md 3.16).
var pieges = []string{
	"Zoé\r\nBcc: victime@ailleurs.example", "Zoé\nBcc: victime@ailleurs.example", "Zoé\rBcc: victime@ailleurs.example",
	"Zoé\r\n\r\n<html>autre corps", "Zoé\n\nautre corps", "Zoé\x00Bcc: victime@ailleurs.example", "\r\nSubject: autre", "\nTo: victime@ailleurs.example",
	"Zoé\u2028Bcc: victime@ailleurs.example", "Zoé\u2029Bcc: victime@ailleurs.example", "Zoé\u0085Bcc: victime@ailleurs.example",
	"Zoé\vBcc: victime@ailleurs.example", "Zoé\fBcc: victime@ailleurs.example", "Zoé\r\n Bcc: victime@ailleurs.example", "Zoé\r\n\tBcc: victime@ailleurs.example",
	"=?utf-8?q?Zo=C3=A9=0D=0ABcc:_victime@ailleurs.example?=", "=?utf-8?b?Wm/DqQ0KQmNjOiB2aWN0aW1lQGFpbGxldXJzLmV4YW1wbGU=?=", "=?utf-8?q?=00?=",
	"%0d%0aBcc: victime@ailleurs.example", "\\r\\nBcc: victime@ailleurs.example", "&#13;&#10;Bcc: victime@ailleurs.example",
	"Zoé <victime@ailleurs.example>", "\"Zoé\" <victime@ailleurs.example>, autre@ailleurs.example", "Zoé, victime@ailleurs.example", "Zoé; victime@ailleurs.example",
	"Zoé (commentaire) <victime@ailleurs.example>", "\"", "\\", "\\\"", ">", "<", "<>", "@", "victime@ailleurs.example",
	"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>", "'><svg onload=alert(1)>", "</p></div><h1>Autre</h1>",
	"<a href=\"https://ailleurs.example\">Me connecter</a>", "javascript:alert(1)", "{{.Maison}}", "{{template \"courriel\" .}}", "${jndi:ldap://ailleurs.example}",
	"https://ailleurs.example/connexion", "www.ailleurs.example", "Connectez-vous sur ailleurs.example", "ailleurs．example", "http:\\\\ailleurs.example",
	"Zoé\u202eelpmaxe", "Zoé\u200b\u200d\ufeff", "\u2066ailleurs\u2069", "Z" + strings.Repeat("\u0301", 60), strings.Repeat("A", 5000), strings.Repeat("é ", 3000),
	"\ufffd", string([]byte{0xff, 0xfe, 0x41}), ".\r\nQUIT\r\n", "\r\n.\r\nMAIL FROM:<x@ailleurs.example>", "\t\t", " ", "--limite\r\nContent-Type: text/html",
}

// pieger plants s wherever a person's words may come from.
func pieger(e opco.EnvoiCompte, s string) opco.EnvoiCompte {
	c := &e.Courrier
	c.Nom, c.Identifiant, c.Ancien, c.Phrase, c.Par, c.Dossier = s, s, s, s, s, s
	h := droit(opco.RoleEntreprise, "99900101900010", opco.ServiceDossiers, opco.HabAValider)
	h.Phrase, h.Reponse, h.Motif = s, s, s
	c.Habilitations = []opco.Habilitation{h}
	c.Delegation = &opco.Delegation{Nom: s, Raison: s, Role: opco.RoleGestionnaire, Du: "2026-09-07", Au: "2026-09-18"}
	e.Noms = map[opco.SIREN]string{"999001019": s}
	return e
}

// Whatever was typed, the subject is the one of the event, the mail goes to one
// address, and the words stay words: no header, no element, no second link.
func TestCompteTextesHostiles(t *testing.T) {
	if len(pieges) < 60 {
		t.Fatalf("%d hostile texts, want 60", len(pieges))
	}
	for nom, e := range exemplesCompte() {
		sujet := ecrire(t, pieger(e, "Zoé"), maison).Message.Objet
		for i, s := range pieges {
			m := ecrire(t, pieger(e, s), maison).Message
			if err := m.Verifier(); err != nil {
				t.Fatalf("%s, text %d %q: a harmless mail is refused: %v", nom, i, s, err)
			}
			if m.Objet != sujet || len(m.A) != 1 || m.A[0].Courriel != e.Courrier.A {
				t.Fatalf("%s, text %d %q: subject %q to %v, want %q to %s", nom, i, s, m.Objet, m.A, sujet, e.Courrier.A)
			}
			if n := m.A[0].Nom; strings.ContainsFunc(n, unicode.IsControl) || strings.ContainsAny(n, "<>@\"") || len([]rune(n)) > 80 {
				t.Fatalf("%s, text %d %q: the mail is for %q", nom, i, s, n)
			}
			if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || strings.Contains(m.HTML, "<svg") ||
				strings.Count(m.HTML, "<h1>") != 1 || strings.Count(m.HTML, "<a ") != strings.Count(m.HTML, `<a class="action" href="https://guichet.example/`) {
				t.Fatalf("%s, text %d %q: markup went through\n%s", nom, i, s, m.HTML)
			}
			if strings.ContainsAny(m.Texte+m.HTML, "\u202e\u2066\u200b\x00\r\v\f") {
				t.Fatalf("%s, text %d %q: an invisible character went through", nom, i, s)
			}
		}
	}
}

// A mail to an address that nobody has proved says nothing that the person who
// gave it could have written: it is not a means of writing to strangers.
func TestCompteInconnu(t *testing.T) {
	const marque = "Gagnez un voyage"
	for _, nom := range []string{"code", "relance", "deja-inscrit"} {
		e := pieger(exemplesCompte()[nom], marque)
		e.Courrier.Identifiant = "" // the account's own, never the applicant's
		m := ecrire(t, e, maison).Message
		if strings.Contains(m.Texte+m.HTML+m.Objet+m.A[0].Nom, marque) {
			t.Errorf("%s: a stranger's words reach the mailbox:\n%s", nom, m.Texte)
		}
	}
	for s, want := range map[string]string{
		"Zoé d’ailleurs.example": "Zoé d’ailleurs example", "www.gagnez.example": "gagnez example", "a.b.c.example.com": "a.b.c example com",
		"https://x.example/y": "https: x example y", "J.-P. N’Guyên": "J.-P. N’Guyên", "S.A.R.L. Œuvre": "S.A.R.L. Œuvre", "Zoé <z@x.fr>": "Zoé z x fr",
	} {
		e := exemplesCompte()["invitation"]
		e.Courrier.Par = s
		if m := ecrire(t, e, maison).Message; !strings.Contains(strings.ReplaceAll(m.Texte, "\u00a0", " "), "\n"+want+" vous donne accès") {
			t.Errorf("%q is not shown as %q:\n%s", s, want, m.Texte)
		}
	}
}

// An address that is not one address stops the mail, before any server.
func TestCompteAdressesHostiles(t *testing.T) {
	e := exemplesCompte()["code"]
	for _, s := range pieges {
		e.Courrier.A = opco.Email(s)
		m := ecrire(t, e, maison).Message
		if err := m.Verifier(); s != "victime@ailleurs.example" && opco.KindOf(err) != opco.Invalid {
			t.Errorf("a mail to %q: got %v, want Invalid", s, err)
		}
	}
}

// TestCompteEnvoi sends each hostile text through a real server and reads the
// mail back: its headers are those of the house, and no more.
func TestCompteEnvoi(t *testing.T) {
	b := &boite{}
	p := ouvrir(t, b)
	attendus := map[string]bool{"Auto-Submitted": true, "Content-Language": true, "Content-Type": true, "Date": true, "From": true,
		"Message-Id": true, "Mime-Version": true, "Subject": true, "To": true}
	for i, s := range pieges {
		e := pieger(exemplesCompte()["retires"], s)
		e.ID = fmt.Sprintf("%s-%d-%s", compteSorbier, i, e.Courrier.Evenement)
		pli := ecrire(t, e, maison)
		if err := p.Envoyer(context.Background(), pli.Message); err != nil {
			t.Fatalf("text %d %q: %v", i, s, err)
		}
		recu := b.recus[len(b.recus)-1]
		lu, err := mail.ReadMessage(bytes.NewReader(recu.brut))
		if err != nil {
			t.Fatalf("text %d %q: %v", i, s, err)
		}
		for entete, valeurs := range lu.Header {
			if !attendus[entete] || len(valeurs) != 1 {
				t.Errorf("text %d %q: header %s: %q", i, s, entete, valeurs)
			}
		}
		a, err := lu.Header.AddressList("To")
		if err != nil || len(a) != 1 || a[0].Address != string(e.Courrier.A) || len(recu.a) != 1 || recu.a[0] != string(e.Courrier.A) {
			t.Errorf("text %d %q: sent to %v and %v (%v)", i, s, recu.a, a, err)
		}
		if got := lu.Header.Get("Message-Id"); got != "<"+e.ID+"@opco-demo.example>" {
			t.Errorf("text %d %q: Message-ID %s", i, s, got)
		}
		env, err := enmime.ReadEnvelope(bytes.NewReader(recu.brut))
		if err != nil || strings.ReplaceAll(env.Text, "\r\n", "\n") != pli.Message.Texte || len(env.Attachments) != 0 {
			t.Errorf("text %d %q: the mail changed on the way (%v)", i, s, err)
		}
	}
	if len(b.recus) != len(pieges) {
		t.Errorf("%d mails arrived, want %d", len(b.recus), len(pieges))
	}
}

// The Message-ID is the line's own, whatever it is made of, and the same each time.
func TestCompteMessageID(t *testing.T) {
	e := exemplesCompte()["code"]
	for id, want := range map[string]string{
		compteSorbier + "-4-CODE_ACTIVATION-1": compteSorbier + "-4-CODE_ACTIVATION-1", "compte/1-2": "compte.1-2", "a>\r\nBcc: x@y": "a...Bcc..x.y",
	} {
		e.ID = id
		premier, second := ecrire(t, e, maison).Message, ecrire(t, e, maison).Message
		if premier.ID != want || premier.Verifier() != nil {
			t.Errorf("id %q: got %q, want %q", id, premier.ID, want)
		}
		if premier.Texte != second.Texte || premier.HTML != second.HTML || premier.Objet != second.Objet {
			t.Error("the mail changed between two renderings")
		}
	}
}

// Links begin with the configured address of the portal, and only with it.
func TestCompteAdresseDuPortail(t *testing.T) {
	for base, want := range map[string]string{"https://g.example": "https://g.example/activation?compte=",
		"https://g.example/opco/": "https://g.example/opco/activation?compte=", "http://127.0.0.1:8080": "http://127.0.0.1:8080/activation?compte="} {
		e := exemplesCompte()["code"]
		e.CompteID = "a&b=c#d"
		m := ecrire(t, e, courrier.Maison{Nom: "OPCO", URL: base}).Message
		if want += "a%26b%3Dc%23d&code=" + codeSorbier + "\n"; !strings.Contains(m.Texte, want) {
			t.Errorf("%s: no %q in\n%s", base, want, m.Texte)
		}
	}
}
