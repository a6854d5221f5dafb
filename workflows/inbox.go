package workflows

import (
	"time"

	"guichet/opco"
)

// Message is what the engine knows of an acte: its number, its type and its
// business instant. Who, what and how much stay in PostgreSQL.
type Message struct {
	Seq  int64         `json:"seq"`
	ID   string        `json:"id"`
	Type opco.TypeActe `json:"type"`
	Le   time.Time     `json:"le"`
}

// Inbox puts the messages of one object in order, whatever the order and the
// number of times they come in: strictly 1, 2, 3…, each once. It is pure, and
// its memory is the early messages only.
type Inbox struct {
	Prochain int64     `json:"prochain"`
	EnAvance []Message `json:"en_avance,omitempty"`
}

// Offrir takes a message in. One already applied, or already here, is dropped.
func (b *Inbox) Offrir(m Message) {
	if m.Seq < b.Prochain {
		return
	}
	for _, x := range b.EnAvance {
		if x.Seq == m.Seq {
			return
		}
	}
	b.EnAvance = append(b.EnAvance, m)
}

// Voir returns the next message to apply, if it is here.
func (b *Inbox) Voir() (Message, bool) {
	for _, m := range b.EnAvance {
		if m.Seq == b.Prochain {
			return m, true
		}
	}
	return Message{}, false
}

// Prendre removes the next message: it has been applied.
func (b *Inbox) Prendre() {
	for i, m := range b.EnAvance {
		if m.Seq == b.Prochain {
			b.EnAvance = append(b.EnAvance[:i:i], b.EnAvance[i+1:]...)
			break
		}
	}
	b.Prochain++
}
