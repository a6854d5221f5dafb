package web

import (
	"slices"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// ControlesVus are the checks of a dossier: those to look at, and those that conform.
type ControlesVus struct {
	Ouverts, Conformes          []ControleVu
	OK, Attention, Bloque, Lire int
}

// ControleVu is one check with its verdict. Repere is the number of the pièce that
// proves it, 0 for none, and Voir its address.
type ControleVu struct {
	Ton, Nom, Phrase, Preuve, Verdict string
	Repere                            int
	Voir                              string
}

// verdicts says each outcome of a check in tone and words.
var verdicts = map[opco.Resultat]marque{
	opco.ResultatOK: {"Conforme", "circle-check", Vert}, opco.ResultatWarn: {"À regarder", "triangle-alert", Ambre},
	opco.ResultatBlock: {"Bloquant", "octagon-x", Rouge}, opco.ResultatAttendu: {"À lire", "circle-dashed", Gris},
	opco.ResultatSansObjet: {"Sans objet", "circle-dashed", Gris},
}

// prouvePar names the pièces that prove a check.
var prouvePar = map[string][]opco.TypePiece{
	opco.ControleQualiopi: {opco.PieceQualiopi}, "C08": {opco.PieceProgramme}, "C09": {opco.PieceConvention, opco.PieceDevis},
	"SF8": {opco.PieceCertificat}, "SF9": {opco.PieceEmargement}, "SF10": {opco.PieceFacture},
}

func controlesVus(cs []opco.Controle, vue Visionneuse) ControlesVus {
	var v ControlesVus
	for _, c := range cs {
		m := verdicts[c.Resultat]
		x := ControleVu{Ton: m.Ton, Nom: c.Nom, Phrase: c.Phrase, Preuve: majuscule(c.Preuve), Verdict: m.Libelle}
		x.Repere, x.Voir = vue.preuve(prouvePar[c.Code])
		switch c.Resultat {
		case opco.ResultatOK:
			v.OK++
		case opco.ResultatWarn:
			v.Attention++
		case opco.ResultatBlock:
			v.Bloque++
		case opco.ResultatAttendu:
			v.Lire++
		}
		if c.Resultat == opco.ResultatOK || c.Resultat == opco.ResultatSansObjet {
			v.Conformes = append(v.Conformes, x)
		} else {
			v.Ouverts = append(v.Ouverts, x)
		}
	}
	rang := func(x ControleVu) int { return slices.Index([]string{Rouge, Ambre, Gris}, x.Ton) }
	slices.SortStableFunc(v.Ouverts, func(a, b ControleVu) int { return rang(a) - rang(b) })
	return v
}

// CourrierVu is a mail that left or will leave, and its letter.
type CourrierVu struct {
	Objet, Pour, Quand, Etat, Ton, Icone, Erreur, Lettre, PDF string
}

var etatsCourrier = map[string]marque{"ENVOYE": {"Envoyé", "mail", Vert}, "A_ENVOYER": {"En attente d’envoi", "clock", Bleu},
	"REFUSE": {"Refusé par la messagerie", "circle-x", Rouge}, "SANS_ADRESSE": {"Sans adresse e-mail", "triangle-alert", Ambre},
	"ECARTE": {"Ne partira pas : on y a renoncé", "ban", Gris}}

func courriersVus(cs []store.LigneCourrier) []CourrierVu {
	var vs []CourrierVu
	for _, x := range slices.Backward(cs) {
		m := etatsCourrier[x.Etat]
		v := CourrierVu{Objet: x.Sujet, Pour: profilDit(opco.Role(x.Pour)), Quand: quand(x.Le), Etat: m.Libelle, Ton: m.Ton, Icone: m.Icone, Erreur: x.Erreur}
		if v.Pour == "Adhérent" {
			v.Pour = "Entreprise"
		}
		if v.Objet == "" {
			v.Objet = majuscule(strings.ToLower(strings.ReplaceAll(x.Evenement, "_", " ")))
		}
		if x.Lettre {
			v.Lettre, v.PDF = "/instruction/lettres/"+x.ID, "/api/courriers/"+x.ID+"/lettre.pdf"
		}
		vs = append(vs, v)
	}
	return vs
}

// LivreVu is the ledger of a dossier as the staff reads it.
type LivreVu struct {
	Lignes [][]Cellule
	Soldes [][]Cellule
}

func livreVu(es []store.LigneEcriture, ss []store.LigneSolde) LivreVu {
	var l LivreVu
	mots := func(s string) string { return majuscule(strings.ToLower(strings.ReplaceAll(s, "_", " "))) }
	for _, e := range slices.Backward(es) {
		l.Lignes = append(l.Lignes, []Cellule{{Texte: quand(e.Le)}, {Texte: mots(e.Type)}, {Texte: mots(e.Compte)}, {Texte: e.Enveloppe}, {Texte: e.Montant.String()}})
	}
	for _, s := range ss {
		l.Soldes = append(l.Soldes, []Cellule{{Texte: mots(s.Compte)}, {Texte: s.Enveloppe}, {Texte: s.Montant.String()}})
	}
	return l
}
