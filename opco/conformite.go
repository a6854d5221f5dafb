package opco

import "strings"

// controleFacture is one check of an invoice on arrival. It returns "" when the
// invoice passes, else the motif and the figures of its sentence.
type controleFacture func(d *Dossier, f Facture, fa Faits) (Motif, Precisions)

// controlesFacture are the checks of domain.md 2.7 in the order in which they
// are made; the first that fails is the one told. An invoice is first readable,
// then ours, then right in itself, then right for this accord, then complete.
var controlesFacture = []controleFacture{
	factureLisible,
	factureAccordEnVigueur,
	factureNumeroUnique,
	factureReference,
	factureEmetteur,
	factureDestinataire,
	factureCalcul,
	factureTVA,
	factureIBAN,
	factureParticipants,
	factureRemplacement,
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

// factureLisible refuses what no one could read: it is a mistake of a machine or
// of a form, told as 213 IRR_SYNTAX or REJ_SEMAN (domain.md 5 bis).
func factureLisible(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	illisible := func(detail string) (Motif, Precisions) { return MotifIrrSyntax, Precisions{"detail": detail} }
	switch {
	case strings.TrimSpace(f.Numero) == "":
		return illisible("le numéro de facture manque")
	case dateIllisible(f.Date):
		return illisible("la date de facture manque ou n’existe pas")
	case len(f.Lignes) == 0:
		return illisible("aucune ligne n’est détaillée")
	case f.TotalHT <= 0:
		return illisible("le total hors taxes manque")
	case f.TotalHT > MontantMax || f.TotalTTC > MontantMax:
		return illisible("un montant dépasse " + MontantMax.String())
	case f.TVA < 0 || f.TauxTVA < 0:
		return illisible("la TVA est négative")
	}
	return ligneLisible(f)
}

func dateIllisible(d Date) bool {
	_, err := ParseDate(string(d))
	return err != nil
}

func ligneLisible(f Facture) (Motif, Precisions) {
	for _, l := range f.Lignes {
		switch {
		case l.Ligne.Libelle() == "":
			return MotifIrrSyntax, Precisions{"detail": "une ligne ne dit pas quel coût elle facture"}
		case l.Montant < 0:
			return MotifRejSeman, Precisions{"detail": "une ligne est négative, ce qui est un avoir"}
		case l.Montant > MontantMax:
			return MotifIrrSyntax, Precisions{"detail": "un montant dépasse " + MontantMax.String()}
		case l.Heures < 0 || l.Heures > MinutesMax:
			return MotifIrrSyntax, Precisions{"detail": "une ligne porte un nombre d’heures impossible"}
		}
	}
	if f.Remplace != "" && memeNumero(f.Remplace, f.Numero) {
		return MotifRejSeman, Precisions{"detail": "la facture annonce qu’elle se remplace elle-même"}
	}
	if f.Au != "" && (dateIllisible(f.Au) || f.Au < f.Du) {
		return MotifRejSeman, Precisions{"detail": "la période facturée finit avant de commencer"}
	}
	return "", nil
}

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
// number rejected as unreadable was never used.
func factureNumeroUnique(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	connue := false
	for _, autre := range d.Factures {
		if autre.ID == f.ID {
			connue = true
			continue
		}
		if autre.Etat != FactureRejetee && autre.Emetteur.SIREN() == f.Emetteur.SIREN() && memeNumero(autre.Numero, f.Numero) {
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

func factureCalcul(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	recu, attendu := calculFaux(f)
	if recu == attendu {
		return "", nil
	}
	return MotifCalculErr, Precisions{"recu": recu.String(), "attendu": attendu.String()}
}

// calculFaux returns the first figure of f that its other figures contradict, and
// what it should be; two equal amounts when the arithmetic is right (SF10). The
// TVA may be rounded on the total or on each line, half-up.
func calculFaux(f Facture) (recu, attendu Montant) {
	var lignes, tva Montant
	for _, l := range f.Lignes {
		lignes += l.Montant
		tva += l.Montant.Fraction(int64(f.TauxTVA), 10_000)
	}
	surTotal := f.TotalHT.Fraction(int64(f.TauxTVA), 10_000)
	switch {
	case lignes != f.TotalHT:
		return f.TotalHT, lignes
	case f.TauxTVA > 0 && f.TVA != surTotal && f.TVA != tva:
		return f.TVA, surTotal
	case f.TotalTTC != f.TotalHT+f.TVA:
		return f.TotalTTC, f.TotalHT + f.TVA
	}
	return 0, 0
}

// factureTVA compares the TVA with the régime of the organisme. A company that
// asks for its remboursement is not judged on it: only HT is paid.
func factureTVA(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if !d.subroge() || fa.Organisme == nil {
		return "", nil
	}
	attendu := 0
	if fa.Organisme.TVA {
		attendu = 2000
	}
	if f.TauxTVA == attendu && (attendu > 0 || f.TVA == 0) {
		return "", nil
	}
	return MotifTxTVAErr, Precisions{"recu": taux(f), "attendu": map[int]string{0: "une facture sans TVA", 2000: "20 %"}[attendu]}
}

func taux(f Facture) string {
	switch {
	case f.TauxTVA > 0:
		return strings.TrimSuffix(Montant(f.TauxTVA).Nombre(), ",00") + espaceInsecable + "%"
	case f.TVA > 0:
		return f.TVA.String() + " de TVA"
	}
	return "aucune TVA"
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

// factureTerme refuses an invoice dated before the end of what it invoices.
func factureTerme(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
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
// (5 bis): what the invoice that it replaces had taken counts as left.
func factureEngagement(d *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	reste := Somme(d.Engagements)
	if r, ok := d.factureNumero(f.Remplace); ok {
		reste += r.Approuve
	}
	if reste > 0 {
		return "", nil
	}
	return MotifMontantTotalErr, Precisions{"recu": f.TotalHT.String(), "disponible": reste.String()}
}

// factureNumero returns the invoice of d that bears the number.
func (d *Dossier) factureNumero(numero string) (Facture, bool) {
	for i := len(d.Factures) - 1; numero != "" && i >= 0; i-- {
		if memeNumero(d.Factures[i].Numero, numero) && d.Factures[i].Etat != FactureRejetee {
			return d.Factures[i], true
		}
	}
	return Facture{}, false
}
