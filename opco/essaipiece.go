package opco

import "slices"

// EssaiCertificats is what would become of certificats if they were sent now: nothing is
// kept of it.
type EssaiCertificats struct {
	Heures    []HeuresCertifiees `json:"heures"`
	Controles []Controle         `json:"controles,omitempty"` // of the service fait that would not pass
	Manquent  int                `json:"manquent"`            // stagiaires who would still have no certificat
	Payable   Montant            `json:"payable"`             // of the invoices that are here; 0 before any
}

// HeuresCertifiees is what the certificats would say of one stagiaire, beside what was
// granted.
type HeuresCertifiees struct {
	Stagiaire  string  `json:"stagiaire"` // id
	Prevues    Minutes `json:"prevues"`
	Certifiees Minutes `json:"certifiees"`
}

// EssayerCertificats says what the certificats that a sends would do, by the very rules
// that will judge them: their arrival, then the checks of the service fait (SF1 to SF11).
// d is not changed. It returns the refusal that a would meet when they may not be sent.
func EssayerCertificats(d *Dossier, a Acte, f Faits) (EssaiCertificats, error) {
	x, err := d.copie()
	if err != nil {
		return EssaiCertificats{}, err
	}
	if _, err := x.Appliquer(a, nil, f); err != nil {
		return EssaiCertificats{}, err
	}
	var e EssaiCertificats
	for _, s := range x.Demande.Presents() {
		h := HeuresCertifiees{Stagiaire: s.ID, Prevues: s.Heures}
		cs := x.certificatsDe(s)
		for _, c := range cs {
			h.Certifiees += c.Heures
		}
		if len(cs) == 0 {
			e.Manquent++
		}
		e.Heures = append(e.Heures, h)
	}
	e.Controles = slices.DeleteFunc(ControlerServiceFait(x, f), func(c Controle) bool {
		return c.Resultat != ResultatBlock && c.Resultat != ResultatWarn
	})
	if k, err := Constater(x, false, f); err == nil {
		for _, y := range k.Factures {
			e.Payable += y.Approuve
		}
	}
	return e, nil
}

// EssaiAvoir is what a credit note would leave of its invoice if it were sent now.
type EssaiAvoir struct {
	Facture    string  `json:"facture"` // number
	Reste      Montant `json:"reste"`   // of the invoice, before taxes
	Payable    Montant `json:"payable"` // approved of it
	Annulee    bool    `json:"annulee,omitempty"`
	Libere     bool    `json:"libere,omitempty"`      // it waited for this avoir: it is paid now
	Attend     Montant `json:"attend,omitempty"`      // what must still be credited before it is paid
	EcheanceLe Date    `json:"echeance_le,omitempty"` // paid by that day
}

// EssayerAvoir says what the avoir that a sends would do, by AppliquerAvoir itself. d is
// not changed. It returns the refusal that a would meet when it may not be sent.
func EssayerAvoir(d *Dossier, a Acte, f Faits) (EssaiAvoir, error) {
	x, err := d.copie()
	if err != nil {
		return EssaiAvoir{}, err
	}
	c, err := lire[ChargeAvoir](&pas{a: a})
	if err != nil {
		return EssaiAvoir{}, err
	}
	avant, _ := x.factureNumero(c.Avoir.Facture)
	if _, err := x.Appliquer(a, nil, f); err != nil {
		return EssaiAvoir{}, err
	}
	apres, err := (&pas{d: x}).facture(avant.ID)
	if err != nil {
		return EssaiAvoir{}, err
	}
	return EssaiAvoir{Facture: apres.Numero, Reste: apres.TotalHT - apres.TotalAvoirs(), Payable: apres.Approuve, Annulee: apres.Etat == FactureAnnuleeParAvoir,
		Libere: avant.AttendAvoir && !apres.AttendAvoir && apres.Etat.Approuve(), Attend: apres.AvoirAttendu(), EcheanceLe: apres.EcheanceLe}, nil
}
