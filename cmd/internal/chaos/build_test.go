package chaos

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guichet/opco"
)

// divergentBuild is the name of a build whose procedure has one step more than the others.
const divergentBuild = "essai-divergent"

// divergent is such a build in the place of the worker, while people go on with what is open.
func divergent() fault {
	var f *traffic
	var wrong *process
	return fault{name: "exécutant d’une version qui diverge",
		inject: func(k *stack) {
			program := k.compileDivergent()
			f = k.newTraffic()
			for range 8 {
				f.advance(2)
			}
			k.foretold(program)
			k.kill("worker")
			wrong = k.launchWorker(program)
			f.wait = 0
			f.group.Go(func() {
				for _, id := range f.opened() {
					f.act("gestionnaire", id, "decision", nil)
				}
			})
		},
		nature: opco.IncidentProcedure, titre: "L’exécutant ne sait pas poursuivre ces procédures", conseil: "Revenez à la version précédente de l’exécutant", objets: 8,
		also: func(g group) bool { return g.Nature == opco.IncidentActe },
		heal: func(k *stack, g group) string {
			if !strings.Contains(g.Erreur, "version "+divergentBuild) {
				k.Errorf("the console does not name the build: « %s »", g.Erreur)
			}
			f.group.Wait()
			wrong.end()
			k.restart("worker")
			return "version d’avant remise en service"
		},
		after: func(k *stack) {
			f.check()
			if out, err := k.guichet("ops", "rejouer", "--ouverts"); err != nil {
				k.Errorf("what is open does not replay: %v\n%s", err, out)
			}
		}}
}

// A build that does not follow what others wrote blocks and does nothing wrong; the replay
// told it before, the console tells it then, and the build of before goes on.
func TestVersionDivergente(t *testing.T) { openStack(t, true).contract(divergent()) }

// compileDivergent builds these sources with one step more in the procedure of a dossier.
func (k *stack) compileDivergent() string {
	k.Helper()
	const loop = "\tfor !p.resume.Etat.Final() {\n"
	root, dir := filepath.Dir(filepath.Dir(k.product())), k.TempDir()
	source, changed, overlay := filepath.Join(root, "workflows", "dossier.go"), filepath.Join(dir, "dossier.go"), filepath.Join(dir, "overlay.json")
	b, err := os.ReadFile(source)
	if err != nil || strings.Count(string(b), loop) != 1 {
		k.Fatalf("the procedure of a dossier is not as this test knows it: %v", err)
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {source: changed}})
	if err != nil {
		k.Fatal(err)
	}
	step := "\tif err := workflow.Sleep(ctx, patience); err != nil {\n\t\treturn \"\", err\n\t}\n"
	k.write(changed, strings.Replace(string(b), loop, step+loop, 1))
	k.write(overlay, string(replace))
	return k.compile(root, filepath.Join(dir, "guichet"), "-overlay="+overlay, "-ldflags=-X main.version="+divergentBuild)
}

func (k *stack) write(path, text string) {
	k.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		k.Fatal(err)
	}
}

// foretold wants the replay of what is open by that build to say that it does not follow.
func (k *stack) foretold(program string) {
	k.Helper()
	out, err := k.guichet("ops", "rejouer", "--ouverts", "--binaire", program)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		k.Errorf("the replay by the build that diverges ends with %v, want 1:\n%s", err, out)
		return
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	k.Logf("the replay said before: %s", lines[max(0, len(lines)-8)])
}
