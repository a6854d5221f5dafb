package workflows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
	"guichet/opco"
	"guichet/workflows"
)

// bureau is a database of one account: it applies the rules as the store does,
// without its tables, and keeps the last secret that left by mail.
type bureau struct {
	mu      sync.Mutex
	c       opco.Compte
	actes   map[string]acteCompte
	journal []string
	secret  string
	rendus  []string // actes that have their verdict
	runs    int
	pannes  int // the next calls that fail
}

// acteCompte is an acte whose charge may depend on the mails received before it.
type acteCompte struct {
	opco.Acte
	charge func(*bureau) any
}

func (b *bureau) Record(_ context.Context, dem opco.Demarche) (opco.Issue, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pannes > 0 {
		b.pannes--
		return opco.Issue{}, errors.New("the database is away")
	}
	if dem.Rang <= b.c.Rang {
		return opco.Issue{Rang: dem.Rang, Verdict: opco.VerdictApplique, Resume: b.c.Resume()}, nil
	}
	if b.attend(dem) {
		return opco.Issue{Rang: b.c.Rang, Verdict: opco.VerdictRecu, Resume: b.c.Resume()}, nil
	}
	a := b.actes[dem.ActeID].Acte
	if dem.Echeance != nil {
		a = opco.Acte{Type: dem.Echeance.Type, Par: opco.ActeurSysteme(), Le: dem.Echeance.Le}
	} else if f := b.actes[dem.ActeID].charge; f != nil {
		a.Charge = encoder(f(b))
	}
	avant := encoder(b.c)
	v := opco.VerdictApplique
	e, err := b.c.Appliquer(a, dem.Echeance, faitsCompte(a.Le))
	var refus *opco.Error
	switch {
	case errors.As(err, &refus):
		b.c, v = opco.Compte{}, opco.VerdictRefuse
		if err := json.Unmarshal(avant, &b.c); err != nil {
			return opco.Issue{}, err
		}
	case err != nil:
		return opco.Issue{}, err
	case e.Refus != nil:
		v = opco.VerdictRefuse
	}
	for _, m := range e.Courriers {
		if m.Secret != "" {
			b.secret = m.Secret
		}
	}
	b.c.Rang = dem.Rang
	ligne := fmt.Sprintf("%s %s %s", a.Type, string(b.c.Etat), a.Le.In(opco.Paris).Format("2006-01-02 15:04:05"))
	if v == opco.VerdictRefuse {
		ligne += " refuse"
	}
	b.journal = append(b.journal, ligne)
	return opco.Issue{Rang: dem.Rang, Verdict: v, Resume: b.c.Resume()}, nil
}

// attend reports whether an acte received before the échéance has no verdict yet.
func (b *bureau) attend(dem opco.Demarche) bool {
	if dem.Echeance == nil {
		b.rendus = append(b.rendus, dem.ActeID)
		return false
	}
	for id, a := range b.actes {
		if a.Le.Before(dem.Echeance.Le) && !slices.Contains(b.rendus, id) {
			return true
		}
	}
	return false
}

func encoder(x any) []byte {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err)
	}
	return b
}

func faitsCompte(le time.Time) opco.FaitsCompte {
	n := byte(le.UnixNano() / int64(time.Second))
	return opco.FaitsCompte{Le: le, Parametres: opco.ParametresDefaut(), Calendrier: semaine{}, MotDePasse: true, AutresAdmins: 1,
		Alea: func(k int) []byte { return append([]byte{n}, make([]byte, k-1)...) },
		Entreprises: map[opco.SIREN]opco.EntrepriseConnue{"999001019": {CodeAdherent: "A100001", MasseSalariale: 31_248_000,
			Sites: []opco.SIRET{"99900101900010"}}}}
}

var (
	applicant = opco.Acteur{Nom: "Le demandeur", Role: opco.RoleDemandeur}
	holder    = opco.Acteur{Personne: "c1", Nom: "Zoé Lefèvre", Role: opco.RoleOrganisme}
	adviser   = opco.Acteur{Personne: "i1", Nom: "Inès Martin", Role: opco.RoleConseiller}
)

const droitDossiers = "entreprise:99900101900010:DOSSIERS_FORMATION"

func inscrire(*bureau) any {
	return opco.ChargeInscrire{CGU: "v1", Politique: opco.PolitiqueMyAtlas,
		Identite: opco.Identite{Civilite: "Mme", Nom: "Lefèvre", Prenom: "Zoé", Email: "zoe.lefevre@formalia.example"},
		Blocs: []opco.BlocDemande{{Profil: opco.RoleEntreprise, Branche: "1486", CodeAdherent: "A100001", MasseSalariale: 31_248_000, Responsable: "Jean Martin",
			Services: []opco.Service{opco.ServiceDossiers}, Certifie: true, Etablissements: []opco.EtablissementVoulu{{SIRET: "99900101900010", Fonction: "Gérante"}}}}}
}

func ouvrir(*bureau) any {
	return opco.ChargeOuvrirCompte{Identite: opco.Identite{Nom: "Formalia", Email: "contact@formalia.example"}, Identifiant: "OF3-0001", Dossier: "AF26-000118",
		Droits: []opco.DroitDonne{{Profil: opco.RoleOrganisme, SIRET: "99900136500017", Service: opco.ServicePaiements}}}
}

func codeRecu(b *bureau) any { return opco.ChargeCode{Empreinte: opco.EmpreinteCode(b.secret)} }

func codeFaux(*bureau) any { return opco.ChargeCode{Empreinte: opco.EmpreinteCode("FAUX")} }

func accorder(*bureau) any {
	return opco.ChargeDecision{Reponses: []opco.ReponseDroit{{Habilitation: droitDossiers, Accorder: true}}}
}

func fixe(x any) func(*bureau) any { return func(*bureau) any { return x } }

// gesteCompte is an acte sent at an instant of Paris.
type gesteCompte struct {
	le     string
	type_  opco.TypeActe
	par    opco.Acteur
	charge func(*bureau) any
	retard time.Duration // how late the engine hears of it
}

func (b *bureau) preparer(t *testing.T, gestes []gesteCompte) []workflows.Message {
	t.Helper()
	b.c, b.actes = opco.Compte{ID: "c1"}, map[string]acteCompte{}
	var ms []workflows.Message
	for i, g := range gestes {
		a := opco.Acte{ID: fmt.Sprintf("a%d", i+1), Seq: int64(i + 1), Type: g.type_, Par: g.par, Le: instant(t, g.le)}
		b.actes[a.ID] = acteCompte{a, g.charge}
		ms = append(ms, workflows.Message{Seq: a.Seq, ID: a.ID, Type: a.Type, Le: a.Le})
	}
	return ms
}

// jouer sends the actes and follows the runs until the account ends or the virtual
// clock reaches fin. It reports whether the procedure ended by itself.
func (b *bureau) jouer(t *testing.T, gestes []gesteCompte, fin string) bool {
	t.Helper()
	messages := b.preparer(t, gestes)
	s := workflows.Suite{Depart: opco.Depart{Objet: "compte/c1", Prochain: 1}}
	maintenant, limite := messages[0].Le, instant(t, fin)
	for b.runs = 1; b.runs < 60; b.runs++ {
		env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
		env.SetTestTimeout(20 * time.Second)
		env.SetStartTime(maintenant)
		env.RegisterWorkflow(workflows.Compte)
		env.RegisterActivity(&activities.Journal{Memoire: b})
		for i, m := range messages {
			if m.Seq >= s.Depart.Prochain {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.SignalActe, m) }, max(m.Le.Add(gestes[i].retard).Sub(maintenant), 0))
			}
		}
		env.RegisterDelayedCallback(env.CancelWorkflow, max(limite.Sub(maintenant), time.Second))
		env.ExecuteWorkflow(workflows.Compte, s)
		err := env.GetWorkflowError()
		var can *workflow.ContinueAsNewError
		if !errors.As(err, &can) {
			var annule *temporal.CanceledError
			if err != nil && !errors.As(err, &annule) {
				t.Fatalf("the procedure failed: %v", err)
			}
			return err == nil
		}
		maintenant, s = env.Now(), workflows.Suite{}
		if err := json.Unmarshal(can.Input.GetPayloads()[0].GetData(), &s); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the procedure continues as new for ever")
	return false
}

// The lives of an account on the engine's clock, to the second.
func TestCompte(t *testing.T) {
	debut := []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, inscrire, 0}}
	entre := append(debut[:1:1], gesteCompte{"2026-06-01 10:05:00", opco.ActeConfirmerEmail, applicant, codeRecu, 0})
	tests := []struct {
		nom    string
		gestes []gesteCompte
		fin    string
		fini   bool
		pannes int
		want   []string
	}{
		{"S20, the code is never used: relance at 24 h, expiry at 72 h, erased after 30 days", debut, "2027-01-01 00:00:00", true, 0, []string{
			"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
			"relancer_code EMAIL_A_CONFIRMER 2026-06-02 10:00:00", "expirer_compte COMPTE_EXPIRE 2026-06-04 10:00:00",
			"purger_compte CLOS 2026-07-05 00:00:00"}},
		{"S20, at 73 h: expired, a resend works, and the advisor answers late", append(debut[:1:1],
			gesteCompte{"2026-06-04 11:00:00", opco.ActeConfirmerEmail, applicant, codeRecu, 0},
			gesteCompte{"2026-06-04 11:01:00", opco.ActeRenvoyerCode, applicant, nil, 0},
			gesteCompte{"2026-06-04 11:02:00", opco.ActeConfirmerEmail, applicant, codeFaux, 0},
			gesteCompte{"2026-06-04 11:03:00", opco.ActeConfirmerEmail, applicant, codeRecu, 0},
			gesteCompte{"2026-06-12 09:00:00", opco.ActeDeciderDroits, adviser, accorder, 0}), "2026-07-01 00:00:00", false, 40, []string{
			"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
			"relancer_code EMAIL_A_CONFIRMER 2026-06-02 10:00:00", "expirer_compte COMPTE_EXPIRE 2026-06-04 10:00:00",
			"confirmer_email COMPTE_EXPIRE 2026-06-04 11:00:00 refuse", "renvoyer_code EMAIL_A_CONFIRMER 2026-06-04 11:01:00",
			"confirmer_email EMAIL_A_CONFIRMER 2026-06-04 11:02:00 refuse", "confirmer_email ACTIF_LIMITE 2026-06-04 11:03:00",
			"verifier_droits ACTIF_LIMITE 2026-06-04 11:03:00", "alerter_conseiller ACTIF_LIMITE 2026-06-06 08:00:00",
			"alerter_conseiller ACTIF_LIMITE 2026-06-09 08:00:00", "decider_droits ACTIF 2026-06-12 09:00:00"}},
		{"sent in time, heard late: the person does not lose to the timer", append(debut[:1:1],
			gesteCompte{"2026-06-04 09:59:59", opco.ActeConfirmerEmail, applicant, codeRecu, time.Minute}), "2026-06-04 12:00:00", false, 0, []string{
			"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
			"relancer_code EMAIL_A_CONFIRMER 2026-06-02 10:00:00", "confirmer_email ACTIF_LIMITE 2026-06-04 09:59:59",
			"verifier_droits ACTIF_LIMITE 2026-06-04 09:59:59"}},
		{"C15, a year without use", append(entre[:2:2], gesteCompte{"2026-06-02 09:00:00", opco.ActeDeciderDroits, adviser, accorder, 0}),
			"2027-12-01 00:00:00", false, 0, []string{
				"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
				"confirmer_email ACTIF_LIMITE 2026-06-01 10:05:00", "verifier_droits ACTIF_LIMITE 2026-06-01 10:05:00",
				"decider_droits ACTIF 2026-06-02 09:00:00", "revoir_droits ACTIF 2027-05-03 08:00:00", "revoir_droits ACTIF_LIMITE 2027-06-03 00:00:00"}},
		{"S13, first login", []gesteCompte{{"2026-09-01 14:00:00", opco.ActeOuvrirCompte, opco.ActeurSysteme(), ouvrir, 0},
			{"2026-09-03 09:00:00", opco.ActePersonnaliser, holder, fixe(opco.ChargePersonnaliser{Identifiant: "pedagogie.nouvelle"}), 0},
			{"2026-09-03 09:10:00", opco.ActeConfirmerIdentifiant, applicant, codeRecu, 0},
			{"2026-09-03 09:11:00", opco.ActeAccepterConfidentialite, holder, fixe(opco.ChargeVersion{Version: "v1"}), 0}}, "2026-12-01 00:00:00", false, 0, []string{
			"ouvrir_compte PROVISOIRE 2026-09-01 14:00:00", "personnaliser IDENTIFIANT_MODIFIE 2026-09-03 09:00:00",
			"confirmer_identifiant MOT_DE_PASSE_CONFIRME 2026-09-03 09:10:00", "accepter_confidentialite ACTIF 2026-09-03 09:11:00"}},
		{"S13, not used: expired, issued again three months later", []gesteCompte{{"2026-09-01 14:00:00", opco.ActeOuvrirCompte, opco.ActeurSysteme(), ouvrir, 0},
			{"2026-12-20 09:00:00", opco.ActeReemettre, adviser, nil, 0}}, "2027-03-01 00:00:00", false, 0, []string{
			"ouvrir_compte PROVISOIRE 2026-09-01 14:00:00", "expirer_compte COMPTE_EXPIRE 2026-09-17 00:00:00",
			"reemettre PROVISOIRE 2026-12-20 09:00:00", "expirer_compte COMPTE_EXPIRE 2027-01-05 00:00:00"}},
		{"closed by its holder, erased thirty days later", append(entre[:2:2],
			gesteCompte{"2026-06-10 10:00:00", opco.ActeCloreCompte, holder, nil, 0},
			gesteCompte{"2026-06-11 10:00:00", opco.ActeDemanderReinit, applicant, nil, 0}), "2027-01-01 00:00:00", true, 0, []string{
			"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
			"confirmer_email ACTIF_LIMITE 2026-06-01 10:05:00", "verifier_droits ACTIF_LIMITE 2026-06-01 10:05:00",
			"alerter_conseiller ACTIF_LIMITE 2026-06-03 08:00:00", "alerter_conseiller ACTIF_LIMITE 2026-06-06 08:00:00",
			"clore_compte CLOS 2026-06-10 10:00:00", "demander_reinitialisation CLOS 2026-06-11 10:00:00 refuse", "purger_compte CLOS 2026-07-11 00:00:00"}},
		{"a first acte that is refused leaves nothing behind", []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, fixe(opco.ChargeInscrire{}), 0}},
			"2026-07-01 00:00:00", true, 0, []string{"inscrire  2026-06-01 10:00:00 refuse"}},
		{"out of order", []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, inscrire, time.Minute},
			{"2026-06-01 10:00:30", opco.ActeConfirmerEmail, applicant, codeRecu, 0}}, "2026-06-01 12:00:00", false, 0, []string{
			"inscrire DEMANDE_SAISIE 2026-06-01 10:00:00", "verifier_inscription EMAIL_A_CONFIRMER 2026-06-01 10:00:00",
			"confirmer_email ACTIF_LIMITE 2026-06-01 10:00:30", "verifier_droits ACTIF_LIMITE 2026-06-01 10:00:30"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			b := &bureau{pannes: tt.pannes}
			if fini := b.jouer(t, tt.gestes, tt.fin); fini != tt.fini {
				t.Errorf("the procedure ended: %t, want %t", fini, tt.fini)
			}
			if !slices.Equal(b.journal, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(b.journal, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// An account that is used for years never holds more than a few steps in one run.
func TestCompteLongueVie(t *testing.T) {
	gestes := []gesteCompte{{"2026-06-01 10:00:00", opco.ActeInscrire, applicant, inscrire, 0}, {"2026-06-01 10:05:00", opco.ActeConfirmerEmail, applicant, codeRecu, 0}}
	le := instant(t, "2026-06-02 09:00:00")
	for i := range 90 {
		gestes = append(gestes, gesteCompte{le.Add(time.Duration(i) * 3 * time.Hour).In(opco.Paris).Format("2006-01-02 15:04:05"), opco.ActeModifierCompte,
			holder, fixe(opco.ChargeModifier{Civilite: "Mme", Nom: "Lefèvre", Prenom: "Zoé"}), 0})
	}
	b := &bureau{}
	b.jouer(t, gestes, "2026-06-20 00:00:00")
	if len(b.journal) < 90 || b.runs < 6 || b.runs > 12 {
		t.Errorf("%d steps in %d runs, want a run for about twenty steps", len(b.journal), b.runs)
	}
}

// An acte on an account that has ended has its verdict, and starts nothing again.
func TestCompteClosRecoit(t *testing.T) {
	b := &bureau{}
	le := instant(t, "2027-01-01 09:00:00")
	b.preparer(t, []gesteCompte{{"2027-01-01 09:00:00", opco.ActeDemanderReinit, applicant, nil, 0}})
	b.c = opco.Compte{ID: "c1", Etat: opco.CompteClos, Rang: 9}
	env := new(testsuite.WorkflowTestSuite).NewTestWorkflowEnvironment()
	env.SetStartTime(le)
	env.RegisterActivity(&activities.Journal{Memoire: b})
	env.ExecuteWorkflow(workflows.Compte, workflows.Suite{Depart: opco.Depart{Objet: "compte/c1", Rang: 9, Prochain: 1, Resume: b.c.Resume()},
		EnAvance: []workflows.Message{{Seq: 1, ID: "a1", Type: opco.ActeDemanderReinit, Le: le}}})
	if err := env.GetWorkflowError(); err != nil || !slices.Equal(b.journal, []string{"demander_reinitialisation CLOS 2027-01-01 09:00:00 refuse"}) {
		t.Errorf("got %v, %v", b.journal, err)
	}
}
