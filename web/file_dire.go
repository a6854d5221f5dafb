package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// nomFile names a queue as its page does.
func nomFile(f store.FiltreFile) string {
	if n := store.Files()[f.File]; n != "" {
		return n
	}
	return "Tout le travail"
}

// compteDit says how many lines the page shows of how many.
func (p FileTravail) compteDit() string {
	if p.Nombre == 0 {
		return ""
	}
	return combien(len(p.Lignes), "dossier") + " sur " + p.nombreDit()
}

// nombreDit is how many dossiers the filter holds, as far as they were counted.
func (p FileTravail) nombreDit() string {
	if p.Plus {
		return "plus de " + milliers(p.Nombre)
	}
	return milliers(p.Nombre)
}

// phrase is under the title of the page.
func (p FileTravail) phrase() string {
	s := "Aucun dossier"
	switch {
	case p.Nombre == 1:
		s = "1 dossier"
	case p.Nombre > 1:
		s = majuscule(p.nombreDit()) + " dossiers"
	}
	return s + " · " + jourDit(p.Jour)
}

// prochain finds the first line that nobody holds, and why it comes first.
func (p FileTravail) prochain() *Prochain {
	var libres []store.LigneFile
	for _, l := range p.Lignes {
		if l.Prise == nil && l.Lien == "" && l.Attente == nil {
			libres = append(libres, l)
		}
	}
	if len(libres) == 0 || libres[0].Pourquoi == "" {
		return nil
	}
	return &Prochain{ID: libres[0].ID, Numero: libres[0].Numero, Pourquoi: libres[0].Pourquoi, Ton: tonPression(libres[0].Pression)}
}

func tonPression(p opco.Pression) string {
	switch p {
	case opco.PressionHaute:
		return Rouge
	case opco.PressionMoyenne:
		return Ambre
	}
	return Gris
}

// delaiFile is the mark of the days left before a deadline.
func delaiFile(l store.LigneFile) marque {
	if l.JoursOuvres == nil {
		return marque{}
	}
	n := *l.JoursOuvres
	m := marque{strconv.Itoa(n) + " j", "calendar", Gris}
	switch l.Pression {
	case opco.PressionHaute:
		m.Icone, m.Ton = "alarm-clock", Rouge
	case opco.PressionMoyenne:
		m.Icone, m.Ton = "clock", Ambre
	}
	switch {
	case n < 0:
		m.Libelle = "+" + strconv.Itoa(-n) + " j"
	case n == 0:
		m.Libelle = "ce soir"
	}
	return m
}

// delaiLong says the same in a whole sentence, for who does not see the mark.
func delaiLong(l store.LigneFile) string {
	quoi, jour := "Réponse due le ", l.Limite
	if jour == "" {
		quoi, jour = "À payer avant le ", l.PayerAvant
	}
	if jour == "" {
		return ""
	}
	return quoi + jour.Longue()
}

// quiAgitDit says who acts, to a member of the staff.
func quiAgitDit(l store.LigneFile) string {
	switch l.Blocage.Qui {
	case opco.RoleEntreprise:
		return "Attend : entreprise"
	case opco.RoleOrganisme:
		return "Attend : organisme"
	case opco.RoleResponsable:
		return "Attend : responsable"
	case opco.RoleComptable:
		return "Attend : comptabilité"
	case "":
		return "Personne n’agit"
	}
	switch {
	case l.Prise != nil && l.Prise.Mienne:
		return "À vous"
	case l.AttribueA != "":
		return "À " + l.AttribueA
	}
	return "À nous"
}

// puce is an active filter, with the address without it.
type puce struct{ Texte, URL string }

// libellesFiltre names the filters.
var libellesFiltre = map[string]string{"etat": "État", "branche": "Branche", "etablissement": "Établissement", "organisme": "Organisme",
	"instructeur": "Instruit par", "etiquette": "Étiquette", "prise": "Prise", "debut_du": "Début dès le", "debut_au": "Début avant le",
	"montant_min": "Au moins", "montant_max": "Au plus", "limite_au": "Réponse due avant le", "retard": "Délai légal passé"}

// puces lists the filters in force.
func (p FileTravail) puces() []puce {
	var ps []puce
	for _, n := range filtresFile {
		v := p.Filtre.Get(n)
		if v == "" || p.Faute(n) != "" {
			continue
		}
		sans := url.Values{}
		for k := range p.Filtre {
			if k != n {
				sans.Set(k, p.Filtre.Get(k))
			}
		}
		texte := libellesFiltre[n]
		if n != "retard" {
			texte += " : " + p.valeurDite(n, v)
		}
		ps = append(ps, puce{texte, adresseFiltre(sans)})
	}
	return ps
}

// valeurDite writes the value of a filter for a reader.
func (p FileTravail) valeurDite(nom, v string) string {
	for _, o := range p.options(nom) {
		if o.Valeur == v {
			return o.Texte
		}
	}
	switch {
	case strings.HasPrefix(nom, "debut_") || nom == "limite_au":
		return opco.Date(v).Longue()
	case strings.HasPrefix(nom, "montant_"):
		if m, err := opco.ParseMontant(v); err == nil {
			return m.String()
		}
	}
	return v
}

// options are the choices of a filter.
func (p FileTravail) options(nom string) []Option {
	var os []Option
	switch nom {
	case "etat":
		for _, e := range opco.Etats() {
			if e != opco.EtatBrouillon && e != opco.EtatSupprime && !e.Final() {
				os = append(os, Option{string(e), e.String()})
			}
		}
	case "branche":
		for _, b := range p.Choix.Branches {
			os = append(os, Option{string(b), b.Libelle()})
		}
	case "instructeur":
		os = append(os, Option{moiDit, "Moi"})
		for _, i := range p.Choix.Instructeurs {
			os = append(os, Option{i.Personne, i.Nom})
		}
	case "etiquette":
		for _, e := range p.Choix.Etiquettes {
			os = append(os, Option{e.ID, e.Nom})
		}
	case "prise":
		os = []Option{{store.PriseLibre, "Personne ne l’étudie"}, {store.PriseMienne, "Je l’étudie"}, {store.PriseTenue, "Quelqu’un l’étudie"}}
	}
	return os
}

// choisir is a field of the filter that picks among options, none being all.
func (p FileTravail) choisir(nom, tous string) Saisie {
	return p.champFiltre(nom, Saisie{Type: "select", Options: slices.Concat([]Option{{"", tous}}, p.options(nom))})
}

// champFiltre completes a field of the filter.
func (p FileTravail) champFiltre(nom string, s Saisie) Saisie {
	s.Nom, s.Label, s.Facultatif, s.Selon = nom, libellesFiltre[nom], true, true
	s.Valeur, s.Erreur = p.Filtre.Get(nom), p.Faute(nom)
	return s
}

// titreVide and phraseVide say why a queue is empty.
func (p FileTravail) titreVide() string {
	if p.filtree() {
		return "Aucun dossier ne correspond"
	}
	if p.Filtre.Get("attente") != "" {
		return "Rien n’attend"
	}
	return "Cette file est vide"
}

func (p FileTravail) phraseVide() string {
	switch {
	case p.filtree():
		return "Retirez un filtre, ou cherchez dans toute l’équipe."
	case p.Filtre.Get("attente") != "":
		return "Ce que vous mettez en attente revient ici jusqu’à son jour."
	case p.Filtre.Get("perimetre") == "" && len(p.Onglets) > 1 && p.Onglets[1].Compte > 0:
		return "Tout est traité dans votre portefeuille. L’équipe a " + combien(p.Onglets[1].Compte, "dossier") + " à traiter."
	}
	return "Tout est traité. Les prochains dossiers arrivent ici."
}

// filtree reports whether the reader narrowed the queue.
func (p FileTravail) filtree() bool {
	return p.Filtre.Get("q") != "" || slices.ContainsFunc(filtresFile, func(n string) bool { return p.Filtre.Get(n) != "" })
}

// requete is the filter as a view keeps it.
func (p FileTravail) requete() string { return p.Filtre.Encode() }

// nomLigne is what a line is called when it is ticked.
func nomLigne(l store.LigneFile) string { return "Choisir " + l.Numero + ", " + l.Entreprise }

// echappe writes a value of an address.
func echappe(s string) string { return url.QueryEscape(s) }

// jourFile writes a day in a narrow column: « 1er juin », with its year when it is far.
func jourFile(d opco.Date) string {
	if d == "" {
		return "—"
	}
	return d.Courte()
}

// fileDeLEtat is the queue whose page treats a line.
func fileDeLEtat(l store.LigneFile) store.File {
	switch l.Etat {
	case opco.EtatSFEnControle, opco.EtatSFNonConforme, opco.EtatAttenteServiceFait:
		return store.FileServiceFait
	}
	return ""
}
