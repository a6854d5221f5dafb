package opco

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Codes of the instruction checks that a décision depends on: the one that may
// add a condition, and the one that raises a risk flag.
const (
	ControleQualiopi = "C07"
	ControleRisque   = "C18"
)

// DepotTardif reports whether a demande sent at le is late for an action that
// starts on debut: it must be sent strictly before 00:00 Paris of that day (T04,
// T05, S03).
func DepotTardif(le time.Time, debut Date) bool { return !le.Before(debut.Minuit()) }

// controlesInstruction are the named checks of domain.md 3.5, in its order.
var controlesInstruction = []struct {
	code, nom string
	regle     func(*instruction) avis
}{
	{"C01", "Rattachement", (*instruction).rattachement},
	{"C02", "Contribution", (*instruction).contribution},
	{"C03", "Effectif et barème", (*instruction).effectif},
	{"C04", "Date de dépôt", (*instruction).depot},
	{"C05", "Type d’action", (*instruction).nature},
	{"C06", "Thème", (*instruction).theme},
	{ControleQualiopi, "Organisme déclaré et certifié", (*instruction).organisme},
	{"C08", "Programme", (*instruction).programme},
	{"C09", "Devis ou convention", (*instruction).convention},
	{"C10", "Heures et groupe", (*instruction).heures},
	{"C11", "Public", (*instruction).public},
	{"C12", "Plafond horaire", (*instruction).plafondHoraire},
	{"C13", "Enveloppe annuelle", (*instruction).enveloppe},
	{"C14", "Coûts admis", (*instruction).couts},
	{"C15", "Double financement", (*instruction).doubleFinancement},
	{"C16", "Doublon", (*instruction).doublon},
	{"C17", "Paiement direct", (*instruction).subrogation},
	{ControleRisque, "Signaux de risque", (*instruction).risque},
}

// Instruire runs the eighteen checks of domain.md 3.5 on d, in order, codes C01
// to C18. Each has its result, the figures it rests on and a sentence; one that
// blocks has its motif when the closed list of 2.4 names it. ATTENDU is for what
// a person must still read. Instruire decides nothing: see Decider.
func Instruire(d *Dossier, f Faits) []Controle {
	k := &instruction{dossier: d, d: d.Demande, f: f}
	controles := make([]Controle, 0, len(controlesInstruction))
	for _, x := range controlesInstruction {
		a := x.regle(k)
		controles = append(controles, Controle{Code: x.code, Nom: x.nom, Resultat: a.resultat, Preuve: a.preuve,
			Phrase: a.phrase, Motif: a.motif, Condition: a.condition})
	}
	return controles
}

// instruction is what the checks look at.
type instruction struct {
	dossier *Dossier
	d       Demande
	f       Faits
}

// avis is the outcome of one check.
type avis struct {
	resultat  Resultat
	preuve    string
	phrase    string
	motif     Motif
	condition string
}

func bon(preuve, format string, args ...any) avis {
	return avis{resultat: ResultatOK, preuve: preuve, phrase: fmt.Sprintf(format, args...)}
}

func attention(m Motif, preuve, format string, args ...any) avis {
	return avis{resultat: ResultatWarn, preuve: preuve, phrase: fmt.Sprintf(format, args...), motif: m}
}

func bloquant(m Motif, preuve, format string, args ...any) avis {
	return avis{resultat: ResultatBlock, preuve: preuve, phrase: fmt.Sprintf(format, args...), motif: m}
}

func sansObjet(phrase string) avis { return avis{resultat: ResultatSansObjet, phrase: phrase} }

// rattachement is check 1: the établissement belongs to a company of the OPCO.
func (k *instruction) rattachement() avis {
	e := k.f.Entreprise
	preuve := fmt.Sprintf("%s, SIREN %s, IDCC %s", e.Nom, e.SIREN.Affiche(), e.IDCC)
	switch {
	case e.SIREN == "" || e.SIREN != k.d.Etablissement.SIREN():
		return bloquant(MotifEntrepriseNonRattachee, "SIRET "+k.d.Etablissement.Affiche(),
			"L’établissement %s n’est pas celui d’une entreprise connue de l’OPCO.", k.d.Etablissement.Affiche())
	case !e.Adherente:
		return bloquant(MotifEntrepriseNonRattachee, preuve, "%s ne relève pas de l’OPCO.", e.Nom)
	}
	return bon(preuve, "%s relève de l’OPCO.", e.Nom)
}

// contribution is check 2. It only closes co-funded schemes: it never blocks.
func (k *instruction) contribution() avis {
	if !k.f.Entreprise.AJour {
		return attention("", "contribution conventionnelle non à jour",
			"L’entreprise n’est pas à jour de sa contribution conventionnelle : aucun cofinancement de branche n’est possible.")
	}
	return bon("contribution conventionnelle à jour", "L’entreprise est à jour de sa contribution conventionnelle.")
}

// effectif is check 3: a barème exists for the branch, the size fixed at the
// dépôt (domain.md 3.7) and the start of the action.
func (k *instruction) effectif() avis {
	idcc, n := k.taille()
	preuve := fmt.Sprintf("IDCC %s, %s, début %s", idcc, pluriel(n, "salarié"), k.d.Debut.Courte())
	b := k.f.Bareme
	if b == nil {
		return bloquant(MotifActionNonEligible, preuve, "Aucun barème ne s’applique à cette branche, cet effectif et cette date de début.")
	}
	tranche := fmt.Sprintf("de %d à %d salariés", b.EffectifMin, b.EffectifMax)
	if b.EffectifMax == 0 {
		tranche = fmt.Sprintf("à partir de %d salariés", b.EffectifMin)
	}
	if !b.Mutualise {
		return bon(preuve, "Barème %s, %s : seuls les versements volontaires et les cofinancements peuvent payer.", b.Code, tranche)
	}
	return bon(preuve, "Barème %s, %s.", b.Code, tranche)
}

// taille returns the branch and the size fixed at the dépôt; before it, those of
// the day.
func (k *instruction) taille() (idcc string, effectif int) {
	if k.dossier.DeposeLe.IsZero() {
		return k.f.Entreprise.IDCC, k.f.Entreprise.Effectif
	}
	return k.dossier.IDCC, k.dossier.Effectif
}

// jourDepot returns the day of the dépôt; before it, the day of the check.
func (k *instruction) jourDepot() Date {
	if k.dossier.DeposeLe.IsZero() {
		return k.f.Jour()
	}
	return JourDe(k.dossier.DeposeLe)
}

// depot is check 4.
func (k *instruction) depot() avis {
	le := k.dossier.DeposeLe
	if le.IsZero() {
		return avis{resultat: ResultatAttendu, phrase: "La demande n’est pas encore envoyée."}
	}
	avance := k.d.Debut.Depuis(JourDe(le))
	preuve := fmt.Sprintf("envoyée le %s à %s, début le %s", JourDe(le).Courte(), le.In(Paris).Format("15:04:05"), k.d.Debut.Courte())
	switch {
	case DepotTardif(le, k.d.Debut):
		return bloquant(MotifDepotTardif, preuve, "La demande devait être envoyée avant le %s à 0 h.", k.d.Debut.Longue())
	case avance < k.f.Parametres.DepotConseilJours:
		return attention("", preuve, "La demande est arrivée à temps, %s avant le début : nous conseillons %d jours.",
			pluriel(avance, "jour"), k.f.Parametres.DepotConseilJours)
	}
	return bon(preuve, "La demande est arrivée %s avant le début.", pluriel(avance, "jour"))
}

// nature is check 5 (L6313-1).
func (k *instruction) nature() avis {
	if !slices.Contains(Natures(), k.d.Nature) {
		return bloquant(MotifActionNonEligible, string(k.d.Nature), "Ce type d’action n’entre pas dans le champ de la formation professionnelle.")
	}
	return bon(string(k.d.Nature), "Ce type d’action est finançable.")
}

// theme is check 6: what the branch does not finance, by the words of the title.
func (k *instruction) theme() avis {
	if k.f.Bareme == nil {
		return sansObjet("Aucun barème ne s’applique.")
	}
	titre := " " + CleRecherche(k.d.Intitule) + " "
	for _, t := range k.f.Bareme.ThemesExclus {
		if cle := CleRecherche(t); cle != "" && strings.Contains(titre, " "+cle+" ") {
			return bloquant(MotifActionNonEligible, fmt.Sprintf("« %s » dans « %s »", t, citer(k.d.Intitule)),
				"La branche ne finance pas ce thème : « %s ».", t)
		}
	}
	return bon(pluriel(len(k.f.Bareme.ThemesExclus), "thème")+" à exclure", "L’intitulé ne touche aucun thème exclu par la branche.")
}

// programme is check 8: its content is read by a person (L6353-1, D6313-3-1).
func (k *instruction) programme() avis {
	return k.piece([]TypePiece{PieceProgramme}, MotifProgrammeInsuffisant,
		"objectifs, prérequis, durée, moyens, évaluation", "Le programme")
}

// convention is check 9: its consistency with the demande is read by a person.
func (k *instruction) convention() avis {
	if k.d.Interne {
		return sansObjet("Une formation interne n’a ni devis ni convention.")
	}
	n := len(k.d.Presents())
	return k.piece([]TypePiece{PieceConvention, PieceDevis}, MotifPiecesManquantes,
		fmt.Sprintf("%s, %s, %s", pluriel(n, "stagiaire"), k.d.Duree, k.d.Montant(LignePeda)), "Le devis ou la convention")
}

// piece tells where a required pièce stands: faux is the motif of one that was
// found wrong, lire what a person must find in it.
func (k *instruction) piece(groupe []TypePiece, faux Motif, lire, sujet string) avis {
	p, ok := k.dossier.meilleurePiece(groupe)
	if !ok {
		for _, q := range k.dossier.Pieces {
			if q.Etat == PieceNonConforme && slices.Contains(groupe, q.Type) {
				return bloquant(faux, citer(q.Titre), "%s n’est pas conforme : %s.", sujet, q.Motif.Libelle())
			}
		}
		return bloquant(MotifPiecesManquantes, "aucune pièce", "%s manque.", sujet)
	}
	switch p.Etat {
	case PieceConforme:
		return bon(citer(p.Titre), "%s est conforme.", sujet)
	case PieceEnQuarantaine:
		return avis{resultat: ResultatAttendu, preuve: citer(p.Titre), phrase: sujet + " vient d’arriver : le fichier est en cours d’examen."}
	}
	return avis{resultat: ResultatAttendu, preuve: citer(p.Titre), phrase: sujet + " est à lire : " + lire + "."}
}
