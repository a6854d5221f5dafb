package web

import (
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// EnvoiPret is what step 4 says before a demande leaves: what lacks, the pièces, and
// whether it comes in time.
type EnvoiPret struct {
	Moment Controle
	Tard   bool // sent now, it would be refused (T05)
	Etapes []EtapeRelue
	Pieces []PieceAttendue
	Depot  Depots
}

// EtapeRelue is a step of the checklist: what lacks, each with the way to its field.
type EtapeRelue struct {
	Nom, Ton, Dit, URL string
	Manques            []Lien
}

// PieceAttendue is a group of pièces of which one is enough. Attendue is the one that
// may be announced « à venir », "" when the group is answered.
type PieceAttendue struct {
	Nom, Ton, Dit string
	Attendue      string
}

// envoiPret reads what an Envoi depends on.
func (w *Web) envoiPret(c *gin.Context, b BrouillonLu) (*EnvoiPret, error) {
	d := b.Dossier.Demande
	e := &EnvoiPret{}
	if d.Debut != "" {
		m, err := w.Interieur.MomentDuDepot(c, d.Debut)
		if err != nil {
			return nil, err
		}
		e.Moment, e.Tard = momentDit(m, d), m.Tard
	}
	e.Etapes = etapesRelues(b.Dossier.ID, d)
	e.Pieces = piecesAttendues(&b.Dossier)
	e.Depot = Depots{Action: "/entreprise/demandes/" + b.Dossier.ID + "/pieces", Acte: acteDuFormulaire(c), Types: optionsPieces(manquants(&b.Dossier))}
	return e, nil
}

// manquants are the kinds of pièce that still lack.
func manquants(d *opco.Dossier) []opco.TypePiece {
	var ts []opco.TypePiece
	for _, m := range opco.PiecesManquantes(d) {
		ts = append(append(ts, m.Type), m.Ou...)
	}
	return ts
}

// etapesRelues is the checklist of the first three steps.
func etapesRelues(id string, d opco.Demande) []EtapeRelue {
	var es []EtapeRelue
	for _, e := range opco.EtapesDemande()[:3] {
		x := EtapeRelue{Nom: e.Libelle(), Ton: Vert, Dit: " : rien ne manque.", URL: cheminEtape(id, e)}
		for _, f := range fautesDe(d, d.ValiderEtape(e)) {
			x.Ton = Ambre
			x.Manques = append(x.Manques, Lien{f.Message, x.URL + "#" + ID(f.Champ)})
		}
		if e == opco.EtapeModules && len(d.Modules) == 0 {
			x.Ton, x.Dit = Gris, " : aucun."
		}
		es = append(es, x)
	}
	return es
}

// piecesAttendues says of each required group whether it is answered (AK-45).
func piecesAttendues(d *opco.Dossier) []PieceAttendue {
	manques := opco.PiecesManquantes(d)
	var ps []PieceAttendue
	for _, groupe := range d.Demande.PiecesRequises() {
		p := PieceAttendue{Nom: majuscule(groupeDit(groupe)), Ton: Ambre, Dit: "Joignez-la ci-dessous, ou annoncez-la."}
		i := slices.IndexFunc(manques, func(m opco.PieceDemandee) bool { return slices.Contains(groupe, m.Type) })
		if i >= 0 {
			p.Attendue = string(manques[i].Type)
			ps = append(ps, p)
			continue
		}
		p.Ton = Vert
		for _, x := range d.Pieces {
			if !slices.Contains(groupe, x.Type) {
				continue
			}
			if p.Dit = "Jointe"; x.Titre != "" {
				p.Dit += " : " + x.Titre
			}
		}
		ps = append(ps, p)
	}
	return ps
}

// postEnvoi answers the buttons of step 4 but « Annulez la saisie ».
func (w *Web) postEnvoi(c *gin.Context, b BrouillonLu, action string) {
	if action != "envoyer" {
		w.enregistrerEtape(c, b, opco.EtapeEnvoi, c.Request.PostForm, true)
		return
	}
	f, ok := w.formulaire(c, "acte_id", "certifie", "malgre", "version")
	if !ok {
		return
	}
	f.Valeurs["a_venir"] = c.PostFormArray("a_venir")
	fautes, err := w.fautesEnvoi(c, b, f)
	if err != nil {
		w.echouer(c, err)
		return
	}
	if len(fautes) > 0 {
		w.reprendreEnvoi(c, http.StatusUnprocessableEntity, b, f, fautes)
		return
	}
	ch := opco.ChargeDeposer{Certifie: true}
	for _, t := range f.Valeurs["a_venir"] {
		ch.AVenir = append(ch.AVenir, opco.TypePiece(t))
	}
	v, err := w.Interieur.EnvoyerDemande(c, acteDuFormulaire(c), b.Dossier.ID, ch)
	if err != nil {
		if statut, fautes, ok := w.reprendre(c, err, nil); ok {
			w.reprendreEnvoi(c, statut, b, f, sansChamp(fautes))
		}
		return
	}
	w.fait(c, v, "demande-envoyee", "/entreprise/dossiers/"+b.Dossier.ID)
}

// sansChamp keeps the sentences of fautes on fields that this step does not have.
func sansChamp(fautes []Faute) []Faute {
	for i := range fautes {
		if fautes[i].Champ != "certifie" {
			fautes[i].Champ = ""
		}
	}
	return fautes
}

// fautesEnvoi is what keeps a demande from leaving, as the page says it: what lacks in
// the steps has its links in the checklist.
func (w *Web) fautesEnvoi(c *gin.Context, b BrouillonLu, f Formulaire) ([]Faute, error) {
	d := b.Dossier.Demande
	l := lecteur{Formulaire: f}
	if n := len(d.ValiderEtape(opco.EtapeEnvoi)); n > 0 {
		l.exiger("", false, "Il manque "+combien(n, "information")+" : la liste « Avant l’envoi » y mène.")
	}
	for _, p := range piecesAttendues(&b.Dossier) {
		l.exiger("a_venir."+p.Attendue, p.Attendue == "" || f.Coche("a_venir", p.Attendue), p.Nom+" : joignez cette pièce, ou cochez « à venir ».")
	}
	l.exiger("certifie", f.Coche("certifie", "oui"), "Certifiez que votre demande est exacte.")
	if d.Debut == "" {
		return l.fautes, nil
	}
	m, err := w.Interieur.MomentDuDepot(c, d.Debut)
	l.exiger("malgre", !m.Tard || f.Coche("malgre", "oui"), "Cette demande arrive trop tard : dites que vous l’envoyez quand même, ou gardez le brouillon.")
	return l.fautes, err
}

func (w *Web) reprendreEnvoi(c *gin.Context, statut int, b BrouillonLu, f Formulaire, fautes []Faute) {
	w.montrerEtape(c, statut, b, opco.EtapeEnvoi, b.Dossier.Demande, f.Valeurs, func(p *Assistant) { p.Erreurs, p.Acte = fautes, acteDuFormulaire(c) })
}

// postPiecesDemande answers POST /entreprise/demandes/:id/pieces.
func (w *Web) postPiecesDemande(c *gin.Context) {
	b, _, ok := w.brouillonDe(c)
	if !ok {
		return
	}
	envois, mots, ok := w.recevoirFichiers(c, func(c *gin.Context, corps *multipart.Reader) error {
		return w.Interieur.DeposerFichier(c, b.Dossier.ID, corps)
	})
	if !ok {
		return
	}
	vers := cheminEtape(b.Dossier.ID, opco.EtapeEnvoi)
	w.repondreEnvois(c, envois, vers, func(statut int) {
		if lu, err := w.Interieur.Brouillon(c, b.Dossier.ID); err == nil {
			b = lu // the files that passed are there
		}
		w.montrerEtape(c, statut, b, opco.EtapeEnvoi, b.Dossier.Demande, nil, func(p *Assistant) { p.Envoi.Depot.Faits, p.Envoi.Depot.Mots = envois, mots })
	})
}

// LigneComparee is an amount of step 1 beside what the stagiaires make of it.
type LigneComparee struct {
	opco.LigneDemandee
	Demande opco.Montant
	Selon   opco.Montant
	Exacte  bool // the stagiaires decide it: both must be equal
	Compte  string
}

// lignesAComparer are the cost lines that depend on the stagiaires.
func lignesAComparer(d opco.Demande) []LigneComparee {
	var ls []LigneComparee
	for _, l := range []opco.Ligne{opco.LignePeda, opco.LigneRemuneration, opco.LigneHebergement, opco.LigneRepas, opco.LigneTransport} {
		x := LigneComparee{LigneDemandee: opco.LigneDemandee{Ligne: l}, Demande: d.Montant(l)}
		x.Selon, x.Exacte = d.SelonStagiaires(l)
		n := 0
		for _, s := range d.Presents() {
			switch l {
			case opco.LigneRepas:
				n += s.Repas
			case opco.LigneHebergement:
				n += s.Nuits
			}
		}
		switch l {
		case opco.LigneRepas:
			x.Compte = "aucun repas"
			if n > 0 {
				x.Compte = strconv.Itoa(n) + " repas"
			}
		case opco.LigneHebergement:
			x.Compte = "aucune nuit"
			if n > 0 {
				x.Compte = combien(n, "nuit")
			}
		}
		if x.Exacte || x.Demande > 0 && (l == opco.LigneRemuneration || x.Compte != "") {
			ls = append(ls, x)
		}
	}
	return ls
}

// dit says what the stagiaires make of a line.
func (l LigneComparee) dit() string {
	switch {
	case l.Compte != "":
		return l.Compte
	case l.Exacte:
		return l.Selon.String()
	}
	return "—"
}

// ecart reports whether the two do not agree yet.
func (l LigneComparee) ecart() bool {
	if l.Compte != "" {
		return l.Demande > 0 && (l.Compte == "aucune nuit" || l.Compte == "aucun repas")
	}
	return l.Selon != l.Demande
}

// ecartsAligner reports whether the amounts may be taken from the stagiaires.
func ecartsAligner(ls []LigneComparee) bool {
	return slices.ContainsFunc(ls, func(l LigneComparee) bool { return l.Exacte && l.Selon != l.Demande })
}

// BlocRelu is a part of the recapitulation; each Lien is a word and its value.
type BlocRelu struct {
	Titre  string
	Lignes []Lien
}

// recapituler reads a demande again for its author.
func recapituler(p Assistant) []BlocRelu {
	d := p.Demande
	o := d.Organisme
	site := string(d.Etablissement)
	for _, s := range p.Sites {
		if s.Valeur == site {
			site = s.Texte
		}
	}
	organisme := BlocRelu{"Organisme de formation", []Lien{{"Nom", o.Nom}, {"Type", o.Type.Libelle()}, {"SIRET", o.SIRET.Affiche()}, {"Déclaration d’activité", o.NDA.Affiche()},
		{"Adresse", adresseSaisie(o)}, {"Contact", o.Contact}, {"Téléphone", o.Telephone}, {"E-mail", string(o.Email)}, {"Paiement", quiPaieDit(d)}}}
	if d.Interne {
		organisme = BlocRelu{"Formation interne", []Lien{{"Qui forme", "Vos propres salariés"}}}
	}
	formation := BlocRelu{"Formation", []Lien{{"Établissement", site}, {"Intitulé", d.Intitule}, {"Type d’action", d.Nature.Libelle()}, {"Code CPF", d.CodeCPF},
		{"Durée", dureeDite(d)}, {"Dates", joursFormation(d.Debut, d.Fin)}, {"Votre numéro", d.ReferenceClient}, {"Commentaire", d.Commentaire}}}
	blocs := []BlocRelu{formation, organisme}
	for i := range blocs {
		blocs[i].Lignes = slices.DeleteFunc(blocs[i].Lignes, func(l Lien) bool { return l.URL == "" })
	}
	return blocs
}
