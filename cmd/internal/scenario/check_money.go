package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// envelopeReply is an envelope and its balances.
type envelopeReply struct {
	SIREN       opco.SIREN   `json:"siren"`
	Annee       int          `json:"annee"`
	Fonds       string       `json:"fonds"`
	Dotation    opco.Montant `json:"dotation"`
	Disponible  opco.Montant `json:"disponible"`
	Engage      opco.Montant `json:"engage"`
	ServiceFait opco.Montant `json:"service_fait"`
	Ordonnance  opco.Montant `json:"ordonnance"`
	Paye        opco.Montant `json:"paye"`
}

func (w *world) checkEnvelope(ctx context.Context, c *checker, b *CheckEnvelope) error {
	o, err := w.org(b.Enveloppe)
	if err != nil {
		return err
	}
	kv := []string{"siren", string(o.SIREN)}
	if b.Annee != 0 {
		kv = append(kv, "annee", strconv.Itoa(b.Annee))
	}
	var x struct {
		Enveloppes []envelopeReply `json:"enveloppes"`
	}
	if err := w.r.client.get(ctx, w.r.staff["gestionnaire"].token, "/api/enveloppes"+query(kv...), &x); err != nil {
		return err
	}
	i := slices.IndexFunc(x.Enveloppes, func(e envelopeReply) bool { return e.Fonds == or(b.Fonds, "MUTUALISE") })
	if i < 0 {
		c.fail("", "une enveloppe "+or(b.Fonds, "MUTUALISE"), fmt.Sprintf("%d autre(s) enveloppe(s)", len(x.Enveloppes)))
		return nil
	}
	e := x.Enveloppes[i]
	c.amount("dotation", b.Dotation, e.Dotation)
	c.amount("disponible", b.Disponible, e.Disponible)
	c.amount("engage", b.Engage, e.Engage)
	c.amount("service_fait", b.ServiceFait, e.ServiceFait)
	c.amount("ordonnance", b.Ordonnance, e.Ordonnance)
	c.amount("paye", b.Paye, e.Paye)
	return nil
}

func (w *world) checkLot(ctx context.Context, c *checker, b *CheckLot) error {
	l, err := w.readLot(ctx, b.Lot)
	if err != nil {
		return err
	}
	c.text("etat", b.Etat, l.Lot.Etat)
	c.number("nombre", b.Nombre, l.Lot.Nombre)
	c.amount("somme", b.Somme, l.Lot.Somme)
	for _, numero := range words(b.Lignes) {
		found := ""
		for _, x := range l.Lignes {
			if x.Facture == numero {
				found = string(x.Etat)
			}
		}
		c.under("lignes").text(numero, b.Lignes[numero], found)
	}
	if !b.SansFichier && b.Fichier == nil {
		return nil
	}
	return w.checkLotFile(ctx, c, b)
}

// checkLotFile expects the file of a lot, or that there is none yet.
func (w *world) checkLotFile(ctx context.Context, c *checker, b *CheckLot) error {
	_, f, err := w.readFile(ctx, b.Lot)
	var refused *refusalError
	if errors.As(err, &refused) && (refused.status == http.StatusNotFound || refused.status == http.StatusConflict) {
		if b.Fichier != nil {
			c.fail("fichier", "un fichier", "(aucun) "+refused.Detail)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if b.SansFichier {
		c.fail("sans_fichier", "aucun fichier", f.Header.Message)
		return nil
	}
	c.under("fichier").checkFile(b.Fichier, f)
	return nil
}

// checkFile looks at a pain.001 as the bank does: its counts and sums agree, no
// reference comes twice, no text holds what the bank refuses.
func (c *checker) checkFile(want *CheckFile, f *paymentFile) {
	var sum opco.Montant
	var amounts, names, remittances []string
	seen := map[string]bool{}
	for _, t := range f.Block.Transfers {
		m, err := opco.ParseMontant(t.Amount)
		if err != nil {
			c.fail("", "un montant", t.Amount)
		}
		sum += m
		amounts = append(amounts, m.String())
		names = append(names, t.Name)
		remittances = append(remittances, t.Text)
		if seen[t.EndToEnd] {
			c.fail("", "des références uniques", t.EndToEnd+" deux fois")
		}
		seen[t.EndToEnd] = true
		for _, s := range []string{t.EndToEnd, t.Name, t.Text} {
			if s != opco.SepaTexte(s, 140) {
				c.fail("", "un texte admis par la banque", s)
			}
		}
	}
	c.number("virements", want.Virements, len(f.Block.Transfers))
	c.amount("somme", want.Somme, sum)
	c.checkHeaders(f, sum)
	if want.Montants != nil {
		var expected []string
		for _, a := range want.Montants {
			expected = append(expected, opco.Montant(a).String())
		}
		c.same("montants", sorted(expected), sorted(amounts))
	}
	if want.Noms != nil {
		c.same("noms", sorted(want.Noms), sorted(names))
	}
	c.contains("libelles", want.Motifs, strings.Join(remittances, "\n"))
}

// checkHeaders expects the two headers of the file to count and sum alike.
func (c *checker) checkHeaders(f *paymentFile, sum opco.Montant) {
	n := len(f.Block.Transfers)
	if f.Header.Number != n || f.Block.Number != n || f.Header.Sum != sum.Decimal() || f.Block.Sum != sum.Decimal() {
		c.fail("", fmt.Sprintf("%d virements et %s dans les deux en-têtes", n, sum.Decimal()),
			fmt.Sprintf("%d, %d, %s, %s", f.Header.Number, f.Block.Number, f.Header.Sum, f.Block.Sum))
	}
}

// checkSearch expects the dossiers of this scenario that a search finds; those
// of others are not looked at.
func (w *world) checkSearch(ctx context.Context, c *checker, b *CheckSearch) error {
	who, err := w.user(or(b.Qui, "gestionnaire"))
	if err != nil {
		return err
	}
	found, err := w.listed(ctx, who.token, w.substitute(b.Recherche))
	if err != nil {
		return err
	}
	c.same("trouve", sorted(b.Trouve), sorted(found))
	return nil
}

// listed returns the dossiers of this scenario that a list holds; text "" asks for
// all of them.
func (w *world) listed(ctx context.Context, token, text string) ([]string, error) {
	names := map[string]string{}
	for _, n := range words(w.dossiers) {
		names[w.dossiers[n].id] = n
	}
	var found []string
	for next := ""; ; {
		var x struct {
			Dossiers []struct {
				ID string `json:"id"`
			} `json:"dossiers"`
			Suivant string `json:"suivant"`
		}
		kv := []string{"limite", "100"}
		if text != "" {
			kv = append(kv, "texte", text)
		}
		if next != "" {
			kv = append(kv, "apres", next)
		}
		if err := w.r.client.get(ctx, token, "/api/dossiers"+query(kv...), &x); err != nil {
			return nil, err
		}
		for _, d := range x.Dossiers {
			if n := names[d.ID]; n != "" {
				found = append(found, n)
			}
		}
		if next = x.Suivant; next == "" {
			return found, nil
		}
	}
}
