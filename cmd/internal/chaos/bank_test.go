package chaos

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"guichet/banque"
	"guichet/opco"
)

// untilItLeft is what follows toBank.
const untilItLeft = "  - banque: {lot: L1, repond: muette}\n"

// bankMute is a bank that took a file and never answers, until its délai has passed on the clock
// of the business. end is how the outcome is known at last.
func bankMute(name string, end func(*stack, string) string) fault {
	var lot string
	return fault{name: name,
		inject: func(k *stack) {
			lot = k.transmitted()
			k.setClock(opco.JourDe(k.clock()).Jours(6).Heure(9, 0))
		},
		nature: opco.IncidentBanque, titre: "La banque n’a pas répondu", conseil: "Demandez à la banque l’état du message, puis notez sa réponse", objets: 1,
		heal: func(k *stack, _ group) string { return end(k, lot) },
		after: func(k *stack) {
			if e := one[string](k, `SELECT etat FROM lot WHERE id = $1`, lot); e != string(opco.LotSolde) {
				k.Errorf("the lot is %s", e)
			}
			if n := one[int](k, `SELECT count(*) FROM reglement WHERE end_to_end_id IN (SELECT end_to_end_id FROM reglement WHERE etat = 'EXECUTE' AND lot = $1)`, lot); n != 1 {
				k.Errorf("%d règlements, want the one that was paid", n)
			}
		}}
}

// transmitted is a lot that the bank has.
func (k *stack) transmitted() string {
	k.Helper()
	return k.paid(toBank + untilItLeft)
}

// answers has the bank say at last what became of a lot.
func answers(k *stack, lot string) string {
	k.Helper()
	a, err := k.as("comptable").Send(k.Context(), http.MethodGet, "/api/lots/"+lot+"/fichier", nil)
	if err != nil || a.Status != http.StatusOK {
		k.Fatalf("the file of lot %s: %d, %v", lot, a.Status, err)
	}
	status, debits, err := banque.Regles{Quand: k.clock().UTC()}.Repondre(a.Body, k.clock().UTC())
	if err != nil {
		k.Fatal(err)
	}
	for name, content := range map[string][]byte{lot + "-pain002.xml": status, lot + "-camt054.xml": debits} {
		if err := k.as("comptable").Import(k.Context(), name, content); err != nil {
			k.Fatal(err)
		}
	}
	return "réponse de la banque importée"
}

// settled has two persons say what the statement shows.
func settled(k *stack, lot string) string {
	k.Helper()
	day := opco.JourDe(k.clock()).Jours(-1)
	k.send("comptable", "/api/lots/"+lot+"/issue", map[string]any{"acte_id": uuid.NewString(), "statut": "EXECUTE", "jour": day, "releve": "R-2026-77"}, nil)
	k.send("comptable2", "/api/lots/"+lot+"/issue/confirmation", map[string]any{"acte_id": uuid.NewString()}, nil)
	return "issue lue au relevé par une personne, confirmée par une autre"
}

// A bank that never answers is said; its answer, late, pays once.
func TestBanqueMuette(t *testing.T) {
	openStack(t, true).contract(bankMute("banque muette, qui répond tard", answers))
}

// What the bank never said, two persons read on the statement.
func TestBanqueMuetteDeuxPersonnes(t *testing.T) {
	openStack(t, true).contract(bankMute("banque muette, issue lue par deux personnes", settled))
}
