package store

import "guichet/opco"

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
// dossiers d of its source are in it. Those of a queue of money are kept in
// dossier_file (schema/0014_listes.sql).
var files = []struct {
	File      File
	Libelle   string
	condition string
}{
	{FileCompletude, "Complétude", `d.etat = 'TRANSMISE'`},
	{FileInstruction, "Instruction", `d.etat = 'EN_INSTRUCTION'`},
	{FileValidation, "Second regard", `d.etat = 'EN_VALIDATION'`},
	{FileServiceFait, "Service fait", `d.etat = 'SF_EN_CONTROLE'`},
	{FileFactures, "Factures à traiter", `q.n > 0`},
	{FilePaiement, "À payer", `q.n > 0`},
	{FileRejets, "Rejets bancaires", `q.n > 0`},
	{FileACompleter, "Attendus de l’extérieur", `d.etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME')`},
}

// etatsFile are the états of the queues that are états.
var etatsFile = map[File][]opco.Etat{
	FileCompletude: {opco.EtatTransmise}, FileInstruction: {opco.EtatEnInstruction}, FileValidation: {opco.EtatEnValidation},
	FileServiceFait: {opco.EtatSFEnControle}, FileACompleter: {opco.EtatACompleter, opco.EtatAttenteServiceFait, opco.EtatSFNonConforme},
}

// argent reports whether f is a queue of money: invoices, payments, rejections.
func (f File) argent() bool { return f == FileFactures || f == FilePaiement || f == FileRejets }

// source is what the dossiers d of f are read from: for a queue of money, along its
// order, which is that of q.
func (f File) source() string {
	if f.argent() {
		return `dossier_file q JOIN dossier d ON d.id = q.dossier AND q.file = '` + string(f) + `' AND q.n > 0`
	}
	return `dossier d`
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
