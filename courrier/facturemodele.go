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
	return []Bloc{
		Paragraphe{Texte: f + "."},
		Paragraphe{Texte: "Nombre de stagiaires : " + strconv.Itoa(len(x.Stagiaires)) + ". " + enumerer(x.Stagiaires, len(x.Stagiaires)) + "."},
		lignesFacture(x.Facture),
		totauxFacture(x.Facture),
		Paragraphe{Texte: x.Sincerite},
		Encadre{Fort: x.Mentions.Signataire + ", " + x.Mentions.Fonction, Texte: "\nCachet et signature" + strings.Repeat("\n", 2)},
	}
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
	t.Total = []string{"Total hors taxes", "", "", "", f.TotalHT.String()}
	return t
}

func totauxFacture(f opco.Facture) Encadre {
	return Encadre{Fort: "Total TTC à payer : " + f.TotalTTC.String() + ".",
		Texte: " Taux de TVA : " + tauxDit(f.TauxTVA) + ". TVA : " + f.TVA.String() + "."}
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
