package web

import (
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// DossierEntreprise is the page of one dossier in the room of its company (AK-42).
type DossierEntreprise struct {
	Piece
	DossierLu
	Onglet   string // the part that is shown
	Talon    Talon
	Fil      []EtapeArgent
	Onglets  []Onglet
	Montants []LigneMontant
	Decidee  bool
	Vues     []PieceVue
	Depots   Depots
	Indus    []store.LigneIndu // found in the dossier, and notified
	Faits    []Fait
	Lettres  []store.LigneCourrier
	Echange  *FilEchanges // the thread with the OPCO, when it is what is shown
	NonLus   int          // messages of the OPCO that wait
	Copie    bool         // may be asked again
	Site     string       // « 12927.001, Atelier Sorbier »: client number and name of the établissement (AK-42)
	Facture  string       // where the company sends its own invoice, "" when it does not
	// Certificats is where it sends the certificats that come with it.
	Certificats string
}

// The parts of the page of a dossier, each at its own address.
const (
	ongletCouts      = ""
	ongletStagiaires = "stagiaires"
	ongletDocuments  = "documents"
	ongletFactures   = "factures"
	ongletHistorique = "historique"
	ongletEchanges   = "echanges"
)

// baseEntreprise is the address of a dossier in the room of a company.
func baseEntreprise(id string) string { return "/entreprise/dossiers/" + id }

// getDossierEntreprise answers GET /entreprise/dossiers/:id and its parts.
func (w *Web) getDossierEntreprise(onglet string) gin.HandlerFunc {
	return func(c *gin.Context) { w.montrerDossierEntreprise(c, http.StatusOK, onglet, nil, MotsDepot{}) }
}

// montrerDossierEntreprise shows a part of a dossier; envois is what became of the
// files that were just sent, mots what was said of them.
func (w *Web) montrerDossierEntreprise(c *gin.Context, statut int, onglet string, envois []Envoi, mots MotsDepot) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	if d.Dossier.Etat == opco.EtatBrouillon {
		suite(c, "/entreprise/demandes/"+d.Dossier.ID+"/formation")
		return
	}
	p := DossierEntreprise{Piece: w.piece(c, titreDossier(d.Ligne), "/entreprise/dossiers"), DossierLu: d}
	if err := w.completerDossier(c, &p, onglet); err != nil {
		w.echouer(c, err)
		return
	}
	p.disposer(onglet, envois, mots)
	p.Suivre(d.Dossier.ID, d.Dossier.Rang)
	w.rendre(c, statut, PageDossierEntreprise(p))
}

// completerDossier reads what the reader may still do, and what was written to them.
func (w *Web) completerDossier(c *gin.Context, p *DossierEntreprise, onglet string) error {
	p.Copie = len(w.Interieur.Occupant(c).Ecrit) > 0
	var err error
	if p.Indus, err = w.indusDe(c, &p.Dossier); err != nil {
		return err
	}
	e, err := w.Interieur.EtablissementDe(c, p.Dossier.Demande.Etablissement)
	if err != nil {
		return err
	}
	p.Site = clientDit(e)
	if onglet == ongletEchanges {
		return w.lireEchanges(c, p, Formulaire{})
	}
	nonLus, err := w.Interieur.EchangesNonLus(c, p.Dossier.ID)
	p.NonLus = nonLus[opco.RoleEntreprise]
	return err
}

// clientDit names an établissement by its client number.
func clientDit(e store.Etablissement) string { return e.Client + ", " + e.Nom }

// lireEchanges reads the thread of the company with the OPCO: what it shows waits no
// more.
func (w *Web) lireEchanges(c *gin.Context, p *DossierEntreprise, f Formulaire) error {
	var err error
	p.Echange, err = w.filSien(c, p.Dossier.ID, opco.RoleEntreprise, baseEntreprise(p.Dossier.ID)+"/echanges", p.Acte, p.Copie, f)
	return err
}

// postEchangeEntreprise answers POST /entreprise/dossiers/:id/echanges.
func (w *Web) postEchangeEntreprise(c *gin.Context) {
	id := c.Param("id")
	w.envoyerMessage(c, id, opco.RoleEntreprise, baseEntreprise(id)+"/echanges", func(statut int, f Formulaire) {
		d, err := w.Interieur.DossierLu(c, id)
		if err != nil {
			w.echouer(c, err)
			return
		}
		p := DossierEntreprise{Piece: w.piece(c, titreDossier(d.Ligne), "/entreprise/dossiers"), DossierLu: d, Copie: true}
		if err := w.lireEchanges(c, &p, f); err != nil {
			w.echouer(c, err)
			return
		}
		p.Erreurs = f.Erreurs
		p.disposer(ongletEchanges, nil, MotsDepot{})
		w.rendre(c, statut, PageDossierEntreprise(p))
	})
}

// disposer lays out what the page shows.
func (p *DossierEntreprise) disposer(onglet string, envois []Envoi, mots MotsDepot) {
	d, base := &p.Dossier, baseEntreprise(p.Dossier.ID)
	p.Onglet, p.Talon, p.Fil = onglet, talonDe(p.Suivi, base), filDossier(d, p.Ligne)
	p.Montants, p.Decidee = lignesMontants(d)
	p.Vues, p.Faits = p.piecesVues(), faitsDossier(p.Journal)
	for _, x := range p.Courriers {
		if x.Lettre {
			p.Lettres = append(p.Lettres, x)
		}
	}
	if !d.Demande.Subrogation && p.permet(opco.ActeFacturer) && opco.Somme(d.Engagements) > 0 {
		p.Facture, p.Certificats = base+"/factures/nouvelle", base+"/certificats"
	}
	if mots.Type == "" {
		if ts := p.typesAttendus(); len(ts) == 1 {
			mots.Type = string(ts[0])
		}
	}
	p.Depots = Depots{Action: base + "/documents", Acte: p.Acte, Types: optionsPieces(p.typesAttendus()), Mots: mots, Faits: envois}
	p.Onglets = []Onglet{
		{"Coûts", base, -1, onglet == ongletCouts},
		{"Stagiaires", base + "/stagiaires", len(d.Demande.Presents()), onglet == ongletStagiaires},
		{"Documents", base + "/documents", len(p.Pieces) + len(p.Lettres), onglet == ongletDocuments},
		{"Factures", base + "/factures", len(d.Factures), onglet == ongletFactures},
		{"Échanges", base + "/echanges", p.NonLus, onglet == ongletEchanges},
		{"Historique", base + "/historique", -1, onglet == ongletHistorique},
	}
}

// titreDossier names the page: the title of the training.
func titreDossier(l store.LigneDossier) string { return nomDossier(l) }

// resumeDossier says the training in one line.
func resumeDossier(d opco.Dossier) string {
	x := d.Demande
	parties := []string{organismeOuInterne(nomOrganisme(x)), x.Duree.Heures() + " h", joursFormation(x.Debut, x.Fin), combien(len(x.Presents()), "stagiaire")}
	return strings.Join(parties, " · ")
}

func nomOrganisme(x opco.Demande) string {
	if x.Interne {
		return ""
	}
	if x.Organisme.Nom == "" {
		return x.Organisme.SIRET.Affiche()
	}
	return x.Organisme.Nom
}

// getSuiviDossier answers GET …/dossiers/:id/suivi: the talon alone, for a page that
// is kept up to date.
func (w *Web) getSuiviDossier(base func(id string) string) gin.HandlerFunc {
	return func(c *gin.Context) {
		s, err := w.Interieur.SuiviDossier(c, c.Param("id"))
		if err != nil {
			w.echouer(c, err)
			return
		}
		w.rendre(c, http.StatusOK, OuEnEst(talonDe(s, base(c.Param("id")))))
	}
}

// postDocumentsEntreprise answers POST /entreprise/dossiers/:id/documents: one file or
// several, sent before or after the decision, without a mail to anybody (AK-39, AK-53).
func (w *Web) postDocumentsEntreprise(c *gin.Context) {
	id := c.Param("id")
	envois, mots, ok := w.recevoirFichiers(c, func(c *gin.Context, corps *multipart.Reader) error { return w.Interieur.DeposerFichier(c, id, corps) })
	if !ok {
		return
	}
	if len(envois) == 0 {
		envois = []Envoi{{Nom: "Aucun fichier", Refuse: true, Phrase: "Choisissez au moins un fichier à envoyer."}}
	}
	w.repondreEnvois(c, envois, baseEntreprise(id)+"/documents", func(statut int) {
		w.montrerDossierEntreprise(c, statut, ongletDocuments, envois, mots)
	})
}

// getDossier answers GET /dossiers/:id: the room of the reader. What they may not
// see is not found.
func (w *Web) getDossier(c *gin.Context) {
	id := c.Param("id")
	salle := map[opco.Role]string{opco.RoleEntreprise: "/entreprise/dossiers/", opco.RoleOrganisme: "/organisme/dossiers/", opco.RoleComptable: "/instruction/dossiers/",
		opco.RoleGestionnaire: "/instruction/dossiers/", opco.RoleResponsable: "/instruction/dossiers/", opco.RoleAuditeur: "/instruction/dossiers/", opco.RoleControleur: "/instruction/dossiers/"}[w.Interieur.Occupant(c).Role]
	if salle == "" {
		w.introuvable(c)
		return
	}
	suite(c, salle+id)
}

// getImpression answers GET /entreprise/dossiers/:id/impression: the whole dossier on
// paper (AK-44).
func (w *Web) getImpression(c *gin.Context) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := DossierEntreprise{Piece: w.piece(c, "Dossier "+numeroDossier(d.Ligne), ""), DossierLu: d}
	if err := w.completerDossier(c, &p, ongletCouts); err != nil {
		w.echouer(c, err)
		return
	}
	p.disposer("", nil, MotsDepot{})
	w.rendre(c, http.StatusOK, PageImpression(p))
}

// Renoncement is the question asked before a dossier is cancelled, or a stagiaire
// withdrawn: what it does, and why.
type Renoncement struct {
	Piece
	DossierLu
	Stagiaire *opco.Stagiaire // nil: the whole dossier
	Base      string
}

// titre is what is asked.
func (r Renoncement) titre() string {
	if r.Stagiaire != nil {
		return "Retirer " + strings.TrimSpace(r.Stagiaire.Prenom+" "+r.Stagiaire.Nom)
	}
	return "Annuler la demande " + numeroDossier(r.Ligne)
}

// effet says what will happen.
func (r Renoncement) effet() string {
	accorde := r.Dossier.Decision != nil && r.Dossier.Decision.Accorde > 0
	switch {
	case r.Stagiaire != nil:
		return "L’accord est recalculé sans cette personne et nous vous écrivons le nouveau montant. La part rendue revient à votre enveloppe."
	case accorde:
		return "Les " + r.Dossier.Decision.Accorde.String() + " accordés ne seront plus réservés. L’organisme est prévenu. Ce dossier ne pourra pas être rouvert."
	}
	return "Nous n’étudierons plus cette demande. Elle ne pourra pas être rouverte : il faudra en refaire une, avant le début de la formation."
}

// getAnnulation answers GET /entreprise/dossiers/:id/annulation.
func (w *Web) getAnnulation(c *gin.Context) {
	w.montrerRenoncement(c, http.StatusOK, "", Formulaire{})
}

// getRetraitStagiaire answers GET /entreprise/dossiers/:id/stagiaires/:stagiaire/retrait.
func (w *Web) getRetraitStagiaire(c *gin.Context) {
	w.montrerRenoncement(c, http.StatusOK, c.Param("stagiaire"), Formulaire{})
}

func (w *Web) montrerRenoncement(c *gin.Context, statut int, stagiaire string, f Formulaire) {
	d, err := w.Interieur.DossierLu(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	r := Renoncement{DossierLu: d, Base: baseEntreprise(d.Dossier.ID)}
	acte := opco.ActeAnnuler
	if stagiaire != "" {
		acte = opco.ActeRetirerStagiaire
		for _, s := range d.Dossier.Demande.Presents() {
			if s.ID == stagiaire {
				r.Stagiaire = &s
			}
		}
	}
	if stagiaire != "" && r.Stagiaire == nil {
		w.introuvable(c)
		return
	}
	if !d.permet(acte) {
		err := d.Dossier.Admet(acte, w.Interieur.Occupant(c).Role)
		if err == nil { // the étape admits it, the right of this reader does not
			err = opco.Errorf(opco.Forbidden, "Votre droit permet de lire ce dossier, pas d’agir dessus : demandez-en un autre à l’administrateur de votre entreprise.")
		}
		w.echouer(c, err)
		return
	}
	r.Piece = w.piece(c, r.titre(), "/entreprise/dossiers")
	r.Formulaire = f.nomme()
	w.rendre(c, statut, PageRenoncement(r))
}

// postAnnulation answers POST /entreprise/dossiers/:id/annulation.
func (w *Web) postAnnulation(c *gin.Context) {
	w.renoncer(c, "", "dossier-annule", func(l *lecteur) (opco.Verdict, error) {
		return w.Interieur.AnnulerUnDossier(c, acteDuFormulaire(c), c.Param("id"), l.Valeur("raison"))
	})
}

// postRetraitStagiaire answers POST /entreprise/dossiers/:id/stagiaires/:stagiaire/retrait.
func (w *Web) postRetraitStagiaire(c *gin.Context) {
	w.renoncer(c, c.Param("stagiaire"), "stagiaire-retire", func(l *lecteur) (opco.Verdict, error) {
		return w.Interieur.RetirerUnStagiaire(c, acteDuFormulaire(c), c.Param("id"), opco.ChargeRetirer{Stagiaire: c.Param("stagiaire"), Raison: l.Valeur("raison")})
	})
}

func (w *Web) renoncer(c *gin.Context, stagiaire, annonce string, faire func(*lecteur) (opco.Verdict, error)) {
	f, ok := w.formulaire(c, "acte_id", "raison", "certain")
	if !ok {
		return
	}
	l := &lecteur{Formulaire: f}
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Dites pourquoi, en quelques mots.")
	l.borner("raison", 500)
	l.exiger("certain", l.Coche("certain", "oui"), "Cochez cette case : ce geste ne se défait pas.")
	montrer := func(statut int, f Formulaire) { w.montrerRenoncement(c, statut, stagiaire, f) }
	if len(l.fautes) > 0 {
		reprendrePage(*l, montrer)
		return
	}
	v, err := faire(l)
	if err != nil {
		w.montrerRefus(c, f, err, nil, montrer)
		return
	}
	w.fait(c, v, annonce, baseEntreprise(c.Param("id")))
}
