package web

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// permet reports whether the reader may try an acte on the dossier now.
func (d DossierLu) permet(a opco.TypeActe) bool { return slices.Contains(d.Actes, string(a)) }

// talon is the head of the pages of a dossier whose address is base: the buttons
// lead to its parts.
func talonDe(s api.SuiviLu, base string) Talon {
	t := Talon{Suivi: s.Suivi, Etat: s.Etat, Jour: s.Jour, Flux: base + "/suivi"}
	t.Action = acteDuTalon(s, base)
	return t
}

// acteDuTalon is the button that does what the talon asks of its reader.
func acteDuTalon(s api.SuiviLu, base string) *Acte {
	a := Acte{Genre: "principal", Icone: "upload"}
	switch s.Acte {
	case opco.ActeJoindre:
		a.Texte, a.URL = "Envoyer les pièces", base+"/documents#depot"
	case opco.ActeFacturer:
		if s.DesLe > s.Jour {
			return nil // not yet: it comes after the training
		}
		a.Texte, a.URL = "Envoyer les pièces de fin", base+"/factures"
	case opco.ActeCertifier:
		a.Texte, a.URL = "Envoyer le certificat", base+"/factures"
	case opco.ActeDeposerAvoir:
		a.Texte, a.URL = "Envoyer l’avoir", base+"/factures"
	default:
		if !s.Bloque || s.QuiAgit != "Vous" {
			return nil
		}
		a.Texte, a.URL = "Envoyer un RIB", base+"/documents#depot"
	}
	return &a
}

// PieceVue is a document of a dossier, or one that is awaited.
type PieceVue struct {
	ID       string // "" for one that is awaited
	Nom      string
	Detail   string // who, when, how heavy; or what it must hold
	Dit      string // what its sender says of it (AK-43)
	Marque   marque
	Pourquoi string // of a refusal: what is wrong, and what to do
	Remplace string // the kind that a better one would have
}

// piecesVues lists what is awaited of a dossier, then what it holds, newest first.
func (d DossierLu) piecesVues() []PieceVue {
	vues := d.attendues()
	for _, p := range slices.Backward(d.Pieces) {
		vues = append(vues, pieceVue(p))
	}
	return vues
}

func pieceVue(p store.LignePiece) PieceVue {
	v := PieceVue{ID: p.ID, Nom: p.Titre, Detail: "Déposé par " + p.DeposeNom + " le " + quand(p.DeposeLe) + ", " + poids(p.Taille), Dit: p.Commentaire, Marque: marquesPiece[p.Etat]}
	if v.Nom == "" {
		v.Nom = p.Type.Libelle()
	}
	v.Nom = majuscule(v.Nom)
	if p.Etat == opco.PieceNonConforme {
		e := opco.Motif(p.Motif).Expliquer(opco.Precisions{"piece": p.Type.Libelle()})
		v.Pourquoi = strings.TrimSpace(finPhrase("Non conforme : "+minuscule(opco.Motif(p.Motif).Libelle())) + " " + e.Comment)
		v.Remplace = string(p.Type)
	}
	return v
}

// attendues are the pièces that the OPCO waits for and that are not here yet.
func (d DossierLu) attendues() []PieceVue {
	var vues []PieceVue
	attendre := func(t opco.TypePiece, detail string) {
		vues = append(vues, PieceVue{Nom: majuscule(t.Libelle()), Detail: detail, Marque: marque{"Attendu", "circle-dashed", Ambre}, Remplace: string(t)})
	}
	switch k := d.Dossier.Complement; {
	case k != nil:
		for _, x := range k.Pieces {
			if x.Recue == "" {
				attendre(x.Type, strings.TrimSpace(finPhrase(x.Motif.Libelle())+" "+x.Precision))
			}
		}
	case d.Dossier.Etat == opco.EtatAttenteServiceFait || d.Dossier.Etat == opco.EtatSFEnControle:
		for _, t := range d.Dossier.PiecesFinManquantes() {
			attendre(t, "Après le "+d.Dossier.Demande.Fin.Longue()+". Elle se dépose dans l’onglet Factures.")
		}
	case d.Dossier.Etat == opco.EtatTransmise:
		for _, t := range d.Dossier.AVenir {
			attendre(t, "Vous l’avez annoncée « à venir ».")
		}
	}
	return vues
}

// typesAttendus are the kinds of pièce awaited: they open the list of the form.
func (d DossierLu) typesAttendus() []opco.TypePiece {
	var ts []opco.TypePiece
	for _, v := range d.attendues() {
		ts = append(ts, opco.TypePiece(v.Remplace))
	}
	return ts
}

// marquesPiece show the états of a pièce (AT-27).
var marquesPiece = map[opco.EtatPiece]marque{
	opco.PieceEnQuarantaine: {"En examen", "hourglass", Gris},
	opco.PieceRecue:         {"Reçu", "inbox", Bleu},
	opco.PieceConforme:      {"Conforme", "circle-check", Vert},
	opco.PieceNonConforme:   {"Non conforme", "file-x", Rouge},
}

// marquesFacture show the états of an invoice; their labels are those of opco.
var marquesFacture = map[opco.EtatFacture]marque{
	opco.FactureDeposee: {Icone: "inbox", Ton: Bleu}, opco.FacturePriseEnCharge: {Icone: "list-checks", Ton: Bleu},
	opco.FactureSuspendue: {Icone: "pause", Ton: Ambre}, opco.FactureCompletee: {Icone: "list-checks", Ton: Bleu},
	opco.FactureEnLitige: {Icone: "scale", Ton: Ambre}, opco.FactureApprouvee: {Icone: "circle-check", Ton: Vert},
	opco.FactureApprouveePartiel: {Icone: "chart-pie", Ton: Vert}, opco.FactureRefusee: {Icone: "circle-x", Ton: Rouge},
	opco.FactureRejetee: {Icone: "file-x", Ton: Rouge}, opco.FacturePaiementTransmis: {Icone: "badge-check", Ton: Vert},
	opco.FactureAnnuleeParAvoir: {Icone: "ban", Ton: Gris}, opco.FactureImputee: {Icone: "badge-check", Ton: Vert},
}

func marqueFacture(e opco.EtatFacture) marque {
	m := marquesFacture[e]
	m.Libelle = e.String()
	return m
}

// marquesVersement show the états of a payment to whoever waits for it.
var marquesVersement = map[opco.EtatReglement]marque{
	opco.ReglementAPayer:   {"À payer", "hourglass", Bleu},
	opco.ReglementPropose:  {"En préparation", "hourglass", Bleu},
	opco.ReglementValide:   {"Validé", "circle-check", Bleu},
	opco.ReglementEmis:     {"Envoyé à la banque", "send", Bleu},
	opco.ReglementAccepte:  {"Accepté par la banque", "landmark", Bleu},
	opco.ReglementRejete:   {"Rejeté par la banque", "circle-x", Rouge},
	opco.ReglementExecute:  {"Payé", "badge-check", Vert},
	opco.ReglementRetourne: {"Revenu de la banque", "undo-2", Rouge},
	opco.ReglementAnnule:   {"Annulé", "ban", Gris},
}

// poids says how heavy a file is: « 212 Ko », « 1,4 Mo ».
func poids(octets int64) string {
	switch {
	case octets < 1000:
		return nombreDit(octets) + "\u00a0octets"
	case octets < 1_000_000:
		return nombreDit((octets+500)/1000) + "\u00a0Ko"
	}
	dixiemes := (octets + 50_000) / 100_000
	return nombreDit(dixiemes/10) + "," + nombreDit(dixiemes%10) + "\u00a0Mo"
}

// minuscule writes the first letter of a sentence that continues another.
func minuscule(s string) string {
	return strings.ToLower(premiere(s)) + strings.TrimPrefix(s, premiere(s))
}

func nombreDit(n int64) string { return strconv.FormatInt(n, 10) }

// espaceAColler finds the spaces of a subject that a line must not end with: those of an
// amount, and the one before a colon.
var espaceAColler = regexp.MustCompile(`(\d) (\d{3})| (€|:)`)

// sujetDit writes the subject of a letter for a page: subjects are of ordinary spaces, as
// headers of mails are.
func sujetDit(sujet string) string {
	for espaceAColler.MatchString(sujet) {
		sujet = espaceAColler.ReplaceAllStringFunc(sujet, func(x string) string { return strings.ReplaceAll(x, " ", "\u00a0") })
	}
	return sujet
}
