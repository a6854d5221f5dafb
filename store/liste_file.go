package store

// File names a queue of the OPCO's work (domain.md 5.2).
type File string

// The queues of a dossier AF.
const (
	FileCompletude  File = "completude"
	FileInstruction File = "instruction"
	FileValidation  File = "validation"
	FileServiceFait File = "service_fait"
	FileFactures    File = "factures"
	FilePaiement    File = "paiement"
	FileRejets      File = "rejets"
	FileACompleter  File = "a_completer"
)

// files gives, for each queue in the order of reading, its label and which
// dossiers d are in it.
var files = []struct {
	File      File
	Libelle   string
	condition string
}{
	{FileCompletude, "Complétude", `d.etat = 'TRANSMISE'`},
	{FileInstruction, "Instruction", `d.etat = 'EN_INSTRUCTION'`},
	{FileValidation, "Second regard", `d.etat = 'EN_VALIDATION'`},
	{FileServiceFait, "Service fait", `d.etat = 'SF_EN_CONTROLE'`},
	{FileFactures, "Factures à traiter", `EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id
		AND f.etat IN ('DEPOSEE', 'PRISE_EN_CHARGE', 'SUSPENDUE', 'COMPLETEE', 'EN_LITIGE'))`},
	{FilePaiement, "À payer", `EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')`},
	{FileRejets, "Rejets bancaires", `EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id AND r.etat IN ('REJETE_BANQUE', 'RETOURNE')
		AND NOT EXISTS (SELECT 1 FROM reglement x WHERE x.precedent = r.id))`},
	{FileACompleter, "Attendus de l’extérieur", `d.etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')`},
}

// Files lists the queues with their labels.
func Files() map[File]string {
	m := make(map[File]string, len(files))
	for _, f := range files {
		m[f.File] = f.Libelle
	}
	return m
}

// FilesOrdonnees lists the queues in the order of reading.
func FilesOrdonnees() []File {
	fs := make([]File, len(files))
	for i, f := range files {
		fs[i] = f.File
	}
	return fs
}
