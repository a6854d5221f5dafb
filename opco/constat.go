package opco

import "slices"

// droit is what the certificats give right to on one line of the accord, from
// the first day on. Stagiaire is "" for the lines that are not paid by the hour.
type droit struct {
	ligne     Ligne
	stagiaire string
	prevu     Minutes // granted
	certifie  Minutes // followed, as certified
	accorde   Montant
	plein     Montant // payable if every granted hour had been followed
	cumul     Montant // payable for the hours certified so far
	paye      Montant // approved on earlier invoices
	minutes   Minutes // that those approvals paid
}

// reste returns what may still be approved on the line.
func (x droit) reste() Montant { return max(0, x.cumul-x.paye) }

// minutesRestantes returns the certified minutes not paid yet.
func (x droit) minutesRestantes() Minutes { return max(0, min(x.certifie, x.prevu)-x.minutes) }

// droits returns the lines of the accord in the order of AK-33, then of the
// stagiaires. A line paid by the hour gives grant × min(certified, granted) ÷
// granted, an exact fraction rounded half-up once (domain.md 5 bis, Amounts); the
// others give their whole grant, and nothing when nobody came.
func (d *Dossier) droits() []droit {
	var tous []droit
	venus := Minutes(0)
	for _, c := range d.Certificats {
		venus += c.Heures
	}
	for _, l := range d.Decision.Lignes {
		if l.Accorde == 0 {
			continue
		}
		if l.Ligne.horaire() {
			tous = append(tous, d.droitsHoraires(l.Ligne)...)
			continue
		}
		x := droit{ligne: l.Ligne, accorde: l.Accorde, plein: l.Accorde}
		if venus > 0 {
			x.cumul = l.Accorde
		}
		tous = append(tous, x)
	}
	for i := range tous {
		tous[i].deduire(d.Factures)
	}
	return tous
}

func (d *Dossier) droitsHoraires(l Ligne) []droit {
	var siens []droit
	for _, p := range d.Decision.Stagiaires {
		x := droit{ligne: l, stagiaire: p.Stagiaire, prevu: p.Heures, accorde: p.Peda}
		if l == LigneRemuneration {
			x.accorde = p.Remuneration
		}
		for _, c := range d.certificatsDe(Stagiaire{ID: p.Stagiaire}) {
			x.certifie += c.Heures
		}
		x.plein = x.accorde
		x.cumul = x.accorde.Fraction(int64(min(x.certifie, x.prevu)), int64(x.prevu))
		siens = append(siens, x)
	}
	return siens
}

// deduire counts what earlier invoices were approved for on the line.
func (x *droit) deduire(factures []Facture) {
	for _, f := range factures {
		for _, c := range f.Constatees {
			if f.Etat.Approuve() && c.Ligne == x.ligne && c.Stagiaire == x.stagiaire {
				x.paye += c.Payable
				x.minutes += c.Certifie
			}
		}
	}
}

// restants returns what the certificats still give right to: on every line of the
// accord while nothing was paid, then on those paid by the hour. What is left then
// of the other lines is a cost that nobody claimed.
func (d *Dossier) restants() Montant {
	if d.periodeApprouvee() {
		return d.horairesRestants()
	}
	var m Montant
	for _, x := range d.droits() {
		m += x.reste()
	}
	return m
}

// horairesRestants returns what the certificats received so far still give right
// to on the lines paid by the hour.
func (d *Dossier) horairesRestants() Montant {
	var m Montant
	for _, x := range d.droits() {
		if x.ligne.horaire() {
			m += x.reste()
		}
	}
	return m
}

// Constater compares the accord, the certificats and the open invoices, and says
// what is payable (domain.md 2.6, 5 bis). Each invoice, in the order of arrival,
// is approved line by line for the least of what it asks, what the certified
// hours give, what is proven and what is still engaged. solde says that nothing
// more will come, which is always so without échelonnement: the unused engagement
// is then in Liberes. Nobody came: Payable is 0 and everything is in Liberes.
//
// It returns a Conflict error when a check blocks, when an invoice or a certificat
// is still missing, or when no line of the invoices can be paid.
func Constater(d *Dossier, solde bool, fa Faits) (Constat, error) {
	if d.Decision == nil || !d.Etat.Accorde() {
		return Constat{}, Errorf(Conflict, "Ce dossier n’a pas d’accord en vigueur : il n’y a pas de service fait à constater.")
	}
	solde = solde || !d.Demande.Echelonnement
	k := Constat{Controles: ControlerServiceFait(d, fa)}
	if b, bloque := Bloquant(k.Controles); bloque {
		return Constat{}, (&Error{Kind: Conflict, Message: b.Nom + " : " + b.Phrase}).AvecCode(string(b.Motif))
	}
	if err := d.constatable(solde); err != nil {
		return Constat{}, err
	}
	t := tableau{d: d, droits: d.droits(), deja: slices.Clone(d.Acceptes), engages: slices.Clone(d.Engagements), avance: d.avanceRestante()}
	t.facture = make([]Montant, len(t.droits))
	t.payable = make([]Montant, len(t.droits))
	for _, f := range d.Factures {
		if f.aConstater() {
			k.Factures = append(k.Factures, t.approuver(f))
		}
	}
	for _, f := range k.Factures {
		k.Payable += f.Approuve
	}
	k.Lignes = t.lignes()
	if solde {
		k.Liberes, k.AvanceEnTrop = sansNuls(t.engages), t.avance
	}
	return k, d.payableOuFini(k, solde)
}

// aConstater reports whether the invoice is complete and waits for the constat.
func (f Facture) aConstater() bool { return f.Etat.Ouverte() && f.Etat != FactureSuspendue }

// constatable refuses to constate what is not there yet.
func (d *Dossier) constatable(solde bool) error {
	for _, f := range d.Factures {
		if f.Avance && f.Etat.Ouverte() && solde {
			return Errorf(Conflict, "La facture d’avance %s attend encore : approuvez-la ou refusez-la avant de solder le dossier.", f.Numero)
		}
		if f.Etat == FactureSuspendue && solde {
			return Errorf(Conflict, "La facture %s est suspendue : attendez la pièce qui lui manque, ou refusez-la.", f.Numero).
				AvecCode(string(MotifJustifAbs))
		}
	}
	for _, s := range d.Demande.Presents() {
		if solde && len(d.certificatsDe(s)) == 0 {
			return Errorf(Conflict, "Le certificat de réalisation de %s %s manque : demandez-le, même pour 0 heure.", s.Prenom, s.Nom).
				AvecCode(string(MotifSFCertificatAbsent))
		}
	}
	if !slices.ContainsFunc(d.Factures, Facture.aConstater) && (!solde || d.restants() > 0) {
		return Errorf(Conflict, "Aucune facture n’attend d’être examinée : demandez-la avant de constater le service fait.").
			AvecCode(string(MotifSFFactureAbsente))
	}
	return nil
}

// payableOuFini refuses a constat that pays nothing although hours were followed:
// the invoice is then the thing to refuse, and the accord stays.
func (d *Dossier) payableOuFini(k Constat, solde bool) error {
	if k.Payable > 0 {
		return nil
	}
	if !solde || d.restants() > 0 {
		return Errorf(Conflict, "Rien n’est payable sur les factures reçues : refusez-les avec leur motif, ou demandez les certificats de la période.")
	}
	return nil
}
