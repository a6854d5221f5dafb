package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// InterieurStatistiques are the doors of what the house measures.
type InterieurStatistiques interface {
	Statistiques(c *gin.Context, f store.FiltreMesures) (store.Statistiques, error)
	ParametresDuJour(c *gin.Context) (opco.Parametres, opco.Date, error)
}

// Statistiques computes the figures of a period.
func (p porteInterieur) Statistiques(c *gin.Context, f store.FiltreMesures) (store.Statistiques, error) {
	return p.Store.Statistiques(contexte(c), f)
}

// ParametresDuJour are the rules in force on the business day, and that day.
func (p porteInterieur) ParametresDuJour(c *gin.Context) (opco.Parametres, opco.Date, error) {
	jour, err := p.Aujourdhui(c)
	if err != nil {
		return opco.Parametres{}, "", err
	}
	r, err := p.Store.Parametres(contexte(c), jour)
	return r, jour, err
}

// StatistiquesVues are the figures that the house promises to measure (domain.md
// 5.3), with their pictures and the same figures in tables.
type StatistiquesVues struct {
	Piece
	store.Statistiques
	Filtre   store.FiltreMesures
	Objectif int // days to pay an invoice (domain.md 5.3)
	Branches []Option
	Periodes []Lien // ready-made periods
}

// periodeProposee is the period shown at first, in weeks.
const periodeProposee = 12

// getStatistiques answers GET /statistiques.
func (w *Web) getStatistiques(c *gin.Context) {
	p := StatistiquesVues{Piece: w.piece(c, "Statistiques", "/statistiques")}
	p.avecFeuille()
	regles, jour, err := w.Interieur.ParametresDuJour(c)
	if err == nil {
		p.Branches, err = w.Portes.Branches(c)
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Objectif, p.Periodes = regles.PaiementJours, periodesProposees(jour)
	f := filtreStatistiques(c, jour)
	l := lecteur{Formulaire: f}
	p.Filtre = l.filtreMesures()
	statut := http.StatusOK
	if len(l.fautes) == 0 {
		if p.Statistiques, err = w.Interieur.Statistiques(c, p.Filtre); err != nil {
			w.montrerRefus(c, f, err, nil, func(s int, f Formulaire) { statut, l.fautes = s, f.Erreurs })
			if len(l.fautes) == 0 {
				return
			}
		}
	}
	if len(l.fautes) > 0 {
		statut = http.StatusUnprocessableEntity
	}
	p.Formulaire = f.avec(l.fautes)
	api.Montrer(c.Request.Context(), "liste", len(p.Decision.Gens))
	w.rendre(c, statut, PageStatistiques(p))
}

// filtreStatistiques reads the filters of the address; it proposes a period when there
// is none.
func filtreStatistiques(c *gin.Context, jour opco.Date) Formulaire {
	f := Formulaire{Valeurs: filtreDe(c, "du", "au", "branche", "personne", "equipe")}
	if f.Valeur("du") == "" && f.Valeur("au") == "" {
		f.Valeurs.Set("du", string(lundi(jour).Jours(-7*(periodeProposee-1))))
		f.Valeurs.Set("au", string(jour))
	}
	return f
}

// filtreMesures is what a filter asks for.
func (l *lecteur) filtreMesures() store.FiltreMesures {
	return store.FiltreMesures{Du: lire(l, "du", opco.ParseDate), Au: lire(l, "au", opco.ParseDate), IDCC: l.Valeur("branche"), Instructeur: l.Valeur("personne"), Equipe: l.Valeur("equipe")}
}

// lundi is the Monday of the week of d.
func lundi(d opco.Date) opco.Date {
	return d.Jours(-(int(d.Heure(12, 0).In(opco.Paris).Weekday()) + 6) % 7)
}

// periodesProposees are the periods that are one click away.
func periodesProposees(jour opco.Date) []Lien {
	adresse := func(du, au opco.Date) string {
		return "/statistiques?" + url.Values{"du": {string(du)}, "au": {string(au)}}.Encode()
	}
	annee := opco.Date(strconv.Itoa(jour.Annee()) + "-01-01")
	return []Lien{
		{"12 semaines", adresse(lundi(jour).Jours(-7*11), jour)},
		{"6 mois", adresse(lundi(jour.Mois(-6)), jour)},
		{"Cette année", adresse(annee, jour)},
		{"L’an dernier", adresse(opco.Date(strconv.Itoa(jour.Annee()-1)+"-01-01"), annee.Jours(-1))},
	}
}

// enJours writes a number of days, half days included: « 6,5 jours ».
func enJours(x float64) string {
	s := strings.Replace(px(x), ".", ",", 1)
	if x < 2 {
		return s + "\u00a0jour"
	}
	return s + "\u00a0jours"
}

// part writes how many of a hundred, « 75 % »; of nothing, a dash.
func part(n, de int64) string {
	if de == 0 {
		return "—"
	}
	return strconv.FormatInt((200*n+de)/(2*de), 10) + "\u00a0%"
}

// moisAbreges are the usual short names of the months.
var moisAbreges = map[string]string{"janvier": "janv.", "février": "févr.", "mars": "mars", "avril": "avr.", "mai": "mai", "juin": "juin",
	"juillet": "juil.", "août": "août", "septembre": "sept.", "octobre": "oct.", "novembre": "nov.", "décembre": "déc."}

// semaineDite names a week by its Monday: « 16 nov. ».
func semaineDite(cle string) string {
	d, err := opco.ParseDate(cle)
	if err != nil {
		return cle
	}
	mots := strings.Fields(d.Longue())
	if len(mots) < 2 {
		return cle
	}
	return mots[0] + "\u00a0" + moisAbreges[mots[1]]
}

func etiquettesSemaines(ms []store.Mesures) []string {
	es := make([]string, len(ms))
	for i, m := range ms {
		es[i] = semaineDite(m.Cle)
	}
	return es
}

// seriesDelais are the two lines of a delay: half, and nine in ten.
func seriesDelais(ms []store.Mesures) []Serie {
	moitie, neuf := Serie{Nom: "la moitié"}, Serie{Nom: "neuf sur dix", Deuxieme: true}
	for _, m := range ms {
		moitie.Points, neuf.Points = append(moitie.Points, m.Moitie), append(neuf.Points, m.NeufSurDix)
	}
	return []Serie{moitie, neuf}
}

// barresCompletude are the shares of demandes complete at their first send.
func barresCompletude(ms []store.Mesures) []Barre {
	var bs []Barre
	for _, m := range ms {
		b := Barre{Etiquette: semaineDite(m.Cle)}
		if m.Nombre > 0 {
			b.Valeur = float64((200*m.Premiers + m.Nombre) / (2 * m.Nombre))
		}
		bs = append(bs, b)
	}
	return bs
}

// nomBranche names a branch by its IDCC.
func (p StatistiquesVues) nomBranche(idcc string) string {
	for _, b := range p.Branches {
		if b.Valeur == idcc && idcc != "" {
			return b.Texte
		}
	}
	if idcc == "" {
		return "Branche inconnue"
	}
	return "IDCC " + idcc
}

// lignesDelais are the rows of a table of delays; nommer says what a row is of.
func lignesDelais(ms []store.Mesures, nommer func(store.Mesures) Cellule) [][]Cellule {
	plus := 0.0
	for _, m := range ms {
		plus = max(plus, m.NeufSurDix)
	}
	var ls [][]Cellule
	for _, m := range ms {
		ls = append(ls, []Cellule{nommer(m), {Texte: milliers(m.Nombre)}, {Corps: mesureDite(enJours(m.Moitie), partSur100(m.Moitie, plus))}, {Corps: mesureDite(enJours(m.NeufSurDix), partSur100(m.NeufSurDix, plus))}})
	}
	return ls
}

// partSur100 is the length of a bar, x of plus, on a hundred.
func partSur100(x, plus float64) float64 {
	if plus <= 0 {
		return 0
	}
	return 100 * x / plus
}

func lignesCompletude(ms []store.Mesures, nommer func(store.Mesures) Cellule) [][]Cellule {
	var ls [][]Cellule
	for _, m := range ms {
		ls = append(ls, []Cellule{nommer(m), {Texte: milliers(m.Nombre)}, {Texte: milliers(m.Premiers)}, {Corps: mesureDite(part(m.Premiers, m.Nombre), partSur100(float64(m.Premiers), float64(m.Nombre)))}})
	}
	return ls
}

func colonnesDelais(premiere, nombre string) []Colonne {
	return []Colonne{{Titre: premiere}, {Titre: nombre, Nombre: true}, {Titre: "La moitié en", Nombre: true}, {Titre: "Neuf sur dix en", Nombre: true}}
}

func colonnesCompletude(premiere string) []Colonne {
	return []Colonne{{Titre: premiere}, {Titre: "Demandes", Nombre: true}, {Titre: "Complètes d’emblée", Nombre: true}, {Titre: "Part", Nombre: true}}
}

func nomSemaine(m store.Mesures) Cellule {
	return Cellule{Texte: "semaine du " + opco.Date(m.Cle).Longue()}
}

// celluleBranche, cellulePersonne and celluleEquipe name a row, and lead to its figures
// week by week.
func (p StatistiquesVues) celluleBranche(m store.Mesures) Cellule {
	return p.celluleFiltre(p.nomBranche(m.Cle), "branche", m.Cle)
}

func (p StatistiquesVues) cellulePersonne(m store.Mesures) Cellule {
	if m.Nom == "" {
		return Cellule{Texte: "Personne désignée"}
	}
	return p.celluleFiltre(m.Nom, "personne", m.Cle)
}

func (p StatistiquesVues) celluleEquipe(m store.Mesures) Cellule {
	if m.Nom == "" {
		return Cellule{Texte: "Aucune équipe"}
	}
	return p.celluleFiltre(m.Nom, "equipe", m.Cle)
}

func (p StatistiquesVues) celluleFiltre(nom, filtre, cle string) Cellule {
	if cle == "" || p.Valeur(filtre) == cle {
		return Cellule{Texte: nom}
	}
	return Cellule{Texte: nom, URL: adresseFiltree("/statistiques", p.Valeurs, filtre, cle)}
}

// restreinte says whose figures are shown, when they are not everybody's.
func (p StatistiquesVues) restreinte() string {
	var noms []string
	for _, x := range []struct {
		filtre string
		ms     [][]store.Mesures
	}{{"equipe", [][]store.Mesures{p.Decision.Equipes, p.Paiement.Equipes, p.Completude.Equipes}}, {"personne", [][]store.Mesures{p.Decision.Gens, p.Paiement.Gens, p.Completude.Gens}}} {
		for _, m := range slices.Concat(x.ms...) {
			if cle := p.Valeur(x.filtre); cle != "" && m.Cle == cle && m.Nom != "" && !slices.Contains(noms, m.Nom) {
				noms = append(noms, m.Nom)
			}
		}
	}
	return strings.Join(noms, ", ")
}

// chiffresStatistiques are the tiles of a period.
func chiffresStatistiques(p StatistiquesVues) []Chiffre {
	delai := func(m store.Mesures) (string, string) {
		if m.Nombre == 0 {
			return "—", "rien dans la période"
		}
		return enJours(m.Moitie), "neuf sur dix en " + enJours(m.NeufSurDix)
	}
	d, dn := delai(p.Decision.Tout)
	f, fn := delai(p.Paiement.Tout)
	if p.Paiement.Tout.Nombre > 0 {
		fn += ", objectif " + strconv.Itoa(p.Objectif)
	}
	return []Chiffre{
		{"De la demande complète à la décision", "scale", d, dn, ""},
		{"De la facture au paiement", "banknote", f, fn, ""},
		{"Complètes au premier envoi", "list-checks", part(p.Completude.Tout.Premiers, p.Completude.Tout.Nombre), combien(int(p.Completude.Tout.Nombre), "demande"), ""},
		{"Décisions", "circle-check", milliers(p.Decision.Tout.Nombre), combien(int(p.Paiement.Tout.Nombre), "paiement"), ""},
	}
}
