package chaos

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/workflows"
)

// terminated is a procedure that somebody stopped in the engine, behind the back of the product.
func terminated() fault {
	var f *traffic
	return fault{name: "procédure arrêtée à la main",
		inject: func(k *stack) {
			f = k.brought(3, 3, 1)
			if err := k.engine.TerminateWorkflow(k.Context(), opco.ObjetDossier(f.opened()[0]), "", "by hand"); err != nil {
				k.Fatal(err)
			}
		},
		nature: opco.IncidentProcedure, titre: "Une procédure a disparu alors que son dossier est ouvert", conseil: "Réhydratez", objets: 1,
		heal:  func(k *stack, g group) string { return k.intervene(opco.VerbeRehydrater, g.Code) },
		after: func(*stack) { f.goesOn() }}
}

// poison is what cannot be read, sent to three procedures of many: a signal that is no message,
// a message about no acte, an acte of a version that nobody knows. The others go on (I32).
func poison() fault {
	var f, others *traffic
	var unknown string
	return fault{name: "charges illisibles",
		inject: func(k *stack) {
			f = k.brought(3, 3, 1)
			ids := f.opened()
			k.signal(ids[0], "not a message")
			k.signal(ids[1], workflows.Message{Seq: k.nextSeq(ids[1]), ID: uuid.NewString(), Type: opco.ActeInstruire, Le: time.Now()})
			unknown = k.unknownActe(ids[2])
			k.breaks()
			others = k.brought(8, 4, 3)
			if n := len(others.acks); n != 3*8 {
				k.Errorf("%d actes of %d went on beside the poison", n, 3*8)
			}
		},
		nature: opco.IncidentActivite, titre: "Une procédure a reçu un message qu’elle ne sait pas lire", conseil: "Réhydratez", objets: 1,
		heal: func(k *stack, g group) string { return k.intervene(opco.VerbeRehydrater, g.Code) },
		after: func(k *stack) {
			others.check()
			if v, err := verdict(k.Context(), k.as("gestionnaire"), unknown); err != nil || v != opco.VerdictRefuse {
				k.Errorf("an acte that nobody can read is %q, %v: its author must be told", v, err)
			}
			f.goesOn()
		}}
}

// signal tells a procedure something by the door of the engine.
func (k *stack) signal(dossier string, what any) {
	k.Helper()
	if err := k.engine.SignalWorkflow(k.Context(), opco.ObjetDossier(dossier), "", workflows.SignalActe, what); err != nil {
		k.Fatal(err)
	}
}

// nextSeq is the number that the next acte of a dossier will have.
func (k *stack) nextSeq(dossier string) int64 {
	k.Helper()
	return one[int64](k, `SELECT max(seq) + 1 FROM acte WHERE objet = $1`, opco.ObjetDossier(dossier))
}

// unknownActe puts in the inbox of a dossier an acte as a later version of the product would.
func (k *stack) unknownActe(dossier string) string {
	k.Helper()
	u, err := k.s.Utilisateur(k.Context(), "gestionnaire")
	if err != nil {
		k.Fatal(err)
	}
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(dossier), Type: opco.ActeDemanderComplement, Par: u.Acteur(""), Compte: u.Compte,
		Charge: json.RawMessage(`{"version": 99, "pieces": "all of them"}`)}
	if _, err := k.s.Recevoir(k.Context(), a); err != nil {
		k.Fatal(err)
	}
	return a.ID
}

// goesOn has the next acte of each dossier done, by its people, and holds all that was
// acknowledged to the word that was given.
func (f *traffic) goesOn() {
	f.Helper()
	for _, id := range f.opened() {
		if !f.act("gestionnaire", id, "instruction", nil) {
			f.Errorf("dossier %s does not go on", id)
		}
	}
	f.check()
}

// A procedure that is gone is seen, and starts again from the journal.
func TestProcedureArretee(t *testing.T) { openStack(t, true).contract(terminated()) }

// What cannot be read stops nobody else, and leaves with the run that received it.
func TestMessageIllisible(t *testing.T) { openStack(t, true).contract(poison()) }
