package chaos

import (
	"io"
	"strings"
	"testing/fstest"

	"guichet/cmd/internal/scenario"
	"guichet/opco"
	"guichet/store"
)

// toBank brings a dossier to the bank, which says nothing: a scenario, by the public API. J is the
// day of its training, and so on from there.
const toBank = `nom: Un lot chez une banque qui se tait
reference: EPREUVE
mise_en_place:
  entreprises: {E1: }
  organismes: {OF1: }
etapes:
  - acte: {qui: e1, fait: creer, dossier: A, avec: {organisme: OF1, du: J+0, au: J+1, stagiaires: [{nombre: 2, heures: 14, cout: 600.00}]}}
  - acte: {qui: e1, fait: deposer, dossier: A}
  - acte: {qui: gestionnaire, fait: instruire, dossier: A}
  - acte: {qui: gestionnaire, fait: decider, dossier: A}
  - horloge: J+2 10:00
  - acte: {qui: of1, fait: certifier, dossier: A, avec: {heures: 14}}
  - acte: {qui: of1, fait: facturer, dossier: A, avec: {numero: F-1, montant: 1 200.00}}
  - acte: {qui: gestionnaire, fait: constater, dossier: A}
  - horloge: J+3 09:00
  - acte: {qui: comptable, fait: creer_lot, lot: L1, avec: {dossiers: [A], execution: J+3}}
  - acte: {qui: comptable2, fait: valider_lot, lot: L1}
`

// paid plays toBank, or more, on days that nobody has lived yet, and returns its lot.
func (k *stack) paid(text string) string {
	k.Helper()
	monday := opco.JourDe(k.clock()).Jours(21)
	monday = monday.Jours((8 - int(monday.Heure(12, 0).Weekday())) % 7)
	for n, day := range []string{"J+0", "J+1", "J+2", "J+3"} {
		text = strings.ReplaceAll(text, day, string(monday.Jours(n)))
	}
	s, err := scenario.Read(fstest.MapFS{"epreuve.yaml": {Data: []byte(text)}}, "epreuve.yaml")
	if err != nil {
		k.Fatal(err)
	}
	r := scenario.New(scenario.Config{URL: k.url, Mail: k.mail, Admin: "admin", Password: store.MotDePasseDemo, KeepClock: true, Out: io.Discard})
	for _, x := range r.Play(k.Context(), s) {
		if x.Err != nil {
			k.Fatal(x.Err)
		}
	}
	return one[string](k, `SELECT id FROM lot ORDER BY cree_le DESC LIMIT 1`)
}
