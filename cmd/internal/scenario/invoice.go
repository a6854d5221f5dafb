package scenario

import (
	"context"
	"fmt"

	"guichet/opco"
)

// certifier deposits certificats de réalisation: one per stagiaire with the same
// hours, or those written out.
func (w *world) certifier(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	list := a.Avec.Certificats
	if a.Avec.Heures != nil {
		for i := range d.demande.Stagiaires {
			list = append(list, Attested{Stagiaire: i + 1, Heures: *a.Avec.Heures})
		}
	}
	bodies := make([]fields, 0, len(list))
	for _, c := range list {
		b, err := w.certificate(d, c)
		if err != nil {
			return request{}, err
		}
		bodies = append(bodies, b)
	}
	return post(d, "certificats", fields{"certificats": bodies}), nil
}

// certificate writes one certificat; what it does not say is as the accord.
func (w *world) certificate(d *dossier, c Attested) (fields, error) {
	x := d.demande
	prenom, nom := c.Prenom, c.Nom
	if c.Stagiaire > 0 {
		if c.Stagiaire > len(x.Stagiaires) {
			return nil, fmt.Errorf("la demande n’a que %d stagiaire(s)", len(x.Stagiaires))
		}
		s := x.Stagiaires[c.Stagiaire-1]
		prenom, nom = or(prenom, s.Prenom), or(nom, s.Nom)
	}
	issuer := d.org
	if d.of != nil {
		issuer = d.of
	}
	if c.Emetteur != "" {
		o, err := w.org(c.Emetteur)
		if err != nil {
			return nil, err
		}
		issuer = o
	}
	return fields{"nom": nom, "prenom": prenom, "intitule": or(c.Intitule, x.Intitule), "nature": or(c.Nature, string(x.Nature)),
		"du": or(string(c.Du), string(x.Debut)), "au": or(string(c.Au), string(x.Fin)), "heures": opco.Minutes(c.Heures),
		"emetteur": issuer.siege(), "signe_le": or(string(c.SigneLe), string(w.today())), "signe": !bool(c.NonSigne)}, nil
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}

// facturer deposits an invoice. What it does not say is right: the issuer, the
// addressee, the number of the dossier, no TVA, one line for the whole.
func (w *world) facturer(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	x := a.Avec
	lines, sum := d.invoiced(x)
	ht := sum
	if x.TotalHT != nil {
		ht = opco.Montant(*x.TotalHT)
	}
	rate, tva := x.TauxTVA*100, x.vat(!d.subrogation)
	body := fields{"numero": x.Numero, "date": or(string(x.Date), string(w.today())), "lignes": lines, "total_ht": ht,
		"taux_tva": rate, "tva": tva, "total_ttc": ht + tva, "intitule": d.demande.Intitule, "reference_dossier": d.numero}
	if x.RefDossier != nil {
		body["reference_dossier"] = *x.RefDossier
	}
	if x.Remplace != "" {
		body["remplace"] = x.Remplace
	}
	if x.Avance {
		body["avance"] = true
	}
	if len(x.Justificatifs) > 0 {
		body["justificatifs"] = proofs(x.Justificatifs)
	}
	if err := w.parties(d, x, body); err != nil {
		return request{}, err
	}
	req := post(d, "factures", fields{"facture": body})
	d.factures[x.Numero] = req.body.(fields)["acte_id"].(string) //nolint:forcetypeassert // made two lines above
	return req, nil
}

// parties writes who invoices whom, and on what account.
func (w *world) parties(d *dossier, x ActData, body fields) error {
	issuer := d.org
	if d.subrogation {
		issuer = d.of
	}
	var err error
	if x.Emetteur != "" {
		if issuer, err = w.org(x.Emetteur); err != nil {
			return err
		}
	}
	body["emetteur"], body["destinataire"] = issuer.siege(), opcoSIRET
	if x.Destinataire != "" {
		o, err := w.org(x.Destinataire)
		if err != nil {
			return err
		}
		body["destinataire"] = o.siege()
	}
	if x.IBANDe != "" {
		o, err := w.org(x.IBANDe)
		if err != nil {
			return err
		}
		body["iban"] = o.IBAN
	}
	return nil
}

// vat is the TVA of the invoice: what it says, else what its lines and its rate make.
func (x ActData) vat(company bool) opco.Montant {
	if x.TVA != nil {
		return opco.Montant(*x.TVA)
	}
	f := opco.Facture{TauxTVA: x.TauxTVA * 100}
	for _, l := range x.lines() {
		f.Lignes = append(f.Lignes, opco.LigneFacture{Ligne: opco.Ligne(or(l.Ligne, string(opco.LignePeda))), Montant: opco.Montant(l.Montant)})
	}
	return f.AvecTVA(company).TVA
}

// lines are those written out, or one for the whole.
func (x ActData) lines() []Invoiced {
	if len(x.Detail) > 0 {
		return x.Detail
	}
	return []Invoiced{{Ligne: string(opco.LignePeda), Montant: x.Montant}}
}

// invoiced writes the lines of an invoice, and their sum.
func (d *dossier) invoiced(x ActData) (lines []fields, sum opco.Montant) {
	for _, l := range x.lines() {
		f := fields{"ligne": or(l.Ligne, string(opco.LignePeda)), "montant": opco.Montant(l.Montant)}
		if l.Stagiaire != "" {
			f["stagiaire"] = l.Stagiaire
		}
		if l.Heures > 0 {
			f["heures"] = opco.Minutes(l.Heures)
		}
		lines = append(lines, f)
		sum += opco.Montant(l.Montant)
	}
	return lines, sum
}

func proofs(list []Proof) []fields {
	ps := make([]fields, 0, len(list))
	for _, p := range list {
		f := fields{"type": p.Type, "ligne": p.Ligne, "montant": opco.Montant(p.Montant), "acquittee": bool(p.Acquittee)}
		if p.Numero != "" {
			f["numero"] = p.Numero
		}
		ps = append(ps, f)
	}
	return ps
}

func (w *world) deposerAvoir(_ context.Context, a *Act, _ *account) (request, error) {
	d, err := w.dossier(a.Dossier)
	if err != nil {
		return request{}, err
	}
	x := a.Avec
	return post(d, "avoirs", fields{"avoir": fields{"numero": x.Numero, "facture": x.Facture,
		"montant": opco.Montant(x.Montant), "date": or(string(x.Date), string(w.today()))}}), nil
}
