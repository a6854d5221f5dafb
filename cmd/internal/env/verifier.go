package env

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"guichet/identite"
)

// verifier names every value that cannot work, alone or beside another.
func (c Config) verifier() error {
	return errors.Join(append(slices.Concat(c.adresses(), c.securite(), c.marche()), c.essai())...)
}

// adresses looks at where the house listens and whom it talks to.
func (c Config) adresses() (fautes []error) {
	if c.DB == "" {
		fautes = append(fautes, errors.New("GUICHET_DB manque : donnez l’adresse de la base PostgreSQL, par exemple « host=127.0.0.1 dbname=guichet »"))
	} else if _, err := pq.NewConfig(c.DB); err != nil {
		fautes = append(fautes, errors.New("GUICHET_DB est illisible : écrivez « host=… port=… dbname=… user=… » ou postgres://utilisateur@hôte/base"))
	}
	for _, v := range []struct {
		nom, valeur string
		requis      bool
	}{{"GUICHET_TEMPORAL", c.Temporal, true}, {"GUICHET_SMTP", c.SMTP, true}, {"GUICHET_ADRESSE", c.Adresse, true}, {"GUICHET_ADRESSE_INTERNE", c.AdresseInterne, false}} {
		if _, _, err := net.SplitHostPort(v.valeur); err != nil && (v.requis || v.valeur != "") {
			fautes = append(fautes, fmt.Errorf("%s = « %s » : écrivez hôte:port", v.nom, v.valeur))
		}
	}
	if c.AdresseInterne != "" && c.AdresseInterne == c.Adresse {
		fautes = append(fautes, errors.New("GUICHET_ADRESSE_INTERNE est celle du public : donnez-lui un autre port, que rien n’ouvre au dehors"))
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" {
		fautes = append(fautes, fmt.Errorf("GUICHET_URL = « %s » : écrivez une adresse complète, par exemple https://guichet.exemple.fr", c.URL))
	}
	for _, p := range c.Proxys {
		if _, err := netip.ParsePrefix(p); err != nil && net.ParseIP(p) == nil {
			fautes = append(fautes, fmt.Errorf("GUICHET_PROXYS : « %s » n’est ni une adresse ni un réseau, par exemple 10.0.0.0/8", p))
		}
	}
	return fautes
}

// securite looks at the keys, the certificates and who vouches for people.
func (c Config) securite() (fautes []error) {
	if c.CleSecrets != "" {
		if _, err := identite.NewCoffre(c.CleSecrets); err != nil {
			fautes = append(fautes, errors.New("GUICHET_CLE_SECRETS est illisible : écrivez « nom:base64 » avec 32 octets tirés au hasard, et les anciennes clés à la suite, séparées par des virgules"))
		}
	}
	if u, err := url.Parse(c.OIDCEmetteur); c.OIDCEmetteur != "" && (err != nil || u.Host == "" || c.OIDCClient == "") {
		fautes = append(fautes, errors.New("GUICHET_OIDC_EMETTEUR demande l’adresse complète du fournisseur, et GUICHET_OIDC_CLIENT"))
	}
	if _, err := c.TLSMoteur(); err != nil {
		fautes = append(fautes, err)
	}
	return fautes
}

// arretMax is the longest that a platform can be expected to wait for a process to end.
const arretMax = 10 * time.Minute

// marche looks at how the process works, stops, and tells what it does.
func (c Config) marche() (fautes []error) {
	for _, f := range c.Files {
		if !slices.Contains(Files, f) {
			fautes = append(fautes, fmt.Errorf("GUICHET_FILES (ou --files) : « %s » n’est pas un travail ; il y a %s", f, strings.Join(Files, ", ")))
		}
	}
	if strings.ContainsAny(c.VersionWorkers, ".: ") || strings.HasPrefix(c.VersionWorkers, "__") {
		fautes = append(fautes, fmt.Errorf("GUICHET_VERSION_WORKERS = « %s » : écrivez un nom sans point, ni deux-points, ni espace, comme guichet", c.VersionWorkers))
	}
	if c.Retrait < 0 || c.Retrait > arretMax || c.Arret <= 0 || c.Arret > arretMax {
		fautes = append(fautes, errors.New("GUICHET_RETRAIT et GUICHET_ARRET sont des durées d’au plus dix minutes, la seconde plus longue que zéro"))
	}
	if c.Journal != "texte" && c.Journal != "json" {
		fautes = append(fautes, fmt.Errorf("GUICHET_JOURNAL = « %s » : écrivez texte ou json", c.Journal))
	}
	if u, err := url.Parse(c.Traces); c.Traces != "" && (err != nil || u.Host == "") {
		fautes = append(fautes, fmt.Errorf("GUICHET_TRACES = « %s » : écrivez une adresse complète, par exemple http://collecteur:4318", c.Traces))
	}
	if c.TracesTaux < 0 || c.TracesTaux > 1 {
		fautes = append(fautes, errors.New("GUICHET_TRACES_TAUX va de 0 à 1"))
	}
	return fautes
}

// essai keeps the test clock away from the world.
func (c Config) essai() error {
	if c.HorlogeEssai && (c.BanqueReelle || !local(c.SMTP)) {
		return errors.New("GUICHET_HORLOGE_ESSAI est refusé avec une vraie banque ou un vrai serveur de courriels : l’horloge d’essai n’est que pour essayer")
	}
	return nil
}

func local(adresse string) bool {
	h, _, err := net.SplitHostPort(adresse)
	if err != nil {
		return false
	}
	ip := net.ParseIP(h)
	return h == "localhost" || ip != nil && ip.IsLoopback()
}
