package web

import (
	"slices"
	"strconv"
	"strings"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// DetailDemande is one request: the evidence side by side, the rights to answer,
// who else belongs to the company, what happened.
type DetailDemande struct {
	CompteVu
	Entites  string // whose rights are asked for
	Qualite  string // what the person says they do there
	Delai    marque
	Preuves  []PreuvesBloc
	Lignes   []LigneDroit
	Autres   []DroitVu // decided, or waiting for somebody else
	Motifs   []Option
	Equipes  []EquipeEntite
	Faits    []Fait
	Empeche  string // why the reader may not answer, "" when they may
	Accordes int
	Refuses  int
}

// PreuvesBloc is the evidence of one box of the request.
type PreuvesBloc struct {
	Titre     string
	Controles []Controle
}

// LigneDroit is a right to answer, with the answer being typed.
type LigneDroit struct {
	Rang                     int
	ID, Service, Site, Nom   string
	Preuve                   marque
	Choix, Motif, Precision  string
	Motifs                   []Option // those of its profile
	Reponse, Question        string   // of the applicant, to a former question
	FauteMotif, FautePrecise string
}

// EquipeEntite is who already acts for an organisation.
type EquipeEntite struct {
	Nom  string
	Gens []store.Collegue
}

// The answers to a right, as the form says them.
const (
	choixAccorder = "accorder"
	choixRefuser  = "refuser"
	choixAttendre = "attendre"
)

// champ names a field of the line.
func (l LigneDroit) champ(nom string) string { return nom + "_" + strconv.Itoa(l.Rang) }

// detailler makes what the adviser reads of an account.
func detailler(v CompteVu, o Occupant, f Formulaire) *DetailDemande {
	d := &DetailDemande{CompteVu: v, Motifs: optionsMotifs(""), Faits: faits(v.Journal), Empeche: empeche(v, o)}
	var noms []string
	var limite opco.Date
	for _, h := range v.Droits {
		if h.Etat != opco.HabAValider {
			x := droitVu(h)
			x.Service = droitDit(h)
			d.Autres = append(d.Autres, x)
			continue
		}
		if nom := nomEntite(h.Entite, h.Siret.SIREN()); !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
		if h.Limite != "" && (limite == "" || h.Limite < limite) {
			limite = h.Limite
		}
		d.Lignes = append(d.Lignes, ligneDroit(len(d.Lignes)+1, h, v.Blocs, f))
	}
	d.Entites, d.Delai, d.Qualite = liste(noms), delaiEntier(limite, v.Jour), qualite(v)
	if d.Entites == "" {
		d.Entites = v.nomComplet()
	}
	d.Preuves, d.Equipes = preuvesDe(v.Blocs), equipes(v)
	d.compter()
	return d
}

// nomEntite names an organisation, by its SIREN when the OPCO does not know it.
func nomEntite(nom string, s opco.SIREN) string {
	if nom == "" {
		return "SIREN " + s.Affiche()
	}
	return nom
}

func (d *DetailDemande) compter() {
	for _, l := range d.Lignes {
		switch l.Choix {
		case choixAccorder:
			d.Accordes++
		case choixRefuser:
			d.Refuses++
		}
	}
}

// somme says the answers of the form: « 3 accordés, 1 refusé ».
func (d *DetailDemande) somme() string {
	return strconv.Itoa(d.Accordes) + " accordé" + accordPluriel(d.Accordes, "s") + ", " + strconv.Itoa(d.Refuses) + " refusé" + accordPluriel(d.Refuses, "s")
}

// empeche says why the reader may not answer (reliability.md 3.1, rules 6 and 7).
func empeche(v CompteVu, o Occupant) string {
	switch {
	case o.Role == opco.RoleAuditeur:
		return "Vous lisez seulement : l’audit ne décide d’aucun droit."
	case v.Id == o.Compte:
		return "C’est votre propre compte : quelqu’un d’autre répond."
	case v.Lien:
		return "Vous avez déclaré un lien avec cette organisation : quelqu’un d’autre répond."
	}
	return ""
}

func ligneDroit(rang int, h api.DroitLu, bs []api.BlocLu, f Formulaire) LigneDroit {
	l := LigneDroit{Rang: rang, ID: h.Id, Service: h.Libelle, Site: site(h.Siret), Nom: h.Entite, Reponse: h.Reponse, Preuve: preuveDroit(h.Bloc, bs), Motifs: optionsMotifs(h.Profil)}
	if h.Reponse != "" {
		l.Question = h.Phrase
	}
	if l.Choix = choixAttendre; l.Preuve.Ton == Vert && h.Service != opco.ServiceUtilisateurs {
		l.Choix = choixAccorder
	}
	if n := f.rangDe(h.Id); n != "" {
		l.Choix, l.Motif, l.Precision = f.Valeur("choix_"+n), f.Valeur("motif_"+n), f.Valeur("precision_"+n)
		l.FauteMotif, l.FautePrecise = f.Faute("motif_"+n), f.Faute("precision_"+n)
	}
	return l
}

// preuveDroit sums the evidence up for one right.
func preuveDroit(bloc string, bs []api.BlocLu) marque {
	total, douteux := 0, 0
	for _, b := range bs {
		for _, p := range b.Preuves {
			if b.Id != bloc {
				continue
			}
			if total++; !p.Concorde {
				douteux++
			}
		}
	}
	switch {
	case total == 0:
		return marque{"Aucune preuve", "circle-dashed", Gris}
	case douteux > 0:
		return marque{combien(douteux, "point") + " à regarder", "triangle-alert", Ambre}
	}
	return marque{"Tout concorde", "circle-check", Vert}
}

func preuvesDe(bs []api.BlocLu) []PreuvesBloc {
	var ps []PreuvesBloc
	for _, b := range bs {
		p := PreuvesBloc{Titre: profilDit(b.Profil)}
		for _, q := range b.Preuves {
			c := Controle{Ton: Ambre, Quoi: q.Phrase, Preuve: q.Detail(), Verdict: "À regarder"}
			if q.Concorde {
				c.Ton, c.Verdict = Vert, "Concorde"
			}
			p.Controles = append(p.Controles, c)
		}
		if len(p.Controles) > 0 {
			ps = append(ps, p)
		}
	}
	return ps
}

// qualite is what the person says they do in the organisation.
func qualite(v CompteVu) string {
	var fs []string
	for _, b := range v.Blocs {
		for _, e := range b.Etablissements {
			if e.Fonction != "" && !slices.Contains(fs, e.Fonction) {
				fs = append(fs, e.Fonction)
			}
		}
	}
	if len(fs) == 0 {
		return v.Identite.Fonction
	}
	return strings.Join(fs, ", ")
}

// equipes lists, for each organisation of the account, who acts for it already.
func equipes(v CompteVu) []EquipeEntite {
	var es []EquipeEntite
	var vus []opco.SIREN
	for _, d := range v.Droits {
		siren := d.Siret.SIREN()
		if slices.Contains(vus, siren) {
			continue
		}
		vus = append(vus, siren)
		e := EquipeEntite{Nom: nomEntite(d.Entite, siren)}
		for _, g := range v.Collegues {
			g.Droits = slices.DeleteFunc(slices.Clone(g.Droits), func(x store.DroitCollegue) bool { return x.SIRET.SIREN() != siren })
			if g.Compte != v.Id && len(g.Droits) > 0 {
				e.Gens = append(e.Gens, g)
			}
		}
		es = append(es, e)
	}
	return es
}

// motifsDuProfil are the reasons that make sense for one profile only.
var motifsDuProfil = map[opco.Motif]opco.Role{
	opco.MotifMasseInexacte: opco.RoleEntreprise, opco.MotifCodeAdherentFaux: opco.RoleEntreprise,
	opco.MotifNDADifferente: opco.RoleOrganisme, opco.MotifFactureInconnue: opco.RoleOrganisme,
}

// optionsMotifs are the reasons to refuse a right of a profile; of "", those that
// suit both.
func optionsMotifs(profil opco.Role) []Option {
	os := []Option{{"", "Choisir un motif"}}
	for _, m := range opco.MotifsHabilitation() {
		if propre, un := motifsDuProfil[m]; m != opco.MotifSansReponse && (!un || propre == profil) {
			os = append(os, Option{string(m), m.Libelle()})
		}
	}
	return os
}

func lignesEquipe(e EquipeEntite) [][]Cellule {
	var c [][]Cellule
	for _, g := range e.Gens {
		var droits []string
		for _, d := range g.Droits {
			droits = append(droits, droitCollegueDit(d)+" : "+strings.ToLower(d.Etat.Libelle()))
		}
		c = append(c, []Cellule{{Texte: strings.TrimSpace(g.Prenom + " " + g.Nom), URL: "/comptes/" + g.Compte}, {Texte: strings.Join(droits, " · ")}})
	}
	return c
}
