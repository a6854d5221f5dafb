package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// FicheEntreprise is the card of a company for those who advise it: its envelopes,
// its dossiers, its contacts, and what a training would be granted.
type FicheEntreprise struct {
	Piece
	api.FicheEntreprise
	Sites    []Option
	Estimee  *EstimationVue
	Instruit bool // the reader opens dossiers
}

// EstimationVue is what the engine of the décision grants to a demande that nobody
// keeps.
type EstimationVue struct {
	Prop    PropositionVue
	Phrases []string
}

// getFicheEntreprise answers GET /instruction/entreprises/:siren.
func (w *Web) getFicheEntreprise(c *gin.Context) {
	f, err := w.Interieur.FicheEntreprise(c, c.Param("siren"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ficheEntreprise(w.piece(c, nomEntite(f.Nom, f.SIREN), "/instruction"), f)
	p.Instruit = w.acces(c, "GET /instruction/dossiers/:id")
	statut := http.StatusOK
	if c.Query("peda") != "" {
		statut = w.estimerFiche(c, &p)
	}
	w.rendre(c, statut, PageFicheEntreprise(p))
}

func ficheEntreprise(x Piece, f api.FicheEntreprise) FicheEntreprise {
	p := FicheEntreprise{Piece: x, FicheEntreprise: f}
	ajouter := func(s opco.SIRET) {
		for _, o := range p.Sites {
			if o.Valeur == string(s) {
				return
			}
		}
		if s != "" {
			p.Sites = append(p.Sites, Option{string(s), s.Affiche()})
		}
	}
	for _, d := range f.Dossiers {
		ajouter(opco.SIRET(d.Etablissement))
	}
	return p
}

// estimerFiche reads the form of the card and asks the engine.
func (w *Web) estimerFiche(c *gin.Context, p *FicheEntreprise) int {
	noms := []string{"site", "debut", "duree", "stagiaires", "peda"}
	p.Valeurs = valeurs()
	for _, n := range noms {
		p.Valeurs.Set(n, strings.TrimSpace(coupe(c.Query(n), 60)))
	}
	l := lecteur{Formulaire: p.Formulaire}
	d := opco.Demande{Nature: opco.NatureFormation, Interne: true, Intitule: "Simulation", Etablissement: lire(&l, "site", opco.ParseSIRET), Debut: lire(&l, "debut", opco.ParseDate), Duree: lire(&l, "duree", opco.ParseDuree),
		Lignes: []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: lire(&l, "peda", opco.ParseMontant)}}}
	d.Fin = d.Debut
	n, err := strconv.Atoi(l.Valeur("stagiaires"))
	l.exiger("stagiaires", err == nil && n >= 1 && n <= 100, "Donnez un nombre de stagiaires, de 1 à 100.")
	if len(l.fautes) > 0 {
		p.Formulaire = l.avec(l.fautes)
		return http.StatusUnprocessableEntity
	}
	for i := range n {
		x := strconv.Itoa(i + 1)
		d.Stagiaires = append(d.Stagiaires, opco.Stagiaire{ID: "s" + x, Nom: "Stagiaire", Prenom: "Simulé", Heures: d.Duree})
	}
	e, err := w.Interieur.EstimerPour(c, d)
	if err != nil {
		statut, fautes, ok := http.StatusUnprocessableEntity, []Faute{{"", refusDe(err)}}, refusDe(err) != ""
		if !ok {
			statut = http.StatusInternalServerError
		}
		p.Formulaire = l.avec(fautes)
		return statut
	}
	p.Estimee = &EstimationVue{Prop: propositionVue(opco.Decision{Sens: opco.SensPartiel, Lignes: e.Lignes, Demande: e.Demande, Accorde: e.Accorde, ResteACharge: e.ResteACharge}, nil), Phrases: e.Phrases}
	return http.StatusOK
}

func lignesEnveloppes(es []store.LigneEnveloppe) [][]Cellule {
	var ls [][]Cellule
	for _, e := range es {
		annee := "Sans année"
		if e.Annee != 0 {
			annee = strconv.Itoa(e.Annee)
		}
		ls = append(ls, []Cellule{{Texte: annee, Note: nomFonds(e.Fonds)}, {Texte: e.Dotation.String()}, {Texte: e.Engage.String()}, {Texte: e.Paye.String()}, {Texte: e.Disponible.String()}})
	}
	return ls
}

// salle is where one comes from: the queues, or the search for who has none.
func (p FicheEntreprise) salle() Lien {
	if slices.Contains(travailleurs, p.Lit) {
		return Lien{"Instruction", "/instruction"}
	}
	return Lien{"Chercher", "/recherche"}
}

func (p FicheEntreprise) lignesDossiers() [][]Cellule {
	var ls [][]Cellule
	for _, d := range p.Dossiers {
		tete := Cellule{Texte: d.Numero, Note: d.Intitule}
		if p.Instruit {
			tete.URL = adresseEtude(d.ID)
		}
		ls = append(ls, []Cellule{tete, {Corps: Pastille(string(d.Etat), Guichet)}, {Texte: neLeDit(d.Debut)}, {Texte: d.Demande.String()}, {Texte: montantOuTiret(d.Accorde)}})
	}
	return ls
}

func (p FicheEntreprise) lignesGens() [][]Cellule {
	var ls [][]Cellule
	for _, g := range p.Gens {
		ls = append(ls, []Cellule{{Texte: g.Prenom + " " + g.Nom, URL: "/comptes/" + g.Compte}, {Texte: g.Email}, {Texte: g.Libelle}})
	}
	return ls
}
