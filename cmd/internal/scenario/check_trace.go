package scenario

import (
	"context"
	"fmt"
	"slices"

	"guichet/opco"
)

// checkTraces looks at what a dossier left behind: checks, délais, journal,
// courriers, ledger.
func (w *world) checkTraces(ctx context.Context, c *checker, b *CheckDossier, d *dossier, x *dossierReply) error {
	if b.Echeances != nil {
		c.under("echeances").checkDues(*b.Echeances, x.Dossier.Echeances)
	}
	if err := w.checkControls(ctx, c, "controles", b.Controles, d); err != nil {
		return err
	}
	if err := w.checkControls(ctx, c, "service_fait", b.ServiceFait, d); err != nil {
		return err
	}
	if err := w.checkJournal(ctx, c, b, d); err != nil {
		return err
	}
	if err := w.checkSent(ctx, c, b, d); err != nil {
		return err
	}
	return w.checkLedger(ctx, c, b, d)
}

// checkDues expects exactly these délais, in the order in which they end.
func (c *checker) checkDues(want []CheckDue, got []opco.Echeance) {
	if len(want) != len(got) {
		var l []string
		for _, e := range got {
			l = append(l, fmt.Sprintf("%s %s %s", e.Type, e.Code, paris(e.Le)))
		}
		c.fail("", fmt.Sprintf("%d délai(s)", len(want)), list(l))
		return
	}
	for i, e := range want {
		x := c.item(i)
		x.text("type", e.Type, string(got[i].Type))
		x.text("code", e.Code, got[i].Code)
		x.instant("le", e.Le, got[i].Le)
		x.day("effet", e.Effet, got[i].Effet)
	}
}

// severity orders the results of a check that several stagiaires share.
var severity = []opco.Resultat{opco.ResultatSansObjet, opco.ResultatOK, opco.ResultatAttendu, opco.ResultatWarn, opco.ResultatBlock}

// checkControls expects the results of named checks; the worst one counts.
func (w *world) checkControls(ctx context.Context, c *checker, key string, want map[string]string, d *dossier) error {
	if len(want) == 0 {
		return nil
	}
	path := "/controles"
	if key == "service_fait" {
		path = "/service-fait"
	}
	var x struct {
		Controles []opco.Controle `json:"controles"`
	}
	if err := w.r.client.get(ctx, w.r.staff["gestionnaire"].token, "/api/dossiers/"+d.id+path, &x); err != nil {
		return err
	}
	worst := map[string]opco.Controle{}
	for _, k := range x.Controles {
		if slices.Index(severity, k.Resultat) >= slices.Index(severity, worst[k.Code].Resultat) {
			worst[k.Code] = k
		}
	}
	for _, code := range words(want) {
		got := worst[code]
		if string(got.Resultat) != want[code] {
			c.under(key).fail(code, want[code], fmt.Sprintf("%s %s %s", got.Resultat, got.Preuve, got.Phrase))
		}
	}
	return nil
}

// checkJournal expects lines of the journal in this order, others between.
func (w *world) checkJournal(ctx context.Context, c *checker, b *CheckDossier, d *dossier) error {
	if len(b.Journal) == 0 {
		return nil
	}
	var x struct {
		Passages []opco.Passage `json:"passages"`
	}
	if err := w.r.client.get(ctx, w.r.staff["gestionnaire"].token, "/api/dossiers/"+d.id+"/journal", &x); err != nil {
		return err
	}
	rest := x.Passages
	for i, want := range b.Journal {
		found := -1
		var closest *checker
		for j, p := range rest {
			trial := w.checker(c.under("journal").item(i).node, fmt.Sprintf("%s, journal n° %d", c.what, i+1))
			if err := w.checkPassage(trial, want, p); err != nil {
				return err
			}
			if trial.err() == nil {
				found = j
				break
			}
			if string(p.Type) == want.Fait && closest == nil {
				closest = trial
			}
		}
		if found < 0 {
			c.lost(closest, i, rest)
			return nil
		}
		rest = rest[found+1:]
	}
	return nil
}

// lost tells why a line of the journal was not found: what differs on the first
// of its kind, else what there is.
func (c *checker) lost(closest *checker, i int, rest []opco.Passage) {
	if closest != nil {
		*c.failures = append(*c.failures, *closest.failures...)
		return
	}
	var l []string
	for _, p := range rest {
		l = append(l, fmt.Sprintf("%s %s→%s %s", p.Type, p.De, p.Vers, p.Effet))
	}
	c.under("journal").item(i).fail("", "cette ligne", list(l))
}

func (w *world) checkPassage(c *checker, want CheckPassage, got opco.Passage) error {
	c.text("fait", want.Fait, string(got.Type))
	c.text("code", want.Code, got.Code)
	c.text("de", want.De, string(got.De))
	c.text("vers", want.Vers, string(got.Vers))
	c.day("effet", want.Effet, got.Effet)
	c.text("motif", want.Motif, got.Motif)
	c.contains("phrase", want.Phrase, got.Phrase)
	refused := YesNo(want.Refus)
	c.yes("refuse", &refused, got.Verdict == opco.VerdictRefuse)
	return w.checkWho(c, "par", want.Par, got.Par)
}

// sentReply is a courrier of a dossier.
type sentReply struct {
	ID        string `json:"id"`
	Evenement string `json:"evenement"`
	Pour      string `json:"pour"`
	Etat      string `json:"etat"`
	Lettre    bool   `json:"lettre"`
}

func (w *world) sent(ctx context.Context, token string, d *dossier) ([]sentReply, error) {
	var x struct {
		Courriers []sentReply `json:"courriers"`
	}
	return x.Courriers, w.r.client.get(ctx, token, "/api/dossiers/"+d.id+"/courriers", &x)
}

// checkSent counts the courriers of each event, to both parties or, as in
// « REFUS/organisme », to one.
func (w *world) checkSent(ctx context.Context, c *checker, b *CheckDossier, d *dossier) error {
	if len(b.Courriers) == 0 {
		return nil
	}
	sent, err := w.sent(ctx, w.r.staff["gestionnaire"].token, d)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, s := range sent {
		count[s.Evenement]++
		count[s.Evenement+"/"+s.Pour]++
	}
	for _, e := range words(b.Courriers) {
		n := b.Courriers[e]
		c.under("courriers").number(e, &n, count[e])
	}
	return nil
}

// checkLedger looks at the double entry of a dossier.
func (w *world) checkLedger(ctx context.Context, c *checker, b *CheckDossier, d *dossier) error {
	if len(b.Comptes)+len(b.Ecritures) == 0 {
		return nil
	}
	var x struct {
		Ecritures []struct {
			Type    string       `json:"type"`
			Montant opco.Montant `json:"montant"`
		} `json:"ecritures"`
		Soldes []struct {
			Compte  string       `json:"compte"`
			Montant opco.Montant `json:"montant"`
		} `json:"soldes"`
	}
	if err := w.r.client.get(ctx, w.r.staff["gestionnaire"].token, "/api/dossiers/"+d.id+"/ledger", &x); err != nil {
		return err
	}
	balances, moved := map[string]opco.Montant{}, map[string]opco.Montant{}
	for _, s := range x.Soldes {
		balances[s.Compte] += s.Montant
	}
	for _, e := range x.Ecritures {
		moved[e.Type] += max(e.Montant, 0)
	}
	for _, k := range words(b.Comptes) {
		a := b.Comptes[k]
		c.under("comptes").amount(k, &a, balances[k])
	}
	for _, k := range words(b.Ecritures) {
		a := b.Ecritures[k]
		c.under("ecritures").amount(k, &a, moved[k])
	}
	return nil
}
