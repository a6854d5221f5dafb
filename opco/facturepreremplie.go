package opco

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// LectureFacture is what the guichet makes of an electronic invoice for a dossier:
// the invoice ready to be sent, and each check with its result. Electronique travels
// inside Facture.
type LectureFacture struct {
	Facture   Facture    `json:"facture"`
	Controles []Controle `json:"controles"`
}

// PreparerElectronique fills the invoice of d with what its file says. The file is
// followed to the letter for what it says; a line whose text names one stagiaire of
// the accord is for that stagiaire.
func PreparerElectronique(d *Dossier, l FactureLue, f Faits) LectureFacture {
	e := electroniqueDe(l, d, f)
	fac := Facture{Numero: l.Numero, Date: l.Date, Emetteur: e.Emetteur, Destinataire: e.Destinataire, ReferenceDossier: e.Reference,
		Intitule: d.Demande.Intitule, TotalHT: e.TotalHT, TauxTVA: l.taux(), TVA: e.TVA, TotalTTC: e.TotalTTC, IBAN: e.IBAN, Electronique: e}
	if d.Demande.Echelonnement {
		fac.Du, fac.Au = l.Du, l.Au
	}
	if o := strings.TrimSpace(l.Origine); o != "" && !l.EstAvoir() {
		if ancienne, ok := d.factureNumero(o); ok {
			fac.Remplace = ancienne.Numero
		}
	}
	fac.Lignes = d.lignesLues(l, f)
	return LectureFacture{Facture: fac, Controles: controlerLecture(d, l, fac, f)}
}

// taux is the rate of the invoice: the house knows one for each.
func (l FactureLue) taux() int {
	t := 0
	for _, v := range l.TVAs {
		t = max(t, v.Taux)
	}
	return t
}

// lignesLues are the lines of the invoice, net of the allowances and charges on the
// whole, which are shared over them. Without any line in the file they are those of
// the invoice that would be right today when the total is the same, else one.
func (d *Dossier) lignesLues(l FactureLue, f Faits) []LigneFacture {
	if len(l.Lignes) == 0 {
		if p := FactureProposee(d, f); p.TotalHT == l.Totaux.HT && len(p.Lignes) > 0 {
			return p.Lignes
		}
		return []LigneFacture{{Ligne: LignePeda, Montant: l.Totaux.HT}}
	}
	poids := make([]int64, len(l.Lignes))
	for i, x := range l.Lignes {
		poids[i] = int64(x.Montant)
	}
	net := (l.sommeRemises(true) - l.sommeRemises(false)).Repartir(poids)
	ls := make([]LigneFacture, len(l.Lignes))
	for i, x := range l.Lignes {
		ls[i] = LigneFacture{Ligne: ligneDite(x.Texte), Stagiaire: d.nommeDans(x.Texte), Libelle: tete(x.Texte, 200), Heures: x.Heures, Montant: x.Montant + net[i]}
	}
	return ls
}

// motsLigne are the words, without accents, by which a line tells another cost than
// the teaching itself (domain.md 3.7 bis).
var motsLigne = []struct {
	ligne Ligne
	mots  []string
}{
	{LigneRepas, []string{"repas", "restauration", "dejeuner"}},
	{LigneHebergement, []string{"hebergement", "hotel", "nuit", "nuits", "nuitee", "nuitees"}},
	{LigneTransport, []string{"transport", "deplacement", "deplacements", "peage", "kilometriques"}},
	{LigneRemuneration, []string{"remuneration", "salaire", "salaires"}},
	{LigneIngenierie, []string{"ingenierie"}},
}

// ligneDite says which cost a line is for, the teaching when no word says otherwise.
func ligneDite(texte string) Ligne {
	mots := strings.Fields(CleNom(texte))
	for _, x := range motsLigne {
		if slices.ContainsFunc(x.mots, func(m string) bool { return slices.Contains(mots, m) }) {
			return x.ligne
		}
	}
	return LignePeda
}

// nommeDans returns the only stagiaire of the accord whose name the text holds, ""
// when it names none, or several.
func (d *Dossier) nommeDans(texte string) string {
	cle, trouve := " "+CleNom(texte)+" ", ""
	for _, s := range d.Demande.Presents() {
		nom, prenom := CleNom(s.Nom), CleNom(s.Prenom)
		if nom == "" || prenom == "" || !strings.Contains(cle, " "+prenom+" "+nom+" ") && !strings.Contains(cle, " "+nom+" "+prenom+" ") {
			continue
		}
		if trouve != "" {
			return ""
		}
		trouve = s.nomComplet()
	}
	return trouve
}

// controlerLecture lists the checks of the file in itself, then of the invoice
// against the dossier, each with its result: green ones are shown too.
func controlerLecture(d *Dossier, l FactureLue, fac Facture, f Faits) []Controle {
	var cs []Controle
	defauts := l.Defauts()
	for _, r := range reglesEN {
		c := Controle{Code: r.code, Nom: r.nom, Resultat: ResultatOK, Phrase: "Conforme à la norme EN 16931."}
		if i := slices.IndexFunc(defauts, func(x Defaut) bool { return x.Regle == r.code }); i >= 0 {
			c.Resultat, c.Motif, c.Phrase = ResultatBlock, MotifRejSeman, enPhrase(defauts[i].Phrase)
		}
		cs = append(cs, c)
	}
	cs = append(cs, l.controlerPage())
	for _, x := range controlesLus {
		c := Controle{Code: x.code, Nom: x.nom, Resultat: ResultatOK, Preuve: x.preuve(fac), Phrase: "Conforme au dossier."}
		if m, p := x.controle(d, fac, f); m != "" {
			if p == nil {
				p = Precisions{}
			}
			p["facture"] = citer(fac.Numero)
			c.Resultat, c.Motif, c.Phrase = ResultatBlock, m, m.Expliquer(p).Quoi
		}
		cs = append(cs, c)
	}
	return cs
}

// controlesLus are the checks of the invoice that the file alone decides.
var controlesLus = []struct {
	code, nom string
	controle  controleFacture
	preuve    func(Facture) string
}{
	{"BT-3", "Facture, pas un avoir", func(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
		if f.Electronique.Avoir {
			return MotifRejSeman, Precisions{"detail": "le fichier est un avoir : déposez-le comme un avoir"}
		}
		return "", nil
	}, func(f Facture) string { return f.Electronique.Profil }},
	{"BT-1", "Numéro jamais utilisé", factureNumeroUnique, func(f Facture) string { return f.Numero }},
	{"BT-13", "Numéro de dossier", factureReference, func(f Facture) string { return ouAucun(f.ReferenceDossier) }},
	{"BT-30", "Émetteur", factureEmetteur, func(f Facture) string { return "SIRET " + afficheOuAbsent(f.Emetteur) }},
	{"NDA", "Déclaration d’activité", factureNDA, func(f Facture) string { return f.Electronique.ndaDite() }},
	{"BT-47", "Destinataire", factureDestinataire, func(f Facture) string { return "SIRET " + afficheOuAbsent(f.Destinataire) }},
	{"BT-84", "Compte à payer", factureIBAN, func(f Facture) string { return compteDit(f.IBAN) }},
	{"BG-23", "Un seul taux de TVA", factureUnTaux, taux},
	{"BT-152", "Régime de TVA", factureTVA, taux},
	{"BG-25", "Participants", factureParticipants, func(f Facture) string { return fmt.Sprintf("%d ligne(s)", len(f.Lignes)) }},
}

func (e *Electronique) ndaDite() string {
	if e.NDA == "" {
		return "non écrite"
	}
	return e.NDA.Affiche()
}

func compteDit(i IBAN) string {
	if i == "" {
		return "non écrit : le compte que nous connaissons"
	}
	return i.Masque()
}

// enPhrase writes what is wrong as a sentence.
func enPhrase(s string) string {
	if s == "" {
		return ""
	}
	r := []rune(s)
	return string(unicode.ToUpper(r[0])) + string(r[1:]) + "."
}

// controlerPage says whether the page that people see shows the total of the data.
func (l FactureLue) controlerPage() Controle {
	c := Controle{Code: "PDF", Nom: "Total de la page", Preuve: l.Totaux.TTC.String()}
	switch l.Page.Etat {
	case PageConcorde:
		c.Resultat, c.Phrase = ResultatOK, "La page du PDF montre le total des données."
	case PageDiffere:
		c.Resultat, c.Motif = ResultatBlock, MotifRejSeman
		c.Phrase = fmt.Sprintf("La page montre un total de %s, les données disent %s.", l.Page.Vu, l.Totaux.TTC)
	case PageNonLue:
		c.Resultat, c.Phrase = ResultatAttendu, "Non vérifié : le texte de la page ne se lit pas. Un gestionnaire la comparera aux données."
	default:
		c.Resultat, c.Phrase = ResultatSansObjet, "Le fichier n’a pas de page à comparer."
	}
	return c
}
