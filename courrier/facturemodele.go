package courrier

import (
	"strconv"
	"strings"

	"guichet/opco"
)

// FactureEntreprise draws the invoice of a company to its OPCO in the model (AK-47):
// its own paper, without the mark of the house.
func FactureEntreprise(x opco.FactureModele) Lettre {
	m := Maison{Nom: x.Emetteur.Nom, Adresse: coordonnees(x.Emetteur), Ville: x.Mentions.Lieu}
	return Lettre{Maison: m, SansMarque: true, Adresse: append([]string{x.Destinataire.Nom}, coordonnees(x.Destinataire)...), Date: x.Facture.Date,
		References: referencesFacture(x), Objet: "Facture " + x.Facture.Numero, Corps: corpsFacture(x),
		Pied: piedFacture(x)}
}

// coordonnees are the lines under the name of a party: what the law and the model want
// of it.
func coordonnees(p opco.PartieFacture) []string {
	l := append([]string{}, p.Adresse...)
	if p.FormeJuridique != "" {
		l = append([]string{p.FormeJuridique}, l...)
	}
	l = append(l, "SIRET "+insecables(p.SIRET.Affiche()))
	if p.TVA != "" {
		l = append(l, "TVA intracommunautaire "+string(p.TVA))
	}
	return l
}

func referencesFacture(x opco.FactureModele) []Reference {
	refs := []Reference{{"Dossier", x.Dossier}}
	for _, r := range []Reference{{"N° adhérent", x.Emetteur.Adherent}, {"Votre assistant", x.Assistant}, {"Ligne directe", insecables(x.LigneDirecte)}} {
		if r.Valeur != "" {
			refs = append(refs, r)
		}
	}
	if x.Facture.Remplace != "" {
		refs = append(refs, Reference{"Annule et remplace", "facture " + x.Facture.Remplace})
	}
	return refs
}

func corpsFacture(x opco.FactureModele) []Bloc {
	f := "Formation « " + x.Intitule + " », " + periode(x.Debut, x.Fin)
	if x.Organisme != "" {
		f += ", assurée par " + x.Organisme
	}
	if x.Facture.Du != "" && x.Facture.Au != "" {
		f += ". Période facturée : " + periode(x.Facture.Du, x.Facture.Au)
	}
	bs := []Bloc{
		Paragraphe{Texte: f + "."},
		Paragraphe{Texte: "Nombre de stagiaires : " + strconv.Itoa(len(x.Stagiaires)) + ". " + enumerer(x.Stagiaires, len(x.Stagiaires)) + "."},
		lignesFacture(x.Facture),
	}
	bs = append(bs, totauxFacture(x.Facture)...)
	return append(bs, Paragraphe{Texte: x.Sincerite},
		Encadre{Fort: x.Mentions.Signataire + ", " + x.Mentions.Fonction, Texte: "\nCachet et signature" + strings.Repeat("\n", 2)})
}

// lignesFacture is the table of what is invoiced, each amount with what it is.
func lignesFacture(f opco.Facture) Tableau {
	t := Tableau{Titre: "Ce qui est facturé", Colonnes: []Colonne{
		{Nom: "Dépense", Part: 3.3}, {Nom: "Salarié", Part: 2.8}, {Nom: "Heures", Part: 0.9, Chiffre: true}, {Nom: "Prix de l’heure", Part: 1.4, Chiffre: true}, {Nom: "Montant", Part: 1.3, Chiffre: true},
	}}
	for _, l := range f.Lignes {
		prix := ""
		if l.Heures > 0 {
			prix = l.Montant.Fraction(60, int64(l.Heures)).String()
		}
		t.Lignes = append(t.Lignes, []string{l.Ligne.Libelle() + " (" + l.Ligne.Base() + ")", l.Stagiaire, enHeures(l.Heures), prix, l.Montant.String()})
	}
	t.Total = []string{totalDit(f), "", "", "", f.TotalHT.String()}
	return t
}

// totalDit names the sum of the lines: it is without TVA only when no TVA is added.
func totalDit(f opco.Facture) string {
	if f.TauxTVA > 0 {
		return "Total avant TVA ajoutée"
	}
	return "Total hors taxes"
}

// totauxFacture is the end of the bill: HT, TVA by rate and TTC. What has its TVA
// already, and the wages, bear none (opco.VentilerTVA).
func totauxFacture(f opco.Facture) []Bloc {
	if f.TauxTVA == 0 {
		return []Bloc{Encadre{Fort: "Total TTC à payer : " + f.TotalTTC.String() + ".", Texte: " Taux de TVA : " + tauxDit(0) + ". TVA : " + f.TVA.String() + "."}}
	}
	t := Tableau{Titre: "TVA par taux", Colonnes: []Colonne{
		{Nom: "Dépenses", Part: 4.3}, {Nom: "Taux", Part: 0.9, Chiffre: true}, {Nom: "Montant", Part: 1.5, Chiffre: true}, {Nom: "TVA", Part: 1.4, Chiffre: true}, {Nom: "TTC", Part: 1.5, Chiffre: true},
	}}
	for _, p := range f.VentilerTVA(true) {
		nom, taux := "Hors taxes", tauxDit(p.Taux)
		if p.Taux == 0 {
			nom, taux = "Salaires, frais TVA comprise ou nets de TVA", "aucune"
		}
		t.Lignes = append(t.Lignes, []string{nom, taux, p.Montant.String(), p.TVA.String(), p.TTC().String()})
	}
	t.Total = []string{"Total", "", f.TotalHT.String(), f.TVA.String(), f.TotalTTC.String()}
	return []Bloc{t, Encadre{Fort: "Total TTC : " + f.TotalTTC.String() + ".",
		Texte: " L’OPCO paie le montant avant TVA ajoutée, " + f.TotalHT.String() + " au plus : la TVA reste à l’entreprise."}}
}

// tauxDit writes « 20 % », or « 0 % ».
func tauxDit(centiemes int) string {
	s := strconv.Itoa(centiemes / 100)
	if r := centiemes % 100; r > 0 {
		s += "," + strings.TrimRight(strconv.Itoa(100 + r)[1:], "0")
	}
	return s + insecable + "%"
}

func piedFacture(x opco.FactureModele) string {
	if x.Facture.IBAN == "" {
		return "À payer sur le compte que l’OPCO connaît."
	}
	return "À payer sur le compte " + insecables(x.Facture.IBAN.Affiche()) + "."
}
