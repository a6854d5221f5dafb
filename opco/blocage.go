package opco

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Blocage says in a few words, to the staff, what a dossier waits for and who acts:
// the last column of a queue (domain.md 5.2). It reads the dossier alone, so that a
// list may say it of each line.
type Blocage struct {
	Quoi string `json:"quoi"` // « Manque : programme »
	Qui  Role   `json:"qui"`  // gestionnaire stands for the team; "" for nobody
}

// blocages says it état by état; the others are in Blocage.
var blocages = map[Etat]func(*Dossier) Blocage{
	EtatTransmise:          (*Dossier).bloqueTransmise,
	EtatACompleter:         (*Dossier).bloqueACompleter,
	EtatEnInstruction:      (*Dossier).bloqueEnInstruction,
	EtatEnValidation:       (*Dossier).bloqueEnValidation,
	EtatAttenteServiceFait: (*Dossier).bloqueEnAttente,
	EtatSFEnControle:       (*Dossier).bloqueEnControle,
	EtatSFNonConforme:      (*Dossier).bloqueNonConforme,
}

// Blocage returns what d waits for.
func (d *Dossier) Blocage() Blocage {
	if f, ok := blocages[d.Etat]; ok {
		return f(d)
	}
	switch {
	case d.Etat == EtatBrouillon:
		return Blocage{"Pas encore envoyé", RoleEntreprise}
	case d.Etat == EtatEnReglement:
		return Blocage{"Paiement en cours", RoleComptable}
	case d.Etat.Final() || d.Etat == EtatReglee:
		return Blocage{"Rien : terminé", ""}
	}
	return Blocage{"Rien : la formation suit son cours", RoleOrganisme}
}

func (d *Dossier) bloqueTransmise() Blocage {
	if m := PiecesManquantes(d); len(m) > 0 {
		return Blocage{"Pas encore reçu : " + nommerPieces(m), RoleGestionnaire}
	}
	return Blocage{"À vérifier : les pièces sont là", RoleGestionnaire}
}

func (d *Dossier) bloqueEnInstruction() Blocage {
	if m := PiecesManquantes(d); len(m) > 0 {
		return Blocage{"Manque : " + nommerPieces(m), RoleGestionnaire}
	}
	return Blocage{"Rien : les pièces sont là, à décider", RoleGestionnaire}
}

func (d *Dossier) bloqueACompleter() Blocage {
	if d.Complement == nil {
		return Blocage{"Pièces demandées", RoleEntreprise}
	}
	m := d.Complement.manquantes()
	if len(m) == 0 {
		return Blocage{"Pièces reçues, à vérifier", RoleGestionnaire}
	}
	qui := RoleOrganisme
	for _, p := range m {
		if !p.Type.DeLOrganisme() {
			qui = RoleEntreprise
		}
	}
	return Blocage{"Manque : " + nommerPieces(m), qui}
}

func (d *Dossier) bloqueEnValidation() Blocage {
	p := d.Proposition
	switch {
	case p == nil:
		return Blocage{"Proposition à valider", RoleResponsable}
	case p.Sens == SensRefus:
		return Blocage{"Refus proposé par " + p.ProposePar.Nom, RoleResponsable}
	}
	return Blocage{fmt.Sprintf("Accord de %s proposé par %s", p.Accorde, p.ProposePar.Nom), RoleResponsable}
}

func (d *Dossier) bloqueEnAttente() Blocage {
	if d.Forclos {
		return Blocage{"Délai passé : forclusion à confirmer", RoleGestionnaire}
	}
	quoi := "Facture attendue"
	if len(d.Certificats) == 0 {
		quoi = "Certificat et facture attendus"
	}
	return Blocage{quoi, d.beneficiaire()}
}

func (d *Dossier) bloqueEnControle() Blocage {
	litiges, ouvertes := 0, 0
	for _, f := range d.Factures {
		switch f.Etat {
		case FactureEnLitige:
			litiges++
		case FactureDeposee, FacturePriseEnCharge, FactureCompletee, FactureSuspendue:
			ouvertes++
		}
	}
	switch {
	case litiges > 0:
		return Blocage{"Litige à trancher", RoleGestionnaire}
	case ouvertes == 0:
		return Blocage{"Certificat à contrôler, facture attendue", RoleGestionnaire}
	}
	return Blocage{"À contrôler : " + pluriel(ouvertes, "facture"), RoleGestionnaire}
}

func (d *Dossier) bloqueNonConforme() Blocage {
	if d.Forclos {
		return Blocage{"Délai passé : forclusion à confirmer", RoleGestionnaire}
	}
	if d.Complement != nil {
		if m := d.Complement.manquantes(); len(m) > 0 {
			return Blocage{"À corriger : " + nommerPieces(m), d.beneficiaire()}
		}
	}
	return Blocage{"Pièces de fin à corriger", d.beneficiaire()}
}

// nommerPieces lists kinds of pièces in a few words: two, then how many more.
func nommerPieces(ps []PieceDemandee) string {
	const montrees = 2
	var noms []string
	for i, p := range ps {
		if i == montrees {
			noms = append(noms, fmt.Sprintf("et %d de plus", len(ps)-montrees))
			break
		}
		noms = append(noms, premiereMinuscule(p.Type.Libelle()))
	}
	return strings.Join(noms, ", ")
}

// premiereMinuscule writes a name inside a sentence; an acronym stays as it is.
func premiereMinuscule(s string) string {
	premiere, n := utf8.DecodeRuneInString(s)
	if seconde, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(seconde) {
		return s
	}
	return string(unicode.ToLower(premiere)) + s[n:]
}
