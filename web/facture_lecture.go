package web

import (
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// champsFacture are the fields of the form.
func champsFacture() []string {
	noms := slices.Concat(champsGarde, []string{"numero", "date", "taux_tva", "iban", "remplace", "du", "au", "action", "of_numero", "of_acquittee", "lecture", "avance", "forme_juridique", "tva", "signataire", "fonction", "lieu"})
	for i := 1; i <= lignesFactureMax; i++ {
		n := strconv.Itoa(i)
		noms = append(noms, "ligne_"+n, "stagiaire_"+n, "heures_"+n, "montant_"+n, "prouve_"+n, "ttc_"+n, "tva_"+n)
	}
	return noms
}

// factureSaisie reads the invoice that was typed. What is not readable is a fault on
// its field; faults come in the order of the form.
func (l *lecteur) factureSaisie(prete opco.Facture, rembourse bool) opco.Facture {
	f := opco.Facture{Emetteur: prete.Emetteur, Destinataire: prete.Destinataire, ReferenceDossier: prete.ReferenceDossier, Intitule: prete.Intitule}
	f.Numero = l.ligneTexte("numero", 60)
	l.exiger("numero", f.Numero != "" || l.aFaute("numero"), "Écrivez le numéro de votre facture.")
	f.Date = lire(l, "date", opco.ParseDate)
	f.Du, f.Au = l.jour("du"), l.jour("au")
	f.Remplace = l.ligneTexte("remplace", 60)
	f.TauxTVA, f.Avance = prete.TauxTVA, l.Valeur("avance") == "oui"
	if t, err := strconv.Atoi(l.Valeur("taux_tva")); err == nil && t >= 0 && t <= 10_000 {
		f.TauxTVA = t
	}
	l.lignesFacture(&f)
	if l.Valeur("iban") != "" {
		f.IBAN = lire(l, "iban", opco.ParseIBAN)
	}
	if rembourse {
		l.preuvesFacture(&f)
	}
	return f.AvecTVA(rembourse)
}

// jour reads a day that may be left empty.
func (l *lecteur) jour(champ string) opco.Date {
	if l.Valeur(champ) == "" {
		return ""
	}
	return lire(l, champ, opco.ParseDate)
}

// mentionsFacture reads what the company writes on its own invoice (AK-47); what it must
// carry is held by its rule.
func (l *lecteur) mentionsFacture() opco.MentionsFacture {
	m := opco.MentionsFacture{FormeJuridique: l.ligneTexte("forme_juridique", 80), Signataire: l.ligneTexte("signataire", 80),
		Fonction: l.ligneTexte("fonction", 80), Lieu: l.ligneTexte("lieu", 80)}
	if strings.TrimSpace(l.Valeur("tva")) != "" {
		m.TVA = lire(l, "tva", opco.ParseTVA)
	}
	return m
}

// poserMentions writes the mentions in the values of the form.
func poserMentions(v url.Values, m opco.MentionsFacture) {
	for champ, x := range map[string]string{"forme_juridique": m.FormeJuridique, "tva": string(m.TVA), "signataire": m.Signataire, "fonction": m.Fonction, "lieu": m.Lieu} {
		v.Set(champ, x)
	}
}

// lignesFacture reads the lines.
func (l *lecteur) lignesFacture(f *opco.Facture) {
	for n, ligne := range l.rangs() {
		x := opco.LigneFacture{Ligne: ligne, Stagiaire: coupe(l.Valeur("stagiaire_"+n), 200)}
		x.Heures, x.Montant = l.heures("heures_"+n), l.montant("montant_"+n)
		if x.Montant > 0 {
			f.Lignes = append(f.Lignes, x)
			f.TotalHT += x.Montant
		}
	}
	l.exiger("montant_1", len(f.Lignes) > 0 || l.aFaute("montant_1"), "Facturez au moins une ligne : écrivez son montant.")
}

// preuvesFacture reads what the company proves of each line.
func (l *lecteur) preuvesFacture(f *opco.Facture) {
	for n, ligne := range l.rangs() {
		l.prouver(f, ligne, n)
	}
}

// rangs walks the lines of the form: their rank, as their fields write it, and their
// cost.
func (l *lecteur) rangs() iter.Seq2[string, opco.Ligne] {
	return func(yield func(string, opco.Ligne) bool) {
		for i := 1; i <= lignesFactureMax; i++ {
			n := strconv.Itoa(i)
			ligne := opco.Ligne(l.Valeur("ligne_" + n))
			if ligne == "" {
				return
			}
			if ligne.Libelle() != "" && !yield(n, ligne) {
				return
			}
		}
	}
}

// prouver reads what the company paid for one line (AK-46).
func (l *lecteur) prouver(f *opco.Facture, ligne opco.Ligne, n string) {
	m := l.montant("prouve_" + n)
	j := opco.Justificatif{Type: opco.PieceReleveDepenses, Montant: m, Ligne: ligne, Acquittee: true}
	if avecTVA(ligne) {
		j.TTC, j.TVARecuperee = l.montant("ttc_"+n), l.montant("tva_"+n)
		l.exiger("ttc_"+n, j.TTC > 0 || j.TVARecuperee == 0, "Écrivez le total TTC du justificatif : sans lui, la TVA récupérée ne se déduit de rien.")
		l.exiger("tva_"+n, j.TVARecuperee <= j.TTC, "La TVA récupérée dépasse le total TTC du justificatif.")
		if m == 0 {
			j.Montant = max(0, j.TTC-j.TVARecuperee)
		}
	}
	if j.Montant == 0 {
		return
	}
	if ligne == opco.LignePeda {
		j.Type, j.Numero, j.Acquittee = opco.PieceFactureOF, l.ligneTexte("of_numero", 60), l.Valeur("of_acquittee") == "oui"
	}
	f.Justificatifs = append(f.Justificatifs, j)
}

// ligneTexte reads a line of text.
func (l *lecteur) ligneTexte(champ string, max int) string {
	t, err := opco.ParseTexte(champ, l.Valeur(champ), max)
	if err == nil && strings.ContainsAny(t, "\n\t") {
		err = opco.Champf(champ, "Écrivez ce texte sur une seule ligne.")
	}
	l.noter(champ, err)
	return t
}

func (l *lecteur) aFaute(champ string) bool { return l.avec(l.fautes).Faute(champ) != "" }

// heures reads hours, none being 0.
func (l *lecteur) heures(champ string) opco.Minutes {
	v := strings.TrimSpace(l.Valeur(champ))
	if v == "" || strings.Trim(v, "0,. h") == "" {
		return 0
	}
	return lire(l, champ, opco.ParseDuree)
}

// montant reads an amount, none being 0.
func (l *lecteur) montant(champ string) opco.Montant {
	if strings.TrimSpace(l.Valeur(champ)) == "" {
		return 0
	}
	m := lire(l, champ, opco.ParseMontant)
	l.exiger(champ, m >= 0, "Un montant facturé ne peut pas être négatif : pour rendre de l’argent, envoyez un avoir.")
	return max(0, m)
}
