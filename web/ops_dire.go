package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/api"
	"guichet/opco"
)

// chiffres are the tiles of the console.
func (p BloquesVus) chiffres() []Chiffre {
	x := p.Exploitation
	ancien := "rien n’attend"
	if x.Ancien != nil {
		ancien = "le plus ancien : " + opco.Ecoule(p.Maintenant.Sub(*x.Ancien))
	}
	regard := Chiffre{Etiquette: "Dernière ronde", Icone: "eye", Valeur: "Jamais", Note: presents(x.Executants)}
	if x.RondeLe != nil {
		regard.Valeur = "il y a " + opco.Ecoule(p.Maintenant.Sub(*x.RondeLe))
	}
	return []Chiffre{
		{Etiquette: "Actes traités aujourd’hui", Valeur: milliers(x.Actes), Note: "dont " + combien(int(x.Refuses), "refusé")},
		{Etiquette: "Reçus, pas encore appliqués", Valeur: milliers(x.Recus), Note: ancien},
		{Etiquette: "Bloqués", Icone: "octagon-x", Valeur: milliers(x.Cas), Note: causesDites(len(p.Causes))},
		regard,
		p.Verifie.chiffre(),
	}
}

// causesDites counts the causes.
func causesDites(n int) string {
	if n == 0 {
		return "aucune cause"
	}
	return combien(n, "cause")
}

// aveugle reports whether nobody can say what is stuck: that nothing is shown means nothing.
func (p BloquesVus) aveugle() bool { return p.Exploitation.Muette || p.Exploitation.Moteur != "" }

// presents says how many workers are there, and whether they are of one build.
func presents(es []opco.Executant) string {
	switch len(es) {
	case 0:
		return "aucun exécutant présent"
	case 1:
		return "1 exécutant présent"
	}
	versions := map[string]bool{}
	for _, e := range es {
		versions[e.Version] = true
	}
	if len(versions) > 1 {
		return fmt.Sprintf("%d exécutants, %d versions", len(es), len(versions))
	}
	return fmt.Sprintf("%d exécutants présents", len(es))
}

// depuisLe says since when: « depuis 6 h 12 », « depuis hier, 16 h 40 ».
func depuisLe(le, maintenant time.Time) string {
	p := le.In(opco.Paris)
	heure := strconv.Itoa(p.Hour()) + "\u00a0h\u00a0" + p.Format("04")
	switch ici := opco.JourDe(maintenant); opco.JourDe(le) {
	case ici:
		return "depuis " + heure
	case ici.Jours(-1):
		return "depuis hier, " + heure
	}
	return "depuis le " + opco.JourDe(le).Longue()
}

// reponse is the state of the tries of a cause: the last answer, and the next try.
func reponse(essais int, prochain *time.Time, maintenant time.Time) string {
	s := "Essayé " + strconv.Itoa(essais) + " fois"
	if prochain == nil {
		return s + "."
	}
	if !prochain.After(maintenant) {
		return s + " ; le prochain essai part maintenant."
	}
	return s + " ; prochain essai dans " + opco.Ecoule(prochain.Sub(maintenant)) + "."
}

// traceCause is the path of a sparkline of 104 by 26.
func traceCause(heures []int64) string {
	if len(heures) == 0 {
		return ""
	}
	plus := max(slices.Max(heures), 1)
	var s strings.Builder
	for i, n := range heures {
		fmt.Fprintf(&s, "%c%d %d", "ML"[min(i, 1)], i*104/max(len(heures)-1, 1), 24-n*21/plus)
	}
	return s.String()
}

// traceDite says a sparkline to who does not see it.
func traceDite(heures []int64) string {
	var somme int64
	for _, n := range heures {
		somme += n
	}
	return fmt.Sprintf("%d cas ouverts en %d heures", somme, len(heures))
}

// nomDuCas names what a case is about.
func nomDuCas(k api.Cas) string {
	if k.Nom != "" {
		return k.Nom
	}
	genre, id, _ := strings.Cut(k.Objet, "/")
	noms := map[string]string{"compte": "Compte", "rib": "RIB", "organisme": "Organisme", "file": "File", "file/toutes": "Toutes les files", "disque/fichiers": "Disque des fichiers", "disque/base": "Disque de la base", "moteur": "Moteur",
		"connexion": "Connexions", "dossier": "Dossier", "lot": "Lot", "indu": "Indu", "verification": "Vérification"}
	if nom := noms[k.Objet]; nom != "" {
		return nom
	}
	nom := noms[genre]
	if nom == "" {
		nom = majuscule(genre)
	}
	if id != "" {
		nom += " " + id
	}
	return nom
}

// quoiAttend says what waits behind a case.
func quoiAttend(k api.Cas) string {
	switch {
	case k.Pour != "":
		return "Courriel « " + opco.Evenement(k.Quoi).Libelle() + " », pour : " + strings.ToLower(k.Pour.Libelle())
	case k.Quoi != "":
		return majuscule(opco.NommerActe(opco.TypeActe(k.Quoi)))
	}
	return ""
}

// optionsEtapes are the étapes of dossiers that retient keeps, under all of them.
func optionsEtapes(retient func(opco.Etat) bool) []Option {
	os := []Option{{"", "Toutes les étapes"}}
	for _, e := range opco.Etats() {
		if retient(e) {
			os = append(os, Option{string(e), e.String()})
		}
	}
	return os
}

// aPuSeBloquer reports whether a dossier in état e may be stuck: a brouillon has no procedure.
func aPuSeBloquer(e opco.Etat) bool { return e != opco.EtatBrouillon && e != opco.EtatSupprime }

// faits turns the last steps of the object of a case into a history.
func (p CasVu) faits() []Fait {
	fs := make([]Fait, 0, len(p.Pas)+2)
	for _, s := range p.Pas {
		f := Fait{Ton: Bleu, Icone: "history", Quoi: majuscule(opco.NommerActe(s.Type)), Qui: s.Vers.String(), Quand: quand(s.Le)}
		if s.De != s.Vers && marques[s.Vers].Icone != "" {
			f.Icone, f.Ton = marques[s.Vers].Icone, marques[s.Vers].Ton
		}
		if s.Verdict == "refuse" {
			f.Icone, f.Ton = "circle-x", Rouge
		}
		fs = append(fs, f)
	}
	return fs
}
