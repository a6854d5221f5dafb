package banque_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"guichet/banque"
	"guichet/opco"
)

const bombe = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><Document>&lol3;</Document>`

func utf16Octets(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// A file that is hostile, broken or not ours is refused whole, with a sentence
// and a stable code, and costs little.
func TestLireRetourRefuse(t *testing.T) {
	bon := pain002(`<GrpSts>ACCP</GrpSts>`, "")
	releve := camt(`<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-14</Dt></BookgDt></Ntry>`)
	tests := []struct{ name, fichier, code string }{
		{"nothing", "", banque.CodeFichierVide},
		{"spaces", " \n\t ", banque.CodeFichierVide},
		{"a mark alone", "\ufeff", banque.CodeFichierVide},
		{"too many elements", strings.Replace(bon, "</GrpHdr>", strings.Repeat("<b/>", 300_001)+"</GrpHdr>", 1), banque.CodeFichierTropGros},
		{"billion laughs", bombe, banque.CodeXMLInterdit},
		{"an external entity", strings.Replace(bon, "<Document", `<!DOCTYPE d SYSTEM "file:///etc/passwd"><Document`, 1), banque.CodeXMLInterdit},
		{"a bare DOCTYPE", strings.Replace(bon, "<Document", `<!DOCTYPE Document><Document`, 1), banque.CodeXMLInterdit},
		{"an entity that nobody declared", strings.Replace(bon, "BQ-1", "&xxe;", 1), banque.CodeXMLIllisible},
		{"33 levels", strings.Repeat("<a>", 33) + strings.Repeat("</a>", 33), banque.CodeXMLInterdit},
		{"100,000 levels", strings.Repeat("<a>", 100_000), banque.CodeXMLInterdit},
		{"100,000 attributes", "<a " + strings.Repeat("b='' ", 100_000) + "/>", banque.CodeXMLInterdit},
		{"a text without end", strings.Replace(bon, "BQ-1", strings.Repeat("A", 5000), 1), banque.CodeXMLInterdit},
		{"half of it", bon[:len(bon)/2], banque.CodeXMLTronque},
		{"all but the last character", bon[:len(bon)-1], banque.CodeXMLTronque},
		{"cut in a tag", bon[:strings.Index(bon, "<GrpHdr")+4], banque.CodeXMLTronque},
		{"Latin-1 announced", strings.Replace(bon, "UTF-8", "ISO-8859-1", 1), banque.CodeXMLEncodage},
		{"Latin-1 written", strings.Replace(bon, "BQ-1", "BQ-\xe9", 1), banque.CodeXMLEncodage},
		{"an overlong slash", strings.Replace(bon, "BQ-1", "BQ-\xc0\xaf", 1), banque.CodeXMLEncodage},
		{"UTF-16", utf16Octets(bon), banque.CodeXMLEncodage},
		{"a null character", strings.Replace(bon, "BQ-1", "BQ-\x00", 1), banque.CodeXMLIllisible},
		{"tags that cross", strings.Replace(bon, "</CreDtTm></GrpHdr>", "</GrpHdr></CreDtTm>", 1), banque.CodeXMLIllisible},
		{"two messages", bon + bon[strings.Index(bon, "<Document"):], banque.CodeXMLIllisible},
		{"text after the message", bon + "fin", banque.CodeXMLIllisible},
		{"text between elements", strings.Replace(bon, "<OrgnlMsgId>", "x<OrgnlMsgId>", 1), banque.CodeXMLIllisible},
		{"an attribute twice", strings.Replace(releve, `Ccy="EUR"`, `Ccy="EUR" Ccy="USD"`, 1), banque.CodeXMLIllisible},
		{"HTML", "<html><body>Session expirée</body></html>", banque.CodeFormatInconnu},
		{"JSON", `{"statut":"ACCP"}`, banque.CodeXMLIllisible},
		{"our own order", string(pain001(t, lotS11())), banque.CodeFormatInconnu},
		{"an older version", strings.Replace(bon, "002.001.10", "002.001.03", 1), banque.CodeFormatInconnu},
		{"no namespace", strings.Replace(bon, ` xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"`, "", 1), banque.CodeFormatInconnu},
		{"a namespace that lies", strings.Replace(bon, "pain.002.001.10", "camt.054.001.08", 1), banque.CodeIncoherent},
		{"an element of another namespace", strings.Replace(bon, "<GrpHdr>", `<GrpHdr xmlns="urn:x">`, 1), banque.CodeIncoherent},
		{"no message id", strings.Replace(bon, "<MsgId>BQ-1</MsgId>", "", 1), banque.CodeIncoherent},
		{"an id of 36", strings.Replace(bon, "BQ-1", strings.Repeat("é", 36), 1), banque.CodeIncoherent},
		{"two message ids", strings.Replace(bon, "<MsgId>BQ-1</MsgId>", "<MsgId>BQ-1</MsgId><MsgId>BQ-2</MsgId>", 1), banque.CodeIncoherent},
		{"a date that does not exist", strings.Replace(bon, "2026-04-13T", "2026-02-30T", 1), banque.CodeIncoherent},
		{"no answer to any file", strings.Replace(bon, "OrgnlMsgId", "AutreId", 2), banque.CodeIncoherent},
		{"an answer to a direct debit", strings.Replace(bon, "pain.001.001.09", "pain.008.001.08", 1), banque.CodeIncoherent},
		{"an unknown status of the file", pain002("<GrpSts>ZZZZ</GrpSts>", ""), banque.CodeIncoherent},
		{"no status at all", pain002("", ""), banque.CodeIncoherent},
		{"an exponent", strings.Replace(releve, ">1.00<", ">1e3<", 1), banque.CodeIncoherent},
		{"a negative amount", strings.Replace(releve, ">1.00<", ">-1.00<", 1), banque.CodeIncoherent},
		{"a fraction of a cent", strings.Replace(releve, ">1.00<", ">1.005<", 1), banque.CodeIncoherent},
		{"an amount beyond int64", strings.Replace(releve, ">1.00<", ">99999999999999999999<", 1), banque.CodeIncoherent},
		{"neither debit nor credit", strings.Replace(releve, "DBIT", "BOTH", 1), banque.CodeIncoherent},
		{"an entry in an unknown state", strings.Replace(releve, "BOOK", "BOOC", 1), banque.CodeIncoherent},
		{"a booking day that does not exist", strings.Replace(releve, "<Dt>2026-04-14", "<Dt>2026-04-31", 1), banque.CodeIncoherent},
		{"a year out of the calendar", strings.Replace(releve, "<Dt>2026-04-14", "<Dt>0001-04-14", 1), banque.CodeIncoherent},
		{"two amounts", strings.Replace(releve, `</Amt>`, `</Amt><Amt Ccy="EUR">2.00</Amt>`, 1), banque.CodeIncoherent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			debut := time.Now()
			r, err := banque.LireRetour(strings.NewReader(tt.fichier))
			refuse(t, err, tt.code)
			if len(r.Entrees) != 0 || r.Statut != "" || r.MsgID != "" {
				t.Errorf("got %+v, want nothing of a refused file", r)
			}
			if d := time.Since(debut); d > 5*time.Second { // under the race detector, on a busy machine
				t.Errorf("took %s, want far less", d)
			}
		})
	}
	for _, good := range []string{bon, releve, "\ufeff" + bon} {
		lire(t, []byte(good))
	}
}

// A reading that fails is an outage, not a wrong file: it is tried again.
func TestLireRetourPanne(t *testing.T) {
	panne := errors.New("disk gone")
	_, err := banque.LireRetour(iotest.ErrReader(panne))
	if !errors.Is(err, panne) || opco.KindOf(err) != "" {
		t.Errorf("got %v, want the outage itself", err)
	}
}

// Whatever the bytes: no panic, and either a whole message or a sentence.
func FuzzLireRetour(f *testing.F) {
	ordre := pain001(f, lotS11())
	s := banque.Simulateur{Rejets: map[string]string{ibanOF2: "AC04"}, Retours: map[string]string{ibanOF1: "MD07"}}
	p, c, err := s.Repondre(ordre, reponse)
	if err != nil {
		f.Fatal(err)
	}
	r, err := s.Retourner(ordre, reponse)
	if err != nil {
		f.Fatal(err)
	}
	for _, graine := range [][]byte{p, c, r, ordre, []byte(bombe), nil} {
		f.Add(graine)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := banque.LireRetour(bytes.NewReader(b))
		if err != nil {
			refuse(t, err, "")
			return
		}
		if r.MsgID == "" || r.CreeLe.IsZero() {
			t.Errorf("read %+v without an id or a date", r)
		}
		vus := map[string]bool{}
		for _, e := range r.Entrees {
			if vus[e.Cle] || len(e.Cle) != 64 {
				t.Errorf("key %q is not one or comes twice", e.Cle)
			}
			vus[e.Cle] = true
			if e.Montant < 0 || e.Statut == "" && e.Anomalie == "" {
				t.Errorf("entry %+v is neither applicable nor an anomaly", e)
			}
		}
		if again, err := banque.LireRetour(bytes.NewReader(b)); err != nil || fmt.Sprint(again) != fmt.Sprint(r) {
			t.Errorf("read twice, got two messages")
		}
	})
}
