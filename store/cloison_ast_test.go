package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// loginSeul is why the reads of a login have no reach.
const loginSeul = "who comes in: the reach is made of what this reads"

// lotDesComptables is why what is read of lots has no reach.
const lotDesComptables = "of the comptables: no route of an organisation"

// documentEcrit is why what is done to a document has its reach in its GesteDocument.
const documentEcrit = "a write, whose GesteDocument holds what its author may act on"

// filesEquipe is why the gestures of the queues have no reach.
const filesEquipe = "a write of the staff around a dossier: no route of an organisation"

// maisonSeule is why what the OPCO says of itself has no reach.
const maisonSeule = "what the OPCO tells of its own teams and rules: nothing of an organisation"

// exploitation is why what the ops staff does has no reach.
const exploitation = "the ops staff and its worker, on what is stuck: no route of an organisation"

// sansPortee lists the exported methods of Store that touch what belongs to
// organisations without a Portee, each with the reason. Whoever calls one answers for
// whose data it reads.
var sansPortee = map[string]string{
	"SuivreHistoires": exploitation, "PrendreHistoires": exploitation, "Rejeu": exploitation, "Rejeux": exploitation,
	"PrendreRejeu": exploitation, "AvancerRejeu": exploitation, "CompterClasse": exploitation, "ObjetsDeClasse": exploitation,
	"AvancerVerification": exploitation, "FinirVerification": exploitation,
	"AvancerIntervention": exploitation, "Reconstruire": exploitation, "ComparerDepart": exploitation, "DepartsManquants": exploitation,
	"Acte":               "whoever sends an acte again under its id; a reader takes ActeEnPortee",
	"AttendreVerdict":    "who has just sent that acte",
	"Recevoir":           "the inbox: the counter has read the object within the author's reach",
	"RecevoirAvecSecret": "the inbox of accounts: a write", "RecevoirRetrait": "the inbox of accounts: a write",
	"Utilisateur": loginSeul, "UtilisateurDeCompte": loginSeul, "UtilisateurSaisi": loginSeul, "UtilisateurDeCle": loginSeul,
	"SuivrePresences": loginSeul,
	"PartiesDe":       "the streams: to which audiences a change may be told, each of which then reads within its reach",
	"FaireGestes":     "the worker, in the name of a member of the staff", "NoterElement": "the worker, in the name of a member of the staff", "EssayerElements": "the worker, in the name of a member of the staff",
	"ActesQuiAttendent":     "the worker: a figure",
	"DireAttendus":          "the migration: writes who must act on dossiers of before, and gives nothing to read",
	"AgentDEmail":           loginSeul,
	"CompteAConfirmer":      "the registration that a code, a link or an e-mail names, before anybody is logged in",
	"HacheDeLActe":          "compares the password of an acte sent again with the one its author chose",
	"CreerAdministrateur":   "the command that names the first administrators",
	"IdentifiantProvisoire": "names an account that the staff opens: no route of an organisation",
	"EcrireUtilisateur":     "the taking over of accounts: a write", "ReprendreComptes": "the taking over of accounts, at the migration",
	"AjouterPiece":    "a write: the counter has read the dossier within the author's reach",
	"AppliquerDirect": "a write: the rules of opco know the author",
	"Importer":        "a write: the counter has read the file and its établissements within the author's reach",
	"ConstruireLot":   "a write of the comptables",
	"EnTeteLot":       "a lot of the comptables: no route of an organisation", "LaisserPartir": "the procedure of a lot, whose file leaves",
	"GarderLecture": "a write: the counter has read the dossier and its pièce within the author's reach",
	"Record":        "the procedures",
	"Depart":        "the procedures",
	"EnAttente":     "the relay of the worker",
	"EnRetard":      "the relay of the worker",
	"Ronder":        "the round of what is stuck", "RondeActes": "the round of what is stuck", "RondeEcheances": "the round of what is stuck", "RondeCourriers": "the round of what is stuck",
	"RondeConcordance": "the round of what is stuck", "RondeInscriptions": "the round of what is stuck", "AttendentEcheance": "the round of what is stuck",
	"CompterBloques": "figures of who runs the house: no route of an organisation",
	"EnvoisDus":      "the outbox of the worker", "ProlongerEnvois": "the outbox of the worker", "NoterEnvoi": "the outbox of the worker", "NoterLettre": "the outbox of the worker",
	"Relever": "figures for those who watch the house: no route", "TraceActe": "the worker: two numbers of a trace", "TraceCourrier": "the worker: two numbers of a trace",
	"NoterEchec": "the outbox of the worker", "LettresSansAdresse": "the outbox of the worker", "NoterFichier": "the outbox of the worker",
	"Faits":               "the rules look beyond the company: doubles, caps; the counter shows their verdict only",
	"Reglements":          "a list of the comptables: no route of an organisation",
	"Rejets":              "a list of the comptables: no route of an organisation",
	"CompterComptabilite": "figures of the comptables: no route of an organisation",
	"ApercuLot":           "the lot that a comptable would build, tried and undone", "EssayerLot": "the step of a lot that a comptable would make, tried and undone",
	"ImporterRetour":      "the bank's files, of the comptables",
	"NoterLecture":        "a write: the log itself",
	"PurgerLectures":      "the worker, once a day",
	"TasserCompteurs":     "the worker: sums that stay what they are",
	"Repos":               "figures of the test clock",
	"AlerterTuiles":       "the watch of the tiles of the accounts, by the worker",
	"DonneesCompte":       "what the house holds about one account, given to its holder",
	"EssayerRegleAuto":    "the dry run of a rule by a conseiller, over the actes of ninety days",
	"FaitsFacture":        "the rules look beyond the company: doubles; the counter shows their verdict only",
	"ReprendreReglements": "the taking over of payments: a write",
	"DeposerDocument":     documentEcrit, "ModifierDocument": documentEcrit, "SupprimerDocument": documentEcrit, "JugerDocument": documentEcrit,
	"MettreDeCote": "a write: the counter has read the dossier within the author's reach", "RetirerDeCote": "a write, whose condition is who put the file aside",
	"PurgerMisesDeCote": "the worker, once a day", "EcrireMentionsFacture": "a write: the counter has read the dossier within the author's reach",
	"ProposerRIB": documentEcrit, "AgirSurRIB": "a write: the counter has read the RIB within the author's reach",
	"EchoirRIBs": "the end of holds, for everybody: reads nothing out", "CompterRIBs": "figures of the staff: no route of an organisation",
	"AgirSurSignalement": "a write of the staff on the contrôle of a dossier: no route of an organisation", "EcrireQualiopi": "a write of the staff: the dossiers to look at again",
	"CalculerSignaux": "the worker: the signs look beyond the company", "RappelerSuspensions": "the worker, for everybody: reads nothing out",
	"CompterSignalements": "figures of the staff: no route of an organisation",
	"ArchiverFichier":     lotDesComptables, "EcrireEntreprise": "the data of the demonstration and of the scenarios: a write", "EcrireOrganisme": "the data of the demonstration and of the scenarios: a write",
	"Demandes":      "the queue of the conseillers: no route of an organisation",
	"ActeQuiAttend": lotDesComptables, "Lot": lotDesComptables, "Lots": lotDesComptables, "LigneDeLot": lotDesComptables, "Entrees": lotDesComptables,
	"Quarantaine": lotDesComptables,
	"Unites":      maisonSeule, "UniteDe": maisonSeule, "EcrireUnite": maisonSeule,
	"Informations": maisonSeule, "ToutesInformations": maisonSeule, "EcrireInformation": maisonSeule,
	"Doter":            "a write of the comptable: money put in an envelope",
	"CloreExercice":    "a write of the comptable: a year closed for all",
	"Statistiques":     "figures that name no organisation: no route of one",
	"OuvrirEnveloppe":  "the data of the OPCO, loaded by an administrator",
	"EcrireEchange":    "a write: the counter has read the dossier within the author's reach",
	"NoterEchangesLus": "a write: the counter has read the thread within the reader's reach",
	"EcrireNote":       "a write of the staff, for the staff", "ModifierNote": "a write of the staff, for the staff",
	"JugerPiece":     "a write of the staff: the counter has read the dossier within the author's reach",
	"PrendreSuivant": filesEquipe, "Prendre": filesEquipe, "Attendre": filesEquipe, "Reveiller": filesEquipe, "Etiqueter": filesEquipe, "Reattribuer": filesEquipe, "Defaire": filesEquipe,
	"PrendreCibles": exploitation, "ObjetDit": exploitation, "Rearmer": exploitation, "ActesDe": exploitation, "ReleverBase": exploitation, "CourrielsDits": exploitation,
	"Interrupteurs": exploitation, "EffetsDepuis": exploitation, "DemanderCible": exploitation, "ElementsIntervention": exploitation,
	"ChargerDemo": "the demonstration", "ChargerDemandesDemo": "the demonstration", "Semer": "the sowing of trial data",
}

// ecritures lists those that take a Portee but write: their own condition holds the
// wall, since an organisation's role writes nothing.
var ecritures = []string{"EnregistrerBrouillon", "Pointer", "GarderSaisie", "AnnulerSaisie", "EcrireSalarie", "RetirerSalarie", "CreerActionLot"}

// fonction is what the source says of one function of the package.
type fonction struct {
	nom              string
	exportee, portee bool
	mots             map[string]bool // what its body names: « nom », or « .nom » of something
	sql              string          // its string literals
}

// TestToutPrendUnePortee reads the source: an exported method of Store that reaches,
// by itself or through what it calls, a table that a policy guards takes a Portee
// and goes through the door, or says why not.
func TestToutPrendUnePortee(t *testing.T) {
	touche := regexp.MustCompile(`(?i)\b(FROM|JOIN|INTO|UPDATE)\s+(` + strings.Join(gardees(), "|") + `)\b`)
	fs := lireSource(t)
	vues := 0
	for _, f := range fs {
		atteint := f.atteint(fs)
		if !f.exportee || !slices.ContainsFunc(atteint, func(nom string) bool { return touche.MatchString(fs[nom].sql) }) {
			if f.exportee && sansPortee[f.nom[1:]] != "" {
				t.Errorf("%s touches nothing guarded any more: take it off the list", f.nom)
			}
			continue
		}
		vues++
		nom := strings.TrimPrefix(f.nom, ".")
		switch {
		case sansPortee[nom] != "" && f.portee:
			t.Errorf("%s takes a Portee: take it off the list", nom)
		case sansPortee[nom] == "" && !f.portee:
			t.Errorf("%s touches what belongs to organisations: it must take an opco.Portee and read through lire, or say in sansPortee why not", nom)
		case f.portee && !slices.Contains(ecritures, nom) && !slices.Contains(atteint, ".lire"):
			t.Errorf("%s takes a Portee but does not read through lire", nom)
		case f.portee && f.mots[".DB"]:
			t.Errorf("%s takes a Portee but reads past the door, from the pool", nom)
		}
	}
	for nom := range sansPortee {
		if f, ok := fs["."+nom]; !ok || !f.exportee {
			t.Errorf("%s is no exported method of Store: take it off the list", nom)
		}
	}
	if vues < 30 {
		t.Errorf("only %d methods were seen to touch what belongs to organisations", vues)
	}
}

// gardees lists the tables that a policy guards, with what else belongs to dossiers.
func gardees() []string {
	ts := []string{"stagiaire", "ecriture"}
	for table, c := range cloisons {
		if c.entreprise != "" {
			ts = append(ts, table)
		}
	}
	return ts
}

// atteint lists f and every function that it reaches by name.
func (f fonction) atteint(fs map[string]fonction) []string {
	vus := map[string]bool{f.nom: true}
	for file := []string{f.nom}; len(file) > 0; file = file[1:] {
		for mot := range fs[file[0]].mots {
			if _, ok := fs[mot]; ok && !vus[mot] {
				vus[mot] = true
				file = append(file, mot)
			}
		}
	}
	return slices.Collect(maps.Keys(vus))
}

// lireSource reads the functions, constants and variables of the package by their
// name, and its methods by theirs after a point: two methods of one name are one.
func lireSource(t *testing.T) map[string]fonction {
	t.Helper()
	entrees, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	fs := map[string]fonction{}
	for _, e := range entrees {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				nom := d.Name.Name
				if d.Recv != nil {
					nom = "." + nom
				}
				ajouter(fs, nom, d.Body, surStore(d) && d.Name.IsExported(), prendPortee(d))
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok {
						for _, n := range v.Names {
							ajouter(fs, n.Name, v, false, false)
						}
					}
				}
			}
		}
	}
	return fs
}

func ajouter(fs map[string]fonction, nom string, n ast.Node, exportee, portee bool) {
	f := fs[nom]
	if f.mots == nil {
		f = fonction{nom: nom, mots: map[string]bool{}}
	}
	f.exportee, f.portee = f.exportee || exportee, f.portee || portee
	var sql strings.Builder
	var lire func(n ast.Node) bool
	lire = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			f.mots["."+n.Sel.Name] = true
			ast.Inspect(n.X, lire)
			return false
		case *ast.Ident:
			f.mots[n.Name] = true
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				sql.WriteString(n.Value + "\n")
			}
		}
		return true
	}
	ast.Inspect(n, lire)
	f.sql += sql.String()
	fs[nom] = f
}

// surStore reports whether d is a method of Store.
func surStore(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	e, ok := d.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	id, ok := e.X.(*ast.Ident)
	return ok && id.Name == "Store"
}

// prendPortee reports whether d takes an opco.Portee.
func prendPortee(d *ast.FuncDecl) bool {
	return slices.ContainsFunc(d.Type.Params.List, func(c *ast.Field) bool {
		s, ok := c.Type.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Portee"
	})
}
