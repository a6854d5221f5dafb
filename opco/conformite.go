package opco

import (
	"slices"
	"strings"
)

// controleFacture is one check of an invoice on arrival. It returns "" when the
// invoice passes, else the motif and the figures of its sentence.
type controleFacture func(d *Dossier, f Facture, fa Faits) (Motif, Precisions)

// controlesFacture are the checks of domain.md 2.7 in the order in which they
// are made; the first that fails is the one told. An invoice is first readable,
// then ours, then right in itself, then right for this accord, then complete.
var controlesFacture = []controleFacture{
	factureLisible,
	factureElectronique,
	factureAccordEnVigueur,
	factureNumeroUnique,
	factureReference,
	factureEmetteur,
	factureNDA,
	factureDestinataire,
	factureUnTaux,
	factureCalcul,
	factureTVA,
	factureIBAN,
	factureParticipants,
	factureRemplacement,
	factureAvance,
	factureTerme,
	factureEngagement,
	factureCertificats,
	factureJustificatifs,
}

// ControlerFacture says what an invoice becomes on arrival: rejetée (213) when it
// cannot be read or contradicts itself, refusée (210) with its motif, suspendue
// (208) while a proof is missing, JUSTIF_ABS for a certificat and a motif of the
// service fait for what the company must prove, else prise en charge (204). The
// sentence says what was found, with its figures; it is "" when all is well.
// Nothing is engaged or paid here. An invoice already in d (same ID), whose
// missing proof has come, is checked again without being its own duplicate.
func ControlerFacture(d *Dossier, f Facture, fa Faits) (EtatFacture, Motif, string) {
	for _, controle := range controlesFacture {
		m, p := controle(d, f, fa)
		if m == "" {
			continue
		}
		if p["facture"] == "" {
			p["facture"] = citer(f.Numero)
		}
		return etatApresControle(m), m, m.Expliquer(p).Quoi
	}
	return FacturePriseEnCharge, "", ""
}

func etatApresControle(m Motif) EtatFacture {
	switch {
	case m.Famille() == FamilleRejet:
		return FactureRejetee
	case m == MotifJustifAbs, m.Famille() == FamilleServiceFait:
		return FactureSuspendue
	}
	return FactureRefusee
}

// EcheancePaiement returns the day by which an invoice must be paid: the day on
// which it was conforming, plus the délai of payment (domain.md F07, T27).
func EcheancePaiement(conforme Date, p Parametres) Date { return conforme.Jours(p.PaiementJours) }

// subroge reports whether the OPCO pays the organisme directly.
func (d *Dossier) subroge() bool { return d.beneficiaire() == RoleOrganisme }

func factureAccordEnVigueur(d *Dossier, _ Facture, _ Faits) (Motif, Precisions) {
	switch {
	case d.Etat == EtatAnnulee, d.Etat == EtatCloturee, d.Etat == EtatRefusee, d.Etat == EtatSansSuite, d.Etat == EtatSupprime:
		return MotifContratTerm, Precisions{"dossier": d.Numero}
	case d.Decision == nil || d.Decision.Accorde == 0:
		return MotifNonConforme, Precisions{"detail": "aucun accord n’a été donné sur ce dossier"}
	}
	return "", nil
}

// factureNumeroUnique refuses a number that the issuer already used (5 bis). A
// number rejected as unreadable, or refused, was never used.
func factureNumeroUnique(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	connue := false
	for _, autre := range d.Factures {
		if autre.ID == f.ID {
			connue = true
			continue
		}
		if autre.tientSonNumero() && autre.Emetteur.SIREN() == f.Emetteur.SIREN() && memeNumero(autre.Numero, f.Numero) {
			return MotifDoublon, Precisions{"recue_le": autre.RecueLe.Longue()}
		}
	}
	if connue {
		return "", nil // its own number is among those taken
	}
	for _, n := range fa.NumerosPris {
		if memeNumero(n, f.Numero) {
			return MotifDoublon, Precisions{}
		}
	}
	return "", nil
}

// tientSonNumero reports whether no other invoice may bear the number of f. One
// that was refused is sent again, corrected, under the same number.
func (f Facture) tientSonNumero() bool { return f.Etat != FactureRejetee && f.Etat != FactureRefusee }

// memeNumero compares two invoice numbers as people read them: neither spaces
// nor the case of letters tell one from the other.
func memeNumero(a, b string) bool { return strings.EqualFold(sansEspaces(a), sansEspaces(b)) }

func factureReference(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	switch {
	case strings.TrimSpace(f.ReferenceDossier) == "":
		return MotifRefCtAbsent, Precisions{"attendu": d.Numero}
	case !memeNumero(f.ReferenceDossier, d.Numero):
		return MotifRefErr, Precisions{"recu": citer(f.ReferenceDossier), "attendu": d.Numero}
	}
	return "", nil
}

// factureEmetteur wants the établissement of the accord under subrogation, and
// for a remboursement any établissement of the company.
func factureEmetteur(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	attendu := d.Demande.Etablissement
	bon := f.Emetteur.SIREN() != "" && f.Emetteur.SIREN() == attendu.SIREN()
	if d.subroge() {
		attendu = d.Demande.Organisme.SIRET
		bon = f.Emetteur != "" && f.Emetteur == attendu
	}
	if bon {
		return "", nil
	}
	return MotifSIRETErr, Precisions{"recu": afficheOuAbsent(f.Emetteur), "attendu": attendu.Affiche()}
}

// factureDestinataire wants the OPCO: the organisme invoices it under
// subrogation, the company does for its remboursement (S02, S18).
func factureDestinataire(_ *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if f.Destinataire == fa.OPCO {
		return "", nil
	}
	return MotifDestErr, Precisions{"recu": afficheOuAbsent(f.Destinataire), "attendu": fa.OPCO.Affiche()}
}

func afficheOuAbsent(s SIRET) string {
	if s == "" {
		return "absent"
	}
	return s.Affiche()
}

// factureIBAN compares the account written on the invoice with the one on file.
// An invoice without any is paid on the account on file.
func factureIBAN(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	connu := fa.Entreprise.IBAN
	if d.subroge() {
		connu = ""
		if fa.Organisme != nil {
			connu = fa.Organisme.IBAN
		}
	}
	if f.IBAN == "" || connu == "" || f.IBAN == connu {
		return "", nil
	}
	return MotifCoordBancErr, Precisions{"recu": finIBAN(f.IBAN), "attendu": finIBAN(connu)}
}

func finIBAN(i IBAN) string { return string(i[max(0, len(i)-4):]) }

func factureParticipants(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	for _, l := range f.Lignes {
		if l.Stagiaire == "" {
			continue
		}
		if _, c := d.Demande.nomme(l.Stagiaire); c == ConcordanceDifferente {
			return MotifNonConforme, Precisions{"detail": citer(l.Stagiaire) + " n’est pas dans l’accord"}
		}
	}
	return "", nil
}

// nomme returns the stagiaire, not withdrawn, whose name agrees best with nom.
func (d Demande) nomme(nom string) (Stagiaire, Concordance) {
	proche, trouve := Stagiaire{}, ConcordanceDifferente
	for _, s := range d.Presents() {
		switch NomsConcordent(nom, s.nomComplet()) {
		case ConcordanceExacte:
			return s, ConcordanceExacte
		case ConcordanceProche:
			if trouve == ConcordanceDifferente {
				proche, trouve = s, ConcordanceProche
			}
		}
	}
	return proche, trouve
}

// factureTerme refuses an invoice dated before the end of what it invoices, unless
// it is the advance.
func factureTerme(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	if f.Avance {
		return "", nil
	}
	fin := d.Demande.Fin
	if d.Demande.Echelonnement {
		fin = f.Au
		for _, c := range d.Certificats {
			if f.Au == "" && (fin == "" || c.Au < fin) {
				fin = c.Au
			}
		}
	}
	if f.Date >= fin {
		return "", nil
	}
	return MotifLivrIncomp, Precisions{"fin": fin.Longue()}
}

// factureEngagement refuses an invoice when nothing is left to pay on the accord
// (5 bis): what the invoice that it replaces had taken counts as left, and so does
// an advance, from which the invoice is imputed.
func factureEngagement(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	reste := Somme(d.Engagements) + d.avanceRestante()
	if r, ok := d.factureNumero(f.Remplace); ok {
		reste += r.Approuve
	}
	if reste > 0 {
		return "", nil
	}
	return MotifMontantTotalErr, Precisions{"recu": f.TotalHT.String(), "disponible": reste.String()}
}

// factureNumero returns the invoice of d that bears the number: the one that holds
// it, else the last one refused under it.
func (d *Dossier) factureNumero(numero string) (Facture, bool) {
	refusee, trouvee := Facture{}, false
	for _, f := range slices.Backward(d.Factures) {
		switch {
		case numero == "" || !memeNumero(f.Numero, numero):
		case f.tientSonNumero():
			return f, true
		case f.Etat == FactureRefusee && !trouvee:
			refusee, trouvee = f, true
		}
	}
	return refusee, trouvee
}
