// Package loopback is where the embedded stack touches the network: 127.0.0.1
// only. It checks ports before anything starts, so that a port already taken is
// one clear sentence, and it guards the HTTP pages of the stack against other
// sites open in the same browser.
package loopback

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Host is the only address that any part of the stack listens on.
const Host = "127.0.0.1"

// Port is a port that one part of the stack will listen on.
type Port struct {
	Part     string // what listens, as the user reads it: « l'API »
	Variable string // the environment variable that changes the number
	Number   int
}

// Address returns host:port.
func (p Port) Address() string { return net.JoinHostPort(Host, strconv.Itoa(p.Number)) }

// URL returns the address of the page served there.
func (p Port) URL() string { return "http://" + p.Address() }

// Reserve gives a number to every port that has none (0: any free port) and
// checks that all can be listened on. The error is a French sentence that names
// the port, who holds it when that can be known, and the variable to change.
func Reserve(ports ...*Port) error {
	var held []net.Listener
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	taken := map[int]*Port{}
	for _, p := range ports {
		if other := taken[p.Number]; other != nil && p.Number != 0 {
			return fmt.Errorf("le port %d est demandé deux fois, pour %s et pour %s : changez %s ou %s",
				p.Number, other.Part, p.Part, other.Variable, p.Variable)
		}
		l, err := p.listen()
		if err != nil {
			return p.refusal(err)
		}
		held = append(held, l)
		p.Number = l.Addr().(*net.TCPAddr).Port
		taken[p.Number] = p
	}
	return nil
}

// Free ports are drawn below the range from which systems draw the ports of
// outgoing connections: there, a client that keeps dialling a part that is down
// would end up connected to itself.
const firstFree, lastFree = 15000, 32000

func (p Port) listen() (net.Listener, error) {
	if p.Number != 0 {
		return net.Listen("tcp", p.Address())
	}
	var l net.Listener
	var err error
	for range 100 {
		p.Number = firstFree + rand.IntN(lastFree-firstFree)
		if l, err = net.Listen("tcp", p.Address()); err == nil {
			return l, nil
		}
	}
	return nil, err
}

func (p Port) refusal(err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("le port %d, prévu pour %s, est déjà pris par %s : arrêtez-le, ou choisissez un autre port avec %s",
			p.Number, p.Part, holder(p.Number), p.Variable)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("le port %d, prévu pour %s, est réservé au système : choisissez un port au-dessus de 1024 avec %s",
			p.Number, p.Part, p.Variable)
	}
	return fmt.Errorf("le port %d, prévu pour %s, ne peut pas être ouvert (%w) : choisissez-en un autre avec %s",
		p.Number, p.Part, err, p.Variable)
}

// Number reads a port number from the environment, or returns byDefault. Zero
// means any free port.
func Number(variable string, byDefault int) (int, error) {
	text := os.Getenv(variable)
	if text == "" {
		return byDefault, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > 65535 {
		return 0, fmt.Errorf("%s vaut « %s » : donnez un numéro de port entre 1 et 65535, ou 0 pour un port libre", variable, text)
	}
	return n, nil
}
