package scenario

import (
	"context"
	"fmt"

	"guichet/opco"
)

func (w *world) checkPayments(ctx context.Context, c *checker, b *CheckDossier, x *dossierReply) error {
	for _, n := range words(b.Factures) {
		id := c.under("factures").checkInvoice(n, b.Factures[n], x.Dossier.Factures)
		if id == "" || b.Factures[n].Statuts == nil {
			continue
		}
		if err := w.checkStatuses(ctx, c.under("factures").under(n), b.VuPar, id, b.Factures[n].Statuts); err != nil {
			return err
		}
	}
	if b.Reglements == nil {
		return nil
	}
	c = c.under("reglements")
	if len(*b.Reglements) != len(x.Dossier.Reglements) {
		c.fail("", fmt.Sprintf("%d règlement(s)", len(*b.Reglements)), describePayments(x.Dossier.Reglements))
		return nil
	}
	for i, want := range *b.Reglements {
		if err := w.checkPayment(c.item(i), want, x.Dossier.Reglements[i], x.Dossier.Factures); err != nil {
			return err
		}
	}
	return nil
}

func describePayments(rs []opco.Reglement) string {
	var l []string
	for _, r := range rs {
		l = append(l, fmt.Sprintf("%s %s", r.Montant, r.Etat))
	}
	return fmt.Sprintf("%d : %s", len(rs), list(l))
}

// checkInvoice looks at the last invoice of a number, and returns its id.
func (c *checker) checkInvoice(numero string, want *CheckInvoice, got []opco.Facture) string {
	var f *opco.Facture
	for i := range got {
		if got[i].Numero == numero {
			f = &got[i]
		}
	}
	if f == nil {
		c.fail(numero, "une facture", "(aucune)")
		return ""
	}
	c = c.under(numero)
	c.text("etat", want.Etat, string(f.Etat))
	c.number("code", want.Code, f.Etat.Code())
	c.amount("approuve", want.Approuve, f.Approuve)
	c.amount("non_approuve", want.NonApprouve, f.NonApprouve)
	c.optional("motif", want.Motif, string(f.Motif))
	c.contains("phrase", want.Phrase, f.Phrase)
	c.day("echeance", want.Echeance, f.EcheanceLe)
	c.day("recue_le", want.RecueLe, f.RecueLe)
	c.yes("attend_avoir", want.AttendAvoir, f.AttendAvoir)
	c.number("completee", want.Completee, len(f.Complements))
	return f.ID
}

func (w *world) checkPayment(c *checker, want CheckPayment, got opco.Reglement, fs []opco.Facture) error {
	numero := ""
	for _, f := range fs {
		if f.ID == got.Facture {
			numero = f.Numero
		}
	}
	c.text("facture", want.Facture, numero)
	c.amount("montant", want.Montant, got.Montant)
	c.text("etat", want.Etat, string(got.Etat))
	c.day("echeance", want.Echeance, got.Echeance)
	c.day("execute_le", want.ExecuteLe, got.ExecuteLe)
	c.optional("motif", want.Motif, got.Motif)
	if want.Beneficiaire == "" {
		return nil
	}
	o, err := w.org(want.Beneficiaire)
	if err == nil {
		c.text("beneficiaire", string(o.siege()), string(got.Beneficiaire))
	}
	return err
}
