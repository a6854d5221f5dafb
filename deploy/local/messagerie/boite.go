// Package messagerie is the mail catcher of the embedded stack: an SMTP server
// that delivers nothing, keeps every mail in the data directory, one .eml file
// each, and shows them on a page and through a small JSON API. It can pretend to
// fail, so that scenarios see what Guichet does then. Development only.
package messagerie

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// ErrAbsent reports a mail that is not, or no longer, in the box.
var ErrAbsent = errors.New("ce courriel n'existe pas ou a été effacé")

// Headers added in front of each file: the envelope, which the mail itself does
// not always tell (blind copies), and when it came.
const (
	headerDe   = "X-Guichet-De"
	headerPour = "X-Guichet-Pour"
	headerRecu = "X-Guichet-Recu"
)

// Resume is what lists show of a mail.
type Resume struct {
	ID        string
	MessageID string
	De        string
	A         []string // recipients of the envelope
	Objet     string
	Le        time.Time // reception, UTC
	folded    string    // sender, recipients and subject, for the search
}

// Boite keeps the mails of one directory. It is safe for concurrent use.
type Boite struct {
	dir string

	mu    sync.RWMutex
	liste []Resume // oldest first
	last  int64    // last id given: ids only grow
}

// Open reads the mails already in the directory.
func Open(dir string) (*Boite, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		return nil, fmt.Errorf("les courriels de %s ne peuvent pas être listés (%w)", dir, err)
	}
	slices.Sort(files)
	b := &Boite{dir: dir}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("le courriel %s ne peut pas être lu (%w)", f, err)
		}
		b.liste = append(b.liste, summarise(strings.TrimSuffix(filepath.Base(f), ".eml"), content))
	}
	return b, nil
}

// add keeps one mail: on the disk before it is listed, whole or not at all.
func (b *Boite) add(de string, a []string, body []byte, now time.Time) error {
	var content bytes.Buffer
	fmt.Fprintf(&content, "%s: %s\r\n%s: %s\r\n%s: %s\r\n",
		headerDe, de, headerPour, strings.Join(a, ", "), headerRecu, now.UTC().Format(time.RFC3339Nano))
	content.Write(body)
	b.mu.Lock()
	defer b.mu.Unlock()
	id := b.nextID(now)
	path := b.path(id)
	if err := os.WriteFile(path+".part", content.Bytes(), 0o600); err != nil {
		return fmt.Errorf("writing mail %s: %w", id, err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("keeping mail %s: %w", id, err)
	}
	b.liste = append(b.liste, summarise(id, content.Bytes()))
	return nil
}

// nextID returns an id that sorts after all others: the microsecond of arrival.
func (b *Boite) nextID(now time.Time) string {
	if n := len(b.liste); n > 0 && b.last == 0 {
		_, _ = fmt.Sscanf(b.liste[n-1].ID, "%d", &b.last)
	}
	b.last = max(now.UnixMicro(), b.last+1)
	return fmt.Sprintf("%016d", b.last)
}

func (b *Boite) path(id string) string { return filepath.Join(b.dir, id+".eml") }

// Filtre selects mails; its zero value selects all of them.
type Filtre struct {
	A         string // whole address of a recipient, in any case
	Objet     string // part of the subject, without regard to case or accents
	Recherche string // words that the sender, recipients and subject hold together
	Dest      string // part of the address of a recipient
}

func (f Filtre) accepts(r Resume) bool {
	matches := func(whole bool, wanted string) bool {
		return wanted == "" || slices.ContainsFunc(r.A, func(a string) bool {
			if whole {
				return strings.EqualFold(a, wanted)
			}
			return strings.Contains(fold(a), fold(wanted))
		})
	}
	if !matches(true, f.A) || !matches(false, f.Dest) || !strings.Contains(fold(r.Objet), fold(f.Objet)) {
		return false
	}
	for _, word := range strings.Fields(fold(f.Recherche)) {
		if !strings.Contains(r.folded, word) {
			return false
		}
	}
	return true
}

// List returns the mails that the filter accepts, newest first.
func (b *Boite) List(f Filtre) []Resume {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var found []Resume
	for _, r := range slices.Backward(b.liste) {
		if f.accepts(r) {
			found = append(found, r)
		}
	}
	return found
}

// Read returns the file of a mail, or ErrAbsent.
func (b *Boite) Read(id string) (Resume, []byte, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	i := slices.IndexFunc(b.liste, func(r Resume) bool { return r.ID == id })
	if i < 0 {
		return Resume{}, nil, ErrAbsent
	}
	content, err := os.ReadFile(b.path(id))
	if err != nil {
		return Resume{}, nil, fmt.Errorf("reading mail %s: %w", id, err)
	}
	return b.liste[i], content, nil
}

// Clear deletes every mail.
func (b *Boite) Clear() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.liste) > 0 {
		last := len(b.liste) - 1
		if err := os.Remove(b.path(b.liste[last].ID)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("deleting mail %s: %w", b.liste[last].ID, err)
		}
		b.liste = b.liste[:last]
	}
	return nil
}

// summarise reads the headers only; what cannot be read stays empty, and the
// mail is still listed.
func summarise(id string, content []byte) Resume {
	r := Resume{ID: id}
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return r
	}
	var words mime.WordDecoder
	r.De, r.Objet, r.MessageID = m.Header.Get("From"), m.Header.Get("Subject"), m.Header.Get("Message-Id")
	if s, err := words.DecodeHeader(r.De); err == nil {
		r.De = s
	}
	if s, err := words.DecodeHeader(r.Objet); err == nil {
		r.Objet = s
	}
	if r.De == "" {
		r.De = m.Header.Get(headerDe)
	}
	for a := range strings.SplitSeq(m.Header.Get(headerPour), ",") {
		r.A = append(r.A, textproto.TrimString(a))
	}
	r.Le, _ = time.Parse(time.RFC3339Nano, m.Header.Get(headerRecu))
	r.folded = fold(strings.Join(append([]string{r.De, r.Objet}, r.A...), " "))
	return r
}
