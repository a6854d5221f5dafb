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

// FileDroits is the advisers' queue, with the request that is open, if one is.
type FileDroits struct {
	Piece
	Demandes  []store.LigneDemande
	Compteurs store.CompteursDemandes
	Reponse   int // jours ouvrés promised for an answer
	Filtre    url.Values
	Suivant   string // address of the next page of the queue
	Passer    string // address of the next request, this one set aside
	Detail    *DetailDemande
}

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
	Reponse, Question        string // of the applicant, to a former question
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

// mentionDelai says how long is left to answer.
func mentionDelai(jours *int32) marque {
	switch {
	case jours == nil:
		return marque{}
	case *jours < 0:
		return marque{"en retard de " + strconv.Itoa(int(-*jours)) + " j", "alarm-clock", Rouge}
	case *jours == 0:
		return marque{"aujourd’hui", "clock", Ambre}
	case *jours == 1:
		return marque{"1 j", "clock", Ambre}
	}
	return marque{strconv.Itoa(int(*jours)) + " j", "clock", Gris}
}

// delaiEntier says the same in the head of the request.
func delaiEntier(limite, jour opco.Date) marque {
	switch {
	case limite == "":
		return marque{}
	case limite < jour:
		return marque{"Réponse promise le " + limite.Longue(), "alarm-clock", Rouge}
	case limite == jour:
		return marque{"Réponse avant ce soir", "clock", Ambre}
	case limite == jour.Jours(1):
		return marque{"Réponse avant demain soir", "clock", Ambre}
	}
	return marque{"Réponse avant le " + limite.Longue(), "clock", Gris}
}

// nomsEntites names the organisations of a line of the queue.
func nomsEntites(es []store.Entite) string {
	var noms []string
	for _, e := range es {
		nom := e.Nom
		if nom == "" {
			nom = "SIREN " + e.SIREN.Affiche()
		}
		if !slices.Contains(noms, nom) {
			noms = append(noms, nom)
		}
	}
	if len(noms) > 3 {
		return strings.Join(noms[:2], ", ") + " et " + strconv.Itoa(len(noms)-2) + " autres"
	}
	return liste(noms)
}

// detailler makes what the adviser reads of an account.
func detailler(v CompteVu, o Occupant, f Formulaire) *DetailDemande {
	d := &DetailDemande{CompteVu: v, Motifs: optionsMotifs(), Faits: faits(v.Journal), Empeche: empeche(v, o)}
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
	l := LigneDroit{Rang: rang, ID: h.Id, Service: h.Libelle, Site: site(h.Siret), Nom: h.Entite, Reponse: h.Reponse, Preuve: preuveDroit(h.Bloc, bs)}
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

func optionsMotifs() []Option {
	os := []Option{{"", "Choisir un motif"}}
	for _, m := range opco.MotifsHabilitation() {
		if m != opco.MotifSansReponse {
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

// droitsMax bounds the rights of one form.
const droitsMax = 200

// getFile answers GET /habilitations.
func (w *Web) getFile(c *gin.Context) {
	p, ok := w.file(c, "")
	if ok {
		api.Montrer(c.Request.Context(), "liste", len(p.Demandes))
		w.rendre(c, http.StatusOK, PageDroits(p))
	}
}

// getDemande answers GET /habilitations/:compte.
func (w *Web) getDemande(c *gin.Context) { w.montrerDemande(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerDemande(c *gin.Context, statut int, f Formulaire) {
	id := c.Param("compte")
	v, err := w.Interieur.CompteVu(c, id)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p, ok := w.file(c, id)
	if !ok {
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetCompte(v.Id), 1)
	p.Detail = detailler(v, w.Interieur.Occupant(c), f)
	p.Titre, p.Formulaire = "Droits demandés par "+v.nomComplet(), f
	w.rendre(c, statut, PageDroits(p))
}

// file reads the queue as the address filters it.
func (w *Web) file(c *gin.Context, ouverte string) (FileDroits, bool) {
	p := FileDroits{Piece: w.piece(c, "Habilitations à valider", "/habilitations"), Filtre: url.Values{}}
	for _, n := range []string{"etat", "q", "retard"} {
		if v := strings.TrimSpace(coupe(c.Query(n), 100)); v != "" {
			p.Filtre.Set(n, v)
		}
	}
	f := store.FiltreDemandes{Texte: p.Filtre.Get("q"), Retard: p.Filtre.Get("retard") != "", Apres: c.Query("apres"), Limite: 50}
	if e := opco.EtatHabilitation(p.Filtre.Get("etat")); e == opco.HabPrecision {
		f.Etat = e
	}
	page, err := w.Interieur.Demandes(c, f)
	if err != nil {
		w.echouer(c, err)
		return p, false
	}
	p.Compteurs, p.Reponse = page.Compteurs, page.Reponse
	p.Demandes, p.Suivant = page.Demandes, pageSuivante("/habilitations", p.Filtre, page.Suivant)
	p.Passer = adresseSuivante(passees(c), ouverte)
	return p, true
}

// passees are the requests set aside since the queue was opened.
func passees(c *gin.Context) []string {
	sauf := c.QueryArray("sauf")
	return sauf[:min(len(sauf), 40)]
}

func adresseSuivante(sauf []string, plus string) string {
	v := url.Values{"sauf": slices.Clone(sauf)}
	if plus != "" && !slices.Contains(sauf, plus) {
		v.Add("sauf", plus)
	}
	if len(v["sauf"]) == 0 {
		return "/habilitations/suivante"
	}
	return "/habilitations/suivante?" + v.Encode()
}

// getSuivante answers GET /habilitations/suivante: the most urgent request that the
// reader may answer, those set aside apart.
func (w *Web) getSuivante(c *gin.Context) {
	sauf := passees(c)
	id, err := w.Interieur.DemandeSuivante(c, sauf)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if id == "" {
		w.annoncer(c, "file-vide")
		suite(c, "/habilitations")
		return
	}
	vers := "/habilitations/" + id
	if len(sauf) > 0 {
		vers += "?" + url.Values{"sauf": sauf}.Encode()
	}
	suite(c, vers)
}
