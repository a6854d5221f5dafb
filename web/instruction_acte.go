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

// PieceADemander is one pièce that may be asked for, with its number in the form.
type PieceADemander struct {
	N                    int
	Type, Libelle, Piece string
	Etat                 marque
	Ou                   []opco.TypePiece
	Motif                opco.Motif
	Cochee               bool
}

// champ names a field of the line.
func (x PieceADemander) champ(nom string) string { return nom + "_" + strconv.Itoa(x.N) }

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

// demandables lists what may be asked for: what lacks first, then the pièces that
// are here, then the other kinds. fin keeps to the pièces of the end.
func demandables(d *opco.Dossier, ps []store.LignePiece, fin bool) []PieceADemander {
	var xs []PieceADemander
	vus := map[opco.TypePiece]bool{}
	if !fin {
		for _, m := range opco.PiecesManquantes(d) {
			xs = append(xs, PieceADemander{Type: string(m.Type), Libelle: majuscule(m.Type.Libelle()), Piece: m.Piece, Ou: m.Ou, Motif: m.Motif, Cochee: true,
				Etat: marque{m.Motif.Libelle(), "triangle-alert", Ambre}})
			vus[m.Type] = true
		}
	}
	deFin := []opco.TypePiece{opco.PieceCertificat, opco.PieceFacture, opco.PieceFactureOF, opco.PieceReleveDepenses, opco.PieceEmargement}
	for _, p := range ps {
		if fin && !slices.Contains(deFin, p.Type) || slices.ContainsFunc(xs, func(x PieceADemander) bool { return x.Piece == p.ID }) {
			continue
		}
		x := PieceADemander{Type: string(p.Type), Libelle: majuscule(p.Titre), Piece: p.ID, Motif: opco.Motif(p.Motif), Etat: etatsPiece[p.Etat], Cochee: p.Etat == opco.PieceNonConforme}
		xs, vus[p.Type] = append(xs, x), true
	}
	for _, t := range opco.TypesPiece() {
		if !vus[t] && slices.Contains(deFin, t) == fin {
			xs = append(xs, PieceADemander{Type: string(t), Libelle: majuscule(t.Libelle()), Motif: opco.MotifManquante, Etat: marque{"Pas dans le dossier", "circle-dashed", Gris}})
		}
	}
	for i := range xs {
		xs[i].N = i + 1
	}
	return xs
}

// demandesMax bounds the lines of a form of pièces.
const demandesMax = 40

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

// accord is the proposal, as it was read.
func (l *lecteur) accord(Etude) any {
	rang, err := strconv.ParseInt(l.Valeur("rang"), 10, 64)
	somme, err2 := strconv.ParseInt(l.Valeur("accorde"), 10, 64)
	if err != nil || err2 != nil {
		l.exiger("", false, "Ce formulaire est incomplet : relisez la proposition, puis décidez.")
	}
	return opco.ChargeDecider{Lue: &opco.PropositionLue{Rang: rang, Sens: opco.Sens(l.Valeur("sens")), Accorde: opco.Montant(somme)}}
}

func (l *lecteur) rien(Etude) any { return struct{}{} }

func (l *lecteur) constat(Etude) any { return opco.ChargeConstater{Solde: l.Valeur("solde") == "oui"} }

// complement is what is asked for, box by box.
func (l *lecteur) complement(Etude) any {
	return opco.ChargeDemanderComplement{Pieces: l.piecesDemandees("Cochez au moins une pièce à demander.")}
}

func (l *lecteur) nonConformite(Etude) any {
	return opco.ChargeNonConforme{Defauts: l.piecesDemandees("Cochez au moins une pièce qui ne va pas."), Facture: l.Valeur("facture")}
}

func (l *lecteur) piecesDemandees(aucune string) []opco.PieceDemandee {
	var ps []opco.PieceDemandee
	for i := 1; i <= demandesMax; i++ {
		n := strconv.Itoa(i)
		if l.Valeur("prendre_"+n) == "" {
			continue
		}
		x := opco.PieceDemandee{Type: opco.TypePiece(l.Valeur("type_" + n)), Motif: opco.Motif(l.Valeur("motif_" + n)), Precision: strings.TrimSpace(l.Valeur("precision_" + n)), Piece: l.Valeur("piece_" + n)}
		for _, t := range strings.Fields(l.Valeur("ou_" + n)) {
			x.Ou = append(x.Ou, opco.TypePiece(t))
		}
		l.exiger("motif_"+n, x.Motif != "", "Dites pourquoi cette pièce est demandée : son destinataire le lira.")
		l.borner("precision_"+n, 500)
		ps = append(ps, x)
	}
	l.exiger("prendre_1", len(ps) > 0, aucune)
	return ps
}

func (l *lecteur) refus(e Etude) any {
	ch := opco.ChargeDecider{Refus: true, Commentaire: strings.TrimSpace(l.Valeur("commentaire")), Lue: &opco.PropositionLue{Rang: e.Dossier.Rang, Sens: opco.SensRefus}}
	for _, m := range l.Valeurs["motif"] {
		ch.Motifs = append(ch.Motifs, opco.Motif(m))
	}
	l.exiger("motif", len(ch.Motifs) > 0, "Choisissez au moins un motif de refus : l’entreprise le lira.")
	if rang, err := strconv.ParseInt(l.Valeur("rang"), 10, 64); err == nil {
		ch.Lue.Rang = rang
	}
	return ch
}

// proposition is what the gestionnaire grants otherwise than the barème, line by line.
func (l *lecteur) proposition(Etude) any {
	ch := opco.ChargeDecider{Derogation: strings.TrimSpace(l.Valeur("derogation")), Risque: strings.TrimSpace(l.Valeur("risque")), Commentaire: strings.TrimSpace(l.Valeur("commentaire"))}
	for _, x := range opco.Lignes() {
		n := string(x)
		saisi := strings.TrimSpace(l.Valeur("accorde_" + n))
		if saisi == "" && l.Valeur("defaut_"+n) == "" {
			continue
		}
		m := lire(l, "accorde_"+n, opco.ParseMontant)
		if defaut, err := opco.ParseMontant(l.Valeur("defaut_" + n)); err == nil && defaut == m {
			continue
		}
		ch.Lignes = append(ch.Lignes, opco.LigneImposee{Ligne: x, Accorde: m, Motif: opco.Motif(l.Valeur("motif_" + n))})
	}
	l.borner("derogation", 500)
	l.borner("risque", 500)
	l.borner("commentaire", 2000)
	return ch
}

func (l *lecteur) raison(Etude) any {
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Écrivez la raison : elle reste dans l’historique.")
	l.borner("raison", 500)
	return opco.ChargeRaison{Raison: strings.TrimSpace(l.Valeur("raison"))}
}

func (l *lecteur) retrait(Etude) any {
	l.exiger("stagiaire", l.Valeur("stagiaire") != "", "Choisissez le stagiaire à retirer.")
	return opco.ChargeRetirer{Stagiaire: l.Valeur("stagiaire"), Raison: strings.TrimSpace(l.Valeur("raison"))}
}

// indu is what a contrôle found.
func (l *lecteur) indu(Etude) any {
	l.exiger("facture", l.Valeur("facture") != "", "Choisissez la facture payée.")
	l.exiger("cause", l.Valeur("cause") != "", "Choisissez la cause de l’indu dans la liste.")
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Dites ce qui a été trouvé : le débiteur le lira.")
	l.borner("raison", 500)
	return opco.ChargeConstaterIndu{Facture: l.Valeur("facture"), Cause: opco.CauseIndu(l.Valeur("cause")), Raison: strings.TrimSpace(l.Valeur("raison")), Montant: lire(l, "montant", opco.ParseMontant)}
}

// facturePayee reports whether f was paid, and something of it may still be claimed.
func facturePayee(d *opco.Dossier, f opco.Facture) bool {
	return f.APayer() > 0 && slices.ContainsFunc(d.Reglements, func(r opco.Reglement) bool { return r.Facture == f.ID && r.Etat == opco.ReglementExecute })
}

// causesControle are the causes that a person may find; the others open by themselves.
var causesControle = []Option{{string(opco.CauseControle), opco.CauseControle.Libelle()}, {string(opco.CauseDoublePaiement), opco.CauseDoublePaiement.Libelle()},
	{string(opco.CauseRupture), opco.CauseRupture.Libelle()}}

func (l *lecteur) litige(e Etude) any       { return l.surFacture(e) }
func (l *lecteur) refusFacture(e Etude) any { return l.surFacture(e) }

// surFacture is what is said of one invoice.
func (l *lecteur) surFacture(Etude) any {
	l.exiger("facture", l.Valeur("facture") != "", "Choisissez la facture.")
	l.exiger("motif_facture", l.Valeur("motif_facture") != "", "Choisissez le motif : l’émetteur de la facture le lira.")
	l.exiger("raison", strings.TrimSpace(l.Valeur("raison")) != "", "Écrivez ce qui ne va pas : l’émetteur de la facture le lira.")
	l.borner("raison", 500)
	return opco.ChargeRaison{Raison: strings.TrimSpace(l.Valeur("raison")), Facture: l.Valeur("facture"), Motif: opco.Motif(l.Valeur("motif_facture"))}
}

// motifsDuRefus are the reasons that may refuse a whole demande.
func motifsDuRefus() []Option { return motifsDits(opco.UsageRefus) }

func motifsDits(u opco.UsageMotif) []Option {
	var os []Option
	for _, m := range opco.MotifsPour(u) {
		os = append(os, Option{string(m), m.Libelle()})
	}
	return os
}

// auChoix puts before a list the line that chooses nothing.
func auChoix(os []Option) []Option {
	return append([]Option{{"", "Choisir un motif"}}, os...)
}

// motifsDemande are the reasons for asking a pièce, on a line of the form.
func motifsDemande(genre string) []Option {
	if genre == genreNonConforme {
		return auChoix(append(motifsDits(opco.UsageServiceFait), motifsDits(opco.UsagePiece)...))
	}
	return auChoix(motifsDits(opco.UsagePiece))
}
