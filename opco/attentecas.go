package opco

// AttenteCas is what a stuck object waits for: the first answer that holds of the tree of
// operations (is there an acte that nothing took? does the procedure fail? is a worker
// there? does a deed fail?).
type AttenteCas string

// What a case waits for, in the order in which it is asked.
const (
	AttendRien      AttenteCas = "clos"
	AttendMoteur    AttenteCas = "moteur"
	AttendProgramme AttenteCas = "programme"
	AttendExecutant AttenteCas = "executant"
	AttendVerite    AttenteCas = "verite"
	AttendDehors    AttenteCas = "dehors"
	AttendReveil    AttenteCas = "reveil"
	AttendPersonne  AttenteCas = "personne"
)

// ReleveCas is what is known of a case when it is asked what it waits for.
type ReleveCas struct {
	Clos        bool
	MoteurMuet  bool // the engine does not answer
	SansOuvrier bool // no worker is there, or none does this work
	ActesRecus  int64
	Procedure   bool // its procedure fails, or is gone
	Divergence  bool
	Nature      NatureIncident
}

// Attend tells what a case waits for.
func (r ReleveCas) Attend() AttenteCas {
	switch {
	case r.Clos:
		return AttendRien
	case r.MoteurMuet && r.Nature != IncidentCourriel:
		return AttendMoteur
	case r.Procedure:
		return AttendProgramme
	case r.SansOuvrier:
		return AttendExecutant
	case r.Divergence:
		return AttendVerite
	case r.Nature == IncidentActivite || r.Nature == IncidentCourriel || r.Nature == IncidentBanque || r.Nature == IncidentMoteur:
		return AttendDehors
	case r.ActesRecus > 0 || r.Nature == IncidentEcheance || r.Nature == IncidentActe:
		return AttendReveil
	}
	return AttendPersonne
}

// Phrase says what a case waits for.
func (a AttenteCas) Phrase() string { return phrasesAttente[a] }

var phrasesAttente = map[AttenteCas]string{
	AttendRien:      "Plus rien : ce cas est réglé.",
	AttendMoteur:    "Le moteur des procédures, qui ne répond pas. Ce qui est reçu attend dans l’ordre.",
	AttendProgramme: "Un programme qui sache poursuivre cette procédure, ou qu’on la fasse repartir du journal.",
	AttendExecutant: "Un exécutant : aucun ne fait ce travail en ce moment.",
	AttendVerite:    "Qu’on établisse ce qui est vrai : le journal et ce qui se lit diffèrent.",
	AttendDehors:    "Un service extérieur à la procédure : la base, la banque ou le serveur de courriels.",
	AttendReveil:    "Un réveil : ce qui est reçu ou échu n’a pas été pris par la procédure.",
	AttendPersonne:  "Une personne : aucun service ne manque.",
}
