package scenario

import (
	"strings"
	"testing"
)

func TestWatchKeepsEachThingInItsPlace(t *testing.T) {
	private, secrets := map[string]string{"nina.000001@essai.guichet.test": "adresse de courriel"}, map[string]string{"6f3v-v47q-jc6j": "code d’activation"}
	for _, c := range []struct {
		place, text string
		leak, kept  bool
	}{
		{"journal api.log", "request status=200 compte=0f0e", false, false},
		{"journal api.log", "nom=ZQMprenomX", true, false},
		{"journal api.log", "personne=Nina.000001@essai.guichet.test", true, false},
		{"journal api.log", "code=6F3V-V47Q-JC6J", true, false},
		{"table public.compte", "(1,Zqmprenomx)", false, true},
		{"table public.compte (base64)", "Zqmprenomx", false, true},
		{"table public.courrier", `{"secret": "6f3v-v47q-jc6j"}`, true, false},
		{"table public.session", "(Zqmprenomx)", true, false},
		{"table public.incident", "(Zqmprenomx)", true, false},
	} {
		x := newWatch(private, secrets)
		look := x.hidden
		if strings.HasPrefix(c.place, "table ") {
			look = x.table
		}
		look(c.place, c.text)
		if leak, kept := len(x.hits) > 0, len(x.kept) > 0; leak != c.leak || kept != c.kept {
			t.Errorf("%s, %q: leak %v, kept %v; want %v, %v", c.place, c.text, leak, kept, c.leak, c.kept)
		}
	}
}
