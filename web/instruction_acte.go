package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// The actes of the work page, as their address names them.
const (
	genreAccord       = "accord"
	genreProposition  = "proposition"
	genreRefus        = "refus"
	genreComplement   = "complement"
	genreTardif       = "refus-tardif"
	genreInstruire    = "instruction"
	genreValider      = "validation"
	genreRenvoi       = "renvoi"
	genreAnnulation   = "annulation"
	genreRetrait      = "retrait-stagiaire"
	genreConstat      = "service-fait"
	genreNonConforme  = "non-conformite"
	genreLitige       = "litige"
	genreRefusFacture = "refus-facture"
	genreForclusion   = "forclusion"
	genreIndus        = "indu"
)

// genreActe is one acte of the work page. Ecran says that it asks something, on a
// page of its own; Retour that it leads back to the service fait.
type genreActe struct {
	Type                            opco.TypeActe
	Titre, Phrase, Bouton, Annonce  string
	Danger, Ecran, Retour, Courrier bool
	lire                            func(*lecteur, Etude) any
}

// genresActe are the actes, by the word of their address.
var genresActe = map[string]genreActe{
	genreAccord:       {Type: opco.ActeDecider, Annonce: "decision-prise", lire: (*lecteur).accord},
	genreInstruire:    {Type: opco.ActeInstruire, Annonce: "instruction-commencee", lire: (*lecteur).rien},
	genreValider:      {Type: opco.ActeValider, Annonce: "decision-prise", lire: (*lecteur).rien},
	genreConstat:      {Type: opco.ActeConstater, Annonce: "service-fait-valide", Retour: true, lire: (*lecteur).constat},
	genreComplement:   {Type: opco.ActeDemanderComplement, Titre: "Demander un complément", Phrase: "Cochez ce qui manque ou ne va pas : la lettre s’écrit avec.", Bouton: "Envoyer la demande", Annonce: "complement-demande", Ecran: true, Courrier: true, lire: (*lecteur).complement},
	genreRefus:        {Type: opco.ActeDecider, Titre: "Refuser la demande", Phrase: "Un refus passe toujours par un second regard : un responsable, qui n’est pas vous, le validera avant l’envoi du courrier.", Bouton: "Proposer le refus", Annonce: "decision-prise", Danger: true, Ecran: true, Courrier: true, lire: (*lecteur).refus},
	genreProposition:  {Type: opco.ActeDecider, Titre: "Modifier la proposition", Phrase: "Accordez moins avec un motif de la liste, ou plus avec la raison d’une dérogation.", Bouton: "Décider ainsi", Annonce: "decision-prise", Ecran: true, Courrier: true, lire: (*lecteur).proposition},
	genreTardif:       {Type: opco.ActeRefuserTardif, Titre: "Refuser pour dépôt tardif", Phrase: "La demande est arrivée le jour du début ou après. C’est une règle, pas un jugement : aucun second regard.", Bouton: "Refuser la demande", Annonce: "decision-prise", Danger: true, Ecran: true, Courrier: true, lire: (*lecteur).rien},
	genreRenvoi:       {Type: opco.ActeRenvoyer, Titre: "Renvoyer à l’instruction", Phrase: "Dites au gestionnaire ce qu’il doit revoir. L’entreprise ne le lit pas.", Bouton: "Renvoyer le dossier", Annonce: "dossier-renvoye", Ecran: true, lire: (*lecteur).raison},
	genreAnnulation:   {Type: opco.ActeAnnuler, Titre: "Annuler le dossier", Phrase: "Ce qui était engagé est rendu à l’enveloppe. L’entreprise et l’organisme lisent votre raison.", Bouton: "Annuler ce dossier", Annonce: "dossier-annule", Danger: true, Ecran: true, Courrier: true, lire: (*lecteur).raison},
	genreRetrait:      {Type: opco.ActeRetirerStagiaire, Titre: "Retirer un stagiaire", Phrase: "La décision est refaite pour les autres, et la différence est rendue à l’enveloppe.", Bouton: "Retirer ce stagiaire", Annonce: "stagiaire-retire", Danger: true, Ecran: true, Courrier: true, lire: (*lecteur).retrait},
	genreNonConforme:  {Type: opco.ActeDeclarerNonConforme, Titre: "Déclarer non conforme", Phrase: "Dites ce qui ne va pas dans les pièces de fin : celui qui facture les renvoie.", Bouton: "Déclarer non conforme", Annonce: "non-conforme", Ecran: true, Courrier: true, Retour: true, lire: (*lecteur).nonConformite},
	genreLitige:       {Type: opco.ActeMettreEnLitige, Titre: "Mettre une facture en litige", Phrase: "La facture attend que vous vous accordiez avec son émetteur. Elle est revue tous les quinze jours.", Bouton: "Mettre en litige", Annonce: "facture-en-litige", Ecran: true, Courrier: true, Retour: true, lire: (*lecteur).litige},
	genreRefusFacture: {Type: opco.ActeRefuserFacture, Titre: "Refuser une facture", Phrase: "Son émetteur lit le motif et peut en envoyer une autre. L’accord ne change pas.", Bouton: "Refuser la facture", Annonce: "facture-refusee", Danger: true, Ecran: true, Courrier: true, Retour: true, lire: (*lecteur).refusFacture},
	genreIndus:        {Type: opco.ActeConstaterIndu, Titre: "Constater un indu", Phrase: "Un contrôle a trouvé moins que ce qui est payé. Un comptable, qui n’est pas vous, notifie la somme au débiteur.", Bouton: "Constater l’indu", Annonce: "indu-constate", Danger: true, Ecran: true, Retour: true, lire: (*lecteur).indu},
	genreForclusion:   {Type: opco.ActeConfirmerForclusion, Titre: "Confirmer la forclusion", Phrase: "Rien n’est arrivé dans le délai. Le dossier se clôt et l’engagement revient à l’enveloppe.", Bouton: "Clore le dossier", Annonce: "dossier-forclos", Danger: true, Ecran: true, Courrier: true, Retour: true, lire: (*lecteur).rien},
}

// vers is where an acte leads back.
func (g genreActe) vers(id string) string {
	if g.Retour {
		return adresseEtude(id) + "/service-fait"
	}
	return adresseEtude(id)
}

// ActeEtude is the page of an acte that asks something: the letter on the left, the
// boxes on the right.
type ActeEtude struct {
	Piece
	Etude
	Genre    string
	Acte1    genreActe
	Demandes []PieceADemander
	Lignes   []LignePropose
	Factures []Option
	Empeche  string // why the acte cannot be done now
	Vive     bool   // the letter is written anew as the boxes are ticked
}

// getActe answers GET /instruction/dossiers/:id/actes/:genre.
func (w *Web) getActe(c *gin.Context) { w.montrerActe(c, http.StatusOK, Formulaire{}) }

func (w *Web) montrerActe(c *gin.Context, statut int, f Formulaire) {
	g, ok := genresActe[c.Param("genre")]
	if !ok || !g.Ecran {
		w.introuvable(c)
		return
	}
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := ActeEtude{Piece: w.piece(c, g.Titre, "/instruction"), Etude: e, Genre: c.Param("genre"), Acte1: g, Vive: true}
	p.Etroit, p.Formulaire = true, f
	if !e.peut(g.Type) && statut == http.StatusOK {
		p.Empeche = "Ce dossier est « " + e.Dossier.Etat.String() + " » : cet acte n’est pas possible à cette étape, ou pas pour vous."
	}
	if err := w.preparerActe(c, &p); err != nil {
		w.echouer(c, err)
		return
	}
	w.rendreCadre(c, statut, PageActe(p))
}

// preparerActe reads what the boxes of the acte need.
func (w *Web) preparerActe(c *gin.Context, p *ActeEtude) error {
	switch p.Genre {
	case genreComplement, genreNonConforme:
		pieces, err := w.Interieur.PiecesDe(c, p.Dossier.ID)
		p.Demandes = demandables(&p.Dossier, pieces, p.Genre == genreNonConforme)
		return err
	case genreProposition:
		prop, err := w.Interieur.ProposerDecision(c, p.Dossier.ID, opco.ChargeDecider{})
		if refusDe(err) != "" {
			p.Lignes = lignesDemandees(p.Dossier.Demande)
			return nil
		}
		p.Lignes = propositionVue(prop.Decision, nil).Lignes
		return err
	}
	if p.Genre == genreRefus && p.Valeurs == nil {
		return w.suggererRefus(c, p)
	}
	for _, f := range p.Dossier.Factures {
		if p.Genre == genreIndus {
			if facturePayee(&p.Dossier, f) {
				p.Factures = append(p.Factures, Option{f.ID, f.Numero + ", " + f.APayer().String() + " payés"})
			}
			continue
		}
		if f.Etat.Ouverte() {
			p.Factures = append(p.Factures, Option{f.ID, f.Numero + ", " + f.TotalHT.String()})
		}
	}
	return nil
}

// suggererRefus ticks the motifs that the checks and the computation already give.
func (w *Web) suggererRefus(c *gin.Context, p *ActeEtude) error {
	cs, err := w.Interieur.Controles(c, p.Dossier.ID)
	if err != nil {
		return err
	}
	p.Valeurs = valeurs()
	for _, x := range cs {
		if x.Resultat == opco.ResultatBlock && x.Motif.Pour(opco.UsageRefus) && !p.Coche("motif", string(x.Motif)) {
			p.Valeurs.Add("motif", string(x.Motif))
		}
	}
	return nil
}

// formulaireActe reads the form of an acte.
func (w *Web) formulaireActe(c *gin.Context) (Formulaire, bool) {
	noms := []string{"rang", "sens", "accorde", "raison", "motif", "motif_facture", "facture", "stagiaire", "derogation", "risque", "commentaire", "solde", "cause", "montant"}
	for _, l := range opco.Lignes() {
		noms = append(noms, "accorde_"+string(l), "defaut_"+string(l), "motif_"+string(l))
	}
	for i := 1; i <= demandesMax; i++ {
		n := strconv.Itoa(i)
		noms = append(noms, "prendre_"+n, "type_"+n, "piece_"+n, "motif_"+n, "precision_"+n, "ou_"+n)
	}
	return w.formulaire(c, noms...)
}

// postActe answers POST /instruction/dossiers/:id/actes/:genre.
func (w *Web) postActe(c *gin.Context) {
	g, ok := genresActe[c.Param("genre")]
	if !ok {
		w.introuvable(c)
		return
	}
	f, ok := w.formulaireActe(c)
	if !ok {
		return
	}
	montrer := func(statut int, f Formulaire) { w.montrerActe(c, statut, f) }
	switch {
	case !g.Ecran && g.Retour:
		montrer = func(statut int, f Formulaire) { w.montrerServiceFait(c, statut, f) }
	case !g.Ecran:
		montrer = func(statut int, f Formulaire) { w.montrerEtude(c, statut, voletEtude, f) }
	}
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	l := lecteur{Formulaire: f}
	charge := g.lire(&l, e)
	if len(l.fautes) > 0 {
		reprendrePage(l, montrer)
		return
	}
	v, err := w.Interieur.Agir(c, acteDuFormulaire(c), e.Dossier.ID, g.Type, charge)
	if err != nil {
		w.montrerRefus(c, f, err, nomsDeCharge(f, charge), montrer)
		return
	}
	w.fait(c, v, g.Annonce, g.vers(e.Dossier.ID))
}

// nomsDeCharge says which field of the form holds each part of a charge.
func nomsDeCharge(f Formulaire, charge any) map[string]string {
	noms := map[string]string{"motifs": "motif", "motif": "motif_facture"} // the other fields have the names of the API
	lignes := func(debut string) {
		i := 0
		for n := 1; n <= demandesMax; n++ {
			if x := strconv.Itoa(n); f.Valeur("prendre_"+x) != "" {
				ici := debut + "[" + strconv.Itoa(i) + "]."
				noms[ici+"motif"], noms[ici+"precision"], noms[ici+"type"] = "motif_"+x, "precision_"+x, "prendre_"+x
				i++
			}
		}
	}
	switch x := charge.(type) {
	case opco.ChargeDemanderComplement:
		lignes("pieces")
		noms["pieces"] = "prendre_1"
	case opco.ChargeNonConforme:
		lignes("defauts")
		noms["defauts"] = "prendre_1"
	case opco.ChargeDecider:
		for i, l := range x.Lignes {
			ici := "lignes[" + strconv.Itoa(i) + "]."
			noms[ici+"accorde"], noms[ici+"motif"] = "accorde_"+string(l.Ligne), "motif_"+string(l.Ligne)
		}
	}
	return noms
}

// postApercu answers POST /instruction/dossiers/:id/actes/:genre/apercu: the letter
// that the acte would send, to be shown in a frame.
func (w *Web) postApercu(c *gin.Context) {
	g, ok := genresActe[c.Param("genre")]
	if !ok {
		w.introuvable(c)
		return
	}
	f, ok := w.formulaireActe(c)
	if !ok {
		return
	}
	e, err := w.Interieur.Etude(c, c.Param("id"))
	if err != nil {
		w.echouer(c, err)
		return
	}
	l := lecteur{Formulaire: f}
	charge := g.lire(&l, e)
	if len(l.fautes) > 0 {
		w.lettre(c, http.StatusUnprocessableEntity, lettreVide("La lettre n’est pas encore écrite", l.fautes[0].Message))
		return
	}
	a, err := w.Interieur.Apercevoir(c, e.Dossier.ID, g.Type, charge)
	if err != nil {
		p := api.Answer(err)
		if p.Status >= http.StatusInternalServerError {
			w.echouer(c, err)
			return
		}
		w.lettre(c, int(p.Status), lettreVide("La lettre n’est pas encore écrite", p.Detail))
		return
	}
	w.lettre(c, http.StatusOK, apercuHTML(a))
}

// lettre answers with a page that is shown in a frame, and does nothing.
func (w *Web) lettre(c *gin.Context, statut int, corps []byte) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", inerte["text/html; charset=utf-8"])
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	c.Data(statut, "text/html; charset=utf-8", corps)
}
