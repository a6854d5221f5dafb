package courrier

import (
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// Virement is the avis de virement, one per payment executed (R05): what was
// paid, for which dossiers, people and hours, under which invoice number of the
// payee (AT-13, AT-16).
type Virement struct {
	Envoi
	Numero  string // of the règlement, as on the bank line
	Execute opco.Date
	Compte  string // IBAN of the payee, masked
	Remise  string // text sent to the bank
	Lignes  []LigneVirement
}

// LigneVirement is the part of a payment that settles one invoice.
type LigneVirement struct {
	Dossier    string
	Facture    string // the payee's own number
	Formation  string
	Stagiaires []StagiairePaye
	Frais      []FraisRembourse
	Montant    opco.Montant
	Retenues   []opco.Compensation // debts of the payee that were taken on it (I03)
	Impute     opco.Montant        // what an advance had paid of the invoice already
}

// StagiairePaye is one trained person and the hours paid for them.
type StagiairePaye struct {
	Nom    string
	Heures opco.Minutes
	Du     opco.Date
	Au     opco.Date
	// What these hours pay: the training, and the wages of who followed it.
	Peda         opco.Montant
	Remuneration opco.Montant
}

// FraisRembourse is a cost line that is not paid by the hour.
type FraisRembourse struct {
	Ligne   opco.Ligne
	Montant opco.Montant
}

// Nom is the name of the event.
func (Virement) Nom() string { return "virement" }

// Total is the amount of the payment.
func (v Virement) Total() opco.Montant {
	var t opco.Montant
	for _, l := range v.Lignes {
		t += l.Montant
		for _, r := range l.Retenues {
			t -= r.Montant
		}
	}
	return t
}

// Heures is the total of the hours paid.
func (v Virement) Heures() opco.Minutes {
	var t opco.Minutes
	for _, l := range v.Lignes {
		for _, s := range l.Stagiaires {
			t += s.Heures
		}
	}
	return t
}

func (v Virement) titre() string {
	if v.Total() == 0 {
		return "Votre facture est réglée : rien n’est viré, une somme que vous nous deviez est retenue"
	}
	return "Nous vous avons payé " + v.Total().String() + " le " + v.Execute.Longue()
}

func (v Virement) corps() []Bloc {
	compte := "votre compte"
	if v.Compte != "" {
		compte = "votre compte " + insecables(v.Compte)
	}
	if v.Total() == 0 {
		return append([]Bloc{Encadre{Fort: "Règlement " + v.Numero + " : rien à virer,", Texte: " le " + v.Execute.Longue() + "."}}, v.details()...)
	}
	blocs := []Bloc{
		Encadre{Fort: "Virement " + v.Numero + " : " + v.Total().String() + ",",
			Texte: " exécuté le " + v.Execute.Longue() + " sur " + compte + "."},
	}
	if v.Remise != "" {
		blocs = append(blocs, Paragraphe{Texte: "Votre relevé de banque portera : " + v.Remise})
	}
	return append(blocs, v.details()...)
}

// details shows what the payment settles, and what was taken on it.
func (v Virement) details() []Bloc {
	blocs := []Bloc{v.factures()}
	if h := v.stagiaires(); len(h.Lignes) > 0 {
		blocs = append(blocs, h)
	}
	if f := v.frais(); len(f.Lignes) > 0 {
		blocs = append(blocs, f)
	}
	return append(blocs, Paragraphe{Texte: "Les montants sont hors taxes. Vous n’avez rien à faire. " +
		"Si une ligne ne correspond pas à votre facture, écrivez-nous dans le dossier."})
}

// factures is the table of invoices, with the total.
func (v Virement) factures() Tableau {
	t := Tableau{Titre: "Ce que ce virement paie", Colonnes: []Colonne{
		{Nom: "Dossier", Part: 1.7}, {Nom: "Votre facture", Part: 1.8}, {Nom: "Formation", Part: 3.6}, {Nom: "Heures", Part: 1.1, Chiffre: true, Parle: true}, {Nom: "Montant", Part: 1.6, Chiffre: true},
	}}
	for _, l := range v.Lignes {
		un := Virement{Lignes: []LigneVirement{l}}
		t.Lignes = append(t.Lignes, []string{l.Dossier, l.Facture, l.Formation, enHeures(un.Heures()), l.Montant.String()})
		if l.Impute > 0 {
			t.Lignes = append(t.Lignes, []string{l.Dossier, l.Facture, "Avance déjà payée sur cette facture : " + l.Impute.String(), "", ""})
		}
		for _, r := range l.Retenues {
			t.Lignes = append(t.Lignes, []string{l.Dossier, "Indu " + r.Numero, "Somme reçue en trop, retenue", "", (-r.Montant).String()})
		}
	}
	t.Total = []string{"Total", "", "", enHeures(v.Heures()), v.Total().String()}
	return t
}

// stagiaires is the table of hours paid, person by person.
func (v Virement) stagiaires() Tableau {
	t := Tableau{Titre: "Les heures payées, personne par personne", Colonnes: []Colonne{
		{Nom: "Stagiaire", Part: 3.4}, {Nom: "Dossier", Part: 1.8}, {Nom: "Période", Part: 3.2, Parle: true}, {Nom: "Heures", Part: 1.2, Chiffre: true, Parle: true},
	}}
	peda, remuneration := v.heuresPayees()
	for _, l := range v.Lignes {
		for _, s := range l.Stagiaires {
			t.Lignes = append(t.Lignes, chiffrer([]string{s.Nom, l.Dossier, periode(s.Du, s.Au), enHeures(s.Heures)}, peda, s.Peda, remuneration, s.Remuneration))
		}
	}
	t.Total = chiffrer([]string{"Total", "", "", enHeures(v.Heures())}, peda, peda, remuneration, remuneration)
	if peda > 0 {
		t.Colonnes = append(t.Colonnes, Colonne{Nom: "Pédagogie", Part: 1.7, Chiffre: true, Parle: true})
	}
	if remuneration > 0 {
		t.Colonnes = append(t.Colonnes, Colonne{Nom: "Rémunération", Part: 1.7, Chiffre: true, Parle: true})
	}
	return t
}

// heuresPayees sums what the hours pay: the training, and the wages.
func (v Virement) heuresPayees() (peda, remuneration opco.Montant) {
	for _, l := range v.Lignes {
		for _, s := range l.Stagiaires {
			peda, remuneration = peda+s.Peda, remuneration+s.Remuneration
		}
	}
	return peda, remuneration
}

// chiffrer adds to a row the amounts whose column has something to say.
func chiffrer(ligne []string, peda, p, remuneration, r opco.Montant) []string {
	if peda > 0 {
		ligne = append(ligne, p.String())
	}
	if remuneration > 0 {
		ligne = append(ligne, r.String())
	}
	return ligne
}

// frais is the table of the costs reimbursed, empty when there are none.
func (v Virement) frais() Tableau {
	t := Tableau{Titre: "Les frais remboursés", Colonnes: []Colonne{
		{Nom: "Poste", Part: 3}, {Nom: "Dossier", Part: 2}, {Nom: "Montant", Part: 1.4, Chiffre: true},
	}}
	for _, l := range v.Lignes {
		for _, f := range l.Frais {
			t.Lignes = append(t.Lignes, []string{f.Ligne.Libelle(), l.Dossier, f.Montant.String()})
		}
	}
	return t
}

// Lettre returns the avis.
func (v Virement) Lettre(m Maison) (Lettre, bool) {
	refs := []Reference{{"Virement", v.Numero}, {"Dossiers", strings.Join(v.dossiers(), ", ")}}
	return v.lettreSur(m, refs, v.titre(), v.corps()...), true
}

func (v Virement) dossiers() []string {
	var d []string
	for _, l := range v.Lignes {
		if !slices.Contains(d, l.Dossier) {
			d = append(d, l.Dossier)
		}
	}
	return d
}

// Courriel returns the mail.
func (v Virement) Courriel(m Maison) (Message, error) {
	return v.message(m, "virement de "+v.Total().String(), v.titre(), "Voir mes règlements", v.corps())
}

// RejetBancaire tells the payee that the bank refused a transfer, or sent it
// back, and that a RIB is needed (R04, R06).
type RejetBancaire struct {
	Envoi
	Numero   string // of the règlement
	Montant  opco.Montant
	Compte   string   // IBAN, masked
	Factures []string // the payee's own numbers
	Cause    string   // the sentence of the bank's reason
	RejeteLe opco.Date
	Retour   bool // came back after it was executed
	Attente  int  // hours of the hold of a new RIB
}

// Nom is the name of the event.
func (RejetBancaire) Nom() string { return "rejet_bancaire" }

// Lettre says that the event has no letter.
func (RejetBancaire) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail. It never asks for a RIB by mail: the payee gives it
// on the portal.
func (r RejetBancaire) Courriel(m Maison) (Message, error) {
	verbe := " a été refusé par la banque"
	if r.Retour {
		verbe = " nous est revenu"
	}
	blocs := []Bloc{
		Paragraphe{Texte: "Notre virement " + r.Numero + " de " + r.Montant.String() + " vers votre compte " + insecables(r.Compte) + verbe +
			" le " + r.RejeteLe.Longue() + ". Il payait " + compterNoms("votre facture ", "vos factures ", r.Factures) + "."},
		Encadre{Fort: "Vérifiez votre RIB et déposez-le dans votre espace.",
			Texte: " Ne l’envoyez pas par e-mail."},
	}
	if r.Cause != "" {
		blocs = slices.Insert(blocs, 1, Bloc(Paragraphe{Fort: "Ce que dit la banque. ", Texte: r.Cause}))
	}
	return r.message(m, "RIB à vérifier, virement rejeté", "Notre virement de "+r.Montant.String()+" n’a pas abouti", "Déposer mon RIB",
		append(blocs, Paragraphe{Texte: "Un nouveau RIB est vérifié par plusieurs personnes, et les virements vers lui attendent " + strconv.Itoa(r.Attente) + " h, " +
			"pour vous protéger de la fraude. Puis nous refaisons le virement. La somme vous est toujours due."}))
}

// enHeures writes « 28,00 h ».
func enHeures(m opco.Minutes) string {
	if m == 0 {
		return ""
	}
	return m.Heures() + " h"
}

func compterNoms(un, plusieurs string, noms []string) string {
	if len(noms) < 2 {
		return un + strings.Join(noms, "")
	}
	return plusieurs + enumerer(noms, 10)
}
