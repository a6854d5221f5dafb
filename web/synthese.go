package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// SyntheseVue is the money of a year: of a company, or of all for the staff.
type SyntheseVue struct {
	Piece
	api.SyntheseLue
	Ici        string
	Entreprise bool
	Noms       map[string]string // of the établissements
}

// getSynthese answers GET /entreprise/synthese and GET /comptabilite/synthese.
func (w *Web) getSynthese(ici string) gin.HandlerFunc {
	return func(c *gin.Context) {
		annee, ok := anneeVoulue(c)
		if !ok {
			suite(c, ici)
			return
		}
		x, err := w.Interieur.Synthese(c, annee)
		if err != nil {
			w.echouer(c, err)
			return
		}
		p := SyntheseVue{Piece: w.piece(c, "Synthèse financière", ici), SyntheseLue: x, Ici: ici, Entreprise: !w.Interieur.Occupant(c).Interne}
		p.avecFeuille()
		sirets := make([]string, len(x.Sites))
		for i, s := range x.Sites {
			sirets[i] = string(s.Etablissement)
		}
		if p.Noms, err = w.Interieur.NomsEtablissements(c, sirets); err != nil {
			w.echouer(c, err)
			return
		}
		w.rendre(c, http.StatusOK, PageSynthese(p))
	}
}

// anneeVoulue is the year of the address: -1 for none, 0 for money without a year; false
// when it does not read.
func anneeVoulue(c *gin.Context) (int, bool) {
	brut := c.Query("annee")
	if brut == "" {
		return -1, true
	}
	n, err := strconv.Atoi(brut)
	return n, err == nil && (n == 0 || n >= 2000 && n < 2200)
}

// nomAnnee names a year of money.
func nomAnnee(a int) string {
	if a == 0 {
		return "Sans fin d’année"
	}
	return strconv.Itoa(a)
}

// dossiersDe is where the dossiers of a fund, or of an établissement, are read.
func (p SyntheseVue) dossiersDe(fonds, etablissement string) string {
	q := url.Values{"annee": {strconv.Itoa(p.Annee)}}
	if !p.Entreprise {
		q.Set("fonds", fonds)
		if p.Annee == 0 {
			q.Del("annee") // their list has no filter for it
		}
		return "/comptabilite/enveloppes?" + q.Encode()
	}
	return adresseFiltree(p.Ici+"/dossiers", q, "fonds", fonds, "etablissement", etablissement)
}

var colonnesSynthese = []Colonne{{Titre: "Fonds"}, {Titre: "Enveloppe", Nombre: true}, {Titre: "Engagé", Nombre: true}, {Titre: "Facturé", Nombre: true}, {Titre: "Payé", Nombre: true},
	{Titre: "Reste", Nombre: true}, {Titre: "Prévision", Nombre: true}}

// lignesFonds are the funds of the year, then their sum.
func (p SyntheseVue) lignesFonds() [][]Cellule {
	var ls [][]Cellule
	for _, f := range p.Fonds {
		c := rangSynthese(f)
		c[0] = Cellule{Texte: nomFonds(f.Fonds), URL: p.dossiersDe(f.Fonds, "")}
		if !p.Entreprise {
			c[0].Note = combienVus(int(f.Enveloppes), "enveloppe")
		}
		ls = append(ls, c)
	}
	if len(p.Fonds) > 1 {
		c := rangSynthese(p.Total())
		c[0] = Cellule{Texte: "Tous les fonds"}
		ls = append(ls, c)
	}
	return ls
}

func rangSynthese(f store.LigneSynthese) []Cellule {
	enveloppe, reste := Cellule{Texte: f.Enveloppe.String()}, Cellule{Texte: f.Reste.String()}
	switch {
	case f.SansPlafond == f.Enveloppes:
		enveloppe.Texte, reste.Texte = "sans plafond", "sans plafond"
	case f.SansPlafond > 0:
		enveloppe.Note = fmt.Sprintf("et %s sans plafond", combienVus(int(f.SansPlafond), "enveloppe"))
	}
	return []Cellule{{}, enveloppe, {Texte: f.Engage.String()}, {Texte: f.Facture.String()}, {Texte: f.Paye.String()}, reste, {Texte: f.Prevision.String()}}
}

// emploiDessine is the money of a fund as it is drawn, each length in hundredths of the
// longest.
type emploiDessine struct {
	store.LigneSynthese
	Enveloppe100, Engage100, Facture100, Paye100, Prevision100 string
}

// dessins draws the funds to one scale. An envelope without a ceiling is as long as
// what is planned of it.
func (p SyntheseVue) dessins() []emploiDessine {
	long := opco.Montant(1)
	for _, f := range p.Fonds {
		long = max(long, f.Enveloppe, f.Engage, f.Prevision)
	}
	ds := make([]emploiDessine, len(p.Fonds))
	for i, f := range p.Fonds {
		tout := max(f.Enveloppe, f.Engage, f.Prevision)
		ds[i] = emploiDessine{f, centieme(tout, long), centieme(f.Engage, long), centieme(f.Facture, long), centieme(f.Paye, long), centieme(f.Prevision, long)}
	}
	return ds
}

// phraseEmploi says a bar in words.
func phraseEmploi(f store.LigneSynthese) string {
	phrase := fmt.Sprintf("%s payés, %s à payer, %s à facturer", f.Paye, f.APayer(), f.AFacturer())
	if f.SansPlafond < f.Enveloppes {
		phrase += fmt.Sprintf(", %s de reste", f.Reste)
	}
	return phrase
}

// phraseDemandes says what the demandes being examined would take.
func (p SyntheseVue) phraseDemandes() string {
	switch {
	case p.Demandes == 0:
		return "Aucune demande de cette année n’attend sa décision : la prévision est ce qui est engagé."
	case p.AuDela == 0:
		return fmt.Sprintf("Les demandes en cours d’instruction portent sur %s. La prévision les ajoute, telles que demandées, à ce qui est engagé.", p.Demandes)
	}
	return fmt.Sprintf("Les demandes en cours d’instruction portent sur %s. Les enveloppes ouvertes pour l’année ne couvriraient pas %s : ce montant n’est dans aucune prévision.", p.Demandes, p.AuDela)
}

var colonnesSite = []Colonne{{Titre: "Établissement"}, {Titre: "Dossiers", Nombre: true, Tenue: "second"}, {Titre: "Engagé", Nombre: true}, {Titre: "Facturé", Nombre: true}, {Titre: "Payé", Nombre: true}}

// lignesSites are the établissements of the reader, then what others of the company hold.
func (p SyntheseVue) lignesSites() [][]Cellule {
	var ls [][]Cellule
	reste := p.Total().EmploiFonds
	for _, s := range p.Sites {
		nom := p.Noms[string(s.Etablissement)]
		if nom == "" {
			nom = "SIRET " + s.Etablissement.Affiche()
		}
		ls = append(ls, []Cellule{{Texte: nom, Note: site(s.Etablissement), URL: p.dossiersDe("", string(s.Etablissement))}, {Texte: milliers(s.Dossiers)},
			{Texte: s.Engage.String()}, {Texte: s.Facture.String()}, {Texte: s.Paye.String()}})
		reste.Engage, reste.Facture, reste.Paye = reste.Engage-s.Engage, reste.Facture-s.Facture, reste.Paye-s.Paye
	}
	if reste != (store.EmploiFonds{}) {
		ls = append(ls, []Cellule{{Texte: "Autres établissements", Note: "hors de vos accès"}, {Texte: "—"}, {Texte: reste.Engage.String()}, {Texte: reste.Facture.String()}, {Texte: reste.Paye.String()}})
	}
	return ls
}

// EngagementsVus are the dossiers that hold the money of a company.
type EngagementsVus struct {
	Piece
	Phrase  string
	Lignes  [][]Cellule
	Curseur PageListe
}

// getEngagements answers GET /entreprise/synthese/dossiers.
func (w *Web) getEngagements(c *gin.Context) {
	const ici = "/entreprise/synthese"
	annee, ok := anneeVoulue(c)
	if !ok {
		suite(c, ici)
		return
	}
	v := filtreDe(c, "annee", "fonds", "etablissement")
	f := store.FiltreEngagements{Annee: annee, Fonds: v.Get("fonds"), Etablissement: v.Get("etablissement"), Apres: c.Query("apres")}
	if w.exporter(c, nil, w.tableauEngagements(c, f)) {
		return
	}
	ls, suivant, err := w.Interieur.Engagements(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := EngagementsVus{Piece: w.piece(c, "Dossiers de la synthèse", ici), Phrase: phraseFiltre(f), Lignes: lignesEngagements(ls)}
	p.Curseur = curseurListe(adresseFiltree(ici+"/dossiers", v), f.Apres, suivant)
	p.Curseur.Export = exportDe(c, len(ls))
	w.rendre(c, http.StatusOK, PageEngagements(p))
}

// phraseFiltre says which dossiers are listed.
func phraseFiltre(f store.FiltreEngagements) string {
	phrase := "Toutes les années"
	if f.Annee >= 0 {
		phrase = nomAnnee(f.Annee)
	}
	if f.Fonds != "" {
		phrase += ", " + nomFonds(f.Fonds)
	}
	if f.Etablissement != "" {
		phrase += ", établissement " + site(opco.SIRET(f.Etablissement))
	}
	return phrase + "."
}

var colonnesEngagement = []Colonne{{Titre: "Dossier"}, {Titre: "Établissement", Tenue: "second"}, {Titre: "Fonds", Tenue: "second"}, {Titre: "État"}, {Titre: "Engagé", Nombre: true},
	{Titre: "Facturé", Nombre: true}, {Titre: "Payé", Nombre: true}}

func lignesEngagements(ls []store.LigneEngagement) [][]Cellule {
	var cs [][]Cellule
	for _, l := range ls {
		cs = append(cs, []Cellule{{Texte: titreOuSans(l.Intitule), Note: l.Numero, URL: "/entreprise/dossiers/" + l.Dossier}, {Texte: site(l.Etablissement)}, {Texte: nomFonds(l.Fonds), Note: nomAnnee(l.Annee)},
			{Corps: Pastille(string(l.Etat), Akto)}, {Texte: l.Engage.String()}, {Texte: l.Facture.String()}, {Texte: l.Paye.String()}})
	}
	return cs
}

// tableauEngagements are the commitments by year, fund and établissement.
func (w *Web) tableauEngagements(c *gin.Context, f store.FiltreEngagements) api.Tableau {
	colonnes := []api.Colonne{{Titre: "Année", Largeur: 8}, {Titre: "Fonds", Largeur: 26}, {Titre: "Établissement", Largeur: 17}, {Titre: "Entreprise", Largeur: 32}, {Titre: "N° de dossier", Largeur: 16},
		{Titre: "Formation", Largeur: 42}, {Titre: "Organisme", Largeur: 32}, {Titre: "Début", Largeur: 12}, {Titre: "État", Largeur: 24}, {Titre: "Engagé (€)", Largeur: 14}, {Titre: "Facturé (€)", Largeur: 14}, {Titre: "Payé (€)", Largeur: 14}}
	return api.Tableau{Nom: "engagements", Feuille: "Engagements", Colonnes: colonnes, Lignes: tousLesRangs(c, func(c *gin.Context, apres string) ([]store.LigneEngagement, string, error) {
		f.Apres = apres
		return w.Interieur.Engagements(c, f)
	}, func(l store.LigneEngagement) []any {
		var annee any
		if l.Annee != 0 {
			annee = l.Annee
		}
		return []any{annee, nomFonds(l.Fonds), string(l.Etablissement), l.Entreprise, l.Numero, l.Intitule, l.Organisme, l.Debut, marqueDe(string(l.Etat), Akto).Libelle, l.Engage, l.Facture, l.Paye}
	})}
}
