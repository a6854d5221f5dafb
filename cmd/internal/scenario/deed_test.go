package scenario

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"guichet/opco"
)

// house is a world with one company and one organisme, and somebody in it.
func house() *world {
	w := newWorld(New(Config{}), "t.yaml")
	for n, key := range []string{"E1", "OF1"} {
		w.orgs[key] = newOrg(key, models[key], 30_000+n)
	}
	w.users["nina"] = &account{key: "nina", prenom: "Nina", nom: "Roussel", email: "nina@essai.guichet.test"}
	w.users["paul"] = &account{key: "paul", prenom: "Paul", nom: "Kerbrat"}
	return w
}

func TestRight(t *testing.T) {
	w := house()
	for _, x := range []struct {
		text string
		want string // id, or part of the refusal
	}{
		{"DOSSIERS_FORMATION E1", "entreprise:" + string(w.orgs["E1"].SIRETs[0]) + ":DOSSIERS_FORMATION"},
		{"CONTRIBUTIONS E1/2", "entreprise:" + string(w.orgs["E1"].SIRETs[1]) + ":CONTRIBUTIONS"},
		{"PAIEMENTS_OF OF1", "organisme:" + string(w.orgs["OF1"].SIRETs[0]) + ":PAIEMENTS_OF"},
		{"PAIEMENTS_OF E1", "les services de E1 sont"},
		{"DOSSIERS_FORMATION E1/3", "E1 a 2 établissements"},
		{"DOSSIERS_FORMATION E7", "n’est pas dans la mise en place"},
	} {
		ids, err := w.rightIDs([]string{x.text})
		got := strings.Join(ids, "")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, x.want) {
			t.Errorf("%s: got %s, want %s", x.text, got, x.want)
		}
	}
}

// What the form sends is the truth, but for what the scenario says otherwise.
func TestBlocks(t *testing.T) {
	w := house()
	wrong := Amount(312_481_00)
	bs, err := w.blocks([]Asked{{De: "E1", Sites: []int{1, 2}, Masse: &wrong}, {De: "OF1"}})
	if err != nil {
		t.Fatal(err)
	}
	if bs[0]["masse_salariale"] != opco.Montant(312_481_00) || bs[0]["code_adherent"] != "A030000" || len(bs[0]["etablissements"].([]fields)) != 2 {
		t.Errorf("company: %v", bs[0])
	}
	if bs[1]["facture_ht"] != opco.Montant(1_200_00) || bs[1]["nda"] != string(w.orgs["OF1"].NDA) || bs[1]["masse_salariale"] != nil {
		t.Errorf("organisme: %v", bs[1])
	}
	if _, err := w.blocks([]Asked{{De: "E1", Sites: []int{3}}}); err == nil {
		t.Error("a third établissement was found")
	}
}

// The secrets of the mails are read as people read them, the newest unless a rank
// is given; a mail without one says so.
func TestReceived(t *testing.T) {
	const id = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a60"
	box := `[{"message_id":"3","objet":"Rappel","texte":"https://g.test/activation?compte=` + id + `"},
		{"message_id":"2","objet":"Code","texte":"Confirmer : https://g.test/activation?compte=` + id + `&code=7K3M-9QTX-B2HV\n\nSi ce"},
		{"message_id":"1","objet":"Code","texte":"Confirmer : https://g.test/activation?compte=` + id + `&code=AAAA-BBBB-CCCC&invitation=oui\n\nSi ce"},
		{"message_id":"0","objet":"Accès","texte":"Identifiant provisoire : OF3-0001\n\nMot de passe provisoire : MMMM-NNNN-PPPP\n\nÀ la"}]`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(box)) }))
	defer server.Close()
	w := house()
	w.r, w.busy = New(Config{URL: server.URL, Mail: server.URL}), true
	who := w.users["nina"]
	for rank, want := range map[int]string{0: "7K3M-9QTX-B2HV", 1: "AAAA-BBBB-CCCC", 2: "7K3M-9QTX-B2HV"} {
		if got, code, err := w.link(context.Background(), who, activationLink, rank); err != nil || code != want || got != id || who.id != id {
			t.Errorf("rank %d: %s %s %v", rank, got, code, err)
		}
	}
	if x, err := w.received(context.Background(), who, provisional, 0); err != nil || x[0] != "OF3-0001" || x[1] != "MMMM-NNNN-PPPP" {
		t.Errorf("provisional: %v %v", x, err)
	}
	if _, err := w.received(context.Background(), who, resetLink, 0); err == nil || !strings.Contains(err.Error(), "« Rappel »") {
		t.Errorf("a link that never came: %v", err)
	}
}

// A browser keeps the cookies that the guichet sets, and forgets those it removes;
// an account that has not logged in there uses its API key.
func TestBrowser(t *testing.T) {
	a := &account{apiKey: "key"}
	if got := a.tokenIn(""); got != "key" {
		t.Errorf("before: %q", got)
	}
	a.keep("", &reply{cookies: []*http.Cookie{{Name: "guichet-appareil", Value: "d"}, {Name: "guichet", Value: "s"}}})
	if a.token != "cookie guichet=s; guichet-appareil=d" || a.tokenIn("maison") != "" {
		t.Errorf("logged in: %q, elsewhere %q", a.token, a.tokenIn("maison"))
	}
	a.keep("", &reply{cookies: []*http.Cookie{{Name: "guichet", MaxAge: -1}}})
	if a.token != "key" || a.browser("").token() != "cookie guichet-appareil=d" {
		t.Errorf("logged out: %q, %q", a.token, a.browser("").token())
	}
}

func TestSignature(t *testing.T) {
	w := house()
	for key, want := range map[string]string{"nina": "Nina Roussel", "nina pour paul": "Nina Roussel, pour le compte de Paul Kerbrat", "systeme": "Guichet"} {
		if got := w.signature(key); got != want {
			t.Errorf("%s: %s", key, got)
		}
	}
}

func TestReadDeeds(t *testing.T) {
	for text, want := range map[string]string{
		"compte: {qui: nina, fait: danser}":                                   "« fait: danser » n’existe pas",
		"compte: {fait: activer}":                                             "Dites « qui »",
		"compte: {qui: nina, fait: activer, verdict: peut-être}":              "applique, refuse ou recu",
		"compte: {qui: nina, fait: activer, avec: {mdp: x}}":                  "Le mot « mdp » n’est pas connu",
		"tuer: {partie: temporal, pendant: [{suivre: {qui: nina, quoi: A}}]}": "Le mot « quoi » n’est pas connu",
		"verifier: {compte: nina, tuile: X}":                                  "Le mot « tuile » n’est pas connu",
		"compte: {qui: nina, fait: activer, avec: {saisi: faux}}":             "",
	} {
		_, err := Read(fstest.MapFS{"t.yaml": {Data: []byte("nom: Essai\nreference: T\netapes:\n  - " + text + "\n")}}, "t.yaml")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The parameters that a scenario changes get their value of every day back, and
// those only.
func TestOrdinaryParameters(t *testing.T) {
	values, err := ordinaryParameters([]string{"politique_provisoire", "comptes", "sans_suite"})
	if err != nil || len(values) != 3 || values["politique_provisoire"] != "GUICHET" || values["sans_suite"] != float64(30) {
		t.Errorf("%v %v", values, err)
	}
}
