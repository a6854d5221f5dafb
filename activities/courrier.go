package activities

import (
	"context"
	"log/slog"
	"time"

	"guichet/opco"
)

// Ecrit is one event in words: the subject and the Message-ID of its mail, its
// letter in two forms (empty when it has none), and the mail itself, which only
// the Postier that made it understands.
type Ecrit struct {
	Sujet, MessageID string
	PDF, HTML        []byte
	Mail             any
}

// Postier writes events and hands their mail to the world. Permanent says that
// an error will come back however often one tries.
type Postier interface {
	Ecrire(e opco.Envoi) (Ecrit, error)
	// EcrireCompte writes a mail about an account: it has no letter, and what it
	// carries is secret.
	EcrireCompte(e opco.EnvoiCompte) (Ecrit, error)
	Envoyer(ctx context.Context, e Ecrit) error
	Permanent(err error) bool
}

// Boite is the outbox.
type Boite interface {
	EnvoisDus(ctx context.Context, n int, bail time.Duration) ([]Envoi, error)
	// Prolonger keeps taken lines hidden for as long as bail from now, and returns those that are
	// still this sender's, in their order.
	Prolonger(ctx context.Context, es []Envoi, bail time.Duration) ([]Envoi, error)
	SansAdresse(ctx context.Context, n int) ([]Envoi, error)
	// Garder keeps the letter of an event; it is readable from then on.
	Garder(ctx context.Context, id string, e Ecrit) error
	NoterEnvoi(ctx context.Context, id string, e Ecrit) error
	// NoterEchec says that a mail did not leave; nothing is noted of one that is another sender's now.
	NoterEchec(ctx context.Context, e Envoi, definitif bool, erreur string, attente time.Duration) error
}

// Envoi is a line of the outbox that is due, and how often it was tried. Compte is
// set when it is about an account; Envoi then only holds its ID and its Courriel.
type Envoi struct {
	opco.Envoi
	Compte *opco.EnvoiCompte
	Essais int
	Bail   time.Time // until when this sender has it in hand, as the outbox says it
}

// Facteur empties the outbox. Several may run at once; one that dies mid-way
// leaves its lines to the others, and the mail they send again carries the same
// Message-ID.
type Facteur struct {
	Boite   Boite
	Postier Postier
	Log     *slog.Logger
	// Suivre is told that the line id is about to be handled, and then what became of it;
	// nil: nobody follows.
	Suivre func(ctx context.Context, id string) (context.Context, func(error))
}

// bail is how long a taken line stays hidden from the other senders. A server may take thirty
// seconds for one mail: what is sent later than bailEntame after it was taken is kept in hand
// anew first, with all that is left of the handful.
const (
	bail       = time.Minute
	bailEntame = bail / 4
)

// Tournee sends what is due and returns how many lines it handled.
func (f *Facteur) Tournee(ctx context.Context) (int, error) {
	faits, err := f.poignee(ctx)
	if err != nil {
		return 0, err
	}
	muets, err := f.Boite.SansAdresse(ctx, 20)
	if err != nil {
		return 0, err
	}
	for _, e := range muets {
		if err := f.garder(ctx, e); err != nil {
			return 0, err
		}
	}
	return faits + len(muets), nil
}

// poignee sends a handful of mails and returns how many it took. What waits in it for its turn is
// kept in hand like what leaves: nobody else may take it, nor count a try that did not take place.
func (f *Facteur) poignee(ctx context.Context) (int, error) {
	pris := time.Now()
	dus, err := f.Boite.EnvoisDus(ctx, 20, bail)
	if err != nil {
		return 0, err
	}
	n := len(dus)
	for len(dus) > 0 {
		if time.Since(pris) > bailEntame {
			pris = time.Now()
			if dus, err = f.Boite.Prolonger(ctx, dus, bail); err != nil {
				return 0, err
			}
			continue
		}
		if err := f.suivre(ctx, dus[0], f.envoyer); err != nil {
			return 0, err
		}
		dus = dus[1:]
	}
	return n, nil
}

func (f *Facteur) suivre(ctx context.Context, e Envoi, faire func(context.Context, Envoi) error) error {
	if f.Suivre == nil {
		return faire(ctx, e)
	}
	ctx, fini := f.Suivre(ctx, e.ID)
	err := faire(ctx, e)
	fini(err)
	return err
}

// envoyer writes one event, keeps its letter, then sends its mail. Only the
// outbox itself failing is an error here: what the server says is noted.
func (f *Facteur) envoyer(ctx context.Context, e Envoi) error {
	ecrit, err := f.ecrire(e)
	if err != nil {
		return f.nonEcrit(ctx, e, err)
	}
	if err := f.Boite.Garder(ctx, e.ID, ecrit); err != nil {
		return err
	}
	err = f.Postier.Envoyer(ctx, ecrit)
	if err == nil {
		return f.Boite.NoterEnvoi(ctx, e.ID, ecrit)
	}
	definitif := f.Postier.Permanent(err)
	mots := opco.Epurer(err.Error()) // a server repeats the address that it refuses
	f.Log.WarnContext(ctx, "mail not sent", "id", e.ID, "try", e.Essais, "permanent", definitif, "error", mots)
	return f.Boite.NoterEchec(ctx, e, definitif, mots, attente(e.Essais))
}

func (f *Facteur) ecrire(e Envoi) (Ecrit, error) {
	if e.Compte == nil {
		return f.Postier.Ecrire(e.Envoi)
	}
	ecrit, err := f.Postier.EcrireCompte(*e.Compte)
	ecrit.PDF, ecrit.HTML = nil, nil // a code or a password is kept nowhere
	return ecrit, err
}

// garder writes the letter of a party that has no address.
func (f *Facteur) garder(ctx context.Context, e Envoi) error {
	ecrit, err := f.ecrire(e)
	if err != nil {
		return f.nonEcrit(ctx, e, err)
	}
	return f.Boite.Garder(ctx, e.ID, ecrit)
}

// nonEcrit notes an event that has no words, for good: a refusal of the domain
// will be the same tomorrow. Anything else is an outage, and the line waits.
func (f *Facteur) nonEcrit(ctx context.Context, e Envoi, err error) error {
	definitif := opco.KindOf(err) != ""
	mots := opco.Epurer(err.Error())
	f.Log.ErrorContext(ctx, "letter not written", "id", e.ID, "permanent", definitif, "error", mots)
	if !definitif && e.Courriel == "" {
		return err // a line without address has no next try of its own
	}
	return f.Boite.NoterEchec(ctx, e, definitif, mots, attente(e.Essais))
}

// attente is how long to wait before trying again: 2 s, doubling, one hour at
// most.
func attente(essais int) time.Duration {
	return min(2*time.Second<<min(max(essais-1, 0), 12), time.Hour)
}
