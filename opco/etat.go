package opco

// Etat is the displayed status of a dossier AF (domain.md 2.2). The CHECK
// constraint of table dossier, the README diagram and the labels of the three
// vocabularies are tested against Etats.
type Etat string

// The états of a dossier AF. EtatNouveau is before anything was saved;
// EtatSupprime ends a brouillon that its author threw away (T03).
const (
	EtatNouveau            Etat = ""
	EtatBrouillon          Etat = "BROUILLON"
	EtatSupprime           Etat = "SUPPRIME"
	EtatTransmise          Etat = "TRANSMISE"
	EtatACompleter         Etat = "A_COMPLETER"
	EtatEnInstruction      Etat = "EN_INSTRUCTION"
	EtatEnValidation       Etat = "EN_VALIDATION"
	EtatAccordee           Etat = "ACCORDEE"
	EtatAccordeePartielle  Etat = "ACCORDEE_PARTIELLE"
	EtatRefusee            Etat = "REFUSEE"
	EtatSansSuite          Etat = "SANS_SUITE"
	EtatAnnulee            Etat = "ANNULEE"
	EtatEnRealisation      Etat = "EN_REALISATION"
	EtatAttenteServiceFait Etat = "ATTENTE_SERVICE_FAIT"
	EtatSFEnControle       Etat = "SF_EN_CONTROLE"
	EtatSFNonConforme      Etat = "SF_NON_CONFORME"
	EtatEnReglement        Etat = "EN_REGLEMENT"
	EtatRegleePartielle    Etat = "REGLEE_PARTIELLEMENT"
	EtatReglee             Etat = "REGLEE"
	EtatCloturee           Etat = "CLOTUREE"
)

// Libelles are the names of an état in the three vocabularies that a portal may
// speak (domain.md 2.2): ours, MyAtlas's and AKTO's. "" where the seed has none.
type Libelles struct{ Guichet, Atlas, Akto string }

var libelles = map[Etat]Libelles{
	EtatBrouillon:          {"Brouillon", "", "Brouillons"},
	EtatSupprime:           {"Supprimé", "", ""},
	EtatTransmise:          {"Transmise", "En instruction", "En cours"},
	EtatACompleter:         {"À compléter", "À compléter", "En cours"},
	EtatEnInstruction:      {"En instruction", "En instruction", "En cours"},
	EtatEnValidation:       {"Second regard", "En instruction", "En cours"},
	EtatAccordee:           {"Accordée", "Accordée", "Accordé"},
	EtatAccordeePartielle:  {"Accordée en partie", "Accordée", "Accordé"},
	EtatRefusee:            {"Refusée", "", "Clôturé"},
	EtatSansSuite:          {"Classée sans suite", "", "Clôturé"},
	EtatAnnulee:            {"Annulée", "", "Clôturé"},
	EtatEnRealisation:      {"Formation en cours", "Accordée", "Accordé"},
	EtatAttenteServiceFait: {"Pièces de fin attendues", "Accordée", "Accordé"},
	EtatSFEnControle:       {"Service fait en contrôle", "Accordée", "Accordé"},
	EtatSFNonConforme:      {"Non conforme", "À compléter", "Accordé"},
	EtatEnReglement:        {"Paiement en cours", "Accordée", "Accordé"},
	EtatRegleePartielle:    {"Réglée en partie", "Réglée", "Accordé"},
	EtatReglee:             {"Réglée", "Réglée", "Accordé"},
	EtatCloturee:           {"Clôturée", "Réglée", "Clôturé"},
}

// Etats lists every état that a saved dossier may have, in the order of the
// procedure.
func Etats() []Etat {
	return []Etat{
		EtatBrouillon, EtatSupprime, EtatTransmise, EtatACompleter, EtatEnInstruction, EtatEnValidation,
		EtatAccordee, EtatAccordeePartielle, EtatRefusee, EtatSansSuite, EtatAnnulee, EtatEnRealisation,
		EtatAttenteServiceFait, EtatSFEnControle, EtatSFNonConforme, EtatEnReglement, EtatRegleePartielle,
		EtatReglee, EtatCloturee,
	}
}

// Libelles returns the names of e in the three vocabularies.
func (e Etat) Libelles() Libelles { return libelles[e] }

// String returns our own label, for a sentence.
func (e Etat) String() string {
	if l := libelles[e].Guichet; l != "" {
		return l
	}
	return "Nouvelle"
}

// Final reports whether the procedure of a dossier in état e has ended. A
// CLOTUREE dossier is final although a bank return may reopen it (domain.md
// 5 bis): its workflow then starts again from the journal.
func (e Etat) Final() bool {
	switch e {
	case EtatSupprime, EtatRefusee, EtatSansSuite, EtatAnnulee, EtatCloturee:
		return true
	}
	return false
}

// AvantDecision reports whether no decision has been taken yet.
func (e Etat) AvantDecision() bool {
	switch e {
	case EtatBrouillon, EtatTransmise, EtatACompleter, EtatEnInstruction, EtatEnValidation:
		return true
	}
	return false
}

// Accorde reports whether an accord is in force and money may be engaged.
func (e Etat) Accorde() bool {
	switch e {
	case EtatAccordee, EtatAccordeePartielle, EtatEnRealisation, EtatAttenteServiceFait, EtatSFEnControle,
		EtatSFNonConforme, EtatEnReglement, EtatRegleePartielle, EtatReglee:
		return true
	}
	return false
}
