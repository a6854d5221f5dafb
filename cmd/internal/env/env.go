// Package env reads what the processes of the house find in the environment, and
// is the only code of the product that does; the options of `guichet scenario`
// and `guichet demo`, clients of a running stack, have theirs beside them. It
// reports every mistake at once, by the name of its variable. docs/configuration.md
// is made from its tags.
package env

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is what a process of the house needs to know of where it runs. The tag aide
// says it to who deploys, lu names the commands that read it (none: all of them).
type Config struct {
	DB       string `env:"GUICHET_DB" aide:"Base PostgreSQL : « host=… dbname=… sslmode=verify-full sslrootcert=… » ou postgres://… Obligatoire." secret:"oui"`
	Fichiers string `env:"GUICHET_FICHIERS" envDefault:"fichiers" aide:"Répertoire des fichiers reçus et des lettres, partagé par les API et les workers."`
	URL      string `env:"GUICHET_URL" envDefault:"http://127.0.0.1:8080" aide:"Adresse publique. En https, les cookies ne voyagent que chiffrés ; les passkeys y sont attachées."`
	Adresse  string `env:"GUICHET_ADRESSE" envDefault:"127.0.0.1:8080" lu:"api" aide:"Où l’API et les pages écoutent, hôte:port."`

	AdresseInterne string `env:"GUICHET_ADRESSE_INTERNE" lu:"api, worker" aide:"Où répondre à /sante, /pret et /metrics, hôte:port. Jamais ouverte au public. Vide : nulle part."`

	Temporal         string `env:"GUICHET_TEMPORAL" envDefault:"127.0.0.1:7233" aide:"Moteur Temporal, hôte:port."`
	Namespace        string `env:"GUICHET_TEMPORAL_NAMESPACE" envDefault:"guichet" aide:"Espace de noms du moteur."`
	TemporalTLS      bool   `env:"GUICHET_TEMPORAL_TLS" aide:"Parler au moteur en TLS ; les trois suivantes et la clé d’API l’impliquent."`
	TemporalAutorite string `env:"GUICHET_TEMPORAL_AUTORITE" aide:"Fichier PEM de l’autorité du moteur. Vide : celles du système."`
	TemporalCert     string `env:"GUICHET_TEMPORAL_CERT" aide:"Fichier PEM du certificat client, avec GUICHET_TEMPORAL_CLE."`
	TemporalCle      string `env:"GUICHET_TEMPORAL_CLE" aide:"Fichier PEM de la clé de ce certificat."`
	TemporalNom      string `env:"GUICHET_TEMPORAL_NOM" aide:"Nom attendu dans le certificat du moteur, s’il n’est pas celui de son adresse."`
	TemporalCleAPI   string `env:"GUICHET_TEMPORAL_CLE_API" aide:"Clé d’API du moteur (Temporal Cloud)." secret:"oui"`

	SMTP       string `env:"GUICHET_SMTP" envDefault:"127.0.0.1:1025" lu:"worker" aide:"Serveur d’envoi des courriels, hôte:port."`
	SMTPCompte string `env:"GUICHET_SMTP_COMPTE" lu:"worker" aide:"Son compte. Vide : sans authentification."`
	SMTPSecret string `env:"GUICHET_SMTP_SECRET" lu:"worker" aide:"Le mot de passe de ce compte." secret:"oui"`
	SMTPTLS    bool   `env:"GUICHET_SMTP_TLS" lu:"worker" aide:"Refuser d’envoyer sans STARTTLS."`
	Expediteur string `env:"GUICHET_EXPEDITEUR" envDefault:"ne-pas-repondre@opco-demo.test" lu:"worker" aide:"Adresse d’expédition des courriels."`

	Banque       string `env:"GUICHET_BANQUE" envDefault:"banque" lu:"worker, banque-essai" aide:"Répertoire partagé avec la banque : fichiers à transmettre, relevés et réponses."`
	BanqueReelle bool   `env:"GUICHET_BANQUE_REELLE" aide:"Les fichiers de virements atteignent une vraie banque."`
	HorlogeEssai bool   `env:"GUICHET_HORLOGE_ESSAI" aide:"Horloge que l’on avance, pour essayer. Refusée avec une vraie banque ou un vrai serveur de courriels."`

	CleSecrets   string   `env:"GUICHET_CLE_SECRETS" lu:"api" aide:"Clés « nom:base64 » de 32 octets, séparées par des virgules ; la première scelle. Obligatoire sans l’horloge d’essai." secret:"oui"`
	Proxys       []string `env:"GUICHET_PROXYS" lu:"api" aide:"Adresses ou réseaux dont l’en-tête X-Forwarded-For est cru, séparés par des virgules."`
	OIDCEmetteur string   `env:"GUICHET_OIDC_EMETTEUR" lu:"api" aide:"Fournisseur d’identité des agents. Vide : aucun."`
	OIDCClient   string   `env:"GUICHET_OIDC_CLIENT" lu:"api" aide:"Identifiant du guichet chez ce fournisseur."`
	OIDCSecret   string   `env:"GUICHET_OIDC_SECRET" lu:"api" aide:"Secret du guichet chez ce fournisseur." secret:"oui"`
	OIDCAcr      []string `env:"GUICHET_OIDC_ACR" lu:"api" aide:"Niveaux d’authentification demandés."`
	OIDCFort     bool     `env:"GUICHET_OIDC_FORT" lu:"api" aide:"Le second facteur du fournisseur compte ici."`
	OIDCCourriel bool     `env:"GUICHET_OIDC_PAR_COURRIEL" lu:"api" aide:"Lier une identité par son adresse vérifiée ; sinon par son titulaire, connecté."`

	Files          []string `env:"GUICHET_FILES" lu:"worker" aide:"Travaux que ce worker fait, séparés par des virgules ; voir la liste plus bas. Vide : tous."`
	VersionWorkers string   `env:"GUICHET_VERSION_WORKERS" lu:"worker, ops version" aide:"Nom du déploiement où les workers s’inscrivent avec leur version : le moteur ne confie alors les procédures qu’à la version désignée par « guichet ops version ». Vide : tout worker sert, quelle que soit sa version."`
	Verification   string   `env:"GUICHET_VERIFICATION" envDefault:"15 3 * * *" lu:"worker" aide:"Quand vérifier toute la base, au format cron, heure de Paris. « jamais » : seulement quand on le demande."`

	Retrait time.Duration `env:"GUICHET_RETRAIT" envDefault:"0s" lu:"api" aide:"À l’arrêt, temps pendant lequel l’API se dit non prête mais sert encore. Plus que l’intervalle des sondes."`
	Arret   time.Duration `env:"GUICHET_ARRET" envDefault:"20s" lu:"api, worker" aide:"À l’arrêt, temps laissé à ce qui est en cours. Moins que le délai de grâce de la plateforme."`

	Journal    string  `env:"GUICHET_JOURNAL" envDefault:"texte" lu:"api, worker" aide:"Forme des journaux : texte ou json."`
	Traces     string  `env:"GUICHET_TRACES" lu:"api, worker" aide:"Adresse OTLP/HTTP d’un collecteur de traces, par exemple http://collecteur:4318. Vide : aucune trace."`
	TracesTaux float64 `env:"GUICHET_TRACES_TAUX" envDefault:"1" lu:"api, worker" aide:"Part des demandes tracées, de 0 à 1."`
}

// Variable is one variable that the house reads.
type Variable struct {
	Nom, Defaut, Aide, Lu string
	Secret                bool
}

// Variables lists them all, in the order of Config.
func Variables() []Variable {
	var vs []Variable
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		nom, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		vs = append(vs, Variable{Nom: nom, Defaut: f.Tag.Get("envDefault"), Aide: f.Tag.Get("aide"), Lu: f.Tag.Get("lu"), Secret: f.Tag.Get("secret") != ""})
	}
	return vs
}

// Lire reads the environment. Its error names every wrong variable and what to
// write instead.
func Lire() (Config, error) {
	return LireFiles(nil)
}

// LireFiles reads it for a worker, whose works are files, or those of the environment
// when nothing is said.
func LireFiles(files []string) (Config, error) {
	c, err := env.ParseAs[Config]()
	if len(files) > 0 {
		c.Files = files
	}
	return c, errors.Join(illisibles(err), c.verifier())
}

// LireAPI reads it for the counter, which keeps the secrets of people.
func LireAPI() (Config, error) {
	c, err := Lire()
	if c.CleSecrets == "" && !c.HorlogeEssai {
		err = errors.Join(err, errors.New("GUICHET_CLE_SECRETS manque : elle scelle les seconds facteurs. Tirez-en une par « echo k1:$(openssl rand -base64 32) », et gardez-la hors de la base"))
	}
	return c, err
}

// illisibles says of each value that has not the form of its variable what to write.
func illisibles(err error) error {
	if err == nil {
		return nil
	}
	var toutes env.AggregateError
	if !errors.As(err, &toutes) {
		return fmt.Errorf("lecture de la configuration : %w", err)
	}
	var fautes []error
	for _, e := range toutes.Errors {
		var illisible env.ParseError
		if !errors.As(e, &illisible) {
			fautes = append(fautes, e)
			continue
		}
		f, _ := reflect.TypeFor[Config]().FieldByName(illisible.Name)
		fautes = append(fautes, fmt.Errorf("%s est illisible : écrivez %s", f.Tag.Get("env"), forme(f.Type)))
	}
	return errors.Join(fautes...)
}

// forme says how a value of type t is written.
func forme(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return "une durée, comme 5s ou 2m"
	case t.Kind() == reflect.Bool:
		return "true ou false"
	case t.Kind() == reflect.Float64:
		return "un nombre, comme 0.1"
	}
	return "un texte"
}
