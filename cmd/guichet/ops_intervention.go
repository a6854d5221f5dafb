package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
)

// opsInterventions are the safe actions of those who run the house. Each is written down before it is
// done, tried first, done by a worker, and told once it was read again.
type opsInterventions struct {
	Relancer     opsRelancerCmd     `cmd:"" help:"Dire de nouveau à une procédure ce qui l’attend, et l’heure qu’il est."`
	Reessayer    opsReessayerCmd    `cmd:"" help:"Réessayer tout de suite ce qui échoue, ses essais recomptés."`
	Allonger     opsAllongerCmd     `cmd:"" help:"Donner plus de temps à ce qui échoue."`
	Suspendre    opsSuspendreCmd    `cmd:"" help:"Faire attendre une action de l’extérieur."`
	Reprendre    opsReprendreCmd    `cmd:"" help:"La laisser repartir."`
	Rearmer      opsRearmerCmd      `cmd:"" help:"Remettre le réveil à l’échéance du journal."`
	Reconstruire opsReconstruireCmd `cmd:"" help:"Récrire ce qui se lit d’un dossier d’après son contenu, tenu contre son journal."`
	Revenir      opsRevenirCmd      `cmd:"" help:"Faire revivre une procédure depuis une de ses étapes."`
	Rehydrater   opsRehydraterCmd   `cmd:"" help:"Faire repartir une procédure du journal."`
	Renvoyer     opsRenvoyerCmd     `cmd:"" help:"Renvoyer un courriel, ou ceux d’un dossier qui n’ont pas pu partir."`
	Passer       opsPasserCmd       `cmd:"" help:"Renoncer à un courriel."`
	Paiements    opsPaiementsCmd    `cmd:"" help:"Suspendre les paiements. Les rouvrir se demande au guichet, à deux personnes."`
	Courriels    opsCourrielsCmd    `cmd:"" help:"Suspendre ou rouvrir les courriels."`
}

// demandeOps is what every intervention takes.
type demandeOps struct {
	Motif    string        `help:"Pourquoi : la raison reste au journal." required:"" placeholder:"RAISON"`
	Agent    string        `help:"Qui le demande, pour le journal : l’identifiant d’un agent d’exploitation. Ce qui touche à l’argent se demande au guichet, connecté." required:"" placeholder:"IDENTIFIANT"`
	ABlanc   bool          `help:"Essayer seulement : dire ce qui serait fait, et ne rien faire."`
	Attendre time.Duration `help:"Combien de temps attendre l’exécutant." default:"60s"`
}

// ciblesOps are the cases that an intervention bears on.
type ciblesOps struct {
	Numero []string `arg:"" optional:"" help:"Les dossiers ou les lots : leur numéro, ou « dossier/… », « lot/… »."`
	Cause  string   `help:"Tous les cas d’une cause, par son code." placeholder:"CODE"`
	demandeOps
}

type (
	opsRelancerCmd     struct{ ciblesOps }
	opsReessayerCmd    struct{ ciblesOps }
	opsSuspendreCmd    struct{ ciblesOps }
	opsReprendreCmd    struct{ ciblesOps }
	opsRearmerCmd      struct{ ciblesOps }
	opsRehydraterCmd   struct{ ciblesOps }
	opsReconstruireCmd struct{ ciblesOps }
	opsPasserCmd       struct{ ciblesOps }
	opsAllongerCmd     struct {
		ciblesOps
		Delai time.Duration `help:"Le délai de chaque essai." required:"" placeholder:"2m"`
	}
	opsRevenirCmd struct {
		ciblesOps
		Etape string `help:"L’étape à laquelle revenir : complétude, instruction, réalisation…" required:"" placeholder:"ÉTAPE"`
	}
	opsRenvoyerCmd struct {
		ciblesOps
		NouvelIdentifiant bool `help:"Sous un nouvel identifiant : le destinataire peut le recevoir deux fois."`
	}
	opsPaiementsCmd struct {
		Sens string `arg:"" enum:"arreter,rouvrir,tenir-partis" help:"arreter ; rouvrir et tenir-partis se demandent au guichet."`
		demandeOps
	}
	opsCourrielsCmd struct {
		Sens string `arg:"" enum:"arreter,rouvrir" help:"arreter ou rouvrir."`
		demandeOps
	}
)

// Run tells the procedures what waits.
func (c opsRelancerCmd) Run(ctx context.Context) error { return c.intervenir(ctx, opco.VerbeRelancer) }

// Run has what fails tried now.
func (c opsReessayerCmd) Run(ctx context.Context) error {
	return c.intervenir(ctx, opco.VerbeReessayer)
}

// Run gives more time to what fails.
func (c opsAllongerCmd) Run(ctx context.Context) error {
	return c.demander(ctx, opco.Intervention{Verbe: opco.VerbeAllonger, Delai: c.Delai})
}

// Run has a deed wait.
func (c opsSuspendreCmd) Run(ctx context.Context) error {
	return c.intervenir(ctx, opco.VerbeSuspendre)
}

// Run lets it go on.
func (c opsReprendreCmd) Run(ctx context.Context) error {
	return c.intervenir(ctx, opco.VerbeReprendre)
}

// Run sets the timer to the échéance of the journal.
func (c opsRearmerCmd) Run(ctx context.Context) error { return c.intervenir(ctx, opco.VerbeRearmer) }

// Run has a procedure live again from an étape.
func (c opsRevenirCmd) Run(ctx context.Context) error {
	return c.demander(ctx, opco.Intervention{Verbe: opco.VerbeRevenir, Etape: c.Etape})
}

// Run writes again what is read of dossiers.
func (c opsReconstruireCmd) Run(ctx context.Context) error {
	return c.intervenir(ctx, opco.VerbeReconstruire)
}

// Run starts a procedure from the journal.
func (c opsRehydraterCmd) Run(ctx context.Context) error {
	return c.intervenir(ctx, opco.VerbeRehydrater)
}

// Run sends mails again.
func (c opsRenvoyerCmd) Run(ctx context.Context) error {
	return c.demander(ctx, opco.Intervention{Verbe: opco.VerbeRenvoyer, NouvelID: c.NouvelIdentifiant})
}

// Run gives mails up.
func (c opsPasserCmd) Run(ctx context.Context) error { return c.intervenir(ctx, opco.VerbePasser) }

// Run moves the kill switch of payments.
func (c opsPaiementsCmd) Run(ctx context.Context) error {
	if c.Sens == "tenir-partis" {
		return ciblesOps{demandeOps: c.demandeOps}.intervenir(ctx, opco.VerbeTenirPartis)
	}
	return basculer(ctx, c.demandeOps, c.Sens, opco.VerbeArreterPaiements, opco.VerbeRouvrirPaiements)
}

// Run moves the kill switch of mails.
func (c opsCourrielsCmd) Run(ctx context.Context) error {
	return basculer(ctx, c.demandeOps, c.Sens, opco.VerbeArreterCourriels, opco.VerbeRouvrirCourriels)
}

func basculer(ctx context.Context, d demandeOps, sens string, arreter, rouvrir opco.Verbe) error {
	v := arreter
	if sens == "rouvrir" {
		v = rouvrir
	}
	return ciblesOps{demandeOps: d}.intervenir(ctx, v)
}

func (c ciblesOps) intervenir(ctx context.Context, v opco.Verbe) error {
	return c.demander(ctx, opco.Intervention{Verbe: v})
}

// demander writes an intervention, waits for its trial, and has it done unless only the trial was
// asked for.
func (c ciblesOps) demander(ctx context.Context, i opco.Intervention) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 2)
	if err != nil {
		return err
	}
	defer s.Close()
	u, err := s.UtilisateurSaisi(ctx, strings.ToLower(strings.TrimSpace(c.Agent)))
	if err != nil {
		return err
	}
	i.Motif, i.Cause = c.Motif, c.Cause
	v, err := c.proposer(ctx, s, u, i)
	if err == nil {
		v, err = attendreIntervention(ctx, s, v, c.Attendre, func(e store.EtatIntervention) bool { return e != store.InterventionEssai })
	}
	if err != nil {
		return err
	}
	return c.conduire(ctx, s, auNomDe(u), v)
}

// conduire shows a trial, then has it done, and says what was read afterwards.
func (c ciblesOps) conduire(ctx context.Context, s *store.Store, par opco.Acteur, v store.InterventionVue) error {
	if err := ecrireIntervention(ctx, os.Stdout, s, v); err != nil {
		return err
	}
	switch {
	case v.Etat == store.InterventionEssai:
		fmt.Println("L’exécutant n’a pas encore fini l’essai : rien n’est fait. Suivez-le dans « Interventions ».")
		return code(3)
	case v.Etat.Finie():
		return sortieIntervention(v)
	case c.ABlanc:
		return s.RefuserIntervention(ctx, par, v.ID, "essai à blanc")
	}
	if err := s.LancerIntervention(ctx, par, v.ID); err != nil {
		return err
	}
	v, err := attendreIntervention(ctx, s, v, c.Attendre, store.EtatIntervention.Finie)
	if err != nil {
		return err
	}
	if err := ecrireIntervention(ctx, os.Stdout, s, v); err != nil {
		return err
	}
	return sortieIntervention(v)
}

// attendreIntervention waits until an intervention is in an état wanted, or for the time given.
func attendreIntervention(ctx context.Context, s *store.Store, v store.InterventionVue, delai time.Duration, voulu func(store.EtatIntervention) bool) (store.InterventionVue, error) {
	fin := time.Now().Add(delai)
	for {
		lue, err := s.Intervention(ctx, v.ID)
		if err != nil || voulu(lue.Etat) || time.Now().After(fin) {
			return lue, err
		}
		dormir(ctx, 200*time.Millisecond)
		if err := ctx.Err(); err != nil {
			return lue, err
		}
	}
}

// sortieIntervention is 0 when all was read as wanted, 3 when it is not seen yet, else 1.
func sortieIntervention(v store.InterventionVue) error {
	switch {
	case v.Etat == store.InterventionVerifiee:
		return nil
	case !v.Etat.Finie():
		return code(3)
	}
	return code(1)
}

// motsElement say in a word what became of a thing.
var motsElement = map[string]string{store.ElementAttend: "à essayer", store.ElementApplicable: "à faire", store.ElementEcarte: "écarté", store.ElementDemande: "demandé",
	string(opco.ConstateVerifie): "constaté", string(opco.ConstateSansEffet): "sans effet", store.ElementRefuse: "refusé"}

// ecrireIntervention prints where an intervention stands, and the first hundred things that it bears on.
func ecrireIntervention(ctx context.Context, w io.Writer, s *store.Store, v store.InterventionVue) error {
	es, err := s.ElementsIntervention(ctx, v.ID, nil, 0, 100)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s (%s) : %s. %s\n", v.Demande.Dit(), v.ID, strings.ToLower(opco.LibelleIntervention(string(v.Etat))), v.Conclusion)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range es {
		nom := e.Numero
		if nom == "" {
			nom = e.Objet
		}
		if e.Cle != "" {
			nom += " " + e.Cle
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\n", nom, motsElement[e.Etat], e.Phrase)
		for _, x := range e.Effets {
			fmt.Fprintf(t, "    %s\t%s\t%s\n", x.Quoi, x.Cle, x.Sort)
		}
	}
	err = t.Flush()
	if n := v.Nombres.Total - int64(len(es)); n > 0 {
		fmt.Fprintf(w, "  … et %d autres.\n", n)
	}
	return err
}
