// Package verification checks what deploys the house against the schemas of Kubernetes
// and of Compose, without a cluster. A module of its own: the product needs neither.
package verification

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// sortes makes an empty object of each kind that the manifests use.
var sortes = map[string]func() any{
	"v1/Namespace": func() any { return &corev1.Namespace{} }, "v1/ConfigMap": func() any { return &corev1.ConfigMap{} },
	"v1/Secret": func() any { return &corev1.Secret{} }, "v1/Service": func() any { return &corev1.Service{} },
	"v1/PersistentVolumeClaim": func() any { return &corev1.PersistentVolumeClaim{} },
	"apps/v1/Deployment":       func() any { return &appsv1.Deployment{} }, "batch/v1/Job": func() any { return &batchv1.Job{} },
	"policy/v1/PodDisruptionBudget":      func() any { return &policyv1.PodDisruptionBudget{} },
	"networking.k8s.io/v1/NetworkPolicy": func() any { return &networkingv1.NetworkPolicy{} },
	"networking.k8s.io/v1/Ingress":       func() any { return &networkingv1.Ingress{} },
}

// lire decodes every document of a manifest strictly: a field that Kubernetes does not
// know, or of another type, is refused.
func lire(b []byte) ([]any, error) {
	var objets []any
	docs := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(b)))
	for {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			return objets, nil
		}
		if err != nil {
			return nil, err
		}
		var tete struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
			Metadata   struct {
				Name string `json:"name"`
			} `json:"metadata"`
		}
		if err := yaml.Unmarshal(doc, &tete); err != nil {
			return nil, err
		}
		faire := sortes[tete.APIVersion+"/"+tete.Kind]
		if faire == nil {
			return nil, fmt.Errorf("%s/%s is not a kind that is checked", tete.APIVersion, tete.Kind)
		}
		if fautes := validation.IsDNS1123Subdomain(tete.Metadata.Name); len(fautes) > 0 {
			return nil, fmt.Errorf("name %q: %v", tete.Metadata.Name, fautes)
		}
		o := faire()
		if err := yaml.UnmarshalStrict(doc, o); err != nil {
			return nil, fmt.Errorf("%s %s: %w", tete.Kind, tete.Metadata.Name, err)
		}
		objets = append(objets, o)
	}
}

// TestManifestes: every manifest is one that Kubernetes takes; each Deployment selects its
// own pods, spreads what it may lose, is probed, bounded, and runs as nobody.
func TestManifestes(t *testing.T) {
	noms, err := filepath.Glob("../k8s/*.yaml")
	if err != nil || len(noms) < 5 {
		t.Fatalf("found %d manifests, %v", len(noms), err)
	}
	deployments, budgets := map[string]bool{}, map[string]bool{}
	for _, nom := range noms {
		b, err := os.ReadFile(nom)
		if err != nil {
			t.Fatal(err)
		}
		objets, err := lire(b)
		if err != nil {
			t.Errorf("%s: %v", nom, err)
		}
		for _, o := range objets {
			switch x := o.(type) {
			case *appsv1.Deployment:
				deployments[x.Name] = true
				verifierDeployment(t, x)
			case *batchv1.Job:
				verifierPod(t, x.Name, x.Spec.Template.Spec)
			case *policyv1.PodDisruptionBudget:
				budgets[x.Name] = true
			}
		}
	}
	for d := range deployments {
		if !budgets[d] {
			t.Errorf("%s has no disruption budget", d)
		}
	}
	if len(deployments) != 6 {
		t.Errorf("got %d deployments, want the API and five workers", len(deployments))
	}
}

func verifierDeployment(t *testing.T, d *appsv1.Deployment) {
	t.Helper()
	for cle, v := range d.Spec.Selector.MatchLabels {
		if d.Spec.Template.Labels[cle] != v {
			t.Errorf("%s selects %s=%s, which its pods have not", d.Name, cle, v)
		}
	}
	if d.Spec.Replicas == nil || *d.Spec.Replicas < 2 {
		t.Errorf("%s: one process alone is an outage when it stops", d.Name)
	}
	c := d.Spec.Template.Spec.Containers[0]
	if c.LivenessProbe == nil || c.ReadinessProbe == nil || c.StartupProbe == nil {
		t.Errorf("%s is not probed", d.Name)
	}
	verifierPod(t, d.Name, d.Spec.Template.Spec)
}

func verifierPod(t *testing.T, nom string, p corev1.PodSpec) {
	t.Helper()
	var volumes []string
	for _, v := range p.Volumes {
		volumes = append(volumes, v.Name)
	}
	for _, c := range p.Containers {
		if c.SecurityContext == nil || c.SecurityContext.ReadOnlyRootFilesystem == nil || !*c.SecurityContext.ReadOnlyRootFilesystem || p.SecurityContext.RunAsNonRoot == nil {
			t.Errorf("%s: it may write on its image, or be root", nom)
		}
		if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
			t.Errorf("%s: its memory or its processor has no bound", nom)
		}
		for _, m := range c.VolumeMounts {
			if !slices.Contains(volumes, m.Name) {
				t.Errorf("%s mounts %s, which is no volume", nom, m.Name)
			}
		}
	}
}

// TestLireRefuse: a field that does not exist, or of another type, is seen.
func TestLireRefuse(t *testing.T) {
	for _, faux := range []string{
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replica: 2}\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: deux}\n",
		"apiVersion: v1\nkind: Pot\nmetadata: {name: x}\n",
		"apiVersion: v1\nkind: Service\nmetadata: {name: Mon_Service}\n",
	} {
		if _, err := lire([]byte(faux)); err == nil {
			t.Errorf("taken:\n%s", faux)
		}
	}
}

// TestCompose: the file is one that Compose takes, and each service depends on what is there.
func TestCompose(t *testing.T) {
	for _, v := range []string{"MOT_DE_PASSE_POSTGRES", "MOT_DE_PASSE_GRAFANA", "CLE_SECRETS"} {
		t.Setenv(v, "x")
	}
	o, err := cli.NewProjectOptions([]string{"../compose/compose.yaml"}, cli.WithOsEnv, cli.WithName("guichet"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, nom := range []string{"api1", "api2", "worker1", "worker2", "migrate", "postgres", "temporal", "prometheus", "grafana", "traces", "proxy"} {
		s, ok := p.Services[nom]
		if !ok {
			t.Errorf("no service %s", nom)
		}
		for _, v := range s.Volumes {
			if v.Type != "bind" {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s mounts %s: %v", nom, v.Source, err)
			}
		}
	}
}
