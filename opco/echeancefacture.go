package opco

import (
	"fmt"
	"strings"
)

// Beginnings of the codes of the échéances about one invoice; its id follows,
// after the number of the relance when there are several.
const (
	prefixeFacture      = "facture_"      // the end of its suspension (F04), or its declaration as non conforme
	prefixeJustificatif = "justificatif_" // relances of a suspended invoice (F04)
	prefixeAvoir        = "avoir_"        // relances of an avoir awaited (206 QTE_ERR)
	prefixeSansAvoir    = "sans_avoir_"   // the team hears that the avoir never came
	prefixeLitige       = "litige_"       // review of an invoice in dispute (F06)
)

// factureDe returns the invoice that e is about, and the beginning of its code.
func (p *pas) factureDe(e Echeance) (f *Facture, prefixe string) {
	for _, x := range []string{prefixeFacture, prefixeJustificatif, prefixeSansAvoir, prefixeAvoir, prefixeLitige} {
		reste, ok := strings.CutPrefix(e.Code, x)
		if !ok {
			continue
		}
		if x == prefixeJustificatif || x == prefixeAvoir {
			_, reste, _ = strings.Cut(reste, "_")
		}
		f, err := p.facture(reste)
		if err != nil {
			return nil, x
		}
		return f, x
	}
	return nil, ""
}

// suitUneFacture reports whether e follows one invoice whatever the étape of the
// dossier, and is still of use.
func (p *pas) suitUneFacture(e Echeance) bool {
	_, prefixe := p.factureDe(e)
	return prefixe != "" && e.Type != ActeDeclarerNonConforme && !p.perimee(e)
}

// perimee reports whether e is about an invoice that does not wait for it any
// more: it was completed, decided or cancelled.
func (p *pas) perimee(e Echeance) bool {
	f, prefixe := p.factureDe(e)
	switch {
	case prefixe == "":
		return false
	case f == nil:
		return true
	case prefixe == prefixeLitige:
		return f.Etat != FactureEnLitige
	case prefixe == prefixeAvoir, prefixe == prefixeSansAvoir:
		return !f.AttendAvoir || !f.Etat.Approuve()
	}
	return f.Etat != FactureSuspendue
}

// armerFacture arms the relances of one invoice, counted from jour.
func (p *pas) armerFacture(prefixe string, f Facture, jour Date) {
	for i, n := range p.f.Parametres.RelanceFacture {
		p.armerRappel(ActeRelancer, fmt.Sprintf("%s%d_%s", prefixe, i+1, f.ID), jour.Jours(n))
	}
}
