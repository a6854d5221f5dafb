package workflows_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
	"guichet/banque"
	"guichet/opco"
	"guichet/workflows"
)

// coffre is a database of one lot and the folder of its bank: what the store
// does, without its tables. journal tells the steps and the deeds in order.
type coffre struct {
	l       opco.Lot
	actes   map[string]opco.Acte
	faits   map[string][]opco.FaitBancaire // of each appliquer_retour
	archive []byte
	pannes  int  // of the database, when the file is archived
	absent  int  // how many times the folder of the bank is away
	gele    bool // the account of OF2 is frozen once the lot may leave
	long    bool // the lot is built by handfuls of one
	parti   bool // the file was about to appear in the folder of the bank
	journal []string
}

// Record applies a step once, and answers the same the second time.
func (c *coffre) Record(_ context.Context, dem opco.Demarche) (opco.Issue, error) {
	if dem.Rang <= c.l.Rang {
		return opco.Issue{Rang: dem.Rang, Verdict: opco.VerdictApplique, Resume: c.l.Resume()}, nil
	}
	a := c.actes[dem.ActeID]
	if dem.Echeance != nil {
		a = opco.Acte{Type: dem.Echeance.Type, Par: opco.ActeurSysteme(), Le: dem.Echeance.Le}
	}
	f := opco.FaitsLot{Le: a.Le, Parametres: opco.ParametresDefaut(), Calendrier: semaine{}, Reglements: c.reglements(), Entrees: c.faits[dem.ActeID],
		Donneur: opco.CompteBancaire{Nom: "OPCO Démo", IBAN: "FR7699999000200010020041048"}}
	if c.archive != nil {
		f.Fichier = banque.Empreinte(c.archive)
	}
	if c.long {
		c.prendre(a, &f)
	}
	v := opco.VerdictApplique
	_, err := c.l.Appliquer(a, dem.Echeance, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		v, err = opco.VerdictRefuse, nil // these rules refuse before they change anything
	}
	if err != nil {
		return opco.Issue{}, err
	}
	if c.l.Rang = dem.Rang; c.l.Etat == opco.LotPropose {
		c.archive = nil // the file of a lot that was opened again is forgotten
	}
	c.journal = append(c.journal, string(a.Type)+" "+string(c.l.Etat)+" "+a.Le.In(opco.Paris).Format("2006-01-02 15:04"))
	return opco.Issue{Rang: dem.Rang, Verdict: v, Resume: c.l.Resume()}, nil
}

// prendre gives a lot that is built by handfuls what it asks for: each takes a minute.
func (c *coffre) prendre(a opco.Acte, f *opco.FaitsLot) {
	f.Instant = a.Le.Add(time.Minute)
	switch a.Type {
	case opco.ActeConstruireLot:
		f.AExaminer = len(f.Reglements)
	case opco.ActePoursuivreLot:
		f.Reglements, f.Examines = f.Reglements[c.l.Chantier.Fait:][:1], 1
	}
}

func (c *coffre) Lot(context.Context, string) (*opco.Lot, error) { l := c.l; return &l, nil }

func (c *coffre) ArchiverFichier(_ context.Context, _, _ string, contenu io.ReadSeeker) error {
	if _, err := contenu.Seek(0, io.SeekStart); err != nil {
		return err
	}
	octets, err := io.ReadAll(contenu)
	if err != nil {
		return err
	}
	if c.pannes > 0 {
		c.pannes--
		return errors.New("the database is away")
	}
	if c.archive != nil && !slices.Equal(c.archive, octets) {
		return errors.New("another file")
	}
	c.archive = octets
	c.journal = append(c.journal, "archive "+string(c.l.Etat))
	return nil
}

func (c *coffre) LaisserPartir(_ context.Context, _ string, partir func(io.Reader, opco.EnvoiLot) error) error {
	if c.absent > 0 {
		c.absent--
		return errors.New("the folder of the bank is away")
	}
	c.journal = append(c.journal, "envoi "+string(c.l.Etat))
	r := c.l.Relire()
	for _, x := range c.reglements() {
		r.Voir(x)
	}
	return partir(bytes.NewReader(c.archive), opco.EnvoiLot{Empreinte: banque.Empreinte(c.archive), Change: r.Changee(), Marque: c.parti,
		Marquer: func() error { c.parti = true; return nil }})
}

// reglements are those of S11 as they are now.
func (c *coffre) reglements() []opco.ReglementActuel {
	rs := reglementsS11()
	if c.gele && (c.l.Etat == opco.LotEmis || len(c.l.Lignes) == 1) {
		rs[1].RIB = opco.RIBQuiGele
	}
	return rs
}

func reglementsS11() []opco.ReglementActuel {
	ligne := func(n, facture, of, iban string, m opco.Montant) opco.ReglementActuel {
		return opco.ReglementActuel{Payable: true, LigneLot: opco.LigneLot{Reglement: "f" + n + "-1", Numero: "R26-00000" + n, Dossier: "d" + n,
			DossierNumero: "AF26-00000" + n, Facture: "f" + n, FactureNumero: facture, Beneficiaire: opco.SIRET(of), Nom: "Organisme", IBAN: opco.IBAN(iban),
			Montant: m, Etat: opco.ReglementAPayer, Parts: []opco.PartFonds{{Enveloppe: "e", Montant: m}}}}
	}
	return []opco.ReglementActuel{
		ligne("1", "F-1", "99900136500017", "FR7699999000150010020035594", 120000),
		ligne("2", "F-2", "99900143100017", "FR7699999000160010020036646", 224000),
	}
}

var (
	cpt  = opco.Acteur{Personne: "c1", Nom: "Camille", Role: opco.RoleComptable}
	cpt2 = opco.Acteur{Personne: "c2", Nom: "Chloé", Role: opco.RoleComptable}
)

// jouerLot proposes the lot at 2026-05-04 09:00, sends the actes at their
// instants and follows the runs until the lot ends.
func jouerLot(t *testing.T, c *coffre, dossier string, envois []envoi) {
	t.Helper()
	debut := instant(t, "2026-05-04 09:00:00")
	b, err := json.Marshal(opco.ChargeConstruireLot{EcheanceAu: "2026-06-01", Execution: "2026-05-04"})
	if err != nil {
		t.Fatal(err)
	}
	c.l, c.actes = opco.Lot{ID: "L26-0001"}, map[string]opco.Acte{"a1": {ID: "a1", Seq: 1, Type: opco.ActeConstruireLot, Par: cpt, Le: debut, Charge: b}}
	if _, err := c.Record(t.Context(), opco.Demarche{Rang: 1, ActeID: "a1"}); err != nil {
		t.Fatal(err)
	}
	var messages []workflows.Message
	for i, x := range envois {
		b, err := json.Marshal(x.charge)
		if err != nil {
			t.Fatal(err)
		}
		a := opco.Acte{ID: "a" + string(rune('2'+i)), Seq: int64(i + 2), Type: x.type_, Par: x.par, Le: instant(t, x.le), Charge: b}
		c.actes[a.ID] = a
		messages = append(messages, workflows.Message{Seq: a.Seq, ID: a.ID, Type: a.Type, Le: a.Le})
	}
	s := workflows.Suite{Depart: opco.Depart{Objet: "lot/L26-0001", Rang: 1, Prochain: 2, Resume: c.l.Resume()}}
	for maintenant := debut; ; {
		env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
		env.SetTestTimeout(20 * time.Second)
		env.SetStartTime(maintenant)
		env.RegisterWorkflow(workflows.Lot)
		env.RegisterActivity(&activities.Journal{Memoire: c})
		env.RegisterActivity(&activities.Banque{Lots: c, Rediger: banque.Rediger, Dossier: dossier})
		for _, m := range messages {
			if m.Seq >= s.Depart.Prochain {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.SignalActe, m) }, max(m.Le.Sub(maintenant), 0))
			}
		}
		env.RegisterDelayedCallback(env.CancelWorkflow, 60*24*time.Hour)
		env.ExecuteWorkflow(workflows.Lot, s)
		err := env.GetWorkflowError()
		var can *workflow.ContinueAsNewError
		if !errors.As(err, &can) {
			var annule *temporal.CanceledError
			if err != nil && !errors.As(err, &annule) {
				t.Fatalf("the procedure failed: %v", err)
			}
			return
		}
		maintenant, s = env.Now(), workflows.Suite{}
		if err := json.Unmarshal(can.Input.GetPayloads()[0].GetData(), &s); err != nil {
			t.Fatal(err)
		}
	}
}

func validation(le string, par opco.Acteur) envoi {
	return envoi{le: le, type_: opco.ActeValiderLot, par: par, charge: opco.ChargeValiderLot{Nombre: 2, Somme: 344000}}
}

func retourBanque(le string) envoi {
	return envoi{le: le, type_: opco.ActeAppliquerRetour, par: opco.ActeurBanque(), charge: opco.ChargeAppliquerRetour{}}
}

// Each path of a lot, step by step, to the minute: the file is archived before
// the lot is said to have left, and said so before it is sent.
func TestLot(t *testing.T) {
	paye := func(e2e string, s opco.StatutBancaire) opco.FaitBancaire {
		return opco.FaitBancaire{Cle: e2e + string(s), EndToEndID: e2e, Statut: s, Motif: "AC04", Date: "2026-05-04"}
	}
	tests := []struct {
		name   string
		pannes int
		envois []envoi
		faits  map[string][]opco.FaitBancaire
		want   []string
	}{
		{"nobody validates", 0, nil, nil, []string{"expirer_lot EXPIRE 2026-05-10 00:00"}},
		{"the creator tries, then nobody", 0, []envoi{validation("2026-05-04 10:00:00", cpt)}, nil,
			[]string{"valider_lot PROPOSE 2026-05-04 10:00", "expirer_lot EXPIRE 2026-05-10 00:00"}},
		{"cancelled", 0, []envoi{{le: "2026-05-05 10:00:00", type_: opco.ActeAnnulerLot, par: cpt, charge: opco.ChargeAnnulerLot{Raison: "Doublon"}}}, nil,
			[]string{"annuler_lot ANNULE 2026-05-05 10:00"}},
		{"validated, sent, answered in two files", 0, []envoi{validation("2026-05-04 10:00:00", cpt2), retourBanque("2026-05-04 18:00:00"), retourBanque("2026-05-05 07:00:00")},
			map[string][]opco.FaitBancaire{"a3": {paye("R26-000001", opco.BanqueExecute)}, "a4": {paye("R26-000002", opco.BanqueRejete)}},
			[]string{"valider_lot VALIDE 2026-05-04 10:00", "archive VALIDE", "emettre_lot EMIS 2026-05-04 10:00", "envoi EMIS",
				"transmettre_lot TRANSMIS 2026-05-04 10:00", "appliquer_retour TRANSMIS 2026-05-04 18:00", "appliquer_retour SOLDE 2026-05-05 07:00"}},
		{"the database away for a while, then the bank mute", 5, []envoi{validation("2026-05-04 10:00:00", cpt2), retourBanque("2026-05-11 07:00:00")},
			map[string][]opco.FaitBancaire{"a3": {paye("R26-000001", opco.BanqueExecute), paye("R26-000002", opco.BanqueExecute)}},
			[]string{"valider_lot VALIDE 2026-05-04 10:00", "archive VALIDE", "emettre_lot EMIS 2026-05-04 10:01", "envoi EMIS",
				"transmettre_lot TRANSMIS 2026-05-04 10:01", "alerter_lot TRANSMIS 2026-05-05 08:00", "alerter_lot INCONNU 2026-05-06 08:00", "alerter_lot INCONNU 2026-05-07 08:00",
				"appliquer_retour SOLDE 2026-05-11 07:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := &coffre{faits: tt.faits, pannes: tt.pannes}
			jouerLot(t, c, dossierBanque(t), tt.envois)
			want := append([]string{"construire_lot PROPOSE 2026-05-04 09:00"}, tt.want...)
			if !slices.Equal(c.journal, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(c.journal, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// An account freezes while the folder of the bank is away: the file that waited does
// not leave, the lot is validated again without that line, and pays the other once.
func TestLotRappele(t *testing.T) {
	c := &coffre{absent: 5, gele: true, faits: map[string][]opco.FaitBancaire{"a4": {{Cle: "x", Entier: true, Statut: opco.BanqueExecute, Montant: 120000}}}}
	dossier := dossierBanque(t)
	seconde := envoi{le: "2026-05-04 12:00:00", type_: opco.ActeValiderLot, par: cpt2, charge: opco.ChargeValiderLot{Nombre: 1, Somme: 120000}}
	jouerLot(t, c, dossier, []envoi{validation("2026-05-04 10:00:00", cpt2), seconde, retourBanque("2026-05-05 07:00:00")})
	want := []string{"construire_lot PROPOSE 2026-05-04 09:00", "valider_lot VALIDE 2026-05-04 10:00", "archive VALIDE", "emettre_lot EMIS 2026-05-04 10:00",
		"envoi EMIS", "rappeler_lot PROPOSE 2026-05-04 10:01", "valider_lot VALIDE 2026-05-04 12:00", "archive VALIDE", "emettre_lot EMIS 2026-05-04 12:00",
		"envoi EMIS", "transmettre_lot TRANSMIS 2026-05-04 12:00", "appliquer_retour SOLDE 2026-05-05 07:00"}
	if !slices.Equal(c.journal, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(c.journal, "\n"), strings.Join(want, "\n"))
	}
	octets, err := os.ReadFile(filepath.Join(dossier, "emis", "L26-0001.xml"))
	if err != nil || !strings.Contains(string(octets), "<CtrlSum>1200.00</CtrlSum>") || strings.Contains(string(octets), "FR7699999000160010020036646") {
		t.Errorf("the folder holds %v\n%s\nwant what was validated the second time", err, octets)
	}
}

// dossierBanque is the folder shared with the bank, as a worker makes it on a new
// installation.
func dossierBanque(t *testing.T) string {
	t.Helper()
	d := t.TempDir()
	if err := activities.PreparerDossier(d, false); err != nil {
		t.Fatal(err)
	}
	return d
}

// A sending that died between its mark and the file: the file is not put there again,
// the outcome is unknown, and the bank's answer ends the lot.
func TestLotDisparu(t *testing.T) {
	c := &coffre{parti: true, faits: map[string][]opco.FaitBancaire{"a3": {{Cle: "x", Entier: true, Statut: opco.BanqueExecute, Montant: 344000}}}}
	dossier := dossierBanque(t)
	jouerLot(t, c, dossier, []envoi{validation("2026-05-04 10:00:00", cpt2), retourBanque("2026-05-05 07:00:00")})
	want := []string{"construire_lot PROPOSE 2026-05-04 09:00", "valider_lot VALIDE 2026-05-04 10:00", "archive VALIDE", "emettre_lot EMIS 2026-05-04 10:00",
		"envoi EMIS", "alerter_lot INCONNU 2026-05-04 10:00", "appliquer_retour SOLDE 2026-05-05 07:00"}
	if !slices.Equal(c.journal, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(c.journal, "\n"), strings.Join(want, "\n"))
	}
	if _, err := os.Stat(filepath.Join(dossier, "emis", "L26-0001.xml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want nothing sent again", err)
	}
}

// A procedure that starts again on a lot that has ended applies the return that
// it is started for.
func TestLotRetourTardif(t *testing.T) {
	c := &coffre{faits: map[string][]opco.FaitBancaire{
		"a3": {{Cle: "x", Entier: true, Statut: opco.BanqueExecute, Montant: 344000}},
		"a4": {{Cle: "r", EndToEndID: "R26-000002", Statut: opco.BanqueRetourne, Motif: "AC01"}}}}
	jouerLot(t, c, dossierBanque(t), []envoi{validation("2026-05-04 10:00:00", cpt2), retourBanque("2026-05-04 18:00:00")})
	if c.l.Etat != opco.LotSolde {
		t.Fatalf("got %s, want SOLDE", c.l.Etat)
	}
	le := instant(t, "2026-05-14 09:00:00")
	c.actes["a4"] = opco.Acte{ID: "a4", Seq: 4, Type: opco.ActeAppliquerRetour, Par: opco.ActeurBanque(), Le: le, Charge: []byte("{}")}
	env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	env.SetStartTime(le)
	env.RegisterActivity(&activities.Journal{Memoire: c})
	env.ExecuteWorkflow(workflows.Lot, workflows.Suite{Depart: opco.Depart{Objet: "lot/L26-0001", Rang: c.l.Rang, Prochain: 4, Resume: c.l.Resume()},
		EnAvance: []workflows.Message{{Seq: 4, ID: "a4", Type: opco.ActeAppliquerRetour, Le: le}}})
	if err := env.GetWorkflowError(); err != nil || c.l.Lignes[1].Etat != opco.ReglementRetourne || c.l.Etat != opco.LotSolde {
		t.Errorf("got %s, lot %s, %v; want RETOURNE, SOLDE", c.l.Lignes[1].Etat, c.l.Etat, err)
	}
}

// While its file cannot be produced a lot still hears the comptable: it is
// cancelled, and nothing leaves.
func TestLotAnnulePendantUnePanne(t *testing.T) {
	c := &coffre{pannes: 1000}
	annulation := envoi{le: "2026-05-04 11:00:00", type_: opco.ActeAnnulerLot, par: cpt2, charge: opco.ChargeRaison{Raison: "la banque est fermée"}}
	jouerLot(t, c, dossierBanque(t), []envoi{validation("2026-05-04 10:00:00", cpt2), annulation})
	if c.l.Etat != opco.LotAnnule {
		t.Errorf("got %s, want the lot cancelled", c.l.Etat)
	}
}

// A long lot is taken in by handfuls, each a step of its own: whoever gives it up is
// heard between two of them, and nobody validates it before the last.
func TestLotParPoignees(t *testing.T) {
	for _, tt := range []struct {
		name   string
		envois []envoi
		want   []string
	}{
		{"built, then validated by nobody", []envoi{validation("2026-05-04 09:01:30", cpt2)},
			[]string{"poursuivre_lot EN_CONSTRUCTION 2026-05-04 09:01", "valider_lot EN_CONSTRUCTION 2026-05-04 09:01", "poursuivre_lot PROPOSE 2026-05-04 09:02",
				"expirer_lot EXPIRE 2026-05-10 00:00"}},
		{"given up half way", []envoi{{le: "2026-05-04 09:01:30", type_: opco.ActeAnnulerLot, par: cpt2, charge: opco.ChargeAnnulerLot{Raison: "Doublon"}}},
			[]string{"poursuivre_lot EN_CONSTRUCTION 2026-05-04 09:01", "annuler_lot ANNULE 2026-05-04 09:01"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &coffre{long: true}
			jouerLot(t, c, t.TempDir(), tt.envois)
			if got := c.journal[1:]; !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
