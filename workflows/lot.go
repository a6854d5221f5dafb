package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
	"guichet/opco"
)

// Lot carries a payment batch from its proposal to the last answer of the bank:
// a second person validates it, its file is produced and archived, the règlements
// are marked « transmis, issue inconnue », the file leaves, and the bank's
// outcomes are applied until each règlement has its own (domain.md 2.7). It
// returns the état in which the lot was left.
func Lot(ctx workflow.Context, s Suite) (opco.Etat, error) {
	p, err := ouvrir(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Depart.Objet, err)
	}
	for !lotFini(p.resume.Etat) {
		switch e := opco.EtatLot(p.resume.Etat); e {
		case opco.LotEnConstruction:
			p.annoncer(ctx, "Étape : construction. Les règlements du lot sont examinés par poignées.")
			err = p.demeurer(ctx, p.resume.Etat)
		case opco.LotPropose:
			p.annoncer(ctx, "Étape : validation. On attend une autre personne que les auteurs du lot ; expiration au bout de cinq jours.")
			err = p.demeurer(ctx, p.resume.Etat)
		case opco.LotValide:
			p.annoncer(ctx, "Étape : fichier. On produit et on archive le fichier de virements.")
			err = p.emettre(ctx)
		case opco.LotEmis:
			p.annoncer(ctx, "Étape : envoi. Le fichier part à la banque ; son issue est inconnue.")
			err = p.transmettre(ctx)
		case opco.LotTransmis, opco.LotInconnu:
			p.annoncer(ctx, "Étape : banque. On attend l’issue de chaque règlement.")
			err = p.demeurer(ctx, p.resume.Etat)
		default:
			err = fmt.Errorf("no étape holds a lot %s", string(e))
		}
		if err != nil {
			return p.resume.Etat, fmt.Errorf("%s: %w", p.objet, err)
		}
		if !lotAttend(p.resume.Etat) && (lotFini(p.resume.Etat) || !workflow.GetInfo(ctx).GetContinueAsNewSuggested()) {
			continue
		}
		if seul, err := p.seRepose(ctx); err != nil {
			return p.resume.Etat, err
		} else if seul {
			return p.resume.Etat, workflow.NewContinueAsNewError(ctx, Lot, p.suite())
		}
	}
	return p.clore(ctx, Lot, lotFini)
}

func lotFini(e opco.Etat) bool { return opco.EtatLot(e).Final() }

// lotAttend reports whether a lot in état e may wait for days: its run then
// starts afresh, so that a deploy replays a few events only. So does a run that
// the engine finds long: the bank's folder has been away for days.
func lotAttend(e opco.Etat) bool {
	return opco.EtatLot(e) == opco.LotPropose || opco.EtatLot(e) == opco.LotTransmis || opco.EtatLot(e) == opco.LotInconnu
}

// emettre produces the payment file, then records that it may leave.
func (p *procedure) emettre(ctx workflow.Context) error {
	var b *activities.Banque
	if fait, err := p.executer(ctx, b.Produire); err != nil || !fait {
		return err
	}
	return p.noter(ctx, opco.ActeEmettreLot, "emission")
}

// transmettre sends the file, then records that the bank has it. Sending looks
// before it writes, so that doing it again is harmless. A lot of which a line has
// changed is called back: its file did not leave. One whose file should be there and is
// not may have left: its outcome is unknown.
func (p *procedure) transmettre(ctx workflow.Context) error {
	var b *activities.Banque
	fait, err := p.executer(ctx, b.Envoyer)
	switch refusDe(err) {
	case activities.LotChange:
		return p.noter(ctx, opco.ActeRappelerLot, "rappel")
	case activities.LotDisparu:
		return p.noter(ctx, opco.ActeAlerterLot, opco.FichierDisparu)
	}
	if err != nil || !fait {
		return err
	}
	return p.noter(ctx, opco.ActeTransmettreLot, "transmission")
}

// noter records a step of the system. An acte received before it goes first and
// may change what there is to do: the caller looks at the état again.
func (p *procedure) noter(ctx workflow.Context, t opco.TypeActe, code string) error {
	le := p.maintenant(ctx)
	fait, err := p.echoir(ctx, opco.Echeance{Type: t, Code: code, Le: le, Effet: opco.JourDe(le)})
	if err != nil || fait {
		return err
	}
	if p.vider(); p.calme() {
		return p.attendre(ctx, le.Add(patience))
	}
	return p.avancer(ctx)
}

// executer runs a deed of the world a few times. When it keeps failing, what
// waits in the inbox goes first (someone may cancel the lot), and the caller
// comes back: it answers false. Its error is a cancellation, a LotChange, or a LotDisparu.
func (p *procedure) executer(ctx workflow.Context, activite func(context.Context, string) error) (bool, error) {
	monde := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: duree(p.resume.Nombre, time.Minute),
		Summary:             p.objet,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2,
			MaximumInterval: 10 * time.Second, MaximumAttempts: 4},
	})
	err := workflow.ExecuteActivity(monde, activite, p.objet).Get(ctx, nil)
	refus := refusDe(err)
	if err == nil || ctx.Err() != nil || refus == activities.LotChange || refus == activities.LotDisparu && disparuConnu(ctx) {
		return err == nil, err
	}
	p.log.Warn("deed not done yet", "object", p.objet, "error", err)
	if p.vider(); !p.calme() {
		return false, p.avancer(ctx)
	}
	return false, p.attendre(ctx, p.maintenant(ctx).Add(time.Minute))
}

// refusDe is the type of the error of a deed, "" when it has none.
func refusDe(err error) string {
	var refus *temporal.ApplicationError
	if errors.As(err, &refus) {
		return refus.Type()
	}
	return ""
}

// disparuConnu reports whether this run knows what a LotDisparu is: one that met it
// before waited, and tries again.
func disparuConnu(ctx workflow.Context) bool {
	return workflow.GetVersion(ctx, "fichier-disparu", workflow.DefaultVersion, 1) != workflow.DefaultVersion
}

// duree is how long a deed may take on an object of n lines, when a thousand of them
// take base: none is given up while it works.
func duree(n int, base time.Duration) time.Duration {
	return base * time.Duration(1+n/1000)
}
