package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
	"guichet/store"
)

// textesDeploiement reads the files that deploy the house, by their path.
func textesDeploiement(t *testing.T) map[string]string {
	t.Helper()
	textes := map[string]string{}
	err := filepath.WalkDir("../../deploy", func(chemin string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && (d.Name() == "local" || d.Name() == "verification") {
				return filepath.SkipDir
			}
			return err
		}
		b, err := os.ReadFile(chemin)
		textes[strings.TrimPrefix(chemin, "../../deploy/")] = string(b)
		return err
	})
	if err != nil || len(textes) < 15 {
		t.Fatalf("read %d files, %v", len(textes), err)
	}
	return textes
}

// TestLeDeploiementConnaitLaConfiguration: every variable that a file of deploy sets is
// one that the product reads; every work of a worker is done by somebody; every probe asks
// a page that answers.
func TestLeDeploiementConnaitLaConfiguration(t *testing.T) {
	var connues []string
	for _, v := range env.Variables() {
		connues = append(connues, v.Nom)
	}
	servies, sondes := map[string]bool{}, 0
	h := (&telemetry.Probe{}).Handler(registre(t))
	for chemin, texte := range textesDeploiement(t) {
		if strings.HasPrefix(chemin, "sauvegarde/") {
			continue
		}
		for _, v := range regexp.MustCompile(`GUICHET_[A-Z_]+`).FindAllString(texte, -1) {
			if !slices.Contains(connues, v) {
				t.Errorf("%s sets %s, which nobody reads", chemin, v)
			}
		}
		for _, m := range regexp.MustCompile(`--files=([a-z,]+)`).FindAllStringSubmatch(texte, -1) {
			for _, f := range strings.Split(m[1], ",") {
				servies[f] = true
			}
		}
		for _, m := range regexp.MustCompile(`(?:httpGet: \{path: |health_uri |metrics_path: |prometheus\.io/path: )(/\w+)`).FindAllStringSubmatch(texte, -1) {
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, m[1], nil)); w.Code != http.StatusOK {
				t.Errorf("%s asks %s: got %d", chemin, m[1], w.Code)
			}
			sondes++
		}
	}
	for _, f := range env.Files {
		if !servies[f] {
			t.Errorf("no worker of the cluster does %s", f)
		}
	}
	if len(servies) != len(env.Files) || sondes < 6 {
		t.Errorf("got works %v and %d probes", servies, sondes)
	}
}

// registre is the measures of a process that has served one request and read the base.
func registre(t *testing.T) prometheus.Gatherer {
	t.Helper()
	o, err := observer(t.Context(), env.Config{}, "api")
	if err != nil {
		t.Fatal(err)
	}
	var rs []store.Releve
	for _, j := range store.Jauges {
		rs = append(rs, store.Releve{Mesure: j.Nom, Etiquette: "x"})
	}
	o.mesures.MustRegister(&telemetry.Business{Read: func(context.Context) ([]store.Releve, error) { return rs, nil }})
	_, fini := telemetry.NewRequests(o.mesures, o.traceur).Begin(httptest.NewRequest(http.MethodGet, "/", nil), "/")
	fini(http.StatusOK, false)
	return o.mesures
}

// motsDePromQL are the words of an expression that name no measure.
var motsDePromQL = strings.Fields(`sum rate max min by histogram_quantile absent increase time or and topk le file etat motif cause statut methode route
	operation task_queue instance version processus`)

// mesuresDe lists the measures that an expression names.
func mesuresDe(expr string) []string {
	expr = regexp.MustCompile(`"[^"]*"`).ReplaceAllString(expr, "")
	expr = regexp.MustCompile(`\[\w+\]`).ReplaceAllString(expr, "")
	var noms []string
	for _, m := range regexp.MustCompile(`[a-z][a-z_:0-9]*`).FindAllString(expr, -1) {
		if !slices.Contains(motsDePromQL, m) {
			noms = append(noms, m)
		}
	}
	return noms
}

// TestLesTableauxNommentDesMesures: each panel and each alarm asks for measures that a
// process gives; each alarm has its paragraph in the guide, and the guide no other.
func TestLesTableauxNommentDesMesures(t *testing.T) {
	donnees := map[string]bool{"guichet_sauvegarde_finie_seconds": true} // written by deploy/sauvegarde
	familles, err := registre(t).Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range familles {
		donnees[f.GetName()] = true
	}
	sdk := mesuresDuSDK(t)
	verifier := func(ou, expr string) {
		for _, m := range mesuresDe(expr) {
			nu := regexp.MustCompile(`_(bucket|count|sum)$`).ReplaceAllString(m, "")
			if reste, moteur := strings.CutPrefix(nu, "temporal_"); moteur {
				if !sdk[strings.TrimSuffix(strings.TrimSuffix(reste, "_total"), "_seconds")] {
					t.Errorf("%s asks for %s, which the SDK of Temporal does not measure", ou, m)
				}
				continue
			}
			if !donnees[nu] && !donnees[m] {
				t.Errorf("%s asks for %s, which no process gives", ou, m)
			}
		}
	}
	textes, vus := textesDeploiement(t), 0
	for chemin, texte := range textes {
		if !strings.HasPrefix(chemin, "grafana/") {
			continue
		}
		var tableau struct {
			Panels []struct {
				Title   string
				Targets []struct{ Expr string }
			}
		}
		if err := json.Unmarshal([]byte(texte), &tableau); err != nil {
			t.Errorf("%s: %v", chemin, err)
		}
		for _, p := range tableau.Panels {
			for _, x := range p.Targets {
				verifier(chemin+", "+p.Title, x.Expr)
				vus++
			}
		}
	}
	var regles struct {
		Groups []struct {
			Rules []struct{ Alert, Record, Expr string }
		}
	}
	if err := yaml.Unmarshal([]byte(textes["alertes/guichet.yaml"]), &regles); err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../docs/exploitation.md")
	if err != nil {
		t.Fatal(err)
	}
	var alarmes []string
	for _, g := range regles.Groups {
		for _, r := range g.Rules {
			verifier(r.Alert+r.Record, r.Expr)
			if vus++; r.Alert != "" {
				alarmes = append(alarmes, r.Alert)
			}
		}
	}
	var dites []string
	for _, m := range regexp.MustCompile(`(?m)^### (Guichet\w+)`).FindAllStringSubmatch(string(guide), -1) {
		dites = append(dites, m[1])
	}
	slices.Sort(alarmes)
	slices.Sort(dites)
	if !slices.Equal(alarmes, dites) {
		t.Errorf("alarms %v\nin the guide %v", alarmes, dites)
	}
	if vus < 35 {
		t.Errorf("looked at %d expressions", vus)
	}
}

// mesuresDuSDK reads the names that the SDK of Temporal gives to what it measures.
func mesuresDuSDK(t *testing.T) map[string]bool {
	t.Helper()
	dossier, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "go.temporal.io/sdk").Output()
	if err != nil {
		t.Fatal(err) // what compiled this test has the source of the SDK
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dossier)), "internal/common/metrics/constants.go"))
	if err != nil {
		t.Fatal(err)
	}
	noms := map[string]bool{"request": true, "request_failure": true, "request_latency": true}
	for _, m := range regexp.MustCompile(`TemporalMetricsPrefix \+ "(\w+)"`).FindAllStringSubmatch(string(b), -1) {
		noms[m[1]] = true
	}
	return noms
}
