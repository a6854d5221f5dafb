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

// Comptes is the search of accounts, for the staff.
type Comptes struct {
	Piece
	Comptes []store.LigneCompte
	Filtre  url.Values
	Suivant string
	Ouvre   bool // the reader may open an account (AK-01)
}

// CompteAgent is an account as the staff sees it, with what they may do to it.
type CompteAgent struct {
	Piece
	CompteVu
	Profils   []BlocProfil
	Preuves   []PreuvesBloc
	Equipes   []EquipeEntite
	Faits     []Fait
	Reemet    bool // its provisional credentials may be sent again
	Retirable []Option
	Ferme     bool // the reader may close it, and take rights away
	Donne     bool // the reader may give it rights (C14)
	Attend    bool // rights wait for an answer
}

// getComptes answers GET /comptes.
func (w *Web) getComptes(c *gin.Context) {
	p := Comptes{Piece: w.piece(c, "Comptes", "/comptes"), Filtre: url.Values{}, Ouvre: w.Interieur.Occupant(c).Role != opco.RoleAuditeur}
	for _, n := range []string{"q", "etat"} {
		if v := strings.TrimSpace(coupe(c.Query(n), 100)); v != "" {
			p.Filtre.Set(n, v)
		}
	}
	f := store.FiltreComptes{Texte: p.Filtre.Get("q"), Apres: c.Query("apres"), Limite: 50}
	if e := opco.Etat(p.Filtre.Get("etat")); slices.Contains(opco.EtatsCompte(), e) {
		f.Etats = []opco.Etat{e}
	}
	cs, suivant, err := w.Interieur.Comptes(c, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p.Formulaire = Formulaire{Valeurs: p.Filtre}
	p.Comptes, p.Suivant = cs, pageSuivante("/comptes", p.Filtre, suivant)
	api.Montrer(c.Request.Context(), "liste", len(cs))
	w.rendre(c, http.StatusOK, PageComptes(p))
}

func optionsEtats() []Option {
	os := []Option{{"", "Tous"}}
	for _, e := range opco.EtatsCompte() {
		os = append(os, Option{string(e), opco.LibelleCompte(e)})
	}
	return os
}

func lignesComptesVus(cs []store.LigneCompte) [][]Cellule {
	var l [][]Cellule
	for _, x := range cs {
		nom := strings.TrimSpace(x.Prenom + " " + x.Nom)
		if nom == "" {
			nom = x.Identifiant
		}
		if nom == "" {
			nom = "Compte effacé"
		}
		droits := combien(int(x.Accordes), "droit ouvert")
		if x.AValider > 0 {
			droits += ", " + combien(int(x.AValider), "droit") + " à valider"
		}
		l = append(l, []Cellule{{Texte: nom, Note: x.Email, URL: "/comptes/" + x.ID}, {Texte: nomsEntites(x.Entites)}, {Corps: PastilleCompte(x.Etat)},
			{Texte: majuscule(droits)}, {Texte: opco.JourDe(x.CreeLe).Courte()}})
	}
	return l
}

// getCompteAgent answers GET /comptes/:compte.
func (w *Web) getCompteAgent(c *gin.Context) { w.montrerCompteAgent(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerCompteAgent(c *gin.Context, statut int, f Formulaire) {
	v, err := w.Interieur.CompteVu(c, c.Param("compte"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	api.Montrer(c.Request.Context(), opco.ObjetCompte(v.Id), 1)
	p := compteAgent(w.piece(c, "Compte de "+v.nomComplet(), "/comptes"), v, w.Interieur.Occupant(c))
	p.Formulaire = f
	w.rendre(c, statut, PageCompteAgent(p))
}

func compteAgent(piece Piece, v CompteVu, o Occupant) CompteAgent {
	p := CompteAgent{Piece: piece, CompteVu: v, Preuves: preuvesDe(v.Blocs), Equipes: equipes(v), Faits: faits(v.Journal)}
	for _, b := range v.blocs() {
		if len(b.Entites) > 0 {
			p.Profils = append(p.Profils, b)
		}
	}
	libre := empeche(v, o) == ""
	provisoire := []opco.Etat{opco.CompteProvisoire, opco.CompteIdentifiantModifie, opco.CompteMotDePasseConfirme, opco.CompteExpire}
	p.Reemet = libre && v.Origine == opco.OrigineOPCO && slices.Contains(provisoire, v.Etat)
	p.Ferme = libre && v.Etat != opco.CompteClos && (o.Role == opco.RoleConseiller || o.Role == opco.RoleResponsable)
	p.Donne = p.Ferme && slices.Contains([]opco.Etat{opco.CompteActifLimite, opco.CompteActif}, v.Etat)
	for _, d := range v.Droits {
		if p.Ferme && (d.Etat == opco.HabAccordee || d.Etat == opco.HabSuspendue) {
			p.Retirable = append(p.Retirable, Option{d.Id, droitDit(d)})
		}
		p.Attend = p.Attend || libre && d.Etat == opco.HabAValider
	}
	return p
}

// adresseCompte is the page of the account of the request.
func adresseCompte(c *gin.Context) string { return "/comptes/" + c.Param("compte") }

// postReemission answers POST /comptes/:compte/reemission (C19).
func (w *Web) postReemission(c *gin.Context) {
	v, err := w.Interieur.Reemettre(c, acteDuFormulaire(c), c.Param("compte"))
	if err != nil {
		w.montrerRefus(c, Formulaire{}, err, nil, func(statut int, f Formulaire) { w.montrerCompteAgent(c, statut, f) })
		return
	}
	w.fait(c, v, "identifiants-envoyes", adresseCompte(c))
}

// postRetrait answers POST /comptes/:compte/retrait (C13).
func (w *Web) postRetrait(c *gin.Context) {
	f, ok := w.formulaire(c, "raison")
	if !ok {
		return
	}
	f.Valeurs["droit"] = c.PostFormArray("droit")
	l := lecteur{Formulaire: f}
	l.exiger("droit", len(f.Valeurs["droit"]) > 0, "Choisissez les droits à retirer.")
	l.exiger("raison", strings.TrimSpace(f.Valeur("raison")) != "", "Dites pourquoi : la personne le lira.")
	montrer := func(statut int, f Formulaire) { w.montrerCompteAgent(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.RetirerDroits(c, acteDuFormulaire(c), c.Param("compte"), opco.ChargeDroits{Habilitations: f.Valeurs["droit"], Raison: f.Valeur("raison")})
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"habilitations": "droit"}, montrer)
		return
	}
	w.fait(c, v, "droits-retires", adresseCompte(c))
}

// postClotureAgent answers POST /comptes/:compte/cloture (C22).
func (w *Web) postClotureAgent(c *gin.Context) {
	f, ok := w.formulaire(c, "motif_cloture")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("motif_cloture", strings.TrimSpace(f.Valeur("motif_cloture")) != "", "Dites pourquoi le compte est fermé : la personne le lira.")
	montrer := func(statut int, f Formulaire) { w.montrerCompteAgent(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.CloreCompte(c, acteDuFormulaire(c), c.Param("compte"), f.Valeur("motif_cloture"))
	if err != nil {
		w.montrerRefus(c, f, err, map[string]string{"raison": "motif_cloture"}, montrer)
		return
	}
	w.fait(c, v, "compte-ferme", adresseCompte(c))
}

// CompteNouveau is the form by which the OPCO opens an account (AK-01).
type CompteNouveau struct {
	Piece
	Jours int // life of the provisional credentials
}

// getCompteNouveau answers GET /comptes/nouveau.
func (w *Web) getCompteNouveau(c *gin.Context) {
	w.montrerCompteNouveau(c, http.StatusOK, Formulaire{Valeurs: valeurs("profil", string(opco.RoleEntreprise))})
}

func (w *Web) montrerCompteNouveau(c *gin.Context, statut int, f Formulaire) {
	regles, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := CompteNouveau{Piece: w.piece(c, "Ouvrir un compte", "/comptes"), Jours: regles.ProvisoireJours}
	p.Formulaire = f
	w.rendre(c, statut, PageCompteNouveau(p))
}

// postCompteNouveau answers POST /comptes/nouveau.
func (w *Web) postCompteNouveau(c *gin.Context) {
	f, ok := w.formulaire(c, "civilite", "nom", "prenom", "email", "fonction", "telephone", "profil", "siret", "service")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	invite := l.lireInvite()
	invite.Telephone = l.facultatif("telephone")
	l.exiger("fonction", invite.Fonction != "", "Indiquez la fonction de la personne : l’organisation vous la donne.")
	l.exiger("telephone", invite.Telephone != "", "Indiquez le téléphone de la personne : l’organisation vous le donne.")
	ds := l.lireDroitsChoisis()
	montrer := func(statut int, f Formulaire) { w.montrerCompteNouveau(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	id, v, err := w.Interieur.OuvrirCompte(c, acteDuFormulaire(c), invite, ds)
	if err != nil {
		w.montrerRefus(c, f, err, champsDesDroitsChoisis(len(ds)), montrer)
		return
	}
	vers := "/comptes/" + id
	if v == opco.VerdictRecu {
		vers = "/comptes"
	}
	w.fait(c, v, "compte-ouvert", vers)
}

// lireDroitsChoisis reads the rights that droitsChoisis asks for.
func (l *lecteur) lireDroitsChoisis() []opco.DroitDonne {
	profil := profilVoulu(l.Valeur("profil"))
	siret := lire(l, "siret", opco.ParseSIRET)
	var ds []opco.DroitDonne
	for _, s := range opco.Services(profil) {
		if l.Coche("service", string(s)) {
			ds = append(ds, opco.DroitDonne{Profil: profil, SIRET: siret, Service: s})
		}
	}
	l.exiger("service", len(ds) > 0, "Choisissez au moins un service de ce profil.")
	return ds
}

// champsDesDroitsChoisis are the fields of droitsChoisis that n rights came from.
func champsDesDroitsChoisis(n int) map[string]string {
	noms := champsDesDroits(n)
	for i := range n {
		noms["droits["+strconv.Itoa(i)+"].siret"] = "siret"
	}
	return noms
}

// postAttribution answers POST /comptes/:compte/attribution: an account that is open gets
// rights that its holder did not ask for (AK-02).
func (w *Web) postAttribution(c *gin.Context) {
	f, ok := w.formulaire(c, "profil", "siret", "service")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	ds := l.lireDroitsChoisis()
	montrer := func(statut int, f Formulaire) { w.montrerCompteAgent(c, statut, f) }
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.AttribuerDroits(c, acteDuFormulaire(c), c.Param("compte"), ds)
	if err != nil {
		w.montrerRefus(c, f, err, champsDesDroitsChoisis(len(ds)), montrer)
		return
	}
	w.fait(c, v, "droits-donnes", adresseCompte(c))
}

// servicesTous are the services of both profiles, with whose they are.
func servicesTous() []Option {
	os := []Option{}
	for _, s := range opco.Services(opco.RoleEntreprise) {
		qui := "Entreprise"
		if slices.Contains(opco.Services(opco.RoleOrganisme), s) {
			qui = "Entreprise ou organisme"
		}
		os = append(os, Option{string(s), s.Libelle() + "|" + qui})
	}
	return append(os, Option{string(opco.ServicePaiements), opco.ServicePaiements.Libelle() + "|Organisme de formation"})
}

// origineDite says how an account came to be.
func origineDite(o opco.Origine) string {
	return map[opco.Origine]string{
		opco.OrigineInscription: "La personne s’est inscrite.", opco.OrigineInvitation: "Un administrateur de l’organisation l’a invitée.",
		opco.OrigineOPCO: "L’OPCO a ouvert le compte.", opco.OrigineInterne: "Agent de l’OPCO.", opco.OrigineReprise: "Repris des données de l’OPCO.",
	}[o]
}
